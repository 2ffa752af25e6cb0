"""The C++ templates against Brian2's own: every kind of loop, pathway and row, and random numbers."""

import subprocess
import sys

import numpy as np
import pytest
from brian2 import DEFAULT_FUNCTIONS, Hz, Network, NeuronGroup, SpikeMonitor, Synapses, TimedArray, ms
from scipy import stats

from cortex.engine import Arm, Model, compiler, simulate
from cortex.engine.codegen.code_object import independent, is_read, truth_values, widened, without_indices

needs_compiler = pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")


REGISTRATION = """
from brian2 import DEFAULT_FUNCTIONS
from brian2.codegen.targets import codegen_targets
from brian2.devices.device import all_devices

def known():
    functions = [set(function.implementations) for function in DEFAULT_FUNCTIONS.values()]
    return set(all_devices), set(codegen_targets), functions

before = known()
from cortex.engine import standalone
from cortex.engine.codegen import code_object
print(known() == before)
name = code_object.register()
device, after = all_devices[name], known()
print(name in before[0], code_object.register() == name, all_devices[name] is device, known() == after)
"""


def test_the_device_is_registered_when_asked_for_and_only_once():
    words = [sys.executable, "-c", REGISTRATION]
    imported, registered = subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines()
    assert imported == "True"
    assert registered == "False True True True"


def test_iterations_that_touch_only_their_own_element_are_independent():
    code = ["const double a = _ptr_array_x_a[_idx];", "double v = _ptr_array_x_v[_idx];", "_ptr_array_x_v[_idx] = v;"]
    assert independent(code, {})


@pytest.mark.parametrize(
    ("code", "variables", "partner"),
    [
        pytest.param(["double r = _rand(0);"], {"rand": DEFAULT_FUNCTIONS["rand"]}, "", id="random numbers"),
        pytest.param(["_ptr_array_x_n[0] = n;"], {}, "", id="one number for all"),
        pytest.param(["_ptr_x[_presynaptic_idx] = n;"], {}, "_postsynaptic_idx", id="the same cell in each iteration"),
        pytest.param(["_ptr_x[_postsynaptic_idx] = n;"], {}, "", id="a cell that may come again"),
        pytest.param(["const double a = _ptr_x[_j];\n_ptr_x[_idx] = a;"], {}, "", id="another iteration's element"),
    ],
)  # fmt: skip
def test_iterations_that_reach_further_are_not(code, variables, partner):
    assert not independent(code, variables, partner)


def test_the_partners_of_a_dense_row_are_all_different():
    assert independent(
        ["double g = _ptr_g[_postsynaptic_idx];\n_ptr_g[_postsynaptic_idx] = g;"], {}, "_postsynaptic_idx"
    )


def test_truth_values_are_widened():
    code = ["char open = _ptr_open[_idx];", "open = v > 1;", "const char shut = _ptr_shut[_idx];",
            "if (shut) v = 0;", "_ptr_open[_idx] = open;"]  # fmt: skip
    assert truth_values(code) == ["_ptr_open", "_ptr_shut"]
    assert not is_read("_ptr_open", code)
    assert is_read("_ptr_shut", code)
    wide = "\n".join(widened(code))
    assert "char" not in wide
    assert "int64_t open = _wide_ptr_open[_idx - _first];" in wide
    assert "_wide_ptr_open[_idx - _first] = open;" in wide


def test_the_lines_that_look_up_cells_are_taken_out():
    code = ["const int32_t _postsynaptic_idx = _ptr_post[_idx];\nconst double w = _ptr_w[_idx];"]
    assert without_indices(code) == ["const double w = _ptr_w[_idx];"]


def calculator(points):
    """Return cells that apply the elementary functions to numbers, once."""
    variables = "x : 1\nexponential : 1\nlogarithm : 1\nsine : 1\ncosine : 1\ns_is_positive : boolean"
    cells = NeuronGroup(len(points), variables, name="cells", namespace={}, threshold="sin(x) > 0", reset="")
    code = "exponential = exp(x)\nlogarithm = log(x)\nsine = sin(x)\ncosine = cos(x)\ns_is_positive = sin(x) > 0"
    cells.run_regularly(code, dt=1 * ms, name="apply")
    clock = NeuronGroup(1, "", threshold="True", reset="", name="clock", namespace={})
    synapses = Synapses(clock, cells, "w : 1", on_pre="w += sin(x_post)", name="synapses", namespace={})
    synapses.connect()
    synapses.w = 1
    outputs = {name: getattr(cells, name) for name in ("exponential", "logarithm", "sine", "cosine", "s_is_positive")}
    network = Network(cells, clock, synapses, SpikeMonitor(cells, name="spikes"), name="network")
    return Model(network, {"x": cells.x}, {**outputs, "w": synapses.w}, 1 * ms, 1 * ms)


@needs_compiler
def test_elementary_functions_are_right_to_rounding(tmp_path):
    points = np.concatenate([np.linspace(-800, 800, 2001), np.linspace(-3, 3, 2001), np.geomspace(1e-300, 1e300, 601)])
    ends = [709.5, 709.78, 709.79, -708.2, -708.39, 5e-324, 1e-310, 1.7e6, 1e8, 1.1e9, 2e15, 1e22, -1e300]
    points = np.concatenate([points, ends, [0.0, np.inf, -np.inf, np.nan, 1e4]])
    simulation = simulate(lambda: calculator(points), {"a": Arm({"x": points}, 0)}, backend="cpp", cache=tmp_path)
    values = simulation.recordings["a"]
    with np.errstate(all="ignore"):
        exponential = np.where(points < np.log(np.finfo(float).tiny), 0, np.exp(points))  # subnormals are taken for 0
        np.testing.assert_allclose(values["exponential"], exponential, rtol=5e-16)
        np.testing.assert_allclose(values["logarithm"], np.log(points), rtol=1e-15, atol=0)
        np.testing.assert_allclose(values["sine"], np.sin(points), atol=5e-16, rtol=0)
        np.testing.assert_allclose(values["cosine"], np.cos(points), atol=5e-16, rtol=0)
        positive = np.sin(points) >= np.finfo(float).tiny
        np.testing.assert_array_equal(values["s_is_positive"], positive)
        np.testing.assert_array_equal(values["spikes.i"], np.flatnonzero(positive))
        np.testing.assert_allclose(values["w"], 1 + np.sin(points), atol=5e-16, rtol=1e-15)


def gamble(n, steps):
    """Return cells that draw uniform and normal numbers in each of some steps and add them up by bins."""
    cells = NeuronGroup(n, "u : 1\nz : 1", threshold="False", name="cells", namespace={})
    cells.run_regularly("u = rand()\nz = randn()", dt=1 * ms, name="draw")
    return Model(Network(cells, name="network"), {"u": cells.u}, {"u": cells.u, "z": cells.z}, steps * ms, 1 * ms)


@needs_compiler
def test_random_numbers_have_their_distributions_and_are_independent(tmp_path):
    arms = {f"{seed}": Arm({}, seed) for seed in range(4)}
    runs = simulate(lambda: gamble(20_000, 1), arms, backend="cpp", cache=tmp_path).recordings
    u, z = (np.concatenate([run[name] for run in runs.values()]) for name in "uz")
    assert 0 < u.min() < u.max() < 1
    assert stats.kstest(u, "uniform").pvalue > 1e-4
    assert stats.kstest(z, "norm").pvalue > 1e-4
    for lag in (1, 8, 512):
        for drawn in (u, z):
            assert abs(np.corrcoef(drawn[lag:], drawn[:-lag])[0, 1]) < 4 / np.sqrt(len(drawn))
    assert abs(np.corrcoef(z**2, u)[0, 1]) < 4 / np.sqrt(len(u))
    assert not np.array_equal(runs["0"]["u"], runs["1"]["u"])
    again = simulate(lambda: gamble(20_000, 1), {"0": arms["0"]}, backend="cpp", cache=tmp_path).recordings["0"]
    np.testing.assert_array_equal(again["z"], runs["0"]["z"])


EQUATIONS = """
dv/dt = (drive(t, i) - v + g)/(10*ms) : 1 (unless refractory)
dg/dt = -g/(5*ms) : 1
dtrace/dt = -trace/(20*ms) : 1
"""

DEPRESS = "w = clip(w - 0.02*trace_post, 0, 1)\ng_post += 0.1*w"
POTENTIATE = "w = clip(w + 0.02*trace_pre, 0, 1)"

WIRING = {
    "all to all": lambda s: s.connect(),
    "all to all by index": lambda s: s.connect(i=np.repeat(np.arange(70), 70), j=np.tile(np.arange(70), 70)),
    "by target": lambda s: s.connect(i=np.tile(np.arange(70), 70), j=np.repeat(np.arange(70), 70)),
    "blocks": lambda s: s.connect("abs(i - j) < 9"),
    "sparse": lambda s: s.connect(i=np.arange(140) % 70, j=(np.arange(140) ** 2) % 70),
    "double": lambda s: s.connect("i % 3 == j % 3", n=2),
    "none": lambda s: s.connect("i > 100"),
}

VARIANTS = {
    "one delay": {"delay": 1.5 * ms},
    "many delays": {"delays": True},
    "textbook": {
        "model": "w : 1\ndx/dt = -x/(20*ms) : 1 (event-driven)\ndy/dt = -y/(20*ms) : 1 (event-driven)",
        "on_pre": "w = clip(w - 0.02*y, 0, 1)\ng_post += 0.1*w\nx += 1",
        "on_post": "w = clip(w + 0.02*x, 0, 1)\ny += 1",
    },
    "writes to the sender": {"on_pre": "w = clip(w + 0.01, 0, 1)\ntrace_pre += 0.01*w\ng_post += 0.1*w"},
    "reads what it writes": {"on_pre": "g_post += 0.1*w + 0.001*g_pre"},
    "parts of a group": {"delay": 1.5 * ms, "part": True},
}


def plastic(cases):
    """Return driven groups of cells, each of which excites itself over plastic synapses of its own, by their name."""
    current = 3 + 2 * np.sin(np.arange(20)[:, None] + np.arange(70) ** 2)
    drive = TimedArray(current, dt=10 * ms, name="drive")
    objects, outputs = [], {}
    for name, (wiring, variant) in cases.items():
        cells = NeuronGroup(
            70, EQUATIONS, threshold="v > 1", reset="v = 0\ntrace += 1", refractory=2 * ms, method="exponential_euler",
            name=f"{name}_cells", namespace={"drive": drive},
        )  # fmt: skip
        options = {"model": "w : 1", "on_pre": DEPRESS, "on_post": POTENTIATE, **variant}
        delays, part = options.pop("delays", False), options.pop("part", False)
        ends = (cells[10:50], cells[20:]) if part else (cells, cells)
        synapses = Synapses(*ends, **options, name=f"{name}_synapses", namespace={})
        wiring(synapses)
        synapses.w = "0.3 + 0.2*sin(i + 3*j)"
        if delays:
            synapses.delay = "(1 + (i*7 + j*3) % 4)*ms"
        objects += [cells, synapses, SpikeMonitor(cells, name=f"{name}_spikes")]
        outputs |= {f"{name}_w": synapses.w, f"{name}_g": cells.g, f"{name}_trace": cells.trace}
    return Model(Network(*objects, name="network"), {"drive": drive}, outputs, 200 * ms, 0.5 * ms)


def assert_same(cases, tmp_path):
    """Simulate groups with the C++ templates and with Brian2's own, all at once since compiling takes longest."""
    cases = {name.replace(" ", "_"): case for name, case in cases.items()}
    cpp, plain = (
        simulate(lambda: plastic(cases), {"a": Arm({}, 1)}, backend=backend, cache=tmp_path).recordings["a"]
        for backend in ("cpp", "plain")
    )
    for name in cases:
        assert len(cpp[f"{name}_spikes.i"]) > 1000
        for key in (f"{name}_spikes.i", f"{name}_spikes.t"):
            np.testing.assert_array_equal(cpp[key], plain[key], err_msg=key)
        for key in (f"{name}_w", f"{name}_g", f"{name}_trace"):
            np.testing.assert_allclose(cpp[key], plain[key], rtol=1e-9, atol=1e-12, err_msg=key)


@needs_compiler
def test_every_wiring_gives_the_spikes_and_weights_of_brian2(tmp_path):
    assert_same({name: (wiring, {}) for name, wiring in WIRING.items()}, tmp_path)


@needs_compiler
def test_every_pathway_gives_the_spikes_and_weights_of_brian2(tmp_path):
    assert_same({name: (WIRING["all to all"], variant) for name, variant in VARIANTS.items()}, tmp_path)


@needs_compiler
def test_single_precision_gives_the_same_statistics(tmp_path):
    def model():
        return plastic({"all": (WIRING["all to all"], {})})

    arms = {"a": Arm({}, 1)}
    single = simulate(model, arms, backend="cpp", precision="single", cache=tmp_path).recordings["a"]
    double = simulate(model, arms, backend="cpp", cache=tmp_path).recordings["a"]
    assert single["all_w"].dtype == np.float32
    assert len(single["all_spikes.i"]) == pytest.approx(len(double["all_spikes.i"]), rel=0.02)
    np.testing.assert_allclose(single["all_w"].mean(), double["all_w"].mean(), rtol=0.02)


def summing():
    """Return cells of which many synapses raise a variable at once, by an operation of the synapses themselves."""
    cells = NeuronGroup(5, "g : 1", threshold="False", name="cells", namespace={})
    synapses = Synapses(cells, cells, "w : 1", name="synapses", namespace={})
    synapses.connect(i=np.arange(200) % 5, j=np.arange(200) % 3)
    synapses.w = "0.5 + i"
    synapses.run_regularly("g_post += w", dt=1 * ms, name="sum")
    return Model(Network(cells, synapses, name="network"), {"w": synapses.w}, {"g": cells.g}, 3 * ms, 1 * ms)


@needs_compiler
def test_cells_that_many_synapses_write_to_lose_nothing(tmp_path):
    total = simulate(summing, {"a": Arm({}, 1)}, backend="cpp", cache=tmp_path).recordings["a"]["g"]
    i, j = np.arange(200) % 5, np.arange(200) % 3
    np.testing.assert_allclose(total, 3 * np.bincount(j, weights=0.5 + i, minlength=5))


def clocks():
    """Return cells of three clocks, one of them half as fast, one not a multiple."""
    groups = [
        NeuronGroup(3, "dv/dt = 100*Hz : 1", threshold="v > 0.999", reset="v = 0", method="euler", name=name, dt=dt,
                    namespace={"Hz": Hz})
        for name, dt in (("fast", None), ("slow", 1 * ms), ("odd", 0.75 * ms))
    ]  # fmt: skip
    monitors = [SpikeMonitor(group, name=f"{group.name}_spikes") for group in groups]
    return Model(Network(*groups, *monitors, name="network"), {"v": groups[0].v}, {}, 100 * ms, 0.5 * ms)


@needs_compiler
def test_several_clocks_tick_as_in_brian2(tmp_path):
    cpp, plain = (
        simulate(clocks, {"a": Arm({}, 1)}, backend=backend, cache=tmp_path).recordings["a"]
        for backend in ("cpp", "plain")
    )
    for name in ("fast", "slow", "odd"):
        assert len(cpp[f"{name}_spikes.t"]) == 3 * (10 if name != "odd" else 9)
        np.testing.assert_array_equal(cpp[f"{name}_spikes.t"], plain[f"{name}_spikes.t"])
