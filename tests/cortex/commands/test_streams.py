"""Standard output and standard error that are closed, full, left by their reader, or lack a character."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.cortex.commands.typed import PROGRAM, ROOT, SHORT


def shell(folder: Path, command: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Give a command line to a shell, with the program as "cortex"."""
    program = " ".join(PROGRAM)
    return subprocess.run(
        ["bash", "-c", f'cortex() {{ PYTHONPATH={ROOT} {program} "$@"; }}\n{command}'],
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_full_standard_output_is_told(tmp_path: Path, unbuffered: str) -> None:
    done = shell(tmp_path, "cortex list > /dev/full", PYTHONUNBUFFERED=unbuffered)
    assert done.returncode == 4
    assert done.stderr.splitlines() == [
        "error: the result cannot be printed: No space left on device (standard output)",
        "runs that are complete stay; the same command prints them",
    ]


def test_a_reader_that_leaves_ends_it_quietly(tmp_path: Path) -> None:
    done = shell(tmp_path, "cortex show release_copy_time | true; echo ${PIPESTATUS[0]}")
    assert (done.stdout, done.stderr) == ("141\n", "")


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_take_everything_in_silence(tmp_path: Path, closed: str) -> None:
    done = shell(tmp_path, f"cortex list --json {closed}")
    assert (done.returncode, done.stderr) == (0, "")
    assert bool(done.stdout) == (">&-" not in closed.replace("2>&-", ""))


@pytest.mark.parametrize("closed", ["2>&-", "2>/dev/full", ">&- 2>&- <&-"])
def test_a_run_needs_nobody_to_listen(tmp_path: Path, tiny: Path, closed: str) -> None:
    words = " ".join(f"'{word}'" for word in (tiny, *SHORT))
    assert shell(tmp_path, f"cortex run {words} {closed}").returncode == 0
    [run] = (tmp_path / "results/tiny/runs").iterdir()
    assert json.loads((run / "run.json").read_text())["status"] == "complete"


@pytest.mark.parametrize("encoding", ["ascii", "cp437", "utf-8"])
def test_characters_that_an_encoding_lacks_are_escaped(tmp_path: Path, tiny: Path, encoding: str) -> None:
    title = "Two cells — driven 𝄞"
    (tmp_path / "mine.py").write_text(tiny.read_text().replace("Two driven cells", title), encoding="utf-8")
    done = shell(tmp_path, "cortex show mine.py --json && cortex show mine.py", PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, "")
    printed, _ = json.JSONDecoder().raw_decode(done.stdout)
    assert printed["title"] == title
