"""Whether the three packages come from one place: their names are common, and another's may come first."""

from importlib.util import find_spec
from pathlib import Path

from cortex.errors import EnvironmentProblem

PACKAGES = ("cortex", "models", "scenarios")


def places() -> dict[str, Path | None]:
    """Return the folder from which each package is imported, without importing it; None if there is none."""
    return {package: _place(package) for package in PACKAGES}


def check() -> None:
    """Raise EnvironmentProblem unless the three packages come from one place."""
    folders = places()
    home = Path(__file__).resolve().parents[1]
    for package, folder in folders.items():
        if folder is None or folder.parent != home:
            where = f"comes from {folder}" if folder else "cannot be imported"
            raise EnvironmentProblem(
                f'the package "{package}" {where} and not from {home}, where the others are\n'
                "leave that folder, clear PYTHONPATH, or install cortical-expansion in an environment of its own"
            )


def _place(package: str) -> Path | None:
    spec = find_spec(package)
    locations = spec.submodule_search_locations if spec else None
    return Path(locations[0]).resolve() if locations else None
