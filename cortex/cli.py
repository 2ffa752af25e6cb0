"""The command line: thin, and quick to answer because everything else is imported when it is needed.

Results go to standard output, progress and messages to standard error.
"""

import logging
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

import cortex
from cortex import guard
from cortex.errors import CortexError, EnvironmentProblem, UsageError, did_you_mean

if TYPE_CHECKING:
    from cortex.experiment.scenario import Scenario

logger = logging.getLogger("cortex")

BUG = 3
ENVIRONMENT = 4


class Terminated(KeyboardInterrupt):
    """SIGTERM, taken like Ctrl-C."""


class Commands(click.Group):
    """Commands with a suggestion for a mistyped one."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            hint = "`cortex --help` shows all commands"
            raise UsageError(f'no command "{args[0]}"{did_you_mean(args[0], self.commands)}', hint=hint)
        return super().resolve_command(ctx, args)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(cortex.__version__, message="%(version)s")
@click.pass_context
def commands(context: click.Context) -> None:
    """Virtual experiments on how a cortical area grows with use."""
    if context.invoked_subcommand != "doctor":
        guard.check()


@commands.command()
@click.argument("name", metavar="NAME|FILE.py|RUN_FOLDER")
@click.option("-p", "changes", multiple=True, metavar="NAME=VALUE", help='Set a parameter: -p drive.rate="20 Hz".')
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Root seed.")
@click.option("--seeds", type=click.IntRange(1), default=1, metavar="N", help="Run N replicates.")
@click.option("-o", "output", type=click.Path(path_type=Path), metavar="DIR", help="Results folder [results/NAME].")
@click.option("-n", "--dry-run", is_flag=True, help="Show phases and the time and memory needed; write nothing.")
@click.option("-j", "jobs", type=click.IntRange(1), default=os.cpu_count(), metavar="N", help="Simulations at a time.")
@click.option("--quick", is_flag=True, help="A short version.")
@click.option("--null", default="", metavar="NAME", help="A null model of the scenario.")
@click.option(
    "--backend",
    type=click.Choice(["auto", "cpp", "plain", "numpy"]),
    default="auto",
    help="How to simulate: cpp and numpy, or plain, C++ as Brian2 itself writes it.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("-q", "--quiet", is_flag=True, help="No progress, no messages but errors.")
@click.option("-v", "--verbose", is_flag=True, help="More messages.")
@click.option("--debug", is_flag=True, help="Tracebacks; keep the generated program.")
@click.pass_context
def run(context: click.Context, name: str, **options: Any) -> None:
    """Run a scenario, or repeat the run of a folder."""
    from cortex.commands import run

    run.run(name, run.Options(**options), context.obj)


@commands.command()
@click.argument("name", metavar="FILE.toml|NAME")
@click.option(
    "-p", "changes", multiple=True, metavar="NAME=VALUES", help='Vary: -p rate=a,b,c or -p "rate=log(1,9,3)".'
)
@click.option("--seed", type=click.IntRange(0), help="Root seed.")
@click.option("--seeds", type=click.IntRange(1), metavar="N", help="Paired replicates.")
@click.option("--points", type=click.IntRange(2), metavar="N", help="Sobol points, a power of 2.")
@click.option("--null", "nulls", multiple=True, metavar="NAME", help="Compare with a null model; may be repeated.")
@click.option("-o", "output", type=click.Path(path_type=Path), metavar="DIR", help="Results folder [results/NAME].")
@click.option("-n", "--dry-run", is_flag=True, help="Show the runs and what they cost; write nothing.")
@click.option("-j", "jobs", type=click.IntRange(1), metavar="N", help="Runs at a time; 1 works in this process.")
@click.option("--shard", default="", metavar="I/N", help="Do only the I-th of N parts, as a job of an array.")
@click.option("--scheduler", default="", metavar="ADDRESS|FILE", help="Have the workers of a dask scheduler do it.")
@click.option("-x", "stop", is_flag=True, help="Stop at the first failed run.")
@click.option("--retry-failed", is_flag=True, help="Do failed runs again.")
@click.option("--accept-changes", is_flag=True, help="Go on though the study, the code or a version has changed.")
@click.option("--quick", is_flag=True, help="A short version of each run.")
@click.option(
    "--backend", type=click.Choice(["auto", "cpp", "plain", "numpy"]), default="auto", help="How to simulate."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("-q", "--quiet", is_flag=True, help="No progress, no messages but errors.")
@click.option("-v", "--verbose", is_flag=True, help="More messages.")
@click.option("--debug", is_flag=True, help="Tracebacks.")
def study(name: str, **options: Any) -> None:
    """Do many runs; the same command again does what is missing."""
    from cortex.commands import study

    study.study(name, study.Options(**options))


@commands.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def status(folder: Path, as_json: bool) -> None:
    """Show what has become of a study's runs."""
    from cortex.commands import status

    status.status(folder, as_json)


@commands.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--by", default="", metavar="NAME", help="What to compare: a parameter, condition, or null.")
@click.option("--against", default="", metavar="VALUE", help="Level that the others are compared with [the first].")
@click.option("--where", multiple=True, metavar="NAME=VALUE", help="Only runs with this value; may be repeated.")
@click.option("-m", "--measure", "measures", multiple=True, metavar="NAME", help="Only this measure; may be repeated.")
@click.option("-o", "output", type=click.Path(path_type=Path), metavar="DIR", help="Where to keep it [DIR/compare/BY].")
@click.option("--figures/--no-figures", default=True, help="Whether to draw a figure for each measure.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def compare(folder: Path, **options: Any) -> None:
    """Compare conditions or values of a parameter, paired by seed."""
    from cortex.commands import compare

    compare.compare(folder, compare.Options(**options))


@commands.command()
@click.argument("run_folder", type=click.Path(path_type=Path))
@click.argument("file", metavar="FILE.nwb", type=click.Path(path_type=Path))
def export(run_folder: Path, file: Path) -> None:
    """Write a run as an NWB file, for other programs."""
    from cortex.experiment.export import export

    click.echo(export(run_folder, file))


@commands.command()
@click.option("--clear-cache", is_flag=True, help="Remove all compiled simulations.")
def doctor(clear_cache: bool) -> None:
    """Show what this installation stands on."""
    from cortex.commands.doctor import examine
    from cortex.engine import cache
    from cortex.report import text

    if clear_cache:
        removed = cache.clear()
        click.echo(f"removed {removed.binaries} compiled simulations, {removed.bytes / 1e6:.1f} MB")
    findings, problems = examine()
    click.echo(text.columns(findings))
    if problems:
        raise EnvironmentProblem("\n".join(problems))


def _add_shown() -> None:
    from cortex.commands.new import new
    from cortex.commands.show import list_, show

    for command in (list_, show, new):
        commands.add_command(command)


_add_shown()


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

            scenario = replace(scenario, file=user_file(Path(sys.argv[0])))
            arguments = ["run", scenario.name, *(sys.argv[1:] if arguments is None else arguments)]
        commands.main(arguments, prog_name="cortex", standalone_mode=False, obj=scenario)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(UsageError.exit_code)
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "cortex"
        _tell(f"{error.format_message()}\n`{command} --help` shows how to use it", error)
        sys.exit(UsageError.exit_code)
    except click.Abort as abort:
        cause = abort.__cause__
        _tell("interrupted", cause)
        sys.exit(128 + (signal.SIGTERM if isinstance(cause, Terminated) else signal.SIGINT))
    except CortexError as error:
        _tell(str(error), error)
        sys.exit(error.exit_code)
    except MemoryError as error:
        _tell("there is not enough memory\nuse fewer jobs with -j, or the --quick version", error)
        sys.exit(ENVIRONMENT)
    except ImportError as error:
        _tell(f"the installation is broken: {error}\n`cortex doctor` shows what is missing", error)
        sys.exit(ENVIRONMENT)
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        message = f"unexpected {type(error).__name__}: {error} ({place.filename}, line {place.lineno})"
        _tell(f"{message}\nuse --debug for the traceback; if that file is not yours, please report it", error)
        sys.exit(BUG)
    sys.exit(0)


def _terminate(number: int, frame: object) -> NoReturn:
    raise Terminated


def _tell(message: str, error: BaseException | None) -> None:
    for line in (f"error: {message}", *getattr(error, "__notes__", ())):
        click.echo(line, err=True)
    logger.debug("traceback", exc_info=True)
