"""Poisson spike trains of any rate, by the time of the next spike.

The spikes of a Poisson process of any rate are those of one of rate 1 in rescaled time (Brown et al. 2002,
doi:10.1162/08997660252741149). So a cell draws one random number for each spike, not for each step, and when its rate
changes, the time that is left until its next spike shrinks or grows by the ratio of the rates: nothing is drawn anew.
Intervals go on from the drawn time of a spike, not from the step in which it shows, so the mean rate is exact; a cell
fires once a step at most, and what it could not fire in one step it fires in the next.
"""

from __future__ import annotations

from collections.abc import Mapping

import brian2
import numpy as np
from brian2.units import Hz, Quantity

from cortex.experiment.relation import Relation

LIMITS = {"least_rate": 1e-6 * Hz, "highest_rate": 1e6 * Hz}
"""The least rate stands for 0, at which the next spike would be infinitely far away."""

TRAIN = """
rate : Hz
next_spike : second
"""

TOUCH_EXCITES = Relation(
    ("peak_rate", "background_rate"),
    lambda p: bool(p.peak_rate >= p.background_rate),
    "a touch does not lower the rate of an afferent: peak_rate is at least background_rate",
)
"""For sections of parameters of afferents."""

PRECISION = {"next_spike": np.float64}
"""For a group's `dtype`: times need double precision also where other variables have single."""

THRESHOLD = "next_spike - t < dt"

RESET = "next_spike -= log(1 - rand())/rate"

FOLLOW = """
followed = clip(new_rate, least_rate, highest_rate)
next_spike = t + (next_spike - t)*rate/followed
rate = followed
"""
"""Changes the rate to `new_rate`, which a line before it defines."""


def begin(group: brian2.NeuronGroup) -> None:
    """Draw the first spike of each cell of a group that has the equations `TRAIN`, at a rate of 1 Hz."""
    group.namespace = {**group.namespace, **LIMITS}
    group.rate = 1 * Hz
    group.next_spike = "-log(1 - rand())*second"


def afferents(
    n: int,
    equations: str,
    reset: str,
    rate: str,
    interval: Quantity,
    namespace: Mapping[str, Quantity | brian2.TimedArray],
) -> brian2.NeuronGroup:
    """Make a group of afferents whose rates follow a stimulus.

    Parameters
    ----------
    n : int
        Number of afferents.
    equations, reset : str
        What belongs to the cells besides their spike trains, and what a spike changes in it.
    rate : str
        Statements that define `new_rate`, Hz.
    interval : Quantity, s
        How often the rates are set.
    namespace : mapping
        Stimuli and constants that the statements use.
    """
    group = brian2.NeuronGroup(
        n,
        equations + TRAIN,
        threshold=THRESHOLD,
        dtype=PRECISION,
        reset=f"{reset}\n{RESET}",
        method="exponential_euler",
        namespace=dict(namespace),
        name="afferents",
    )
    begin(group)
    group.run_regularly(rate + FOLLOW, dt=interval, name="afferents_touch")
    return group
