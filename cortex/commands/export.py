"""The command ``cortex export``."""

from pathlib import Path

import click

from cortex.commands import options


@click.command(epilog=options.examples("cortex export results/copy_pair/runs/0123456789-r000 pair.nwb"))
@click.argument("run_folder", type=options.FOLDER)
@click.argument("file", metavar="FILE.nwb", type=options.PATH)
def export(run_folder: Path, file: Path) -> None:
    """Write a run as an NWB file, for other programs."""
    from cortex.experiment import export

    click.echo(export.export(run_folder, file))
