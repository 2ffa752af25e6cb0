"""Compilers that are shell scripts, and models that they can compile."""

from collections.abc import Callable
from pathlib import Path

VERSION = 'echo "fake version 1.0" >&2'
"""What a compiler does that is asked for its version."""

PROGRAM = 'printf \'#!/bin/sh\\nexit 0\\n\' > "$out"; chmod +x "$out"'
"""What it does that compiles."""


def compiler(
    folder: Path, *, version: str = VERSION, probe: str = "", program: str = PROGRAM, name: str = "c++"
) -> Path:
    """Write a compiler whose answers are these commands; each call adds its arguments to the file calls.

    Parameters
    ----------
    folder : Path
    version, probe, program : str
        Answers to ``-###``, to ``-E`` alone and to ``-o``, which gives ``$out``.
    name : str
    """
    script = folder / name
    script.write_text(
        f"""#!/bin/sh
echo "$*" >> {folder}/calls
for word; do out="$word"; done
case "$*" in
*-###*) {version} ;;
*" -o "*) {program} ;;
*) {probe or ":"} ;;
esac
"""
    )
    script.chmod(0o755)
    return script


def counted(folder: Path) -> Callable[[str], int]:
    """Return a function that counts the calls of a compiler with an argument."""

    def count(word: str) -> int:
        calls = folder / "calls"
        return sum(word in call.split() for call in calls.read_text().splitlines()) if calls.exists() else 0

    return count
