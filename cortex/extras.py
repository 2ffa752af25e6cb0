"""Packages that not everybody needs: imported when they are used, with one plain message where they are missing."""

import shlex
import sys
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from cortex.errors import EnvironmentProblem

EXTRAS = {
    "analysis": ("pandas", "xarray", "neo", "pynwb"),
    "cluster": ("distributed",),
    "theory": ("sklearn", "jax", "optax"),
}
"""What is imported of each extra."""


def extra(name: str) -> Any:
    """Import a package, or a module of one, such as ``jax.numpy``.

    Raises
    ------
    EnvironmentProblem
        If it is not installed, with the command that installs its extra, if it is of one.
    """
    try:
        return import_module(name)
    except ImportError as error:
        package = name.partition(".")[0]
        commands = [install_command(of) for of, packages in EXTRAS.items() if package in packages]
        raise EnvironmentProblem("\n".join([f"{name} cannot be imported: {error}", *commands])) from None


def install_command(extra: str) -> str:
    """Return the command that adds an extra to where this program is installed; `uv tool` installs no pip."""
    python = shlex.quote(sys.executable)
    pip = f"{python} -m pip install" if find_spec("pip") else f"uv pip install --python {python}"
    return f'{pip} "cortical-expansion[{extra}]"'
