"""The layout: imports go one way down and never in a circle, and no file grows too long to read."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LINT = Path(sys.executable).with_name("lint-imports")


@pytest.mark.skipif(not LINT.exists(), reason="import-linter is not installed")
def test_imports_go_one_way_down_and_in_no_circle():
    done = subprocess.run([LINT, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.skipif(not LINT.exists(), reason="import-linter is not installed")
@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("cortex/analysis/copying.py", "def upward():\n    from cortex import api\n"),
        ("cortex/engine/model.py", "if TYPE_CHECKING:\n    from cortex.experiment.run import Run\n"),
        ("models/pair/protocol.py", "from models.pair import network\n"),
        ("models/pair/network.py", "from scenarios import copy_pair\n"),
    ],
)
def test_an_upward_import_is_seen_wherever_it_stands(tmp_path, place, line):
    for name in ("cortex", "models", "scenarios", "pyproject.toml"):
        source = ROOT / name
        for path in source.rglob("*.py") if source.is_dir() else [source]:
            copy = tmp_path / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(path.read_text())
    with (tmp_path / place).open("a") as file:
        file.write(line)
    done = subprocess.run(
        [LINT, "--no-cache"], cwd=tmp_path, capture_output=True, text=True, env={"PYTHONPATH": str(tmp_path)}
    )
    assert done.returncode == 1
    assert "BROKEN" in done.stdout


def long_files(folders, limit):
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    return {name: length for name, length in lengths.items() if length > limit}


def test_no_file_is_too_long_to_read():
    assert long_files(["cortex", "models", "scenarios", "benchmarks", "docs"], 300) == {}
    assert long_files(["tests"], 400) == {}
