"""Which backend simulates: Brian2's own C++ replaces the engine's outside the versions of Brian2 that are tested."""

from importlib import metadata

import pytest
from brian2 import Network, NeuronGroup, ms

from cortex.engine import Arm, Model, backend, compiler, simulate

pytestmark = pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")


@pytest.fixture
def brian2_is(monkeypatch):
    """Sets the version of Brian2 that seems to be installed."""

    def set_version(version):
        monkeypatch.setattr(backend, "brian2_version", lambda: version)

    return set_version


def test_the_version_is_that_of_the_installed_brian2(monkeypatch):
    assert backend.brian2_version() == metadata.version("brian2")
    monkeypatch.setattr(backend.PathFinder, "find_spec", lambda package: None)
    assert backend.brian2_version() == metadata.version("brian2")


@pytest.mark.parametrize("version", ["2.9.0", "2.10", "2.11.0.post1", "2.11.3.dev5+g1a2b3c"])
@pytest.mark.parametrize("wish", ["auto", "cpp"])
def test_the_templates_are_used_with_tested_versions(wish, version, brian2_is):
    brian2_is(version)
    choice = backend.choose(wish)
    assert (choice.backend, choice.warning) == ("cpp", "")


@pytest.mark.parametrize("version", ["2.8.0.4", "2.12.0", "3.0"])
@pytest.mark.parametrize("wish", ["auto", "cpp"])
def test_other_versions_use_the_cpp_of_brian2_itself(wish, version, brian2_is):
    brian2_is(version)
    choice = backend.choose(wish)
    assert choice.backend == "plain"
    assert f"Brian2 {version} is outside the tested versions 2.9 to 2.11" in choice.warning


@pytest.mark.parametrize("wish", ["plain", "numpy"])
def test_a_backend_without_the_templates_needs_no_tested_version(wish, brian2_is):
    brian2_is("2.12.0")
    assert backend.choose(wish)[::2] == (wish, "")


def one_cell():
    """Return a cell that keeps its value."""
    cell = NeuronGroup(1, "v : 1", name="cell", namespace={})
    return Model(Network(cell, name="network"), {"v": cell.v}, {"v": cell.v}, 1 * ms, 1 * ms)


def test_a_simulation_warns_once_of_an_untested_version(brian2_is, tmp_path, caplog):
    brian2_is("2.12.0")
    simulation = simulate(one_cell, {name: Arm({"v": 2}, seed=1) for name in "ab"}, cache=tmp_path)
    assert simulation.backend == "plain"
    assert simulation.recordings["b"]["v"] == 2
    [warning] = [record.message for record in caplog.records if record.levelname == "WARNING"]
    assert "tested versions 2.9 to 2.11" in warning
