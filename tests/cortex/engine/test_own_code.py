"""C++ that users bring along: functions with headers, sources, libraries, macros and files of their own."""

import numpy as np
import pytest
from brian2 import Network, NeuronGroup, check_units, implementation, ms, prefs

from cortex.engine import Arm, Model, Recipe, compiler, recipes, simulate
from cortex.errors import UsageError

pytestmark = pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")

ARMS = {"a": Arm({}, 1)}
NUMBERS = np.arange(4.0)


@pytest.fixture(autouse=True)
def _own_flags():
    """Compile with flags of the user's own, which do not optimise."""
    before = prefs["codegen.cpp.extra_compile_args"]
    prefs["codegen.cpp.extra_compile_args"] = ["-w", "-O0", "-DOF_THE_USER=7"]
    yield
    prefs["codegen.cpp.extra_compile_args"] = before


def function(name, code, **options):
    """Return a function of one number with an implementation in C++."""

    @check_units(x=1, result=1)
    def python(x):
        raise NotImplementedError

    python.__name__ = name
    return implementation("cpp", code, **options)(python)


def applied(**functions):
    """Return a model in which each function is applied once to the same numbers, in a group of its own."""
    groups = []
    for name, one in functions.items():
        group = NeuronGroup(len(NUMBERS), "x : 1\ny : 1\nz : 1", name=f"of_{name}", namespace={name: one})
        group.x = NUMBERS
        group.run_regularly(f"y = {name}(x)\nz = rand()", dt=1 * ms, name=f"apply_{name}")
        groups.append(group)
    ordinary = NeuronGroup(len(NUMBERS), "gain : 1\nz : 1", name="ordinary", namespace={})
    ordinary.run_regularly("gain = gain + 3\nz = rand()", dt=1 * ms, name="raise_gain")
    outputs = {name: group.y for name, group in zip(functions, groups, strict=True)} | {"gain": ordinary.gain}
    drawn = {f"drawn {k}": group.z for k, group in enumerate([ordinary, *groups])}
    return Model(Network(groups, ordinary), {}, outputs | drawn, 1 * ms, 1 * ms)


def results(build, cache, **options):
    recording = simulate(build, ARMS, cache=cache, **options).recordings["a"]
    values = {name: recording[name].tolist() for name in recording}
    drawn = [number for name in recording if name.startswith("drawn") for number in values.pop(name)]
    assert len(set(drawn)) == len(drawn)  # no random number twice
    return values


def write(folder, factor):
    """Write a header and a source."""
    (folder / "times.h").write_text(f"#define gain {factor}\ndouble times(double x);\n")
    (folder / "times.cpp").write_text('#include "times.h"\ndouble times(double x) { return gain*x; }\n')


def times(folder):
    """Return a function whose header and source are in a folder."""
    return function("times", "", headers=['"times.h"'], sources=[f"{folder}/times.cpp"], include_dirs=[folder])


def everything(folder):
    """Return a model of functions with headers, sources, libraries, macros and flags, that read and print."""
    zipped = (
        'extern "C" unsigned long compressBound(unsigned long);\ndouble zipped(double x) { return compressBound(x); }'
    )
    scaled = "#define gain FIVE\ndouble scaled(double x) { return gain*OF_THE_USER*x; }"
    table = """
    double table(double x) {
        std::ifstream file("%s/table.txt");
        double factor;
        file >> factor;
        fprintf(stderr, "read\\n");
        std::cout << "1 of\\nmany" << std::endl;
        return factor*x;
    }
    """
    return applied(
        times=times(folder),
        scaled=function("scaled", scaled, define_macros=[("FIVE", "5")]),
        table=function("table", table % folder),
        zipped=function("zipped", zipped, libraries=["z"]),
    )


@pytest.mark.parametrize("backend", ["cpp", pytest.param("plain", marks=pytest.mark.slow)])
def test_what_functions_need_reaches_the_compiler_and_no_other_code(backend, tmp_path):
    write(tmp_path, 3)
    (tmp_path / "table.txt").write_text("0.5\n")
    found = results(lambda: everything(str(tmp_path)), tmp_path / "cache", backend=backend)
    assert min(found.pop("zipped")) > 10
    factors = {"times": 3, "scaled": 35, "table": 0.5}
    assert found == {name: (factor * NUMBERS).tolist() for name, factor in factors.items()} | {"gain": [3] * 4}


def thrice(folder):
    return applied(times=times(folder))


def test_changed_files_of_the_user_are_compiled_again(tmp_path, monkeypatch):
    monkeypatch.setattr(recipes, "STARTED", 1e12)  # files that are new now count as old
    recipe = Recipe(thrice, (str(tmp_path),))
    for factor in (3, 4):
        write(tmp_path, factor)
        for _ in range(2):
            assert results(recipe, tmp_path / "cache")["times"] == (factor * NUMBERS).tolist()


def test_code_of_the_user_that_does_not_compile_is_told_as_such(tmp_path):
    with pytest.raises(UsageError, match=r"no_such_thing(.|\n)*functions of your own \(broken\)"):
        results(
            lambda: applied(broken=function("broken", "double broken(double x) { return no_such_thing; }")), tmp_path
        )
