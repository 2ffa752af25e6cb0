"""What studies of the shipped scenarios conclude from all their runs together."""
