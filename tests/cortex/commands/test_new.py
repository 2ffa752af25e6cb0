"""``cortex new``."""

import sys
from pathlib import Path

import pytest

from tests.cortex.commands.typed import Cortex, files

posix = pytest.mark.skipif(sys.platform == "win32", reason="kills processes as POSIX does")


def test_a_new_scenario_is_ready_to_run(cortex: Cortex, tmp_path: Path) -> None:
    outcome = cortex("new", "my-pair")
    assert (outcome.code, files(tmp_path)) == (0, ["my_pair.py"])
    assert "my pair" in cortex("show", "my_pair.py").out
    assert "phase" in cortex("run", "my_pair.py", "-n", "--quick").out
    text = (tmp_path / "my_pair.py").read_text()
    assert cortex("new", "my-pair").code == 2
    assert (tmp_path / "my_pair.py").read_text() == text
