"""What the tests of commands share: how a command is typed, and what it left behind."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
PROGRAM = [sys.executable, "-m", "cortex"]

SHORT = ("-p", "duration=0.1 s", "--backend", "numpy")
"""A run of a moment."""

STUDY = """
scenario = "tiny.py"
seeds = 2
[fixed]
duration = "0.1 s"
[conditions.full]
[conditions.silent]
null = "no_drive"
"""

Cortex = Callable[..., Any]
"""The fixture ``cortex``: type a command, get its outcome."""


def start(folder: Path, *arguments: str | Path, **environment: str) -> "subprocess.Popen[str]":
    """Start the command as a process of its own."""
    return subprocess.Popen(
        [*PROGRAM, *map(str, arguments)],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def files(folder: Path) -> list[str]:
    """What lies in a folder, and deeper."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def counts(cortex: Cortex, folder: str | Path) -> dict[str, Any]:
    """What ``cortex status`` tells."""
    printed: dict[str, Any] = json.loads(cortex("status", folder, "--json").out)
    return printed
