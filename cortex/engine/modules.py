"""Whose a module is: this project's, a user's, or an installed package's; and the text that it was made of."""

import ast
import os
from functools import cache
from pathlib import Path
from types import ModuleType

from cortex.guard import PACKAGES, in_packages


def is_own(module: ModuleType) -> bool:
    """Return whether a module belongs to this project."""
    return module.__name__.split(".")[0] in PACKAGES


def is_foreign(module: ModuleType) -> bool:
    """Return whether a module belongs to Python or to an installed package that is not this project's."""
    if module.__name__ == "__main__" or is_own(module):
        return False
    name = getattr(module, "__file__", None)
    return name is None or in_packages(str(name))


def file(module: ModuleType) -> Path | None:
    """Return the file of a module; None if there is none, as in a notebook."""
    name = getattr(module, "__file__", None)
    return _resolved(name) if name and os.path.isfile(name) else None


@cache  # asked for each module again and again, and it looks at each folder on the way
def _resolved(name: str) -> Path:
    return Path(name).resolve()


def source(module: ModuleType, path: Path) -> bytes:
    """Return the content of a module's file as it was when it was first asked for after the module's import."""
    kept = vars(module.__spec__) if module.__spec__ else {}  # an import anew makes another one
    if "cortex_source" not in kept:
        kept["cortex_source"] = path.read_bytes()
    content: bytes = kept["cortex_source"]
    return content


@cache
def tree(source: bytes) -> ast.Module:
    """Return the syntax of a file; of one that is not Python, such as a compiled module, that of an empty one."""
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError):
        return ast.Module([], [])


def home(statement: ast.ImportFrom, module: ModuleType) -> str:
    """Return the full name of the module that something is imported from."""
    if not statement.level:
        return statement.module or ""
    package = (getattr(module, "__package__", "") or "").split(".")
    start = package[: len(package) - statement.level + 1]
    return ".".join([*start, *([statement.module] if statement.module else [])])
