"""Packages of the same names by somebody else, and systems that will not do."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cortex import guard
from cortex.errors import EnvironmentProblem
from tests.cortex.commands.typed import ROOT, Cortex


def installed(home: Path, name: str, *files: str, listed: str = "RECORD") -> None:
    folder = home / f"{name}.{'dist-info' if listed == 'RECORD' else 'egg-info'}"
    folder.mkdir()
    (folder / listed).write_text(
        "".join(f"{file},sha256=0,1\n" if listed == "RECORD" else f"{file}\n" for file in files)
    )


def test_two_distributions_of_one_package_are_found(tmp_path: Path) -> None:
    installed(tmp_path, "cortical_expansion-0.2.0", "cortex/__init__.py", "models/__init__.py")
    installed(tmp_path, "brian2-2.9.0", "brian2/__init__.py", "brian2/cortex/__init__.py")
    assert guard.owners(tmp_path) == {}
    installed(tmp_path, "pycortex-1.4.0", "cortex/__init__.py", "cortex/database.py")
    assert guard.owners(tmp_path) == {"cortex": ["cortical-expansion", "pycortex"]}


def test_an_old_installation_is_found_too(tmp_path: Path) -> None:
    installed(tmp_path, "cortical_expansion-0.2.0", "cortex/__init__.py")
    installed(tmp_path, "pycortex-1.2-py3.11", "../cortex/__init__.py", listed="installed-files.txt")
    assert guard.owners(tmp_path) == {"cortex": ["cortical-expansion", "pycortex"]}


@pytest.mark.parametrize("program", ["-m cortex list", "mine.py"])
def test_a_program_tells_two_owners_and_how_to_mend_it(tmp_path: Path, program: str) -> None:
    home = tmp_path / "site-packages"
    for package in guard.PACKAGES:
        shutil.copytree(ROOT / package, home / package, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("cortical_expansion-0.2.0", "pycortex-1.4.0"):
        installed(home, name, "cortex/__init__.py")
    (tmp_path / "mine.py").write_text("from cortex import main\nmain(arguments=['list'])\n")
    done = subprocess.run(
        [sys.executable, *program.split()],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(home)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 4
    assert done.stderr.startswith('error: cortical-expansion and pycortex have both installed a package "cortex" into')
    assert "pip uninstall cortical-expansion pycortex" in done.stderr
    assert len(done.stderr.splitlines()) == 3


def test_two_owners_stop_a_script(monkeypatch: pytest.MonkeyPatch) -> None:
    import cortex

    guard.check_owners.cache_clear()
    monkeypatch.setattr(guard, "owners", lambda: {"cortex": ["cortical-expansion", "pycortex"]})
    with pytest.raises(EnvironmentProblem, match="pycortex have both installed"):
        _ = cortex.run
    assert cortex.main is not None


def test_another_system_than_posix_is_told(cortex: Cortex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard.os, "name", "nt")
    with pytest.raises(EnvironmentProblem, match="needs Linux or macOS"):
        guard.check_system()
