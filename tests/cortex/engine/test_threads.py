"""Threads that share a simulation: each loop is divided, and nothing comes out different."""

import os
import re
import subprocess
from importlib import resources

import numpy as np
import pytest
from brian2 import (
    DEFAULT_FUNCTIONS,
    Function,
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
from cortex.engine.codegen import steps
from cortex.engine.codegen.code_object import divisible

needs_compiler = pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")

CELLS, CONTACTS = 4650, 20  # blocks of 512 cells, the last one with 42 more


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
    group.run_regularly("current = 5*mV*randn() + mV*rand()\ng += mV*randn()", dt=1 * ms, name="currents")
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


@needs_compiler
def test_threads_wait_for_each_other_also_between_calls_that_the_compiler_does_not_know(tmp_path, monkeypatch):
    recipe, arm = Recipe(build, (CELLS,)), {"a": Arm({}, 3)}
    known = simulate(recipe, arm, backend="cpp", threads=1, cache=tmp_path / "known").recordings["a"].arrays
    monkeypatch.setattr(steps, "ADDED", re.compile("(never)(matched)"))
    other = simulate(recipe, arm, backend="cpp", threads=2, cache=tmp_path / "other").recordings["a"].arrays
    assert {name: array.tobytes() for name, array in other.items()} == {
        name: array.tobytes() for name, array in known.items()
    }


def test_what_all_share_is_written_by_one_thread():
    assert divisible(["const double t = _ptr_t[0];"], {"exp": DEFAULT_FUNCTIONS["exp"]})
    assert not divisible(["_ptr_total[0] = 1.0;"], {})
    assert not divisible([], {"f": Function(lambda x: x, arg_units=[1], return_unit=1)})


SHARED = """
#include <cstdio>
const int N = 5000;
int counts[N], sums[N];
bool divided = false;
void count() {
    if (cortex::team.divides(N)) return cortex::team.run(count);
    const cortex::Range own = cortex::team.cells(N);
    if (cortex::part == 0) divided |= own.end < N;
    for (int k = own.begin; k < own.end; k++) counts[k]++;
}
void add() {
    if (cortex::team.divides(N)) return cortex::team.run(add);
    const cortex::Range own = cortex::team.cells(N);
    for (int k = own.begin; k < own.end; k++) sums[k] += counts[k];
}
int main() {
    for (int k = 1; k <= 5000; k++) {
        count();
        add();
        if (k % 10 == 0) {
            cortex::team.meet();
            cortex::team.step();
        }
    }
    std::printf("%d", divided);
    for (const int sum : sums) std::printf(" %d", sum);
}
"""


@needs_compiler
def test_a_thread_does_every_loop_on_its_cells_once_and_in_turn(tmp_path):
    header = resources.files("cortex.engine.codegen") / "include" / "threads.h"
    (tmp_path / "main.cpp").write_text(header.read_text() + SHARED)
    words = ["-O2", "-std=c++17", "-pthread", str(tmp_path / "main.cpp"), "-o", str(tmp_path / "main")]
    subprocess.run([*compiler.find_compiler().command, *words], check=True)
    for threads in ("1", "2", "7"):
        environment = os.environ | {"CORTEX_THREADS": threads}
        printed = subprocess.run([tmp_path / "main"], env=environment, stdout=subprocess.PIPE, check=True).stdout
        divided, *sums = map(int, printed.split())
        assert divided == (threads != "1")
        assert sums == [5000 * 5001 // 2] * 5000
