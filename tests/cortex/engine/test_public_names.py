"""The engine by itself: its public names, its example, and that it needs nothing else of the package."""

import doctest
import subprocess
import sys

import pytest

import cortex.engine

NEEDED = {"cortex", "cortex.moved", "cortex.preferences", "cortex.errors", "cortex.guard", "cortex.files"}
"""Modules of the package, beside its own, that the engine may import."""

PROGRAM = """
import sys
import cortex.engine
print("brian2" in sys.modules, "numpy" in sys.modules)
from brian2 import Network, NeuronGroup, ms
from cortex.engine import Arm, Model, simulate

def build():
    cells = NeuronGroup(1, "v : 1", name="cells", namespace={})
    return Model(Network(cells, name="network"), {"v": cells.v}, {"v": cells.v}, 1 * ms, 1 * ms)

print(simulate(build, {"arm": Arm({"v": 3.0}, seed=1)}, backend=sys.argv[1]).recordings["arm"]["v"].item())
print(*(name for name in sys.modules if name.split(".")[0] in ("cortex", "models", "scenarios")))
"""


@pytest.mark.parametrize("backend", ["auto", "numpy"])
def test_the_engine_imports_nothing_else_of_the_package(backend):
    words = [sys.executable, "-c", PROGRAM, backend]
    imported, value, modules = subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines()
    assert imported == "False False"
    assert value == "3.0"
    foreign = {name for name in modules.split() if not name.startswith("cortex.engine")}
    assert foreign <= NEEDED


def test_the_example_runs():
    result = doctest.testmod(cortex.engine)
    assert result.attempted > 5
    assert result.failed == 0


def test_every_public_name_can_be_imported():
    for name in cortex.engine.__all__:
        assert getattr(cortex.engine, name) is not None
    assert set(dir(cortex.engine)) == set(cortex.engine.__all__)
    with pytest.raises(AttributeError, match="no attribute 'simulator'"):
        _ = cortex.engine.simulator
