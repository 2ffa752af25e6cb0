"""Skin, spiking cortical cells in groups, and a readout: a new discrimination is learned under a hold, or without one.

Each group begins as one target cell with its idle neighbours. The protocol is one run, the same length in every arm:
the targets and the readout learn an old task; the f-I curve of the cells is measured by injected current and the
responses to all touches are recorded (open-loop: nothing learns); idle cells copy their target, and the gain of each
group holds its total; the touches are tested again; the new task is learned, and the hold is released during it, or
never.

Every condition is a setting of the same parameters, listed in `models.learner.conditions`. Stimuli and initial weights
of a seed are the same in all.
"""
