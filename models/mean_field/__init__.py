"""The cycle of copy, hold, learn and release as a rate model, and what theory predicts for each of its phases."""
