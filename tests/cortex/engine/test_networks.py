"""Networks as users of Brian2 write them: each of them runs, and says the same with each backend."""

import brian2
import numpy as np
import pytest
from brian2 import Network, NeuronGroup, SpikeMonitor, StateMonitor, Synapses, ms

from cortex.engine import Arm, Model, cache, compiler, prepare, simulate
from cortex.errors import RunFailed, UsageError

needs_compiler = pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")
backends = pytest.mark.parametrize("backend", [pytest.param("cpp", marks=needs_compiler), "numpy"])


@pytest.fixture(scope="module")
def binaries(tmp_path_factory):
    """A cache that the tests of this file share."""
    return tmp_path_factory.mktemp("binaries")


def run(build, backend, cache, **inputs):
    return simulate(build, {"a": Arm(inputs, 1)}, backend=backend, cache=cache).recordings["a"]


def everyday():
    """Return a network with names of this function, an index of repeated synapses, own clocks and an idle monitor."""
    tau, kick = 5 * ms, 0.25  # noqa: F841, the equations read them
    cells = NeuronGroup(3, "dv/dt = (2 - v)/tau : 1", threshold="v > 1", reset="v = 0", method="exact", dt=0.1 * ms)
    synapses = Synapses(cells, cells, "w : 1", on_pre="v_post += w*kick", multisynaptic_index="k", dt=0.1 * ms)
    synapses.connect(n=2)
    synapses.w = "0.1*k"
    monitors = SpikeMonitor(cells, name="spikes"), StateMonitor(cells, "v", record=[], dt=1 * ms, name="idle")
    network = Network(cells, synapses, *monitors)
    return Model(network, {"w": synapses.w}, {"k": synapses.k, "w": synapses.w, "v": cells.v}, 10 * ms, 0.5 * ms)


@needs_compiler
def test_threads_of_brian2_are_not_asked_for(monkeypatch):
    def build():
        cells = NeuronGroup(1, "x : 1", name="cells", namespace={})
        return Model(Network(cells, name="network"), {}, {"x": cells.x}, 1 * ms, 0.1 * ms)

    monkeypatch.setitem(brian2.prefs, "devices.cpp_standalone.openmp_threads", 2)
    assert simulate(build, {"a": Arm({}, 1)}, backend="cpp").recordings["a"]["x"] == 0


@needs_compiler
def test_an_everyday_network_gives_the_same_with_each_backend(binaries):
    numpy, cpp = (run(everyday, backend, binaries) for backend in ("numpy", "cpp"))
    assert list(cpp) == list(numpy)
    for name, values in numpy.items():
        assert cpp[name].shape == values.shape
        np.testing.assert_allclose(cpp[name], values, rtol=1e-12, err_msg=name)
    assert cpp["k"].tolist() == [0, 1] * 9
    assert cpp["idle.v"].shape == (10, 0)
    assert len(cpp["spikes.t"]) > 3


@needs_compiler
def test_an_input_of_a_wrong_size_fails_the_run_with_its_name(binaries):
    with pytest.raises(RunFailed, match=r"failed\n  Error reading .*size 40 does not match expected size 144"):
        run(everyday, "cpp", binaries, w=np.ones(5))


@backends
def test_a_network_without_objects_lets_time_pass(backend, binaries):
    assert run(lambda: Model(Network(), {}, {}, 10 * ms, 1 * ms), backend, binaries).simulated_time == 0.01


def test_a_name_that_means_nothing_is_told_with_its_object():
    def build():
        cells = NeuronGroup(3, "dv/dt = (2 - v)/unknown : 1", method="exact", name="cells")
        return Model(Network(cells), {}, {}, 10 * ms, 1 * ms)

    with pytest.raises(UsageError, match=r'cells  The identifier "unknown" could not be resolved'):
        simulate(build, {"a": Arm({}, 1)}, backend="numpy")


@backends
def test_integrators_of_a_foreign_library_are_refused_by_name(backend, binaries):
    def build():
        cells = NeuronGroup(3, "dv/dt = (2 - v)/(5*ms) : 1", method="gsl_rkf45", name="cells")
        return Model(Network(cells), {}, {}, 10 * ms, 1 * ms)

    with pytest.raises(UsageError, match=r"cells.*'gsl'(.|\n)*--backend plain"):
        run(build, backend, binaries)


@needs_compiler
def test_a_network_compiles_once_whatever_the_order_of_its_clocks(binaries, monkeypatch):
    def build():
        cells = NeuronGroup(1, "v : 1", name="cells", namespace={})
        idle = [NeuronGroup(1, "v : 1", dt=step * ms, name=f"idle_{step}", namespace={}) for step in range(3, 9)]
        return Model(Network(cells, idle), {}, {}, 10 * ms, 0.5 * ms)

    keys = []
    monkeypatch.setattr(cache, "fetch", lambda key, make, private, folder: keys.append(key) or "entry")
    for _ in range(3):
        prepare(build, {"a": Arm({}, 1)}, backend="cpp", cache=binaries)
    assert len(keys) == 3
    assert len(set(keys)) == 1


@backends
def test_what_is_called_constant_may_change_all_the_same(backend, binaries):
    """Brian2 lets code of a network write a constant, which is read anew in each step."""

    def build():
        equations = "dx/dt = (exp(k) - x)/tau : 1\nk : 1 (shared, constant)\ntau : second (shared, constant)"
        cells = NeuronGroup(2, equations, method="euler", name="cells", namespace={})
        cells.tau = 10 * ms
        cells.run_regularly("k = t/(10*ms)", dt=1 * ms, name="change")
        return Model(Network(cells), inputs={}, outputs={"x": cells.x}, duration=20 * ms, dt=0.1 * ms)

    x = 0.0
    for step in range(200):
        x += (np.exp(step // 10 / 10) - x) * 0.01
    assert run(build, backend, binaries)["x"] == pytest.approx([x] * 2)
