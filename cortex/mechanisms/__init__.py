"""The biology, one idea per file: parameters, Brian2 equations and the wiring that belongs to them."""
