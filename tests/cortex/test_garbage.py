"""Python does not look for garbage when a command is short, or ends."""

from pathlib import Path

from tests.cortex.test_later import printed

PROGRAM = """
import atexit, gc
atexit.register(lambda: print(gc.get_freeze_count() > 0, gc.get_threshold()[0]))
from cortex.cli import main
main(arguments=["--version"])
"""


def test_a_command_looks_seldom_for_garbage_and_not_at_its_end(tmp_path: Path) -> None:
    assert printed(PROGRAM, tmp_path)[-2:] == ["True", "300000"]
