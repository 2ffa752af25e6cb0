"""
Normalization on against off
============================

Does holding the total make a spiking fingertip learn a new task faster? ``finger_learning_speed`` lets idle cells copy,
with the hold (``full``) or without it (``no_hold``), and then learns the new task at the readout, at one rate.
"""

import cortex

study = cortex.study("finger_learning_speed", nulls=["no_hold"], seeds=1, quick=True, jobs=1)
answer = cortex.compare(study)
print(answer)

# %%
# In a notebook the answer itself shows its figure:

answer

# %%
# One seed, in the short version, only shows how it is done, and the answer says so. ``cortex study
# finger_learning_speed_readout`` asks over all rates and enough seeds; what came out is on the page *Does a hold make a
# spiking fingertip learn faster?* (``docs/finger_speed.md``).
#
# Each run also compares itself with a single cell on the same touches, which is the control that the question needs.
# What the hold did to the total, and what was learned, beside what theory predicts from spikes that were counted before
# the new task:

held = cortex.load("results/finger_learning_speed_study").where(condition="full")[0]
held
