"""A cell that divides: which ways of splitting it leave what the network computes as it was."""
