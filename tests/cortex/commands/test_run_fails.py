"""``cortex run`` that fails, is stopped, or cannot write: messages, exit codes, and what is left behind."""

import errno
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cortex.commands.typed import SHORT, Cortex, files, start
from tests.cortex.engine import fake

posix = pytest.mark.skipif(sys.platform == "win32", reason="kills processes as POSIX does")


def test_a_folder_without_a_whole_run_is_set_aside(cortex: Cortex, tiny: Path) -> None:
    folder = Path(cortex("run", tiny, *SHORT).out.splitlines()[-1])
    (folder / "run.json").write_text("{}")
    outcome = cortex("run", tiny, *SHORT)
    assert outcome.code == 0
    assert "damaged" in outcome.err
    assert (folder.with_name(f"{folder.name}.damaged") / "run.json").read_text() == "{}"


def test_a_failed_measurement_keeps_the_traceback(cortex: Cortex, tiny: Path, tmp_path: Path) -> None:
    outcome = cortex("run", tiny, *SHORT, "-p", "fails=true")
    assert outcome.code == 1
    assert f"error: ZeroDivisionError: measuring failed ({tiny}, line 68)\ncorrect it, and give" in outcome.err
    assert "Traceback" not in outcome.err
    [failed] = (tmp_path / "results/tiny/runs").iterdir()
    assert failed.suffix == ".failed"
    assert "ZeroDivisionError: measuring failed" in (failed / "log.txt").read_text()
    assert str(failed.relative_to(tmp_path)) in outcome.err
    assert "Traceback" in cortex("run", tiny, *SHORT, "-p", "fails=true", "--debug").err


@pytest.mark.parametrize("number", ["0", "-1", "two"])
def test_threads_are_a_number_from_one(cortex: Cortex, tiny: Path, number: str) -> None:
    outcome = cortex("run", tiny, *SHORT, "--threads", number)
    assert outcome.code == 2
    assert "--threads" in outcome.err
    assert number in outcome.err
    assert not outcome.out


def test_code_that_leaves_the_process_has_failed(cortex: Cortex, tiny: Path, tmp_path: Path) -> None:
    file = tmp_path / "leaves.py"
    file.write_text(tiny.read_text().replace('ZeroDivisionError("measuring failed")', "SystemExit(0)"))
    outcome = cortex("run", file, *SHORT, "-p", "fails=true")
    assert outcome.code == 1
    assert f"error: RuntimeError: sys.exit(0) was called ({file}, line 68)" in outcome.err
    file.write_text("import sys\n\nsys.exit()\n")
    outcome = cortex("run", file)
    assert outcome.code == 2
    assert f"{file} cannot be read" in outcome.err
    assert "sys.exit(None) was called" in outcome.err


def test_without_a_compiler(cortex: Cortex, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CXX", raising=False)
    outcome = cortex("run", tiny, "-p", "duration=0.1 s", "--backend", "cpp")
    assert outcome.code == 4
    assert "no C++ compiler" in outcome.err
    assert files(tmp_path) == []
    outcome = cortex("run", tiny, "-p", "duration=0.1 s")
    assert outcome.code == 0
    assert "simulating with numpy" in outcome.err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("no program", "cannot be started: Exec format error"),
        ("#!/bin/sh", "does not tell its version"),
        ("#!/bin/sh\nkill -9 $$", "does not tell its version when it is asked with -###: it was killed by SIGKILL"),
        ("#!/bin/sh\nprintf '\\377 version 1\\n' >&2", "what it compiled does not run"),
    ],
)
def test_with_a_compiler_that_is_none(
    cortex: Cortex, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, message: str
) -> None:
    (tmp_path / "compiler").write_text(text)
    (tmp_path / "compiler").chmod(0o755)
    monkeypatch.setenv("CXX", str(tmp_path / "compiler"))
    outcome = cortex("run", tiny, "-p", "duration=0.1 s", "-q")
    assert outcome.code == 4
    assert message in outcome.err
    assert "Traceback" not in outcome.err
    assert files(tmp_path) == ["compiler"]


def test_with_a_cache_that_others_may_write_to(
    cortex: Cortex, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    (cache / "binaries").mkdir(parents=True)
    cache.chmod(0o777)
    monkeypatch.setenv("CXX", str(fake.compiler(tmp_path)))
    monkeypatch.setenv("CORTEX_CACHE", str(cache))
    outcome = cortex("run", tiny, "-p", "duration=0.1 s", "-q")
    assert outcome.code == 4
    assert f"others may write to {cache}; `chmod go-w {cache}` ends that" in outcome.err
    assert files(cache) == []


@pytest.mark.parametrize("place", ["mkdir", "write_bytes", "write_text"])
@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EACCES, "no permission to write there"),
        (errno.EIO, "the disk does not work as it should"),
        (errno.EMFILE, "too many files are open (ulimit -n)"),
        (errno.ELOOP, "its links lead in a circle"),
        (errno.ESTALE, "the disk is gone, or was mounted anew"),
        (errno.EXDEV, "it would have to move to another disk"),
    ],
)
def test_a_folder_that_cannot_be_written(
    cortex: Cortex, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, number: int, sentence: str
) -> None:
    def refuse(path: Path, *arguments: Any, **options: Any) -> None:
        raise OSError(number, os.strerror(number), str(path))

    with monkeypatch.context() as patched:
        patched.setattr(Path, place, refuse)
        outcome = cortex("run", tiny, *SHORT, "-q")
    assert outcome.code == 4
    assert outcome.err.startswith("error: cannot write results/tiny/runs/")
    assert sentence in outcome.err
    assert len(outcome.err.splitlines()) == 2
    assert files(tmp_path) == []


@pytest.mark.parametrize(("backend", "kilobytes"), [("numpy", 8), ("numpy", 40), ("auto", 100), ("auto", 600)])
def test_a_full_disk(cortex: Cortex, tiny: Path, tmp_path: Path, backend: str, kilobytes: int) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    duration = "duration=1 s" if backend == "numpy" else "duration=100 s"
    mount = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(disk)]
    if shutil.which("mount") is None or subprocess.run(mount, stderr=subprocess.DEVNULL).returncode:
        pytest.skip("a small disk can only be made by root")
    try:
        outcome = cortex("run", tiny, "-p", duration, "--backend", backend, "-o", disk, "-q")
        assert (outcome.code, files(disk)) == (4, [])
        assert "the disk is full" in outcome.err
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_run_leaves_no_run(tmp_path: Path, tiny: Path, number: signal.Signals, code: int) -> None:
    process = start(tmp_path, "run", tiny, "-p", "duration=100000 s", "--backend", "numpy", "--seeds", "2")
    assert process.stderr is not None
    assert any("simulate driven" in line for line in process.stderr)
    process.send_signal(number)
    message = process.communicate(timeout=60)[1]
    assert process.returncode == code
    assert "interrupted" in message
    assert "0 of 2 runs are complete in results/tiny/runs" in message
    assert "Traceback" not in message
    [left] = (tmp_path / "results/tiny/runs").iterdir()
    assert left.suffix == ".partial"


def test_a_killed_run_is_made_anew_by_the_same_command(tmp_path: Path, tiny: Path, cortex: Cortex) -> None:
    arguments = ("run", tiny, "-p", "duration=3 s", "--backend", "numpy")
    process = start(tmp_path, *arguments)
    assert process.stderr is not None
    assert any("simulate driven" in line for line in process.stderr)
    process.kill()
    process.communicate(timeout=60)
    [left] = (tmp_path / "results/tiny/runs").iterdir()
    assert left.suffix == ".partial"
    assert "run.json" not in files(left)
    assert cortex(*arguments).code == 0
    [run] = (tmp_path / "results/tiny/runs").iterdir()
    assert run.name == left.stem


@pytest.mark.parametrize("arguments", ["run NAME", "run NAME.py", "run tiny.py -o NAME", "new NAME", "status NAME"])
def test_a_name_that_is_too_long_is_told(cortex: Cortex, tiny: Path, tmp_path: Path, arguments: str) -> None:
    shutil.copy(tiny, tmp_path / "tiny.py")
    outcome = cortex(*arguments.replace("NAME", "n" * 300).split(), *(SHORT if arguments.startswith("run") else ()))
    assert outcome.code == 2
    assert "the name is too long" in outcome.err
    assert "unexpected" not in outcome.err


@pytest.mark.parametrize("word", ["a\0b", "\udcff.py", "\ud800"])
def test_a_word_that_is_no_text_is_told(cortex: Cortex, word: str) -> None:
    outcome = cortex("show", word)
    assert (outcome.code, outcome.err) == (
        2,
        f"error: what was typed is no text\n  {word!a}\ngive names that are encoded as UTF-8\n",
    )


def test_a_folder_of_results_that_is_removed_meanwhile_is_told(
    cortex: Cortex, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cortex.experiment.run._keep_sources", lambda run, folder: shutil.rmtree("results"))
    outcome = cortex("run", tiny, *SHORT, "-q")
    assert outcome.code == 4
    assert outcome.err.startswith("error: cannot write results/tiny/runs/")
    assert "was removed meanwhile" in outcome.err


def test_a_figure_that_cannot_be_drawn_costs_no_run(cortex: Cortex, tiny: Path, tmp_path: Path) -> None:
    text = tiny.read_text().replace("figure = Figure(figsize=(2, 2))", 'raise RuntimeError("no ink")')
    (tmp_path / "mine.py").write_text(text)
    outcome = cortex("run", "mine.py", *SHORT)
    assert outcome.code == 0
    assert "figures" in outcome.err
    assert "RuntimeError: no ink (" in outcome.err
    assert "Traceback" not in outcome.err
    [run] = (tmp_path / "results/tiny/runs").iterdir()
    assert "RuntimeError: no ink" in (run / "log.txt").read_text()
    assert "complete already" in cortex("run", "mine.py", *SHORT).err


def test_a_disk_that_is_full_while_figures_are_drawn_is_told(
    cortex: Cortex, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **options: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("matplotlib.backends.backend_agg.FigureCanvasAgg.print_png", refuse)
    outcome = cortex("run", tiny, *SHORT, "-q")
    assert (outcome.code, files(tmp_path)) == (4, [])


def test_a_command_is_drawn_for_no_notebook_and_needs_no_home(tmp_path: Path, tiny: Path) -> None:
    (tmp_path / "matplotlibrc").write_text("text.usetex: True\n")
    unusual = {"MPLBACKEND": "module://no_such.backend", "HOME": "/dev/null/home"}
    process = start(tmp_path, "run", tiny, *SHORT, "-q", **unusual)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, "unexpected" in err) == (0, False)
    assert Path(tmp_path / out.splitlines()[-1] / "run.json").exists()
