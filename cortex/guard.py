"""Whether the three packages come from one place, as another's of the same name may come first; what is installed."""

import os
import re
import site
import sys
import sysconfig
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from cortex.errors import EnvironmentProblem

PACKAGES = ("cortex", "models", "scenarios")

HOME = Path(__file__).resolve().parents[1]
"""Folder that the packages lie in."""

UNPACKED = {"site-packages", "dist-packages"}
"""Names of the folders that packages are installed into."""


def places() -> dict[str, Path | None]:
    """Return the folder from which each package is imported, without importing it; None if there is none."""
    return {package: _place(package) for package in PACKAGES}


def check_system() -> None:
    """Raise EnvironmentProblem unless this is a POSIX system: runs rely on its locks, signals and renaming."""
    if os.name != "posix":
        raise EnvironmentProblem(
            f"cortical-expansion needs Linux or macOS, and this is {sys.platform}\n"
            "on Windows install it in WSL, the Windows Subsystem for Linux"
        )


def owners(home: Path = HOME) -> dict[str, list[str]]:
    """Return the packages that several distributions have installed into one folder, each with their names.

    The lists of what they have installed are read as they are: `importlib.metadata` takes many times as long.
    """
    found: dict[str, list[str]] = {package: [] for package in PACKAGES}
    for entry in sorted(home.glob("*.dist-info")) + sorted(home.glob("*.egg-info")):
        files = b"\n".join([b"", *(_bytes(entry / name) for name in ("RECORD", "installed-files.txt"))])
        for package, names in found.items():
            if re.search(rf"\n(\.\./)?{package}/__init__\.py\b".encode(), files):
                names.append(entry.name.split("-")[0].replace("_", "-"))
    return {package: names for package, names in found.items() if len(names) > 1}


@cache  # of hundreds of distributions, at every use of the Python API
def check_owners() -> None:
    """Raise EnvironmentProblem if another distribution has installed a package of the same name over one of these."""
    for package, names in owners().items():
        raise EnvironmentProblem(
            f'{" and ".join(names)} have both installed a package "{package}" into {HOME}, one over the other\n'
            f"remove both with `pip uninstall {' '.join(names)}`, and install each in an environment of its own:\n"
            "with python -m venv, pipx or uv tool install"
        )


def check() -> None:
    """Raise EnvironmentProblem unless the three packages come from one place, and from one distribution."""
    check_system()
    for package, folder in places().items():
        if folder is None or folder.parent != HOME:
            where = f"comes from {folder}" if folder else "cannot be imported"
            raise EnvironmentProblem(
                f'the package "{package}" {where} and not from {HOME}, where the others are\n'
                "leave that folder, clear PYTHONPATH, or install cortical-expansion in an environment of its own"
            )
    check_owners()


@cache  # of thousands of modules, at every new set of parameters
def in_packages(file: str) -> bool:
    """Return whether a file lies where Python and its packages are installed."""
    path = Path(file).resolve()
    return bool(UNPACKED.intersection(path.parts)) or any(path.is_relative_to(place) for place in _places())


@cache
def is_users(file: str) -> bool:
    """Return whether a file is neither this project's, nor Python's, nor an installed package's."""
    path = Path(file).resolve()
    return not in_packages(file) and not any(path.is_relative_to(HOME / package) for package in PACKAGES)


@cache
def _places() -> list[Path]:
    places = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    return [Path(place).resolve() for place in places | {site.getusersitepackages()}]


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""


def _place(package: str) -> Path | None:
    spec = find_spec(package)
    locations = spec.submodule_search_locations if spec else None
    return Path(locations[0]).resolve() if locations else None
