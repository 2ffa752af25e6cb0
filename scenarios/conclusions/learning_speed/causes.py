"""What a difference of two conditions in learning speed could be due to: pairs that differ in one thing."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Cause:
    """Two conditions that differ in one thing.

    Attributes
    ----------
    name : str
    condition, against : str
    meaning : str
        What a ratio of 1 means.
    same_speed : bool
        Whether they are compared where theory gives them the same speed, `against` at 1/K of the rate, and not at equal
        rate.
    """

    name: str
    condition: str
    against: str
    meaning: str
    same_speed: bool = False


CAUSES = (
    Cause("step size alone", "single_at_matched_speed", "single", "steps K times as large do not matter"),
    Cause(
        "the rest of no hold", "no_hold", "single_at_matched_speed", "copies without a hold are one cell's larger steps"
    ),
    Cause("function preserved", "frozen_gain", "no_hold", "keeping the old function does not matter", same_speed=True),
    Cause("private noise averaged", "hold", "shared_noise", "averaging private noise does not matter"),
    Cause("copies of one noise", "shared_noise", "single", "without private noise held copies are one cell"),
    Cause("number of cells", "same_count_independent", "single", "K times as many cells of their own do not matter"),
    Cause("diversity of cells", "same_count_independent", "frozen_gain", "cells of their own are as good as copies"),
    Cause("number and regularity of spikes", "matched_spikes", "frozen_gain", "fewer, less regular spikes are as good"),
    Cause("Hebbian copying", "hold", "hand_cloned", "learned copies are as good as exact ones"),
    Cause("gain adapts meanwhile", "hold", "frozen_gain", "a gain that stays is as good"),
    Cause("updates in common", "hold", "uncoupled_hold", "sharing the plasticity signal does not matter"),
    Cause("inhibition follows the copies", "hold", "frozen_hold", "inhibition as before copying is as good"),
    Cause("number of own cells", "independent", "single", "K times as many cells of their own do not matter"),
    Cause("diversity of own cells", "independent", "hold", "cells of their own are as good as copies"),
    Cause("the hold adapts meanwhile", "adapting_hold", "hold", "a hold that stays is as good"),
    Cause("PV on the dendrite too", "hold_dendritic", "hold", "where PV cells end does not matter"),
    Cause("held or not, dendrite", "hold_dendritic", "no_hold_dendritic", "holding the total does not matter"),
    Cause("all together, dendrite", "hold_dendritic", "single_dendritic", "K held copies are as good as one cell"),
    Cause("all together", "hold", "single", "K held copies are as good as one cell"),
)
"""What the difference could be due to; ratios are of trials to criterion: above 1 the first condition is slower."""

ON_OFF = (("hold", "no_hold", "broadcast error", 1), ("gradient_hold", "no_hold", "gradient", 2))
"""Conditions with and without a hold, the form of the rule, and the power of the gain 1/K in it; the power is 0 without
a hold, where both forms are one."""
