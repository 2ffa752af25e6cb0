"""Who is refractory is stored only where more than the state update and the threshold needs it; spikes are the same."""

import re

import numpy as np
import pytest
from brian2 import (
    Network,
    NeuronGroup,
    SpikeMonitor,
    StateMonitor,
    Synapses,
    check_units,
    implementation,
    linked_var,
    ms,
    second,
)

from cortex.engine import Arm, Model, Recipe, compiler, simulate
from cortex.engine.codegen import refractory

needs_compiler = pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")

CELLS = 70

DRIVEN = """
dv/dt = (20 + 0.1*i - v)/(0.2*ms) : 1
rest : second
"""

HELD = DRIVEN.replace(": 1", ": 1 (unless refractory)")


def driven(name, equations=DRIVEN, refractory="rest", threshold="v > 15", events=None):
    """Return cells that fire every few ms, with refractory periods of their own."""
    cells = NeuronGroup(
        CELLS, equations, threshold=threshold, reset="v = 0", refractory=refractory, method="exact", name=name,
        namespace={"tired": tired}, events=dict(events or {}),
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


def read_by_an_event(cells):
    """Let something happen to cells that could fire."""
    cells.run_on_event("near", "rest += 0.01*ms")
    return []


def reaching(cells):
    """Take the periods from other cells."""
    pool = NeuronGroup(CELLS, "x : second", name="pool", namespace={})
    pool.x = (1 + np.arange(CELLS) % 5) * ms
    cells.linked = linked_var(pool, "x", index=np.arange(CELLS)[::-1])
    return [pool]


@implementation("cpp", "double tired() { static int calls = 0; return ++calls % 40 * 1e-4; }")
@check_units(result=second)
def tired():
    """Return another time at each call."""
    raise NotImplementedError


NEAR = {"near": "v > 10 and not_refractory"}

LIKE = "v > 15 and not is_not_refractory"

NAMED = "v > 15 and ready"

OTHERS = {
    "alone": (alone, {}, False),
    "recorded": (recorded, {}, True),
    "pushed": (pushed, {"equations": HELD}, True),
    "changed": (changed, {}, True),
    "seen": (seen, {}, True),
    "early": (early, {}, True),
    "a period that depends on the state": (alone, {"refractory": "(1 + 0.1*v)*ms"}, True),
    "a named expression": (alone, {"equations": f"{DRIVEN}pause = 2*rest : second", "refractory": "pause"}, True),
    "names alike": (alone, {"equations": f"{DRIVEN}is_not_refractory : boolean", "threshold": LIKE}, False),
    "read by an event": (read_by_an_event, {"events": NEAR}, True),
    "a period of other cells": (
        reaching,
        {"equations": f"{DRIVEN}linked : second (linked)", "refractory": "linked"},
        True,
    ),
    "a period that asks for it": (alone, {"refractory": "(2 - int(not_refractory))*ms"}, True),
    "a period for all": (alone, {"equations": DRIVEN.replace("rest : second", "rest : second (shared)")}, False),
    "a function of the user's own": (alone, {"refractory": "rest + tired()"}, True),
    "a named threshold": (alone, {"equations": f"{DRIVEN}ready = not_refractory : boolean", "threshold": NAMED}, False),
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


def watched():
    """Return cells, and who is refractory at the end."""
    cells = driven("cells", HELD)
    cells.rest = (1 + np.arange(CELLS) % 20 / 10) * ms
    return Model(Network(cells, name="network"), {}, {"free": cells.not_refractory}, 40 * ms, 0.1 * ms)


@needs_compiler
def test_what_is_asked_for_at_the_end_is_stored(tmp_path):
    ours, theirs = (
        simulate(watched, {"a": Arm({}, 1)}, backend=backend, cache=tmp_path).recordings["a"]["free"]
        for backend in ("cpp", "plain")
    )
    assert 0 < theirs.sum() < CELLS
    np.testing.assert_array_equal(ours, theirs)


def rested():
    """Return cells whose refractory periods are drawn anew in each step."""
    cells = driven("cells", refractory="(1 + rand())*ms")
    return Model(Network(cells, SpikeMonitor(cells, name="spikes"), name="network"), {}, {}, 40 * ms, 0.1 * ms)


@needs_compiler
def test_periods_that_are_drawn_are_drawn_once_a_step(tmp_path):
    simulate(rested, {"a": Arm({}, 1)}, backend="cpp", cache=tmp_path, project=tmp_path / "ours")
    assert refractory.READY not in (tmp_path / "ours" / "unit.cpp").read_text()
