"""``cortex list`` and ``cortex show``."""

import sys
from pathlib import Path

import pytest

from tests.cortex.commands.typed import Cortex

posix = pytest.mark.skipif(sys.platform == "win32", reason="kills processes as POSIX does")


def test_list_and_show(cortex: Cortex, tiny: Path) -> None:
    listed = cortex("list").out.splitlines()
    assert listed[0] == "scenarios"
    assert any(line.startswith("  copy_pair  ") for line in listed[: listed.index("models")])
    shown = cortex("show", tiny).out
    for text in ("Two driven cells", "Nobody 2000", "cell.tau = 10 ms   (1 ms .. 100 ms)", "[own choice]", ">= 1"):
        assert text in shown
    assert "--null no_drive\n  cell.drive = 0 mV" in shown
