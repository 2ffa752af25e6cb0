"""Which backend simulates: what was asked for, as far as this machine has a compiler and a tested Brian2."""

import re
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

from cortex.engine.compiler import Compiler, find_compiler
from cortex.errors import EnvironmentProblem

Backend: TypeAlias = Literal["auto", "cpp", "plain", "numpy"]

OLDEST, NEWEST = (2, 9), (2, 11)
"""Versions of Brian2 with which the templates of `cortex.engine.codegen` are tested; they read the C++ it generates."""

NO_COMPILER = "no C++ compiler found (looked for $CXX, g++ and clang++)"


class Choice(NamedTuple):
    """The backend of a simulation.

    Attributes
    ----------
    backend : {"cpp", "plain", "numpy"}
    compiler : Compiler or None
        None with numpy.
    warning : str
        Why it is a slower backend than the one asked for; empty if it is not.
    """

    backend: Literal["cpp", "plain", "numpy"]
    compiler: Compiler | None
    warning: str = ""


def choose(backend: Backend) -> Choice:
    """Return the backend that simulates when this one is asked for, see `cortex.engine.simulate`.

    Raises
    ------
    EnvironmentProblem
        If a compiler is asked for and there is none, or $CXX is set and is none.
    """
    compiler = None if backend == "numpy" else find_compiler()
    if compiler is None:
        if backend in ("cpp", "plain"):
            raise EnvironmentProblem(
                f"{NO_COMPILER}\ninstall one, such as Debian's package g++, or use --backend numpy"
            )
        slower = f"{NO_COMPILER}: simulating with numpy, which is many times slower"
        return Choice("numpy", None, slower if backend == "auto" else "")
    if backend == "plain":
        return Choice("plain", compiler)
    version = brian2_version()
    if OLDEST <= _release(version) <= NEWEST:
        return Choice("cpp", compiler)
    tested = " to ".join(".".join(map(str, release)) for release in (OLDEST, NEWEST))
    slower = f"Brian2 {version} is outside the tested versions {tested}: simulating with its own C++, which is slower"
    return Choice("plain", compiler, slower)


def brian2_version() -> str:
    """Return the version of Brian2, without importing Brian2, and where possible without reading its metadata."""
    spec = PathFinder.find_spec("brian2")
    if spec and spec.origin:
        for folder in Path(spec.origin).parents[1].glob("brian2-*.dist-info"):
            return folder.stem.partition("-")[2]
    from importlib import metadata  # a slow import, where a known program is only started

    return metadata.version("brian2")


def _release(version: str) -> tuple[int, ...]:
    """Return the first two numbers of a version."""
    return tuple(map(int, re.findall(r"\d+", version)[:2]))
