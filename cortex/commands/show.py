"""The commands ``cortex list`` and ``cortex show``."""

import click

from cortex.commands import options


@click.command("list", epilog=options.examples("cortex list"))
def list_() -> None:
    """Show scenarios, studies and models, one line each."""
    from cortex.experiment.catalogue import plugins, study_titles, titles
    from cortex.report import text

    kinds = {"scenarios": titles("scenarios") | plugins(), "studies": study_titles(), "models": titles("models")}
    for title, known in kinds.items():
        click.echo(title)
        click.echo(text.columns(known.items(), "  "))


@click.command(epilog=options.examples("cortex show copy_pair", "cortex show hold_by_idle"))
@click.argument("name", shell_complete=options.completing(options.study_names, files=True))
def show(name: str) -> None:
    """Show a scenario and all its parameters, or a ready-made study."""
    from cortex.commands import tables
    from cortex.experiment.catalogue import find, studies

    if file := studies().get(name.replace("-", "_")):
        click.echo(file.read_text(encoding="utf-8").rstrip())
        return
    click.echo(tables.scenario(find(name)))
