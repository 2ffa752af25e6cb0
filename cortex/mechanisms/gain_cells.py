"""Pyramidal cells whose firing is a divided function of their dendrite's potential.

The dendrite sums the afferents, a smooth threshold turns its potential into a drive, inhibition divides the drive by a
pooled gain, and the soma integrates what is left without a leak and fires each time the integral has grown by 1
(perfect integrate-and-fire: Gerstein & Mandelbrot 1964, doi:10.1016/S0006-3495(64)86768-0). So the rate is
``gain*transfer(depolarization)``, the canonical form of divisive inhibition by PV cells (Wilson et al. 2012,
doi:10.1038/nature11347; Carandini & Heeger 2012, doi:10.1038/nrn3136). A shunt of a leaky soma would subtract instead
(Holt & Koch 1997, doi:10.1162/neco.1997.9.5.1001), as the cells of the pair and of the finger area show.

A cell has slow private noise in its dendrite, before the gain: a depolarization drawn anew every `NOISE_INTERVAL`.
Cells without it that hear the same and start the same fire the same spikes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import brian2
from brian2.units import Quantity, ms, mV

from cortex.experiment.parameters import parameter
from cortex.experiment.relation import Relation
from cortex.mechanisms.mechanism import Mechanism, constants, values

NOISE_INTERVAL = 50 * ms


class GainCell(Mechanism):
    """Pyramidal cell with a divisive gain."""

    GATES: ClassVar[Mapping[str, str]] = {
        "awake": "idle cells take part",
        "injection": "current injected into all cells, as the depolarization that it gives",
    }

    RELATIONS: ClassVar[tuple[Relation, ...]] = (
        Relation(
            ("dendritic_threshold",),
            lambda p: bool(p.dendritic_threshold > 0 * mV),
            "the threshold lies above rest, 0 mV, or a cell fires without input",
        ),
    )

    dendritic_time_constant: Quantity = parameter(
        "20 ms", "Decay of dendritic potentials and presynaptic traces.", bounds=("2 ms", "200 ms"), source="own choice"
    )
    dendritic_threshold: Quantity = parameter(
        "8 mV", "Depolarization at which the drive sets in.", bounds=("-50 mV", "50 mV"), source="own choice"
    )
    softness: Quantity = parameter(
        "2 mV",
        "Softness of the threshold.",
        bounds=("0.1 mV", "20 mV"),
        source="own choice, as private noise smooths it",
    )
    slope: Quantity = parameter(
        "6.5 Hz/mV",
        "Slope of the rate over the depolarization, far above threshold.",
        bounds=("0.1 Hz/mV", "50 Hz/mV"),
        source="the f-I curve of the cells of the pair",
    )
    weight_potential: Quantity = parameter(
        "1 mV", "Depolarization by one spike through a weight of 1.", bounds=("0.01 mV", "20 mV"), source="own choice"
    )
    noise: Quantity = parameter(
        "1 mV", "Standard deviation of the private depolarization.", bounds=("0 mV", "20 mV"), source="own choice"
    )
    shared_noise: bool = parameter(
        False, "Whether a group has one noise in common.", source="on is a control", constant=True
    )

    def equations(self) -> Mapping[str, str]:
        """Return dendrite and soma of a cell, and the trace of an afferent."""
        return {"pyramidal": CELL + constants(type(self)), "afferents": AFFERENT_TRACE}

    def reset(self) -> Mapping[str, str]:
        """Take a spike's worth from the soma; raise the trace of a cell or afferent that fires."""
        return {"pyramidal": "phase -= 1\ntrace += 1\ncount += 1", "afferents": "trace += 1"}

    def values(self) -> dict[str, Any]:
        """Return the values of the constants; traces of afferents decay as dendrites do."""
        return super().values() | values(self, "afferents", "dendritic_time_constant")


CELL = """
ddendrite/dt = -dendrite/dendritic_time_constant : volt
dtrace/dt = -trace/dendritic_time_constant : 1
dphase/dt = gain*transfer : 1
transfer = active*slope*softness*log(1 + exp(beyond)) : Hz
sensitivity = active/(1 + exp(-beyond)) : 1
beyond = (dendrite + injection(t) + excitability - dendritic_threshold)/softness : 1
active = established + (1 - established)*awake(t) : 1
excitability = (1 - shared_noise)*private_noise + shared_noise*group_noise : volt
private_noise : volt
group_noise : volt
gain : 1
established : 1
count : 1
"""
"""`sensitivity` is the slope of the transfer function, relative to `slope`."""

AFFERENT_TRACE = "dtrace/dt = -trace/dendritic_time_constant : 1\n" + constants(GainCell, "dendritic_time_constant")


def gain_cells(
    n: int, equations: str, reset: str, namespace: Mapping[str, Any], name: str = "pyramidal"
) -> brian2.NeuronGroup:
    """Make a group of cells with private noise.

    Parameters
    ----------
    n : int
        Number of cells.
    equations, reset : str
        Of `GainCell` and of other mechanisms.
    namespace : mapping
        The gates, as functions of time; `injection` is in volt.
    """
    cells = brian2.NeuronGroup(
        n,
        equations,
        threshold="phase >= 1",
        reset=reset,
        method="exponential_euler",
        namespace=dict(namespace),
        name=name,
    )
    cells.run_regularly("private_noise = noise*randn()", dt=NOISE_INTERVAL, name=f"{name}_noise")
    return cells
