"""
A parameter study
=================

How does the time to become a copy depend on the learning rate, and does the hold change it? A study varies parameters
and conditions, each with the same seeds, and goes on where it stopped.

Two seeds, in the short version, only show how it is done. ``cortex study copying_speed`` is the study itself, and 6
seeds are the fewest with which a difference can be told from chance.
"""

import cortex

rates = {"copying.learning_rate": [0.004, 0.008]}
cortex.study("copy_pair", rates, nulls=["no_hold"], seeds=2, quick=True, jobs=1)
runs = cortex.load("results/copy_pair_study")
runs.frame()[["copying.learning_rate", "condition", "copy_seconds"]]

# %%
# Conditions are compared within each seed. The answer, the tables and the figures are kept in the folder too.

measures = ["copy_seconds", "total_ratio_trained"]
cortex.compare("results/copy_pair_study", by="condition", measures=measures)
