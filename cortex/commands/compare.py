"""The command ``cortex compare``: the answer first, then one figure to look at, then the tables."""

from collections.abc import Sequence
from pathlib import Path

import click

from cortex.commands import options


@click.command(
    epilog=options.examples(
        "cortex compare results/hold_by_idle",
        "cortex compare results/copy_pair --by null --where copies=2",
        "cortex compare results/copy_pair_study --by copies -m copy_seconds",
    )
)
@click.argument("folder", metavar="DIR", type=options.FOLDER)
@click.option(
    "--by",
    default="",
    metavar="NAME",
    shell_complete=options.completing(options.compared_names),
    help="What to compare: a parameter, condition, or null.",
)
@click.option("--against", default="", metavar="VALUE", help="Level that the others are compared with [the first].")
@click.option("--where", multiple=True, type=options.WHERE, help="Only runs with this value; may be repeated.")
@click.option(
    "-m",
    "--measure",
    "measures",
    multiple=True,
    metavar="NAME",
    shell_complete=options.completing(options.measure_names),
    help="Only this measure; may be repeated.",
)
@options.scenario(
    "Scenario file of your own that draws the conclusion (none with --by, --where or -m): nothing in DIR is executed"
)
@options.output("Where to keep the answer [DIR/compare/BY].")
@click.option("--figures/--no-figures", default=True, help="Whether to draw a figure for each measure.")
@options.svg
@options.as_json
def compare(
    folder: Path,
    by: str,
    against: str,
    where: Sequence[tuple[str, str]],
    measures: tuple[str, ...],
    scenario_file: Path | None,
    output: Path | None,
    figures: bool,
    svg: bool,
    as_json: bool,
) -> None:
    """Compare conditions or values of a parameter, paired by seed.

    DIR is a folder of results such as results/NAME: what `cortex study` or `cortex run` wrote.
    """
    from cortex.commands import tables
    from cortex.errors import UsageError
    from cortex.files import to_json
    from cortex.studies import comparison

    names = [name for name, _ in where]
    if twice := [f"--where {name}  is given twice" for name in dict.fromkeys(names) if names.count(name) > 1]:
        raise UsageError("options", twice, "give each name once")
    result = comparison.compare(folder, by, against, dict(where), measures, output, figures, scenario_file, svg)
    for warning in result.warnings:
        click.echo(f"warning: {warning}", err=True)
    if as_json:
        click.echo(to_json(result.summary))
        result.check()
        return
    for line in filter(None, [result.answer, result.figure_note]):
        click.echo(f"{line}\n")
    for block in result.blocks:
        click.echo(block.title)
        tables.print_table(block.rows, head=True)
        click.echo("\n".join([*block.notes, ""]))
    click.echo(result.place_note)
    result.check()
