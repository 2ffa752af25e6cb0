"""Packages that not everybody needs: imported when they are used, with one plain message where they are missing."""

from importlib import import_module
from typing import Any

from cortex.errors import EnvironmentProblem

THEORY = ("sklearn", "jax", "optax")
"""Packages of the extra `theory`; all others are of `analysis`."""


def extra(name: str) -> Any:
    """Import a package, or a module of one, such as ``jax.numpy``.

    Raises
    ------
    EnvironmentProblem
        If it is not installed, naming the extra.
    """
    try:
        return import_module(name)
    except ImportError as error:
        of = "theory" if name.partition(".")[0] in THEORY else "analysis"
        raise EnvironmentProblem(
            f'{name} cannot be imported: {error}\npip install "cortical-expansion[{of}]"'
        ) from None
