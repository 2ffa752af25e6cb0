"""The command line as a whole: help, messages, exit codes."""

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.shell_completion import BashComplete

from cortex import __version__ as cortex_version
from cortex.cli import COMMANDS, commands
from tests.cortex.commands.typed import ROOT, Cortex, start

posix = pytest.mark.skipif(sys.platform == "win32", reason="kills processes as POSIX does")


def test_help_imports_nothing_heavy(tmp_path: Path) -> None:
    code = (
        "import sys, cortex.cli\n"
        "for command in ('--help', 'list', 'run --help', 'study --help', 'compare --help', 'show release_copy_time'):\n"
        "    try: cortex.cli.main(arguments=command.split())\n"
        "    except SystemExit: pass\n"
        "sys.exit(bool({'brian2', 'numpy', 'pydantic', 'matplotlib'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)})
    assert done.returncode == 0


def test_no_command_shows_them_all(cortex: Cortex) -> None:
    outcome = cortex()
    assert outcome.code == 2
    assert all(command in outcome.err for command in ("list", "show", "run", "new", "doctor"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["lst"], 'no command "lst"; did you mean list?'),
        (["run"], "Missing argument"),
        (["run", "copy-piar"], 'no scenario "copy-piar"; did you mean copy_pair?'),
        (["show", "copy-piar"], "did you mean copy_pair?"),
        (["run", "nowhere.py"], "nowhere.py is no file"),
        (["run", "copy_pair", "--sed", "3"], "--seed"),
        (["run", "copy_pair", "--seeds", "0"], "0 is not a whole number of 1 or more"),
        (["run", "copy_pair", "--seed", "x"], "x is not a whole number from 0 to 9223372036854775807"),
        (["run", "finger_expansion", "-p", "dose=180"], "did you mean training.dose?"),
        (["run", "copy_pair", "-p", "copies"], "copies  has no value"),
        (["run", "."], "holds no complete run"),
        (["new", "3 cells"], "no name for a scenario"),
        (["new", "copy-pair"], "name of a shipped scenario"),
    ],
)
def test_wrong_usage_is_told_in_one_message(cortex: Cortex, arguments: list[str], message: str) -> None:
    outcome = cortex(*arguments)
    assert outcome.code == 2
    assert outcome.out == ""
    assert outcome.err.startswith("error: ")
    assert outcome.err.count("error") == 1
    assert message in outcome.err


def test_another_package_of_the_same_name_is_told(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "__init__.py").write_text("raise SystemExit('the decoy was imported')")
    path = f"{tmp_path}{os.pathsep}{ROOT}"
    process = start(tmp_path, "list", PYTHONPATH=path)
    message = process.communicate(timeout=60)[1]
    assert process.returncode == 4
    assert message.startswith(f'error: the package "models" comes from {tmp_path / "models"}')
    process = start(tmp_path, "doctor", PYTHONPATH=path)
    assert str(tmp_path / "models") in process.communicate(timeout=60)[0]
    assert process.returncode == 4


def test_help_tells_commands_exit_codes_and_completion_in_80_columns(cortex: Cortex) -> None:
    told = cortex("--help").out
    for part in (
        "study ",
        "Do many runs;",
        "Exit codes",
        "a run failed",
        'eval "$(_CORTEX_COMPLETE=bash_source cortex)"',
    ):
        assert part in told
    for command in COMMANDS:
        outcome = cortex(command, "--help")
        assert "Examples:\n" in outcome.out
        assert max(map(len, outcome.out.splitlines())) <= 80


def test_every_short_option_has_a_long_form() -> None:
    for name in COMMANDS:
        command = commands.get_command(click.Context(commands), name)
        assert command is not None
        for parameter in command.params:
            if isinstance(parameter, click.Option) and any(len(option) == 2 for option in parameter.opts):
                assert any(option.startswith("--") for option in parameter.opts), (name, parameter.opts)


def completed(line: str) -> list[str]:
    """Return what bash completes at the end of a line."""
    *words, incomplete = line.split(" ")[1:]
    complete = BashComplete(commands, {}, "cortex", "_CORTEX_COMPLETE")
    return [item.value for item in complete.get_completions(words, incomplete)]


def test_a_shell_completes_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    line = "cortex run copy_p"
    environment = {"_CORTEX_COMPLETE": "bash_complete", "COMP_WORDS": line, "COMP_CWORD": "2"}
    program = [sys.executable, "-c", "from cortex.cli import main; main()"]
    environment |= os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(program, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.stdout == "plain,copy_pair\n"
    monkeypatch.chdir(tmp_path)
    assert "hold_by_idle" in completed("cortex study ")
    assert completed("cortex run copy_pair --null shuffled_t") == ["shuffled_teacher"]
    assert completed("cortex run copy_pair -p copies") == ["copies="]


def test_python_runs_the_package(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cortex", "--version"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == cortex_version
