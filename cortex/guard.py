"""Whether the three packages come from one place: their names are common, and another's may come first."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path

from cortex.errors import EnvironmentProblem

DISTRIBUTION = "cortical-expansion"
PACKAGES = ("cortex", "models", "scenarios")

HOME = Path(__file__).resolve().parents[1]
"""Folder that the packages lie in."""


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
    """Return the packages that several distributions have installed into one folder, each with their names."""
    from importlib.metadata import distributions

    found: dict[str, list[str]] = {package: [] for package in PACKAGES}
    for distribution in distributions(path=[str(home)]):
        named = (distribution.read_text("top_level.txt") or "").split()
        files = distribution.read_text("RECORD") or ""
        for package, names in found.items():
            if package in named or f"\n{package}/__init__.py," in f"\n{files}":
                names.append(distribution.metadata["Name"])
    return {package: sorted(names) for package, names in found.items() if len(names) > 1}


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
    for package, names in owners().items():
        others = [name for name in names if name != DISTRIBUTION]
        raise EnvironmentProblem(
            f'{" and ".join(names)} have both installed a package "{package}" into {HOME}, one over the other\n'
            f"remove both (pip uninstall {' '.join(names)}), and install {DISTRIBUTION} in an environment of its own,\n"
            f"without {' and '.join(others)}: python -m venv, pipx or uv tool install"
        )


def _place(package: str) -> Path | None:
    spec = find_spec(package)
    locations = spec.submodule_search_locations if spec else None
    return Path(locations[0]).resolve() if locations else None
