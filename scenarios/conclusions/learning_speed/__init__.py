"""Who learns faster over all learning rates, and why."""
