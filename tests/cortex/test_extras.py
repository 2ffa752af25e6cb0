"""A missing package is told with the command that installs it."""

import re
import shlex
import sys
import tomllib
from pathlib import Path

import pytest

from cortex import extras
from cortex.errors import EnvironmentProblem

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = [(of, package) for of, packages in extras.EXTRAS.items() for package in packages]


@pytest.mark.parametrize(("of", "package"), PACKAGES)
def test_a_missing_package_is_told_with_the_command_that_installs_it(
    of: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extras, "find_spec", lambda name: name)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(EnvironmentProblem) as told:
        extras.extra(package)
    first, command = str(told.value).splitlines()
    assert first.startswith(f"{package} cannot be imported: ")
    words = shlex.split(command)
    assert words == [sys.executable, "-m", "pip", "install", f"cortical-expansion[{of}]"]


def test_a_missing_package_of_no_extra_is_told_without_a_command() -> None:
    with pytest.raises(EnvironmentProblem, match=r"^of_no_extra\.part cannot be imported: No module named .*$"):
        extras.extra("of_no_extra.part")


def test_where_there_is_no_pip_uv_installs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "find_spec", lambda name: None)
    monkeypatch.setattr(sys, "executable", "/a folder/python")
    words = ["uv", "pip", "install", "--python", "/a folder/python", "cortical-expansion[theory]"]
    assert shlex.split(extras.install_command("theory")) == words


def test_every_package_that_is_used_is_of_the_extra_that_brings_it() -> None:
    brought = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    for of, package in PACKAGES:
        name = {"sklearn": "scikit-learn"}.get(package, package)
        assert any(re.match(rf"{name}\b", needed) for needed in brought[of]), f"{package} is not of {of}"
    files = [path for part in ("cortex", "models", "scenarios") for path in (ROOT / part).rglob("*.py")]
    used = {name for path in files for name in re.findall(r'\bextra\("(\w+)', path.read_text(encoding="utf-8"))}
    assert used == {package for _, package in PACKAGES}
