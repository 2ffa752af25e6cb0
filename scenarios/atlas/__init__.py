"""What the experiments of the hand atlas share."""
