"""Thresholds that read what thresholds write are tested cell after cell, as Brian2 does."""

import numpy as np
import pytest
from brian2 import Network, NeuronGroup, SpikeMonitor, linked_var, ms

from cortex.engine import Arm, Model, compiler, simulate
from cortex.engine.codegen.code_object import independent

needs_compiler = pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")

CELLS, STEPS = 150, 40
SIZES = (1, 63, 64, 65, 150)


RINGS = {
    "lastspike": ("second", "timestep(t - before, dt) > 3", lambda step, cell, last, free: step - last > 3),
    "not_refractory": (
        "boolean",
        "before and (timestep(t, dt) + i) % 3 < 2",
        lambda step, cell, last, free: free and (step + cell) % 3 < 2,
    ),
}


def rings():
    """Return groups of cells that each look at a variable of the cell before."""
    objects = []
    for variable, (unit, condition, _) in RINGS.items():
        cells = NeuronGroup(
            CELLS, f"before : {unit} (linked)", threshold=condition, reset="", refractory=0.2 * ms,
            name=f"cells_{variable}", namespace={},
        )  # fmt: skip
        cells.before = linked_var(cells, variable, index=(np.arange(CELLS) - 1) % CELLS)
        objects += [cells, SpikeMonitor(cells, name=variable)]
    return Model(Network(*objects, name="network"), {}, {}, STEPS * 0.1 * ms, 0.1 * ms)


def expected(fires):
    """Return step and number of each cell that fires, tested in order."""
    last, spikes = np.full(CELLS, -100_000), []
    for step in range(STEPS):
        free = step - last >= 2
        for cell in range(CELLS):
            if free[cell] and fires(step, cell, last[cell - 1], free[cell - 1]):
                last[cell], free[cell] = step, False
                spikes.append((step, cell))
    return spikes


@needs_compiler
def test_they_see_the_cells_before_them(tmp_path):
    recording = simulate(rings, {"a": Arm({}, 1)}, backend="cpp", cache=tmp_path).recordings["a"]
    for variable, (*_, fires) in RINGS.items():
        steps = np.round(recording[f"{variable}.t"] / 1e-4).astype(int)
        assert list(zip(steps, recording[f"{variable}.i"], strict=True)) == expected(fires)


def test_what_the_template_writes_counts_as_written():
    own = ["const double last = _ptr_last[_idx];\nconst char _cond = t - last > 1;"]
    other = ["const double last = _ptr_last[_linked_idx];\nconst char _cond = t - last > 1;"]
    assert independent(own, {}, stored=["_ptr_last", "_ptr_free"])
    assert independent(other, {}, stored=["_ptr_free"])
    assert not independent(other, {}, stored=["_ptr_last", "_ptr_free"])


def populations():
    """Return groups of different sizes in which every seventh cell fires, another one in each step."""
    objects = []
    for size in SIZES:
        cells = NeuronGroup(
            size, "", threshold="(timestep(t, dt) + i) % 7 == 0", reset="", name=f"cells_{size}", namespace={}
        )
        objects += [cells, SpikeMonitor(cells, name=f"spikes_{size}")]
    return Model(Network(*objects, name="network"), {}, {}, 2 * 0.1 * ms, 0.1 * ms)


@needs_compiler
def test_each_cell_is_tested_once_in_populations_of_any_size(tmp_path):
    recording = simulate(populations, {"a": Arm({}, 1)}, backend="cpp", cache=tmp_path).recordings["a"]
    for size in SIZES:
        fires = [cell for step in range(2) for cell in range(size) if (step + cell) % 7 == 0]
        assert recording[f"spikes_{size}.i"].tolist() == fires
