"""What ``cortex run RUN_FOLDER`` tells: what it would execute, and whether all measures came out the same."""

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cortex.errors import RunFailed, UsageError

if TYPE_CHECKING:
    from cortex.experiment.result import Result


def print_kept(folder: Path) -> bool:
    """Print what a repetition would execute of a run folder, without doing so; return whether it would."""
    from cortex.commands import tables
    from cortex.experiment.repeat import kept_code
    from cortex.experiment.result import read

    record, code = read(folder).record, kept_code(folder)
    if not code:
        return False
    spent = sum(record["seconds"].values())
    tables.print_table([("scenario", record["scenario"]), ("seed", str(record["seed"])), ("took", f"{spent:.0f} s")])
    click.echo("a repetition with --trust would execute")
    tables.print_table([(name, f"sha256 {digest}") for name, digest in code.items()], indent="  ")
    click.echo("nothing was run")
    return True


def free_folder(folder: Path) -> Path:
    """Return where the repetition of a run goes: a folder that is not there yet, beside the runs."""
    above = folder.resolve().parent
    results = above.parent if above.name == "runs" else above
    return next(out for number in itertools.count(1) if not (out := results / f"repeat-{number}").exists())


def damage(run: "Result") -> str:
    """Return what is wrong with the data of a run; empty if they are what it wrote."""
    from cortex.experiment.record import checked_data

    try:
        if run.record.get("data_sha256"):  # earlier versions kept none
            checked_data(run.folder, run.record)
    except UsageError as error:
        return error.title
    return ""


def tell(first: "Result", second: "Result", damage: str, films: Sequence[Path], as_json: bool, quiet: bool) -> None:
    """Tell a repetition, and whether it is the same.

    Raises
    ------
    RunFailed
        If it is not, or the data of the first run are damaged.
    """
    from cortex.commands.told import print_results, summary
    from cortex.experiment.repeat import differences
    from cortex.files import to_json

    differing = differences(first, second)
    if as_json:
        more = {"repeats": str(first.folder), "identical": not differing, "damage": damage}
        click.echo(to_json(summary(second, *films) | more))
    else:
        print_results([second], films, quiet)
        click.echo(f"compared with {first.folder}: {'different' if differing else 'all measures are identical'}")
    if differing:
        then, now = (
            f"by version {result.version} {result.record.get('backend')} {result.record.get('compiler')}".rstrip()
            for result in (first, second)
        )
        raise RunFailed(
            f"the repeat of {first.folder} came out different: {', '.join(differing)}\nmade then {then}, now {now}"
        )
    if damage:
        raise RunFailed(f"{damage}\nits repeat is whole: {second.folder}; move the damaged folder away")
