"""Least squares on some of the features: how the test error depends on their number."""
