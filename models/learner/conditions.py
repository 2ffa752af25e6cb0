"""Conditions of the learner: named settings of one model, so that what they have in common is the same."""

from collections.abc import Mapping

from cortex.experiment.measure import Condition

OFF = {"hold.enabled": "false"}

CONDITIONS: Mapping[str, Condition] = {
    "single": Condition("One cell in each group: the reference.", {"group.expansion": "none", **OFF}),
    "hold": Condition("Copies whose total is held; never released.", {}),
    "no_hold": Condition("The total of the copies is not held.", OFF),
    "hold_then_release": Condition(
        "The hold is released half-way through the new task.", {"training.released_at": "0.5"}
    ),
    "release_early": Condition(
        "The hold is released half-way through copying.", {"training.release_before_copying": "true"}
    ),
    "never_released": Condition("The hold is never released.", {"training.released_at": "1"}),
    "naive_release": Condition(
        "The hold is released half-way through the new task by setting its gain back to 1.",
        {"training.released_at": "0.5", "hold.naive_release": "true"},
    ),
    "weight_split": Condition(
        "Each copy passes on 1/K of its output and none is inhibited: an output split, the only one that is exact for "
        "any f-I curve. The credit of a copy stays that of the whole in the broadcast form, and is 1/K of it in the "
        "gradient form.",
        {"group.output_split": "true", **OFF},
    ),
    "hand_cloned": Condition(
        "The weights of copies are set equal to the target's: what copying adds or loses.",
        {"group.expansion": "cloned"},
    ),
    "shuffled_teacher": Condition("Idle cells copy the target of another group.", {"group.teacher": "shuffled"}),
    "same_count_independent": Condition(
        "As many cells, each with a receptive field of its own from the beginning and a gain of 1/K: what copies are "
        "good for.",
        {"group.expansion": "independent"},
    ),
    "shared_noise": Condition(
        "The cells of a group have one noise in common: what averaging private noise is good for.",
        {"cell.shared_noise": "true"},
    ),
    "matched_spikes": Condition(
        "No hold, but the readout misses all but 1 of K spikes at random, which makes the spikes of regular cells "
        "noisier: what the number of spikes and their regularity are good for.",
        {"group.thinning": "true", **OFF},
    ),
    "single_at_matched_speed": Condition(
        "One cell in each group that learns K times as fast: what the step size is good for.",
        {"group.expansion": "none", "learning.matched_speed": "true", **OFF},
    ),
    "uncoupled_hold": Condition(
        "Copies whose total is held share no plasticity signal: what ties them.", {"hold.coupled": "false"}
    ),
    "frozen_gain": Condition(
        "The gain that the hold found during copying stays: what adapting during learning does.",
        {"hold.adapts_while_learning": "false"},
    ),
    "shuffled_answers": Condition(
        "The answers of the new task are drawn at random: what is measured with nothing to learn.",
        {"training.shuffled_answers": "true"},
    ),
}
