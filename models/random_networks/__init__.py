"""Networks with random weights: how many of them do what is wanted, by their width and depth."""
