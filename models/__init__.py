"""Networks: declared parameters and how the network is built from them."""
