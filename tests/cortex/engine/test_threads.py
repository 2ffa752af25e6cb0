"""Threads that share a simulation: each loop is divided, and nothing comes out different."""

import numpy as np
import pytest
from brian2 import (
    Hz,
    Network,
    NeuronGroup,
    PoissonGroup,
    PopulationRateMonitor,
    SpikeMonitor,
    StateMonitor,
    Synapses,
    TimedArray,
    ms,
    mV,
)

from cortex.engine import Arm, Model, Recipe, compiler, simulate

needs_compiler = pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")

CELLS, CONTACTS = 1700, 20  # blocks of 512 cells, the last one longer


def build(cells):
    """Return noisy cells, with synapses of all kinds, and monitors."""
    drive = TimedArray(np.linspace(10, 30, 10) * mV, dt=2 * ms, name="drive")
    group = NeuronGroup(
        cells,
        """
        dv/dt = (drive(t) + current + g - v)/(10*ms) + noise*sqrt(2/(10*ms))*xi : volt (unless refractory)
        dg/dt = -g/(5*ms) : volt
        dtrace/dt = -trace/(20*ms) : 1
        received : 1
        current : volt
        noise : volt (shared)
        """,
        threshold="v > 15*mV",
        reset="v = 0*mV; trace += 1",
        refractory="2*ms*(1 + exp(-trace))",
        method="euler",
        name="cells",
        namespace={"drive": drive},
    )
    group.run_regularly("current = 5*mV*randn()\ng += mV*randn()", dt=1 * ms, name="currents")
    group.noise = 2 * mV
    source, target = np.random.default_rng(1).integers(0, cells, (2, cells * CONTACTS))
    contacts = np.unique(source * cells + target)
    learning = Synapses(
        group,
        group,
        "w : 1\nreceived_post = w*trace_pre : 1 (summed)",
        on_pre="g_post += w*mV; w = clip(w - 0.01*trace_post, 0, 1)",
        on_post="w = clip(w + 0.01*trace_pre, 0, 1)",
        name="learning",
        namespace={},
    )
    learning.connect(i=contacts // cells, j=contacts % cells)
    learning.w = "rand()"
    late = Synapses(group, group, "u : 1", on_pre="g_post += u*mV", on_post="u *= 0.99", name="late", namespace={})
    late.connect(i=contacts // cells, j=contacts[::-1] % cells)
    late.u, late.delay = 0.1, "rand()*3*ms"
    afferents = PoissonGroup(200, 40 * Hz, name="afferents")
    dense = Synapses(afferents, group, on_pre="g_post += 0.2*mV", name="dense", namespace={})
    dense.connect()
    network = Network(
        group, learning, late, afferents, dense, SpikeMonitor(group, "g", name="spikes"),
        StateMonitor(group, ["v", "received"], record=range(0, cells, 100), name="states"),
        PopulationRateMonitor(group, name="rate"), name="network",
    )  # fmt: skip
    outputs = {"w": learning.w, "u": late.u, "v": group.v}
    return Model(network, {}, outputs, 20 * ms, 0.1 * ms)


@needs_compiler
@pytest.mark.parametrize("precision", ["double", pytest.param("single", marks=pytest.mark.slow)])
def test_any_number_of_threads_gives_the_same_numbers(tmp_path, precision):
    recipe = Recipe(build, (CELLS,))
    alone, two, three = (
        simulate(recipe, {"a": Arm({}, 3)}, backend="cpp", precision=precision, threads=threads, cache=tmp_path)
        for threads in (1, 2, 3)
    )
    first = alone.recordings["a"].arrays
    assert len(first["spikes.t"]) > CELLS / 2
    assert np.ptp(first["w"]) > 0.5
    for other in (two, three):
        assert {name: array.tobytes() for name, array in other.recordings["a"].arrays.items()} == {
            name: array.tobytes() for name, array in first.items()
        }
