"""
Run a scenario and look at it
=============================

An idle cell copies its target, their total is held, the hold is released: the smallest circuit in which the whole
cycle happens. Here in its short version; without ``quick=True`` it takes about ten seconds.
"""

import cortex

run = cortex.run("copy_pair", {"normalization.release": "gradual"}, seed=3, quick=True)
print(run)

# %%
# The table has each measure beside what theory predicts and the band in which it is expected. In a notebook the run
# itself shows it with the main figure:

run

# %%
# Every measure has a name by which it is read:

run.measures["copy_similarity"], run.predictions["copy_time_constant_s"]

# %%
# The same call once more reads the stored run: nothing is simulated again. Spikes and weights are arrays in SI units:

spikes = run.recordings["released"]
spikes["spikes.t"][:5], spikes["spikes.i"][:5]

# %%
# The other figures lie in the folder of the run:

list(run.figures)

# %%
# What would it be without the hold? Every null model is an argument away; ``cortex show copy_pair`` lists them with the
# bands that they must miss.

cortex.run("copy_pair", null="no_hold", seed=3, quick=True).measures["total_ratio_trained"]
