"""The command line: finds a command, and turns its errors into messages and exit codes.

A command's module is imported when the command is asked for. Results go to standard output, progress and messages to
standard error.
"""

import importlib
import logging
import os
import re
import signal
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

import cortex
from cortex import garbage, guard, interrupts, later, own_warnings
from cortex.commands import streams
from cortex.errors import CortexError, RunFailed, UsageError, did_you_mean

if TYPE_CHECKING:
    from cortex.experiment.scenario import Scenario

logger = logging.getLogger("cortex")

NO_TEXT = re.compile("[\0\ud800-\udfff]")
"""What neither a name nor a value can hold."""

BUG = 3
ENVIRONMENT = 4

COMMANDS = {
    "list": "show.list_",
    "show": "show.show",
    "run": "run.run",
    "study": "study.study",
    "status": "status.status",
    "compare": "compare.compare",
    "report": "report.report",
    "validate": "validate.validate",
    "export": "export.export",
    "new": "new.new",
    "doctor": "doctor.doctor",
}
"""Module below `cortex.commands` and name in it of each command."""

EPILOG = """\b
Exit codes:
  0  all is done                    4  the machine will not do: no compiler,
  1  a run failed, or code of your     a full disk, a broken installation
     own scenario; a check missed   5  a selection is empty
  2  a name, value or file is wrong 129, 130, 143  ended by a signal
  3  unexpected: a bug

\b
Complete names with the Tab key, in bash (zsh and fish alike):
  eval "$(_CORTEX_COMPLETE=bash_source cortex)"
"""


class Commands(click.Group):
    """Commands that are imported when they are asked for, with a suggestion for a mistyped one."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order in which the commands are used."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command; None if there is none of this name."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(".")
        command: click.Command = getattr(importlib.import_module(f"cortex.commands.{module}"), name)
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """Return the command that is typed.

        Raises
        ------
        UsageError
            If there is none of this name.
        """
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            hint = "`cortex --help` shows all commands"
            raise UsageError(f'no command "{args[0]}"{did_you_mean(args[0], COMMANDS)}', hint=hint)
        return super().resolve_command(ctx, args)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]}, epilog=EPILOG)
@click.version_option(cortex.__version__, message="%(version)s")
@click.pass_context
def commands(context: click.Context) -> None:
    """Virtual experiments on how a cortical area grows with use."""
    if context.invoked_subcommand != "doctor":
        guard.check()


def main(scenario: "Scenario | None" = None, arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command and exit with its code.

    Parameters
    ----------
    scenario : Scenario, optional
        Then the file that calls this is a program of its own: ``python FILE.py`` takes the options of ``cortex run``.
    arguments : sequence of str, optional
        The words after ``cortex``; by default those of the command line.
    """
    words = sys.argv[1:] if arguments is None else arguments
    with streams.safe():
        try:
            try:
                guard.check_system()
                own_warnings.restrict()
                later.register()
                garbage.collect_seldom()
                interrupts.listen()
                _do(scenario, words)
            finally:
                interrupts.settle()
        except (Exception, KeyboardInterrupt) as error:
            sys.exit(_told(error))
        sys.exit(0)


def _do(scenario: "Scenario | None", words: Sequence[str]) -> None:
    os.environ["MPLBACKEND"] = "agg"  # figures go to files, also where a notebook has set a backend of its own
    if wrong := [ascii(word) for word in words if NO_TEXT.search(word)]:
        raise UsageError("what was typed is no text", wrong, "give names that are encoded as UTF-8")
    if scenario is not None:
        from dataclasses import replace

        from cortex.experiment.catalogue import user_file

        scenario = replace(scenario, file=user_file(Path(sys.argv[0])), source=b"")
        words = ["run", scenario.name, *words]
    commands.main(words, prog_name="cortex", standalone_mode=False, obj=scenario)


def _told(error: BaseException) -> int:
    """Tell an error in one message, and return its exit code."""
    from cortex.commands import messages
    from cortex.failures import in_user_code
    from cortex.files import refused

    messages.hush()
    if isinstance(error, click.Abort | KeyboardInterrupt) or interrupts.code():
        cause = error.__cause__ if isinstance(error, click.Abort) else error
        return _print_error("interrupted", cause, interrupts.code() or 128 + signal.SIGINT)
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return UsageError.exit_code
    if isinstance(error, click.UsageError):
        command = error.ctx.command_path if error.ctx else "cortex"
        message = f"{error.format_message()}\n`{command} --help` shows how to use it"
        return _print_error(message, error, UsageError.exit_code)
    if isinstance(error, CortexError):
        return _print_error(str(error), error, error.exit_code)
    if isinstance(error, MemoryError):
        message = "there is not enough memory\nuse fewer jobs with -j, or the --quick version"
        return _print_error(message, error, ENVIRONMENT)
    if isinstance(error, OSError) and (problem := refused(error)):
        return _print_error(str(problem), error, problem.exit_code)
    if where := in_user_code(error):
        message = f"{type(error).__name__}: {error} ({where})\ncorrect it, and give the command again"
        return _print_error(f"{message}; --debug shows the traceback", error, RunFailed.exit_code)
    if isinstance(error, ImportError):
        message = f"the installation is broken: {error}\n`cortex doctor` shows what is missing"
        return _print_error(message, error, ENVIRONMENT)
    place = traceback.extract_tb(error.__traceback__)[-1]
    message = f"unexpected {type(error).__name__}: {error} ({place.filename}, line {place.lineno})"
    return _print_error(f"{message}\nuse --debug for the traceback, and please report it", error, BUG)


def _print_error(message: str, error: BaseException | None, code: int) -> int:
    for line in (f"error: {message}", *getattr(error, "__notes__", ())):
        click.echo(line, err=True)
    logger.debug("traceback", exc_info=error)
    return code
