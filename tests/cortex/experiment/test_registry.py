"""Definitions by name, to which other files add."""

import runpy
from pathlib import Path

import pytest

from cortex.errors import UsageError
from cortex.experiment.registry import Registry


@pytest.fixture
def rules() -> Registry[str]:
    return Registry("rule", {"hebb": "w*x*y"})


def register(rules: Registry[str], file: Path, name: str, definition: str) -> None:
    """Register from a file of one line, imported afresh."""
    file.write_text(f"RULES.register({name!r}, {definition!r})")
    runpy.run_path(str(file), {"RULES": rules})


def test_the_shipped_definitions_come_first(rules, tmp_path) -> None:
    register(rules, tmp_path / "mine.py", "anti", "-w*x*y")
    assert dict(rules) == {"hebb": "w*x*y", "anti": "-w*x*y"}
    assert list(rules) == ["hebb", "anti"]


def test_a_file_that_is_imported_again_replaces_its_own(rules, tmp_path) -> None:
    for definition in ("-w*x*y", "-2*w*x*y"):
        register(rules, tmp_path / "mine.py", "anti", definition)
    assert rules["anti"] == "-2*w*x*y"


def test_a_copy_of_the_file_changes_nothing(rules, tmp_path) -> None:
    for file in ("mine.py", "copy.py"):
        register(rules, tmp_path / file, "anti", "-w*x*y")
    register(rules, tmp_path / "mine.py", "anti", "-2*w*x*y")
    assert rules["anti"] == "-2*w*x*y"


@pytest.mark.parametrize("name", ["hebb", "anti"])
def test_a_name_of_another_file_is_refused(rules, tmp_path, name) -> None:
    register(rules, tmp_path / "first.py", "anti", "-w*x*y")
    before = dict(rules)
    owner = "first.py" if name == "anti" else "test_registry.py"
    with pytest.raises(UsageError, match=rf'there is a rule "{name}" already, of .*{owner}'):
        register(rules, tmp_path / "second.py", name, "w")
    assert dict(rules) == before


@pytest.mark.parametrize("name", ["", "my rule", "a,b", "1st"])
def test_a_name_that_the_command_line_could_not_read_is_refused(rules, name) -> None:
    with pytest.raises(UsageError, match="is no name for a rule"):
        rules.register(name, "w")
