"""
A parameter study
=================

How does the time to become a copy depend on the learning rate, and does the hold change it? A study varies parameters
and conditions, each with the same seeds, and goes on where it stopped. Conditions are compared within each seed.
"""

import cortex

rates = {"copying.learning_rate": [0.004, 0.008]}
study = cortex.study("copy_pair", rates, nulls=["no_hold"], seeds=2, quick=True, jobs=1)
answer = cortex.compare(study, measures=["copy_seconds", "total_ratio_trained"])
print(answer)

# %%
# The tables compare the conditions at equal rates; the figure shows both at each rate. In a notebook the answer itself
# shows it:

answer

# %%
# Two seeds, in the short version, only show how it is done, and the answer says so. With ``seeds=8`` and without
# ``quick=True`` the same lines take a few minutes and tell differences from chance. Without ``jobs=1`` all cores work;
# a script then calls ``cortex.study`` below ``if __name__ == "__main__":``.
#
# Tables and figures are kept in ``results/copy_pair_study``; every run can be read again, here as a table of pandas
# (``pip install '.[analysis]'``):

runs = cortex.load("results/copy_pair_study")
runs.frame()[["copying.learning_rate", "condition", "copy_seconds"]]
