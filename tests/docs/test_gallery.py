"""The examples: a first cell that is short to copy, as a script too, and tells its figure; notebooks that run."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cortex.engine import compiler

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted((ROOT / "docs" / "gallery").glob("*.py"))
TOOLS = ("sphinx_gallery", "nbclient", "ipykernel")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_the_first_cell_has_at_most_five_lines(example: Path) -> None:
    lines = [line for line in first_cell(example).splitlines() if line]
    assert len(lines) <= 5
    assert (lines[0], lines[-1].startswith("print(")) == ("import cortex", True)


def first_cell(example: Path) -> str:
    return example.read_text(encoding="utf-8").split('"""')[2].split("# %%")[0]


@pytest.mark.slow
@pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")
@pytest.mark.skipif(not all(map(importlib.util.find_spec, TOOLS)), reason="the notebooks' tools are not installed")
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_a_script_tells_its_figure_and_a_notebook_shows_it(example: Path, tmp_path: Path, monkeypatch) -> None:
    import nbformat
    from nbclient import NotebookClient
    from sphinx_gallery.notebook import python_to_jupyter_cli

    monkeypatch.setenv("PYTHONPATH", str(ROOT), prepend=os.pathsep)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    (tmp_path / "copied.py").write_text(first_cell(example), encoding="utf-8")
    copied = subprocess.run([sys.executable, "copied.py"], cwd=tmp_path, check=True, capture_output=True, text=True)
    [figure] = re.findall("^figure: (.+)", copied.stdout, re.MULTILINE)
    assert (tmp_path / figure).is_file()
    script = shutil.copy(example, tmp_path)
    python_to_jupyter_cli([script])
    notebook = nbformat.read(Path(script).with_suffix(".ipynb"), as_version=4)
    NotebookClient(notebook, timeout=600, resources={"metadata": {"path": tmp_path}}).execute()
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert copied.stdout in cells[0].outputs[-1].text
    assert '<img alt="' in cells[1].outputs[-1].data["text/html"]
    assert all(cell.outputs for cell in cells)
    assert [output for cell in cells for output in cell.outputs if output.output_type == "error"] == []
