"""``cortex list`` and ``cortex show``."""

from pathlib import Path

from tests.cortex.commands.typed import Cortex


def test_list_and_show(cortex: Cortex, tiny: Path) -> None:
    listed = cortex("list").out.splitlines()
    assert listed[0] == "scenarios"
    assert any(line.startswith("  copy_pair  ") for line in listed[: listed.index("models")])
    shown = cortex("show", tiny).out
    for text in ("Two driven cells", "Nobody 2000", "cell.tau = 10 ms   (1 ms .. 100 ms)", "[own choice]", ">= 1"):
        assert text in shown
    assert "null models (--null NAME)\n  no_drive\n      cell.drive = 0 mV\n" in shown
