"""Who is refractory is stored only where more than the state update and the threshold needs it; spikes are the same."""

import re

import numpy as np
import pytest
from brian2 import Network, NeuronGroup, SpikeMonitor, StateMonitor, Synapses, linked_var, ms

from cortex.engine import Arm, Model, Recipe, compiler, simulate
from cortex.engine.codegen import refractory

needs_compiler = pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")

CELLS = 70

DRIVEN = """
dv/dt = (20 + 0.1*i - v)/(0.2*ms) : 1
rest : second
"""


def driven(name, equations=DRIVEN, refractory="rest", threshold="v > 15"):
    """Return cells that fire every few ms, with refractory periods of their own."""
    cells = NeuronGroup(
        CELLS, equations, threshold=threshold, reset="v = 0", refractory=refractory, method="exact", name=name,
        namespace={},
    )  # fmt: skip
    cells.rest = 2 * ms
    return cells


def alone(cells):
    """Add nothing."""
    return []


def recorded(cells):
    """Record who is refractory."""
    return [StateMonitor(cells, "not_refractory", record=True, name="state")]


def pushed(cells):
    """Add synapses that change what refractory cells hold."""
    synapses = Synapses(cells, cells, on_pre="v_post += 4", name="pushes", namespace={})
    synapses.connect(j="(i + 1) % N_post")
    return [synapses]


def changed(cells):
    """Let the refractory period change between state update and threshold."""
    cells.run_regularly("rest = (1 + timestep(t, dt) % 30)*dt", when="after_groups", name="change")
    return []


def seen(cells):
    """Let other cells look at who is refractory."""
    others = NeuronGroup(
        CELLS, "free : boolean (linked)\ncount : 1", threshold="free and (timestep(t, dt) + i) % 9 == 0",
        reset="", name="others", namespace={},
    )  # fmt: skip
    others.free = linked_var(cells, "not_refractory", index=np.arange(CELLS)[::-1])
    return [others, SpikeMonitor(others, name="seen")]


def early(cells):
    """Test the threshold before the states are updated."""
    cells.thresholder["spike"].when = "before_groups"
    return []


LIKE = "v > 15 and not is_not_refractory"

OTHERS = {
    "alone": (alone, {}, False),
    "recorded": (recorded, {}, True),
    "pushed": (pushed, {"equations": DRIVEN.replace(": 1", ": 1 (unless refractory)")}, True),
    "changed": (changed, {}, True),
    "seen": (seen, {}, True),
    "early": (early, {}, True),
    "a period that depends on the state": (alone, {"refractory": "(1 + 0.1*v)*ms"}, True),
    "a named expression": (alone, {"equations": f"{DRIVEN}pause = 2*rest : second", "refractory": "pause"}, True),
    "names alike": (alone, {"equations": f"{DRIVEN}is_not_refractory : boolean", "threshold": LIKE}, False),
    "a condition": (alone, {"refractory": "v < -1"}, None),
    "a constant period": (alone, {"refractory": 3 * ms}, False),
    "a threshold that asks for it": (alone, {"threshold": "v > 15 and not_refractory"}, False),
}


def network(case):
    """Return cells, what is beside them, and their spikes."""
    add, options, _ = OTHERS[case]
    cells = driven("cells", **options)
    spikes = SpikeMonitor(cells, name="spikes")
    return Model(Network(cells, spikes, *add(cells), name="network"), {}, {}, 40 * ms, 0.1 * ms)


@needs_compiler
@pytest.mark.parametrize("case", OTHERS)
def test_it_is_stored_only_where_needed_and_spikes_are_those_of_brian2(tmp_path, case):
    arms, recipe = {"a": Arm({}, 1)}, Recipe(network, (case,))
    ours = simulate(recipe, arms, backend="cpp", cache=tmp_path, project=tmp_path / "ours").recordings["a"]
    theirs = simulate(recipe, arms, backend="plain", cache=tmp_path).recordings["a"]
    assert len(theirs["spikes.t"]) > 3 * CELLS
    for name in theirs:
        np.testing.assert_array_equal(ours[name], theirs[name], err_msg=name)

    source = (tmp_path / "ours" / "unit.cpp").read_text()
    kept = dict(re.findall(r"constexpr bool (\w+) = (\w+);", source))
    expected = OTHERS[case][2]
    assert kept.get("kept_array_cells_not_refractory") == (expected if expected is None else str(expected).lower())


def rested():
    """Return cells whose refractory periods are drawn anew in each step."""
    cells = driven("cells", refractory="(1 + rand())*ms")
    return Model(Network(cells, SpikeMonitor(cells, name="spikes"), name="network"), {}, {}, 40 * ms, 0.1 * ms)


@needs_compiler
def test_periods_that_are_drawn_are_drawn_once_a_step(tmp_path):
    simulate(rested, {"a": Arm({}, 1)}, backend="cpp", cache=tmp_path, project=tmp_path / "ours")
    assert refractory.READY not in (tmp_path / "ours" / "unit.cpp").read_text()
