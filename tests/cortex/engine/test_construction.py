"""What a program or a seed cannot express is refused by name, on every backend; numpy takes over where it may."""

import random
from threading import Thread

import brian2
import numpy as np
import pytest
from brian2 import DimensionMismatchError, Network, NeuronGroup, TimedArray, check_units, ms

from cortex.engine import Arm, Model, compiler, simulate
from cortex.errors import NotCompilable, UsageError

needs_compiler = pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")
backends = pytest.mark.parametrize("backend", [pytest.param("cpp", marks=needs_compiler), "numpy"])
compiled = pytest.mark.parametrize("backend", [pytest.param(name, marks=needs_compiler) for name in ("cpp", "plain")])


def cells(kind=NeuronGroup):
    return kind(3, "dv/dt = (2 - v)/(1*ms) : 1", method="exact", name="cells", namespace={})


def model(*objects):
    return Model(Network(*objects, name="network"), {}, {"v": objects[0].v}, 5 * ms, 0.1 * ms)


def run(build, backend):
    simulation = simulate(build, {"a": Arm({}, 1)}, backend=backend)
    return simulation.backend, simulation.recordings["a"]["v"]


def operated():
    group = cells()
    return model(group, brian2.NetworkOperation(lambda: group.v.__setitem__(slice(None), 0), dt=1 * ms, name="reset_v"))


def subclassed():
    class Silenced(NeuronGroup):
        def run(self):
            self.v = 0

    return model(cells(Silenced))


def in_python():
    @check_units(x=1, result=1)
    def twice(x):
        return 2 * x

    group = NeuronGroup(3, "dv/dt = twice(v)/ms : 1", method="euler", name="cells", namespace={"twice": twice})
    return model(group)


def reading():
    group = cells()
    group.v = "rand()"
    group.v = np.sort(group.v[:])
    return model(group)


def warmed_up():
    Network(NeuronGroup(1, "x : 1", name="others"), name="warm_up").run(1 * ms)
    return model(cells())


NEEDS_PYTHON = {
    operated: "reset_v  is a network_operation",
    subclassed: "cells  is a Silenced with a method run in Python",
    in_python: "cells_stateupdater  Cannot use function 'twice'",
    reading: "Cannot retrieve the values of state variables",
    warmed_up: "warm_up  is another network",
}


@compiled
@pytest.mark.parametrize("build", NEEDS_PYTHON, ids=lambda build: build.__name__)
def test_python_that_a_program_would_leave_out_is_refused(build, backend):
    with pytest.raises(NotCompilable, match=rf"{NEEDS_PYTHON[build]}(.|\n)*--backend numpy"):
        run(build, backend)


@pytest.mark.parametrize("build", NEEDS_PYTHON, ids=lambda build: build.__name__)
@needs_compiler
def test_numpy_takes_over_with_a_warning_unless_a_compiler_was_asked_for(build, caplog):
    backend, v = run(build, "auto")
    assert backend == "numpy"
    assert NEEDS_PYTHON[build] in caplog.text
    assert "many times slower" in caplog.text
    np.testing.assert_array_equal(v, run(build, "numpy")[1])


def test_a_network_operation_acts():
    np.testing.assert_allclose(run(operated, "numpy")[1], 2 - 2 * np.exp(-1))


def seeded():
    brian2.seed(99)
    return model(cells())


def seeded_in_numpy():
    np.random.seed(99)  # noqa: NPY002
    return model(cells())


def drawn_by_python():
    group = cells()
    group.v = random.random()
    return model(group)


def drawn_by_numpy():
    group = cells()
    group.v = np.random.rand(3)  # noqa: NPY002
    return model(group)


def run_before():
    built = model(cells())
    built.network.run(1 * ms)
    return built


def forgotten():
    group, other = cells(), NeuronGroup(1, "x : 1", name="other")
    return Model(Network(group, name="network"), {"x": other.x}, {"x": other.x}, 5 * ms, 0.1 * ms)


def magic():
    return Model(brian2.magic_network, {}, {"v": cells().v}, 5 * ms, 0.1 * ms)


@backends
@pytest.mark.parametrize(
    ("build", "message"),
    [
        (seeded, r"sets a seed(.|\n)*seed\(99\)(.|\n)*each arm has a seed"),
        (seeded_in_numpy, r"sets a seed(.|\n)*seed\(99\)"),
        (drawn_by_python, r"random numbers that the seeds of arms do not determine\n  random\n"),
        (run_before, "run for 1. ms while the model was built"),
        (forgotten, "input x  belongs to other\n  output x  belongs to other\nadd them to the Network"),
        (magic, "magic network"),
    ],
)
def test_what_would_be_wrong_without_a_word_is_refused(build, message, backend):
    with pytest.raises(UsageError, match=message):
        run(build, backend)


@backends
@pytest.mark.parametrize(
    ("duration", "dt", "message"),
    [
        (np.nan * ms, 0.1 * ms, "duration  nan"),
        (np.inf * ms, 0.1 * ms, "duration  inf"),
        (-1 * ms, 0.1 * ms, "duration  -1. ms"),
        (1 * ms, 0 * ms, "dt  0. s"),
        (1 * ms, -0.1 * ms, r"dt  -100. us"),
        (1 * ms, np.nan * ms, "dt  nan"),
    ],
)
def test_a_duration_or_step_that_is_no_time_is_refused(duration, dt, message, backend):
    with pytest.raises(UsageError, match=rf"dt is above 0\n  {message}"):
        run(lambda: Model(Network(cells(), name="network"), {}, {}, duration, dt), backend)


@backends
def test_a_duration_without_unit_is_refused(backend):
    with pytest.raises(DimensionMismatchError, match="the duration of the model is no time"):
        run(lambda: Model(Network(cells(), name="network"), {}, {}, 1, 0.1 * ms), backend)


def drawn_by_another_thread():
    thread = Thread(target=lambda: (random.random(), random.randint(1, 9), random.gauss(0, 1)))
    thread.start()
    thread.join()
    group = cells()
    return Model(Network(group, name="network"), {}, {"v": group.v}, 1 * ms, 0.1 * ms)


def test_what_other_threads_draw_meanwhile_is_no_matter():
    before = random.random
    run(drawn_by_another_thread, "numpy")
    assert random.random is before
    assert "random" not in vars(before.__self__)


@pytest.mark.parametrize("draw", [random.random, random.randbytes, random.shuffle], ids=lambda draw: draw.__name__)
def test_what_the_model_draws_is_refused_however_it_is_called(draw):
    def build():
        draw(*{"randbytes": [3], "shuffle": [[1, 2, 3]]}.get(draw.__name__, []))
        return Model(Network(cells(), name="network"), {}, {}, 1 * ms, 0.1 * ms)

    with pytest.raises(UsageError, match="random numbers that the seeds of arms do not determine"):
        run(build, "numpy")


def test_what_the_model_draws_beside_another_thread_is_refused():
    def build():
        model = drawn_by_another_thread()
        random.uniform(0, 1)
        return model

    with pytest.raises(UsageError, match="random numbers that the seeds of arms do not determine"):
        run(build, "numpy")


@compiled
def test_random_numbers_drawn_while_building_are_refused_where_no_seed_determines_them(backend):
    with pytest.raises(UsageError, match=r"  numpy.random\nlet Brian2 draw them"):
        run(drawn_by_numpy, backend)


def test_with_numpy_the_seed_of_the_arm_determines_them():
    np.testing.assert_array_equal(run(drawn_by_numpy, "numpy")[1], run(drawn_by_numpy, "numpy")[1])


def test_seeds_may_be_set_again_afterwards():
    with pytest.raises(UsageError):
        run(seeded, "numpy")
    brian2.seed(1)
    np.random.seed(1)  # noqa: NPY002


def two_functions_of_time(one="f", other="f"):
    groups = []
    for number, name in enumerate((one, other)):
        current = TimedArray([number + 1.0, 2.0], dt=1 * ms, name=name)
        group = NeuronGroup(1, "x : 1", name=f"cells_{number}", namespace={"current": current})
        group.run_regularly("x = current(t)", name=f"reading_{number}")
        groups.append(group)
    return Model(Network(*groups, name="network"), {}, {g.name: g.x for g in groups}, 0.5 * ms, 0.1 * ms)


@compiled
def test_two_functions_of_time_of_one_name_are_refused_by_name(backend):
    with pytest.raises(UsageError, match="functions of time") as caught:
        simulate(two_functions_of_time, {"a": Arm({}, 1)}, backend=backend)
    assert list(caught.value.problems) == ["TimedArray  f"]


@backends
def test_functions_of_time_have_their_own_values(backend):
    build = two_functions_of_time if backend == "numpy" else lambda: two_functions_of_time("f", "g")
    recording = simulate(build, {"a": Arm({}, 1)}, backend=backend).recordings["a"]
    assert [float(recording[name][0]) for name in ("cells_0", "cells_1")] == [1, 2]


@backends
def test_two_objects_of_one_name_are_refused_by_name(backend):
    with pytest.raises(UsageError, match="one name") as caught:
        run(lambda: model(cells(), cells()), backend)
    assert "cells" in caught.value.problems


@backends
@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("cells.i", "is cells.i, which is fixed by Brian2; of cells may be set: c, v"),
        ("cells.t", "is cells.t, which is fixed by Brian2; of cells may be set: c, v"),
        ("cells.dt", "is cells.dt, which is fixed by Brian2; of cells may be set: c, v"),
        ("cells.N", "is 2, not a variable"),
        ("cells.twice", "is cells.twice, which follows from other variables; of cells may be set: c, v"),
        ("pairs.j", "is pairs.j, which is fixed by Brian2; of pairs may be set: w"),
        ("pairs.N", "is pairs.N, which is fixed by Brian2; of pairs may be set: w"),
    ],
)
def test_inputs_that_no_arm_can_set_are_refused_by_name(path, what, backend):
    def build():
        group = NeuronGroup(2, "v : 1\nc : 1 (constant)\ntwice = 2*v : 1", name="cells", namespace={})
        pairs = brian2.Synapses(group, group, "w : 1", name="pairs")
        pairs.connect(j="i")
        owner, _, name = path.partition(".")
        given = getattr({"cells": group, "pairs": pairs}[owner], name)
        return Model(Network(group, pairs, name="network"), {"x": given}, {}, 1 * ms, 0.1 * ms)

    with pytest.raises(UsageError, match="inputs or outputs that are none") as caught:
        simulate(build, {"a": Arm({"x": 1}, 1)}, backend=backend)
    assert list(caught.value.problems) == [f"input x  {what}"]


@backends
def test_an_output_that_is_no_variable_is_refused_by_name(backend):
    def build():
        return Model(Network(group := cells(), name="network"), {}, {"size": group.N}, 1 * ms, 0.1 * ms)

    with pytest.raises(UsageError) as caught:
        simulate(build, {"a": Arm({}, 1)}, backend=backend)
    assert list(caught.value.problems) == ["output size  is 3, not a variable"]
