"""The command ``cortex doctor``: Python, versions, compiler, cache, and where the packages come from."""

import importlib
import platform
import sys

import click

from cortex import guard
from cortex.commands import options
from cortex.errors import CortexError, EnvironmentProblem


@click.command(epilog=options.examples("cortex doctor", "cortex doctor --clear-cache"))
@click.option("--clear-cache", is_flag=True, help="Remove all compiled simulations.")
def doctor(clear_cache: bool) -> None:
    """Show what this installation stands on."""
    from cortex.engine import cache
    from cortex.report import text

    if clear_cache:
        removed = cache.clear()
        click.echo(f"removed {text.count(removed.binaries, 'compiled simulation')}, {removed.bytes / 1e6:.1f} MB")
    findings, problems = examine()
    click.echo(text.columns(findings))
    if problems:
        raise EnvironmentProblem("\n".join(problems))


def examine() -> tuple[list[tuple[str, str]], list[str]]:
    """Look at the installation.

    Returns
    -------
    findings : list of tuple of str
        What was looked at, and what was found.
    problems : list of str
        What keeps it from working; nothing if it works.
    """
    from cortex.engine import cache
    from cortex.engine.compiler import find_compiler
    from cortex.experiment.provenance import versions

    problems = []
    try:
        guard.check()
    except CortexError as error:
        problems.append(str(error))
    compiler = "none: simulations run with numpy, many times slower"
    try:
        importlib.import_module("brian2")
    except CortexError as error:
        problems.append(str(error))
    except Exception as error:
        problems.append(f"brian2 cannot be imported: {error}\ninstall cortical-expansion in an environment of its own")
    try:
        if chosen := find_compiler():
            compiler = f"{' '.join(chosen.command)}: {chosen.version}"
    except EnvironmentProblem as problem:
        compiler = "none: see below"
        problems.append(str(problem))
    try:
        cache.trusted()
    except EnvironmentProblem as problem:
        problems.append(str(problem))
    kept = cache.usage()
    findings = [
        ("Python", f"{platform.python_version()} ({sys.executable})"),
        *versions().items(),
        ("C++ compiler", compiler),
        ("cache", f"{cache.default_folder()}: {kept.bytes / 1e6:.1f} MB"),
        *((f"package {name}", str(place or "not found")) for name, place in guard.places().items()),
    ]
    return findings, problems
