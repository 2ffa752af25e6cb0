"""Draw figures from plain arrays: the cortical sheet, the hand, the pair, rasters, areas and measures."""
