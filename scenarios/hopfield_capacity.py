"""How many patterns can a network recall, and what does it gain if its cells multiply more inputs?

The essay links capacity with multiplication: cells that multiply inputs store more. In an energy -Σ (ξ·σ)^n each term
multiplies n cells. Patterns that can be recalled then grow as N^(n-1) (Krotov & Hopfield 2016, arXiv:1606.01164);
n = 2 is the classical network, which forgets all at once near 0.138 N (Amit, Gutfreund, Sompolinsky 1985,
doi:10.1103/PhysRevLett.55.1530). The caveat: couplings grow as N^n, so each stores no more.
"""

from typing import TYPE_CHECKING

import numpy as np

from cortex import main
from cortex.experiment.coordinates import Variable
from cortex.experiment.measure import Condition, Measure
from cortex.experiment.scenario import Scenario
from cortex.experiment.streams import Streams
from models.associative_memory import network, theory
from models.associative_memory.parameters import ORDERS, MemoryParameters
from models.associative_memory.theory import Floats

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cortex.engine.recording import Recording

COUNTED = 50
"""Wrong bits that must be expected in all patterns of a network if its share of them is compared with the formula."""

RECALLED = 0.9
"""Mean overlap with the stored pattern below which a classical network has forgotten."""

COLLAPSE = 0.138
"""Patterns for each cell at which a classical network without end forgets (Amit, Gutfreund, Sompolinsky 1985)."""


def calculate(p: MemoryParameters, streams: Streams) -> dict[str, dict[str, Variable]]:
    """Load networks of each order and size, and let classical ones settle."""
    return {"loaded": network.loaded(p, streams), "settled": network.settled(p, streams)}


def analyse(p: MemoryParameters, recordings: "dict[str, Recording]") -> tuple[dict[str, float], dict[str, float]]:
    """Compare shares of wrong bits with the formula; measure how capacity grows, and what each coupling stores."""
    loaded = recordings["loaded"]
    ratios = over_formula(loaded)
    found = {order: capacities(p, loaded, order) for order in ORDERS}
    formula = {order: theory.capacity(order, p.sizes(order), p.wrong) for order in ORDERS}
    measures = {
        "bit_error_least": float(ratios.min()) if len(ratios) else float("nan"),
        "bit_error_greatest": float(ratios.max()) if len(ratios) else float("nan"),
        "collapse_load": collapse(recordings["settled"]["load"], recordings["settled"]["overlap"].mean(axis=0)),
    }
    return measures | growth(p, found), growth(p, formula) | {"collapse_load": COLLAPSE}


def over_formula(loaded: "Recording") -> Floats:
    """Return shares of wrong bits over their formula, where enough wrong bits are expected."""
    orders, cells, patterns = (loaded[name] for name in ("order", "cells", "patterns"))
    scaled = [theory.scaled_load(*one) for one in zip(orders.astype(int), cells, patterns, strict=True)]
    expected = theory.bit_error(scaled)
    counted = patterns * cells * expected > COUNTED
    return np.asarray(loaded["wrong"][counted] / expected[counted])


def capacities(p: MemoryParameters, loaded: "Recording", order: int) -> Floats:
    """Return the number of patterns at which a share `wrong` of the bits is wrong, for each size; nan if none is."""
    found = []
    for cells in p.sizes(order):
        these = (loaded["order"] == order) & (loaded["cells"] == cells)
        wrong, patterns = np.maximum.accumulate(loaded["wrong"][these]), loaded["patterns"][these]
        inside = wrong[0] <= p.wrong <= wrong[-1]
        found.append(np.exp(np.interp(p.wrong, wrong, np.log(patterns))) if inside else np.nan)
    return np.array(found)


def growth(p: MemoryParameters, found: dict[int, Floats]) -> dict[str, float]:
    """Return the power of the number of cells with which capacity grows, and bits for each coupling, by order."""
    powers = {
        f"exponent_{order}": float(np.polyfit(np.log(p.sizes(order)), np.log(found[order]), 1)[0]) for order in ORDERS
    }
    sizes = {order: p.sizes(order)[-1] for order in ORDERS}
    each = {order: found[order][-1] * size / network.couplings(order, size) for order, size in sizes.items()}
    return powers | {f"per_coupling_{order}": float(each[order] / each[2]) for order in ORDERS[1:]}


def collapse(loads: Floats, overlaps: Floats) -> float:
    """Return the load at which the mean overlap falls through `RECALLED`; nan if that is at none."""
    below = np.flatnonzero(overlaps < RECALLED)
    if not len(below) or below[0] == 0:
        return float("nan")
    pair = slice(below[0] - 1, below[0] + 1)
    return float(np.interp(-RECALLED, -overlaps[pair], loads[pair]))


def figures(p: MemoryParameters, recordings: "dict[str, Recording]") -> "dict[str, Figure]":
    """Draw wrong bits against load, capacity against size, and the collapse of the classical network."""
    from cortex.report.capacity import Size, figure_capacity

    loaded, settled = recordings["loaded"], recordings["settled"]
    sizes = []
    for order in ORDERS:
        every = np.array(p.sizes(order))
        for cells, patterns in zip(every, capacities(p, loaded, order), strict=True):
            these = (loaded["order"] == order) & (loaded["cells"] == cells)
            scaled = theory.scaled_load(order, cells, loaded["patterns"][these])
            sizes.append(Size(order, int(cells), scaled, loaded["wrong"][these], float(patterns)))
    return {
        "capacity": figure_capacity(
            sizes,
            theory.bit_error,
            lambda order, cells: theory.capacity(order, cells, p.wrong),
            p.wrong,
            (settled["load"], settled["overlap"], COLLAPSE, p.settled),
        )
    }


NO_CAPACITY = "the capacity lies outside the loads"
POWER = "Power of the number of cells with which the capacity grows"
COUPLING = "Bits stored for each coupling, as a share of those of order 2; largest networks"

SCENARIO = Scenario(
    name="hopfield_capacity",
    title="Do cells that multiply more inputs store more patterns, and does each coupling?",
    citation="Krotov & Hopfield 2016, arXiv:1606.01164; Amit, Gutfreund, Sompolinsky 1985,"
    " doi:10.1103/PhysRevLett.55.1530",
    parameters=MemoryParameters(),
    calculate=calculate,
    analyse=analyse,
    figures=figures,
    quick={"draws": "3", "recalled": "100", "settled": "200"},
    nulls={
        "no_multiplication": Condition(
            "No term of the energy multiplies more than two cells: all networks are classical.",
            {"highest": "2"},
            misses=("exponent_3", "exponent_4"),
        ),
        "alike": Condition(
            "Patterns are alike: three bits of four are 1.", {"bias": "0.5"}, misses=("bit_error_greatest",)
        ),
    },
    measures=(
        Measure(
            "bit_error_least",
            f"Smallest share of wrong bits over its formula, where more than {COUNTED} are expected in a network.",
            expected=(0.7, None),
            undefined="too few wrong bits are expected",
        ),
        Measure(
            "bit_error_greatest",
            "Largest one.",
            expected=(None, 1.4),
            undefined="too few wrong bits are expected",
        ),
        *(
            Measure(
                f"exponent_{order}",
                f"{POWER}, {order} multiplied.",
                expected=(order - 1.2, order - 0.8),
                undefined=NO_CAPACITY,
            )
            for order in ORDERS
        ),
        *(
            Measure(f"per_coupling_{order}", f"{COUPLING}.", expected=(None, 1.25), undefined=NO_CAPACITY)
            for order in ORDERS[1:]
        ),
        Measure(
            "collapse_load",
            f"Patterns for each cell at which a classical network's mean overlap, settled, falls through {RECALLED}.",
            expected=(0.125, 0.165),
            undefined="it is on one side at all loads",
        ),
    ),
    main_figure="capacity",
)

if __name__ == "__main__":
    main(SCENARIO)
