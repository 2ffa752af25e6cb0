"""Where a result comes from: versions, machine, source revision, command line."""

import platform
import re
import shlex
import shutil
import subprocess
import sys
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import cortex
from cortex.guard import PACKAGES

DISTRIBUTION = "cortical-expansion"
THEORY = ("scikit-learn", "jax", "optax")
"""What only some calculations use, of the extra `theory`."""

DEPENDENCIES = ("brian2", "numpy", "scipy", "matplotlib", "pydantic", "click", "rich", "h5netcdf", "h5py", "jinja2")


def versions() -> dict[str, str]:
    """Return the versions of this package and of what it stands on; "not installed" for what is missing."""
    return {DISTRIBUTION: cortex.__version__} | {name: _version(name) for name in (*DEPENDENCIES, *THEORY)}


def provenance() -> dict[str, Any]:
    """Describe how this process came to compute what it computes."""
    return {
        "command": shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]]),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "versions": versions(),
        "source": _revision(),
    }


def source_changes() -> str:
    """Return what differs in the packages from the revision named, as a patch; empty where there is no revision."""
    return _git("diff", "HEAD", "--", *PACKAGES)


@cache
def _version(name: str) -> str:
    """Return the version of a package: only that line is read of what it tells of itself, which takes less time."""
    try:
        found = distribution(name)
    except PackageNotFoundError:
        return "not installed"
    told = re.search(r"^Version: (.+)$", found.read_text("METADATA") or "", re.MULTILINE)
    return told[1] if told else found.version


def _revision() -> dict[str, Any]:
    revision = _git("rev-parse", "HEAD").strip()
    return {"revision": revision, "modified": bool(_git("status", "--porcelain", "--", *PACKAGES))} if revision else {}


def _git(*arguments: str) -> str:
    """Ask git about the checkout that this package runs from; empty if it runs from none."""
    root = Path(cortex.__path__[0]).parent
    if not (root / ".git").exists() or shutil.which("git") is None:
        return ""
    answer = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, text=True, errors="replace")
    return answer.stdout
