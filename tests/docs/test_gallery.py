"""The examples: a first cell that is short to copy and answers with a figure, and notebooks that run."""

import importlib.util
import os
import shutil
from pathlib import Path

import pytest

from cortex.engine import compiler

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted((ROOT / "docs" / "gallery").glob("*.py"))
TOOLS = ("sphinx_gallery", "nbclient", "ipykernel")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_the_first_cell_has_at_most_five_lines(example: Path) -> None:
    cell = example.read_text(encoding="utf-8").split('"""')[2].split("# %%")[0]
    assert cell.lstrip().startswith("import cortex\n")
    assert len([line for line in cell.splitlines() if line]) <= 5


@pytest.mark.slow
@pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")
@pytest.mark.skipif(not all(map(importlib.util.find_spec, TOOLS)), reason="the notebooks' tools are not installed")
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_a_notebook_runs_and_its_first_cell_shows_a_figure(example: Path, tmp_path: Path, monkeypatch) -> None:
    import nbformat
    from nbclient import NotebookClient
    from sphinx_gallery.notebook import python_to_jupyter_cli

    monkeypatch.setenv("PYTHONPATH", str(ROOT), prepend=os.pathsep)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    script = shutil.copy(example, tmp_path)
    python_to_jupyter_cli([script])
    notebook = nbformat.read(Path(script).with_suffix(".ipynb"), as_version=4)
    NotebookClient(notebook, timeout=600, resources={"metadata": {"path": tmp_path}}).execute()
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert '<img alt="' in cells[0].outputs[-1].data["text/html"]
    assert all(cell.outputs for cell in cells)
    assert [output for cell in cells for output in cell.outputs if output.output_type == "error"] == []
