"""A self-organising map of the hand: cells without spikes that compete for touches, on the sheet of the finger area."""
