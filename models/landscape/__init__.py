"""Networks that learn another one's answers: how many solutions there are, how they hang together, who finds them."""
