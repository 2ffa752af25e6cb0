"""Where the arrays of a program lie in memory."""

import subprocess

import pytest
from brian2 import Network, NeuronGroup, ms

from cortex.engine import Arm, Model, compiler, simulate
from cortex.engine.codegen.units import ALLOCATE

pytestmark = pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")

SIZES = (512, 30000, 32768, 32768, 100000, 30000)
"""Of double numbers: a page, and more; 32768 are 64 pages."""

SMALL = (1, 9, 511)


def test_arrays_begin_at_cache_lines_and_large_ones_at_different_places_of_their_pages(tmp_path):
    code = [ALLOCATE, "#include <cstdint>\n#include <cstdio>\nint main() {"]
    for size in SIZES + SMALL:
        code.append(f'{{ double* x = allocate<double>({size}); x[0] = x[{size} - 1] = 1; printf("%d\\n",')
        code.append("int(reinterpret_cast<uintptr_t>(x) % 4096)); }")
    (tmp_path / "main.cpp").write_text("\n".join([*code, "}"]))
    command = compiler.find_compiler().command
    subprocess.run([*command, "-fsanitize=address", "main.cpp", "-o", "main"], cwd=tmp_path, check=True)
    checked = {"ASAN_OPTIONS": "detect_leaks=0"}
    done = subprocess.run([tmp_path / "main"], check=True, capture_output=True, text=True, env=checked)
    places = list(map(int, done.stdout.split()))
    assert len(set(places[: len(SIZES)])) == len(SIZES)
    assert all(place % 64 == 0 for place in places)


def build():
    cells = NeuronGroup(1000, "x : 1\ny : 1\nz : 1 (shared)", name="cells", namespace={})
    cells.x = "i"
    cells.y = "2*i"
    return Model(Network(cells), {"y": cells.y}, {"x": cells.x, "y": cells.y}, 1 * ms, 0.1 * ms)


def test_the_variables_of_cells_lie_there(tmp_path):
    found = simulate(build, {"arm": Arm({}, 1)}, backend="cpp", project=tmp_path).recordings["arm"]
    assert found["y"].tolist() == (2 * found["x"]).tolist() == list(range(0, 2000, 2))
    unit = (tmp_path / "unit.cpp").read_text()
    assert all(f"_array_cells_{name} = allocate<double>(1000);" in unit for name in "xy")
