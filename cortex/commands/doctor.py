"""What this installation stands on: Python, versions, compiler, cache, and where the packages come from."""

import importlib
import platform
import sys

from cortex import guard
from cortex.engine import cache
from cortex.errors import CortexError
from cortex.experiment.provenance import versions


def examine() -> tuple[list[tuple[str, str]], list[str]]:
    """Look at the installation.

    Returns
    -------
    findings : list of tuple of str
        What was looked at, and what was found.
    problems : list of str
        What keeps it from working; nothing if it works.
    """
    problems = []
    try:
        guard.check()
    except CortexError as error:
        problems.append(str(error))
    compiler = "none: simulations run with numpy, many times slower"
    try:
        importlib.import_module("brian2")
        from cortex.engine.compiler import find_compiler

        if found := find_compiler():
            compiler = f"{' '.join(found.command)}: {found.version}"
    except Exception as error:
        problems.append(f"brian2 cannot be imported: {error}\ninstall cortical-expansion in an environment of its own")
    kept = cache.usage()
    findings = [
        ("Python", f"{platform.python_version()} ({sys.executable})"),
        *versions().items(),
        ("C++ compiler", compiler),
        ("cache", f"{cache.default_folder()}: {kept.bytes / 1e6:.1f} MB"),
        *((f"package {name}", str(place or "not found")) for name, place in guard.places().items()),
    ]
    return findings, problems
