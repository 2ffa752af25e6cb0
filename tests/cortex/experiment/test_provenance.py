"""Where a result comes from."""

import subprocess
from pathlib import Path

import pytest

import cortex
from cortex.experiment import provenance


def test_provenance_names_what_was_used() -> None:
    told = provenance.provenance()
    assert told["versions"]["cortical-expansion"] == cortex.__version__
    assert all(version != "not installed" for version in told["versions"].values())
    assert told["command"]
    assert set(told["source"]) in ({"revision", "modified"}, set())


def test_only_a_change_in_the_packages_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def git(*words: str) -> None:
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a", *words], cwd=tmp_path, check=True)

    for place in ("cortex/a.py", "models/a.py", "scenarios/a.py", "notes.md"):
        (tmp_path / place).parent.mkdir(exist_ok=True)
        (tmp_path / place).write_text("1\n")
    git("init", "-q")
    git("add", ".")
    git("commit", "-q", "-m", "first")
    monkeypatch.setattr(cortex, "__path__", [str(tmp_path / "cortex")])
    (tmp_path / "my_scenario.py").write_text("1\n")
    (tmp_path / "notes.md").write_text("2\n")
    assert provenance.provenance()["source"]["modified"] is False
    assert provenance.source_changes() == ""
    (tmp_path / "models/mine.py").write_text("1\n")
    assert provenance.provenance()["source"]["modified"] is True
    (tmp_path / "models/a.py").write_text("2\n")
    assert "models/a.py" in provenance.source_changes()
