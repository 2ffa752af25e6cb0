"""Values, seeds and names reach a simulation as they are given, whatever they are."""

from functools import partial

import numpy as np
import pytest
from brian2 import DimensionMismatchError, Network, NeuronGroup, TimedArray, ms, mV

from cortex.engine import Arm, Model, compiler, simulate
from cortex.errors import UsageError

needs_compiler = pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")
backends = pytest.mark.parametrize("backend", [pytest.param("cpp", marks=needs_compiler), "numpy"])
precisions = pytest.mark.parametrize("precision", ["double", "single"])

LARGE = 2**60 + 1
NAMES = ["a", "./a", "b/../a", "../../x y", "/tmp/absolute", "K", "k", "l" * 300, "null\0", "", "\n"]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A function that simulates arms of one network, in a folder below which nothing else is."""
    return partial(simulate, build, cache=tmp_path_factory.mktemp("cache"))


def build():
    """Return cells with large integers and random numbers."""
    integers = ("one", "each", "element", "given")
    equations = "\n".join(f"{name} : integer" for name in integers) + "\nx : 1\nu : 1\nyes : boolean"
    cells = NeuronGroup(3, equations, name="cells", namespace={}, dtype=dict.fromkeys(integers, np.int64))
    cells.one = LARGE
    cells.each = [LARGE, -LARGE, 7]
    cells.element[1] = -LARGE
    cells.x = -np.inf
    cells.yes = True
    cells.u = "rand()"
    outputs = {name: getattr(cells, name) for name in (*integers, "x", "u", "yes")}
    inputs = {name: getattr(cells, name) for name in ("given", "x", "yes")}
    return Model(Network(cells, name="network"), inputs, outputs, 1 * ms, 0.1 * ms)


@backends
@precisions
def test_integers_are_exact(run, backend, precision):
    arms = {"one": Arm({"given": LARGE}, 1), "each": Arm({"given": np.array([LARGE, -LARGE, 3])}, 1)}
    recordings = run(arms, backend=backend, precision=precision).recordings
    assert recordings["one"]["given"].tolist() == [LARGE] * 3
    assert recordings["each"]["given"].tolist() == [LARGE, -LARGE, 3]
    assert recordings["one"]["one"].tolist() == [LARGE] * 3
    assert recordings["one"]["each"].tolist() == [LARGE, -LARGE, 7]
    assert recordings["one"]["element"].tolist() == [0, -LARGE, 0]
    assert recordings["one"]["x"].tolist() == [-np.inf] * 3
    assert recordings["one"]["yes"].all()


@backends
def test_numbers_that_are_not_finite_may_be_given(run, backend):
    values = {"inf": np.inf, "minus inf": -np.inf, "nan": np.nan, "each": np.array([np.inf, np.nan, -np.inf])}
    recordings = run({name: Arm({"x": value}, 1) for name, value in values.items()}, backend=backend).recordings
    for name, value in values.items():
        np.testing.assert_array_equal(recordings[name]["x"], np.broadcast_to(value, 3))


@backends
@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"given": 0.5}, "'given' is of type int64, which cannot hold 0.5"),
        ({"given": np.nan}, "'given' is of type int64, which cannot hold nan"),
        ({"given": 2**64}, "'given' is of type int64, which cannot hold 18446744073709551616"),
        ({"given": [1, 2, 2.5]}, "'given' is of type int64, which cannot hold 2.5"),
        ({"yes": 2}, "'yes' is of type bool, which cannot hold 2"),
        ({"x": None}, "'x' takes real numbers, not None"),
        ({"x": [1, None, 3]}, "'x' takes real numbers, not None"),
        ({"x": 1 + 2j}, "'x' takes real numbers, not "),
        ({"x": "2.5"}, "'x' takes real numbers, not '2.5'"),
        ({"x": np.ma.array([1.0, 2.0, 3.0], mask=[0, 1, 0])}, "'x' takes real numbers, not masked"),
        ({"x": np.datetime64("2020-01-01")}, "'x' takes real numbers, not "),
    ],
)
def test_numbers_that_a_type_cannot_hold_are_refused(run, backend, inputs, message):
    with pytest.raises(ValueError, match=message):
        run({"arm": Arm(inputs, 1)}, backend=backend)


@backends
def test_numbers_too_large_for_single_precision_are_refused(run, backend):
    with pytest.raises(ValueError, match="'x' is of type float32, which cannot hold 1e\\+300"):
        run({"arm": Arm({"x": [1, 1e300, 3]}, 1)}, backend=backend, precision="single")


@backends
@pytest.mark.parametrize("value", [[1 * mV, 2 * mV, 3 * mV], (1, 2 * mV, 3), [1, 2, 3] * ms])
def test_a_unit_is_not_dropped(run, backend, value):
    with pytest.raises((DimensionMismatchError, TypeError), match=r"'x' has the wrong dimension|Mixing quantities"):
        run({"arm": Arm({"x": value}, 1)}, backend=backend)


@backends
def test_without_arms_nothing_is_simulated(run, backend):
    with pytest.raises(UsageError, match="there are no arms"):
        run({}, backend=backend)


SHARED = np.arange(3.0)


@backends
def test_an_input_belongs_to_one_arm_and_one_function_of_time(backend):
    def build():
        one, two = (TimedArray(SHARED, dt=1 * ms, name=name) for name in ("one", "two"))
        cells = NeuronGroup(1, "x : 1\ny : 1", name="cells", namespace={"one": one, "two": two})
        cells.run_regularly("x = one(t)\ny = two(t)", name="reading")
        outputs = {"x": cells.x, "y": cells.y}
        return Model(Network(cells, name="network"), {"one": one}, outputs, 2 * ms, 0.1 * ms)

    recordings = simulate(build, {"set": Arm({"one": 9.0}, 1), "other": Arm({}, 1)}, backend=backend).recordings
    assert [float(recordings["set"][name][0]) for name in "xy"] == [9, 1]
    assert [float(recordings["other"][name][0]) for name in "xy"] == [1, 1]
    assert SHARED.tolist() == [0, 1, 2]


@backends
def test_arms_may_have_any_names(run, backend, tmp_path):
    project = tmp_path / "outer" / "project"
    arms = {name: Arm({"x": number}, 1) for number, name in enumerate(NAMES)}
    recordings = run(arms, backend=backend, project=project).recordings
    assert [float(recordings[name]["x"][0]) for name in NAMES] == list(range(len(NAMES)))
    assert not [path for path in tmp_path.rglob("*") if not path.is_relative_to(tmp_path / "outer")]
    assert not [path for path in (tmp_path / "outer").glob("*") if path != project]


@pytest.mark.parametrize("backend", [*(pytest.param(name, marks=needs_compiler) for name in ("cpp", "plain")), "numpy"])
def test_all_seeds_differ(run, backend):
    seeds = [0, 1, 2**32 - 1, 2**32, 2**32 + 1, 2**63 - 1]
    recordings = run({f"{seed}": Arm({}, seed) for seed in seeds}, backend=backend).recordings
    assert len({tuple(recording["u"]) for recording in recordings.values()}) == len(seeds)
