"""The main job, one animal of `finger_expansion`: with all that belongs to it, and its loop beside C++ by hand."""
