"""The command ``cortex report``."""

from pathlib import Path

import click

from cortex.commands import options


@click.command(
    epilog=options.examples(
        "cortex report results/finger_expansion/runs/0123456789-r000",
        "cortex report results/hold_by_idle",
        "cortex report results/validation",
    )
)
@click.argument("folder", metavar="RUN|DIR", type=options.FOLDER)
@options.scenario("Scenario file of your own that explains a run, or draws the conclusion of a study")
@click.option("-o", "--output", type=options.PATH, metavar="FILE.html", help="The file [report.html in the folder].")
def report(folder: Path, scenario_file: Path | None, output: Path | None) -> None:
    """Write a run, a study, an argument or checks as one HTML page, to be looked at in a browser.

    RUN is the folder of a run. DIR is a folder of results such as results/NAME; if it holds a single run and no study,
    the page is that of the run. Of an argument such as results/essay, and of results/validation, the page has claims or
    checks with their verdicts, and leads to the studies.
    """
    from cortex.pages import pages

    click.echo(pages.write(folder, output, scenario_file))
