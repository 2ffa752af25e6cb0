"""The hold as one gain that a group of cells shares: pooled, divisive, and slow.

Every cell hears the spikes of its group through the inhibition that the group drives. After each trial the gain of
the group falls by what the group fired beyond expectation,

    gain <- gain - adaptation*(spikes - expectation*afferent spikes)/usual spikes,

between 0 and 1; the expectation, spikes per afferent spike, was learned before the group grew. The fixed point for K
equal copies is 1/K; the total after an abrupt copy is 1 + (K - 1)*exp(-K*adaptation*trials) times the old one, for a
small adaptation. In the pair and the finger area PV cells do the same with spikes; here their pool is one variable, so
that what a hold does to learning can be calculated.

While the group is coupled its members share one plasticity signal, the mean of their sensitivities. A pooled gain alone
does not tie copies; a shared update does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import brian2
from brian2.units import ms

from cortex.experiment.parameters import parameter
from cortex.mechanisms.mechanism import Mechanism, constants

INTERVAL = 10 * ms
"""How often the members of a group hear each other, and eligibilities are summed."""


class Hold(Mechanism):
    """The hold on the total of a group, and its release."""

    GATES: ClassVar[Mapping[str, str]] = {
        "holding": "the gain of a group adapts",
        "calibrating": "the expectation of a group is learned",
        "imposed": "the gain that all cells take, where it is not 0",
        "coupling": "the members of a group share one plasticity signal",
    }

    enabled: bool = parameter(
        True, "Whether the total is held from the time of copying on.", source="off is a condition"
    )
    adaptation: float = parameter(
        0.02,
        "Change of the gain per trial and surplus.",
        bounds=(0, 1),
        source="own choice: faster than copying",
    )
    calibration: float = parameter(
        0.05, "Share of a trial in the running mean of the expectation.", bounds=(0, 0.5), source="own choice"
    )
    coupled: bool = parameter(
        True, "Whether the members of a held group share one plasticity signal.", source="off is a condition"
    )
    adapts_while_learning: bool = parameter(
        True,
        "Whether the hold still adapts while the new task is learned; if not, its gain stays.",
        source="off is a condition",
    )
    naive_release: bool = parameter(
        False,
        "Whether release sets the gain back to 1, instead of keeping the gain as it is.",
        source="on is a condition",
    )

    def equations(self) -> Mapping[str, str]:
        """Return what a cell knows of its group."""
        return {"pyramidal": GROUP + constants(type(self))}


GROUP = """
own_sensitivity : 1
coupled_sensitivity : 1
group_sensitivity : 1
group_size : 1
group_count : 1
afferent_count : 1
usual_count : 1
usual_afferent_count : 1
"""

LATERAL = """
member : 1 (constant)
leads : 1 (constant)
teaches : 1 (constant)
"""

FORGET = """
own_sensitivity = sensitivity
group_sensitivity = 0
group_size = 0
group_noise = 0*volt
"""

LISTEN = """
group_sensitivity_post += member*own_sensitivity_pre
group_size_post += member*active_pre
group_noise_post += leads*private_noise_pre
"""

SHARE = "coupled_sensitivity = own_sensitivity + coupling(t)*(group_sensitivity/group_size - own_sensitivity)"

ADAPT = """
expected = usual_count*afferent_count/usual_afferent_count
surplus = (group_count - expected)/usual_count
gain = clip(gain - holding(t)*clip(adaptation*surplus, -0.1, 0.1), 0, 1)
gain = gain*int(imposed(t) == 0) + imposed(t)
usual_count += calibrating(t)*calibration*(group_count - usual_count)
usual_afferent_count += calibrating(t)*calibration*(afferent_count - usual_afferent_count)
count = 0
group_count = 0
afferent_count = 0
"""
"""What a cell does at the end of a trial; `imposed` sets the gain where it is not 0."""


def lateral_synapses(pyramidal: brian2.NeuronGroup, name: str = "lateral") -> brian2.Synapses:
    """Make the synapses within groups, and from teachers, not yet connected.

    Returns
    -------
    synapses : Synapses
        `member` (0 or 1) marks pairs of one group, `leads` the source whose noise the group shares, `teaches` the
        source whose spikes the target copies.
    """
    synapses = brian2.Synapses(
        pyramidal,
        pyramidal,
        LATERAL,
        on_pre="group_count_post += member\nteaching_post += teaches",
        namespace=pyramidal.namespace,
        name=name,
    )
    pyramidal.run_regularly(FORGET, dt=INTERVAL, when="before_groups", order=-2, name=f"{name}_forgetting")
    synapses.run_regularly(LISTEN, dt=INTERVAL, when="before_groups", order=-1, name=f"{name}_listening")
    pyramidal.run_regularly(SHARE, dt=INTERVAL, when="before_groups", order=0, name=f"{name}_sharing")
    return synapses
