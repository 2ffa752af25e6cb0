"""
Normalization on against off
============================

Does holding the total make a spiking fingertip learn a new task faster? ``finger_learning_speed`` lets idle cells copy,
with the hold or without, and then learns the new task at the readout, at one rate. The single cell is the control that
the question needs: every run compares itself with one, on the same touches.

One seed, in the short version, shows how it is done; ``cortex study finger_learning_speed_readout`` asks over all rates
and seeds, and :doc:`/finger_speed` has what came out.
"""

import cortex

held = cortex.run("finger_learning_speed", seed=3, quick=True)
free = cortex.run("finger_learning_speed", null="no_hold", seed=3, quick=True)
held.measures["trials_to_criterion"], free.measures["trials_to_criterion"]

# %%
# What the hold did to the total, and what each learned, beside what theory predicts from spikes that were counted
# before the new task:

held

# %%
# The same without the hold:

free
