"""The package as it is installed: a wheel in an environment of its own."""

import os
import shlex
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.slow
def test_the_wheel_runs_beside_a_decoy(tmp_path: Path) -> None:
    def run(*words: str | Path, cwd: Path = tmp_path) -> str:
        return subprocess.run(words, cwd=cwd, check=True, capture_output=True, text=True).stdout

    run(sys.executable, "-m", "pip", "wheel", "--no-deps", "--wheel-dir", tmp_path, ROOT)
    [wheel] = tmp_path.glob("cortical_expansion-*.whl")
    pages = {f"cortex/pages/templates/{path.name}" for path in (ROOT / "cortex" / "pages" / "templates").iterdir()}
    assert pages <= set(zipfile.ZipFile(wheel).namelist())
    run(sys.executable, "-m", "venv", tmp_path / "venv")
    programs = tmp_path / "venv" / "bin"
    run(programs / "pip", "install", "--no-deps", wheel)
    told = run(programs / "python", "-c", "from cortex.extras import install_command as of; print(of('analysis'))")
    assert "already satisfied" in run(*shlex.split(told), "--no-deps", "--no-index")
    run(programs / "pip", "install", "click")  # all that listing needs

    decoy = tmp_path / "decoy" / "models"
    decoy.mkdir(parents=True)
    (decoy / "__init__.py").write_text("raise SystemExit('the decoy was imported')")
    listed = run(programs / "cortex", "list", cwd=decoy.parent)
    assert "copy_pair" in listed
    assert "release_copy_time" in listed


@pytest.mark.slow
@pytest.mark.parametrize("tool", ["pipx install", "uv tool install"])
def test_the_command_is_installed_for_its_user_alone(tool: str, tmp_path: Path) -> None:
    program, *words = tool.split()
    found = shutil.which(program) or shutil.which(program, path=Path(sys.executable).parent)
    if found is None:
        pytest.skip(f"{program} is not installed")
    assert f"`{tool} .`" in (ROOT / "README.md").read_text(encoding="utf-8")
    places = {"PIPX_HOME": "home", "PIPX_BIN_DIR": "bin", "UV_TOOL_DIR": "home", "UV_TOOL_BIN_DIR": "bin"}
    environment = os.environ | {name: str(tmp_path / place) for name, place in places.items()}
    subprocess.run([found, *words, ROOT], env=environment, cwd=tmp_path, check=True, capture_output=True)
    listed = subprocess.run([tmp_path / "bin" / "cortex", "list"], cwd=tmp_path, capture_output=True, text=True)
    assert "copy_pair" in listed.stdout, listed.stderr
