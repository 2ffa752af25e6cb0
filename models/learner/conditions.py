"""The arms: each a named setting of one model, so that what they have in common is the same."""

from collections.abc import Mapping

OFF = {"hold.enabled": "false"}

ARMS: Mapping[str, Mapping[str, str]] = {
    "single": {"group.expansion": "none", **OFF},
    "hold": {},
    "no_hold": OFF,
    "hold_then_release": {"training.released_at": "0.5"},
    "release_early": {"training.release_before_copying": "true"},
    "never_released": {"training.released_at": "1"},
    "naive_release": {"training.released_at": "0.5", "hold.naive_release": "true"},
    "weight_split": {"group.output_split": "true", **OFF},
    "hand_cloned": {"group.expansion": "cloned"},
    "shuffled_teacher": {"group.teacher": "shuffled"},
    "same_count_independent": {"group.expansion": "independent"},
    "shared_noise": {"cell.shared_noise": "true"},
    "matched_spikes": {"group.thinning": "true", **OFF},
    "single_at_matched_speed": {"group.expansion": "none", "learning.matched_speed": "true", **OFF},
    "uncoupled_hold": {"hold.coupled": "false"},
    "frozen_gain": {"hold.adapts_while_learning": "false"},
    "shuffled_answers": {"training.shuffled_answers": "true"},
}
"""By name, the parameter values that differ from the defaults.

single
    One cell a group; the reference.
hold, no_hold
    Copies with and without the hold; never released.
hold_then_release, release_early, never_released, naive_release
    The hold is released half-way through the new task, half-way through copying, never, or by setting its gain back
    to 1.
weight_split
    Each copy passes on 1/K of its output and none is inhibited: an output split, the only one that is exact for any f-I
    curve. The credit of a copy stays that of the whole in the broadcast form, and is 1/K of it in the gradient form.
hand_cloned
    Copies whose weights are set equal to the target's: what copying adds or loses.
shuffled_teacher
    Idle cells copy the target of another group.
same_count_independent
    As many cells, each with a receptive field of its own from the beginning and a gain of 1/K: what copies are good
    for.
shared_noise
    The cells of a group have one noise in common: what averaging private noise is good for.
matched_spikes
    No hold, but the readout misses all but 1 of K spikes, at random, which makes the spikes of regular cells noisier:
    what the number of spikes and their regularity are good for.
single_at_matched_speed
    One cell that learns K times as fast: what the step size is good for.
uncoupled_hold
    Copies whose total is held, but who share no plasticity signal: what ties them.
frozen_gain
    The gain that the hold has found while its cells copied stays: what adapting while learning does.
shuffled_answers
    The answers of the new task are drawn at random: what would be found without anything to learn.
"""
