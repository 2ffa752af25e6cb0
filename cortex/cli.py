"""The command line: finds a command, and turns its errors into messages and exit codes.

A command's module is imported when the command is asked for. Results go to standard output, progress and messages to
standard error.
"""

import importlib
import logging
import signal
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

import cortex
from cortex import guard
from cortex.errors import CortexError, UsageError, did_you_mean

if TYPE_CHECKING:
    from cortex.experiment.scenario import Scenario

logger = logging.getLogger("cortex")

BUG = 3
ENVIRONMENT = 4

COMMANDS = {
    "list": "show.list_",
    "show": "show.show",
    "run": "run.run",
    "study": "study.study",
    "status": "status.status",
    "compare": "compare.compare",
    "export": "export.export",
    "new": "new.new",
    "doctor": "doctor.doctor",
}
"""Module below `cortex.commands` and name in it of each command."""

EPILOG = """\b
Exit codes:
  0  all is done                    4  the machine will not do: no compiler,
  1  a run failed                      a full disk, a broken installation
  2  a name, value or file is wrong 5  a selection is empty
  3  unexpected: a bug              130, 143  interrupted, terminated

\b
Complete names with the Tab key, in bash (zsh and fish alike):
  eval "$(_CORTEX_COMPLETE=bash_source cortex)"
"""


class Terminated(KeyboardInterrupt):
    """SIGTERM, taken like Ctrl-C."""


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
    signal.signal(signal.SIGTERM, _terminate)
    try:
        if scenario is not None:
            from dataclasses import replace

            from cortex.experiment.catalogue import user_file

            scenario = replace(scenario, file=user_file(Path(sys.argv[0])), source=b"")
            arguments = ["run", scenario.name, *(sys.argv[1:] if arguments is None else arguments)]
        commands.main(arguments, prog_name="cortex", standalone_mode=False, obj=scenario)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(UsageError.exit_code)
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "cortex"
        _print_error(f"{error.format_message()}\n`{command} --help` shows how to use it", error)
        sys.exit(UsageError.exit_code)
    except click.Abort as abort:
        cause = abort.__cause__
        _print_error("interrupted", cause)
        sys.exit(128 + (signal.SIGTERM if isinstance(cause, Terminated) else signal.SIGINT))
    except CortexError as error:
        _print_error(str(error), error)
        sys.exit(error.exit_code)
    except MemoryError as error:
        _print_error("there is not enough memory\nuse fewer jobs with -j, or the --quick version", error)
        sys.exit(ENVIRONMENT)
    except ImportError as error:
        _print_error(f"the installation is broken: {error}\n`cortex doctor` shows what is missing", error)
        sys.exit(ENVIRONMENT)
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        message = f"unexpected {type(error).__name__}: {error} ({place.filename}, line {place.lineno})"
        _print_error(f"{message}\nuse --debug for the traceback; if that file is not yours, please report it", error)
        sys.exit(BUG)
    sys.exit(0)


def _terminate(number: int, frame: object) -> NoReturn:
    raise Terminated


def _print_error(message: str, error: BaseException | None) -> None:
    for line in (f"error: {message}", *getattr(error, "__notes__", ())):
        click.echo(line, err=True)
    logger.debug("traceback", exc_info=True)
