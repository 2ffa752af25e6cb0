"""What the name of a binary depends on: everything that goes into it."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from brian2 import Network, NeuronGroup, ms, prefs
from brian2.devices.cpp_standalone.device import CPPStandaloneDevice

from cortex.engine import Model, translation_unit
from cortex.engine.compiler import Compiler
from cortex.engine.progress import Progress
from cortex.engine.simulation import prepare
from cortex.engine.standalone import make_program
from cortex.errors import EnvironmentProblem
from tests.cortex.engine import fake

MACHINE = Compiler(("c++",), "version 1", "version 1, of this processor")
ARGUMENTS = ["-O3", "-I.", "unit.cpp"]


@pytest.fixture
def key(tmp_path, monkeypatch):
    """Returns the key of a project of two files."""
    device = SimpleNamespace(writer=SimpleNamespace(header_files=["run.h", "objects.h"]))
    monkeypatch.setattr(translation_unit, "get_device", lambda: device)
    for name in ("unit.cpp", "run.h", "objects.h", "own.h"):
        (tmp_path / name).write_text(name)

    def key(compiler=MACHINE, arguments=ARGUMENTS):
        return translation_unit._key(tmp_path, ["unit.cpp"], [tmp_path / "own.h"], compiler, arguments)

    return key


def test_everything_that_enters_a_binary_is_in_its_key(key, tmp_path, monkeypatch):
    keys = [key()]
    assert key() == keys[0]
    keys += [key(replace(MACHINE, command=("c++", "-static"))), key(replace(MACHINE, target="another processor"))]
    keys += [key(arguments=ARGUMENTS[:position] + ARGUMENTS[position + 1 :]) for position in range(len(ARGUMENTS))]
    keys += [key(arguments=["-O3 -I.", "unit.cpp"]), key(arguments=["-I.", "-O3", "unit.cpp"])]
    for name in ("unit.cpp", "run.h", "objects.h"):
        (tmp_path / name).write_text("changed")
        keys.append(key())
    monkeypatch.setattr(translation_unit.brian2, "__version__", "0")
    keys.append(key())
    assert len(set(keys)) == len(keys)


def build() -> Model:
    cells = NeuronGroup(2, "dv/dt = -v / (3*ms) : 1", method="exact", name="cells", namespace={})
    cells.v = 1
    return Model(Network(cells, name="network"), {}, {"v": cells.v}, 1 * ms, 0.1 * ms)


@pytest.fixture
def prepared(tmp_path, monkeypatch):
    """Returns how often the model has been compiled, after it is prepared."""
    fake.compiler(tmp_path)
    monkeypatch.setenv("CXX", str(tmp_path / "c++"))

    def prepared() -> int:
        prepare(build, {}, cache=tmp_path / "cache")
        return fake.counted(tmp_path)("-o")

    return prepared


def test_what_is_compiled_with_other_flags_is_another_binary(prepared, tmp_path, monkeypatch):
    assert [prepared(), prepared()] == [1, 1]
    with monkeypatch.context() as patched:
        patched.setitem(prefs, "codegen.cpp.extra_compile_args_gcc", ["-O0"])
        assert prepared() == 2
    refuses_one = 'case "$*" in *-fopenmp-simd*) echo "unknown option \'-fopenmp-simd\'" >&2; exit 1;; esac'
    fake.compiler(tmp_path, probe=refuses_one)  # which calls itself the same
    translation_unit.accepted.cache_clear()
    assert prepared() == 3
    [first, _, third] = [call for call in (tmp_path / "calls").read_text().splitlines() if " -o " in call]
    assert "-fopenmp-simd" in first
    assert "-fopenmp-simd" not in third


def test_a_constant_array_that_was_not_written_as_a_whole_is_told(prepared, tmp_path, monkeypatch):
    write = CPPStandaloneDevice.write_static_arrays

    def write_on_a_full_disk(device: CPPStandaloneDevice, directory: str) -> None:
        write(device, directory)
        file = Path(directory) / "static_arrays" / "_static_array_constants"
        file.write_bytes(file.read_bytes()[:-1])

    with monkeypatch.context() as patched:
        patched.setattr(CPPStandaloneDevice, "write_static_arrays", write_on_a_full_disk)
        with pytest.raises(EnvironmentProblem, match=r"_static_array_constants: the disk is full\nmake room"):
            prepared()
    assert prepared() == 1


def test_a_program_that_cannot_wait_for_the_cache_is_made_in_its_folder(prepared, tmp_path, monkeypatch):
    def fetch(key, make, private, folder=None):
        make(private)
        return ""

    monkeypatch.setattr(translation_unit.cache, "fetch", fetch)
    chosen = Compiler((str(tmp_path / "c++"),), "", "")
    project = tmp_path / "project"
    program = make_program(build, {}, chosen, "cpp", "double", project, Progress(enabled=False), None)
    assert program.binary == project / "simulation"
    assert program.binary.exists()
    assert program.entry == ""
    assert prepared() == 2  # and its recipe is not stored
