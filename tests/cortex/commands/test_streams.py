"""Standard output and standard error that are closed, full, left by their reader, or lack a character."""

import io
import json
import os
import subprocess
from pathlib import Path

import pytest

from cortex.commands.streams import safe
from tests.cortex.commands.typed import PROGRAM, ROOT, SHORT

TELL = """
import sys, time
from cortex.commands.streams import safe
with safe():
    for _ in range(3):
        print("message", file=sys.stderr, flush=True)
        time.sleep(0.05)
    print("told")
"""


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


def test_a_run_needs_nobody_to_listen(tmp_path: Path, tiny: Path) -> None:
    words = " ".join(f"'{word}'" for word in (tiny, *SHORT))
    assert shell(tmp_path, f"cortex run {words} <&- >&- 2>&-").returncode == 0
    [run] = (tmp_path / "results/tiny/runs").iterdir()
    assert json.loads((run / "run.json").read_text())["status"] == "complete"


@pytest.mark.parametrize("nobody", ["2>/dev/full", "2> >(true)"])
def test_messages_that_nobody_can_read_are_dropped(tmp_path: Path, nobody: str) -> None:
    (tmp_path / "tell.py").write_text(TELL)
    done = shell(tmp_path, f"PYTHONPATH={ROOT} {PROGRAM[0]} tell.py {nobody}")
    assert (done.returncode, done.stdout) == (0, "told\n")


@pytest.mark.parametrize("encoding", ["ascii", "cp437", "utf-8"])
def test_characters_that_an_encoding_lacks_are_escaped_as_in_json(encoding: str) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", stream)
        with safe():
            print(json.dumps("a — 𝄞", ensure_ascii=False), flush=True)
    stream.seek(0)
    assert json.loads(stream.read()) == "a — 𝄞"
