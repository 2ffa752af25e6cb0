"""Finding a compiler, asking which flags it knows, and compiling: whatever it does, it is told, and nothing hangs."""

import os
import re
import time
from pathlib import Path

import pytest

from cortex.engine import cache, compiler
from cortex.errors import EnvironmentProblem
from tests.cortex.engine import fake

pytestmark = pytest.mark.skipif(os.name != "posix", reason="compilers are shell scripts here")

HANGS = "echo $$ >> {place}; sleep 30 & echo $! >> {place}; wait"


def found(folder: Path, monkeypatch: pytest.MonkeyPatch, **answers: str) -> compiler.Compiler:
    """Return a compiler that gives these answers."""
    monkeypatch.setenv("CXX", str(fake.compiler(folder, **answers)))
    chosen = compiler.find_compiler()
    assert chosen is not None
    return chosen


def all_ended(place: Path) -> bool:
    """Return whether the processes whose numbers are in a file have ended, at most a moment later."""
    deadline = time.monotonic() + 5
    numbers = place.read_text().split()
    assert len(numbers) == 2
    while time.monotonic() < deadline:
        states = [Path(f"/proc/{number}/stat") for number in numbers]
        if not any(state.exists() and state.read_text().split()[2] != "Z" for state in states):
            return True
    return False


def test_a_compiler_is_known_by_its_command_its_answer_and_where_it_looks(tmp_path, monkeypatch):
    monkeypatch.delenv("CPATH", raising=False)
    first = found(tmp_path, monkeypatch)
    assert first.command == (str(tmp_path / "c++"),)
    assert first.version == "fake version 1.0"
    assert found(tmp_path, monkeypatch) == first
    monkeypatch.setenv("CPATH", "/somewhere")
    assert found(tmp_path, monkeypatch).target != first.target
    monkeypatch.setenv("CXX", f"{tmp_path}/c++ -static")
    chosen = compiler.find_compiler()
    assert chosen is not None
    assert chosen.command == (str(tmp_path / "c++"), "-static")


def test_a_compiler_in_the_current_folder_is_found_from_every_other(tmp_path, monkeypatch):
    fake.compiler(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CXX", "./c++")
    chosen = compiler.find_compiler()
    assert chosen is not None
    (tmp_path / "project").mkdir()
    compiler.compile_program(chosen, ["unit.cpp"], tmp_path / "simulation", tmp_path / "project")
    assert (tmp_path / "simulation").exists()


def test_a_version_in_another_encoding(tmp_path, monkeypatch):
    assert "rich" in found(tmp_path, monkeypatch, version="printf 'Z\\374rich version 1\\n' >&2").version


@pytest.mark.parametrize(
    ("text", "mode", "message"),
    [
        pytest.param("#!/bin/sh\nexit 0\n", 0o755, "does not tell its version", id="silent"),
        pytest.param("#!/bin/sh\necho no >&2\nexit 1\n", 0o755, "does not tell its version", id="fails"),
        pytest.param("no program\n", 0o755, "cannot be started", id="no shebang"),
        pytest.param("", 0o755, "cannot be started", id="empty"),
        pytest.param("#!/bin/sh\nexit 0\n", 0o644, "may not be executed", id="not executable"),
        pytest.param(None, 0, "no such program", id="missing"),
    ],
)
def test_what_is_no_compiler_is_told(text, mode, message, tmp_path, monkeypatch):
    script = tmp_path / "c++"
    if text is not None:
        script.write_text(text)
        script.chmod(mode)
    monkeypatch.setenv("CXX", str(script))
    with pytest.raises(
        EnvironmentProblem, match=rf"CXX={re.escape(str(script))} cannot be used: .*{message}(.|\n)*unset it"
    ):
        compiler.find_compiler()


def test_a_command_with_an_open_quote_is_told(monkeypatch):
    monkeypatch.setenv("CXX", "g++ 'x")
    with pytest.raises(EnvironmentProblem, match=r"CXX=g\+\+ 'x cannot be used: no closing quotation"):
        compiler.find_compiler()


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks processes up in /proc")
def test_a_compiler_that_hangs_is_stopped_with_what_it_started(tmp_path, monkeypatch):
    monkeypatch.setattr(compiler, "SECONDS_TO_ANSWER", 0.5)
    with pytest.raises(EnvironmentProblem, match=r"did not end within 0\.5 s and was stopped"):
        found(tmp_path, monkeypatch, version=HANGS.format(place=tmp_path / "numbers"))
    assert all_ended(tmp_path / "numbers")


def test_a_usual_compiler_that_does_not_answer_is_told_and_the_next_one_used(tmp_path, monkeypatch, caplog):
    fake.compiler(tmp_path, name="g++", version="exit 1")
    fake.compiler(tmp_path, name="clang++")
    monkeypatch.delenv("CXX", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    chosen = compiler.find_compiler()
    assert chosen is not None
    assert chosen.command == ("clang++",)
    assert "g++ is not used: it does not tell its version" in caplog.text
    fake.compiler(tmp_path, name="clang++", version="exit 1")
    assert compiler.find_compiler() is None


FLAGS = ("-w", "-march=native", "-fnew")


def test_flags_that_are_known_are_asked_for_at_once(tmp_path, monkeypatch):
    assert compiler.accepted(found(tmp_path, monkeypatch), FLAGS) == FLAGS
    assert fake.counted(tmp_path)("-fnew") == 1


@pytest.mark.parametrize(
    ("pattern", "says", "left"),
    [
        ("*-fnew*", "unrecognized command-line option '-fnew'", ("-w", "-march=native")),
        ("*-march=native*", "bad value 'native' for '-march=' switch", ("-w", "-fnew")),
    ],
)
def test_a_flag_that_the_compiler_refuses_is_left_out(pattern, says, left, tmp_path, monkeypatch):
    probe = f'case "$*" in {pattern}) echo "error: {says}" >&2; exit 1;; esac'
    assert compiler.accepted(found(tmp_path, monkeypatch, probe=probe), FLAGS) == left


@pytest.mark.parametrize(
    "ending", ["exit 1", "echo 'Killed signal terminated program cc1plus' >&2; exit 1", "kill -9 $$"]
)
@pytest.mark.parametrize("times", [1, 2])
def test_a_compiler_that_dies_now_and_then_loses_no_flag(times, ending, tmp_path, monkeypatch):
    probe = f'if [ "$(grep -c fnew {tmp_path}/calls)" -le {times} ]; then {ending}; fi'
    chosen = found(tmp_path, monkeypatch, probe=f'case "$*" in *-fnew*) {probe};; esac')
    assert compiler.accepted(chosen, FLAGS) == FLAGS


@pytest.mark.parametrize("ending", ["exit 1", "kill -9 $$"])
def test_a_compiler_that_dies_whenever_it_is_asked_is_an_environment_problem(ending, tmp_path, monkeypatch):
    chosen = found(tmp_path, monkeypatch, probe=ending)
    with pytest.raises(
        EnvironmentProblem, match=r"fails when it is asked whether it knows -w: .*(exit code 1|SIGKILL)"
    ):
        compiler.accepted(chosen, FLAGS)


@pytest.mark.parametrize(
    "program",
    [
        pytest.param(":", id="nothing"),
        pytest.param(': > "$out"; chmod +x "$out"', id="empty"),
        pytest.param('echo garbage > "$out"; chmod +x "$out"', id="garbage"),
        pytest.param('head -c 500 /bin/sh > "$out"; chmod +x "$out"', id="cut"),
        pytest.param("printf '#!/bin/sh\\n' > \"$out\"", id="not executable"),
        pytest.param('printf \'#!/bin/sh\\nkill -11 $$\\n\' > "$out"; chmod +x "$out"', id="crashes"),
        pytest.param('mkdir "$out"', id="a folder"),
    ],
)
def test_what_is_no_program_is_never_cached(program, tmp_path, monkeypatch):
    bad = found(tmp_path, monkeypatch, program=program)
    good = found(tmp_path, monkeypatch)

    def fetch() -> str:
        make = lambda binary: compiler.compile_program(good, ["unit.cpp"], binary, tmp_path)  # noqa: E731
        return cache.fetch("a", make, tmp_path / "simulation", tmp_path / "cache")

    fake.compiler(tmp_path, program=program)
    with pytest.raises(EnvironmentProblem, match="ended without an error, but what it compiled does not run"):
        fetch()
    assert bad == good  # the same name, the same answers
    fake.compiler(tmp_path)
    assert fetch().startswith("a-")
    assert (tmp_path / "simulation").read_text() == "#!/bin/sh\nexit 0\n"


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks processes up in /proc")
def test_a_compilation_without_end_is_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(compiler, "SECONDS_TO_COMPILE", 0.5)
    chosen = found(tmp_path, monkeypatch, program=HANGS.format(place=tmp_path / "numbers"))
    with pytest.raises(EnvironmentProblem, match=r"did not end within 0\.5 s"):
        compiler.compile_program(chosen, ["unit.cpp"], tmp_path / "simulation", tmp_path)
    assert all_ended(tmp_path / "numbers")


def test_what_the_compiler_says_is_told(tmp_path, monkeypatch):
    chosen = found(tmp_path, monkeypatch, program="echo 'unit.cpp: no such thing' >&2; exit 1")
    with pytest.raises(EnvironmentProblem, match=r"does not compile with .*c\+\+:\nunit.cpp: no such thing"):
        compiler.compile_program(chosen, ["unit.cpp"], tmp_path / "simulation", tmp_path)
