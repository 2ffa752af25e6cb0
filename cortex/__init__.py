"""Virtual experiments on how a cortical area grows with use: run, load, study, compare and validate from Python.

>>> import cortex
>>> run = cortex.run("copy_pair", {"copies": 3}, seed=3, quick=True)
>>> run.measures["copy_similarity"] > 0.9
True
>>> run.recordings["released"]["spikes.t"].shape == run.recordings["released"]["spikes.i"].shape
True

Importing this package is quick: what a function needs is imported when it is called.
"""

from typing import Any

from cortex import moved, preferences

__version__ = "0.2.0"

__all__ = ["__version__", "compare", "load", "main", "run", "study", "validate"]

PLACES = {
    "run": "cortex.api",
    "load": "cortex.api",
    "study": "cortex.api",
    "compare": "cortex.api",
    "validate": "cortex.api",
    "main": "cortex.cli",
}

moved.register()
preferences.register()


def __getattr__(name: str) -> Any:
    """Import a public function when it is first asked for (PEP 562)."""
    if name in PLACES:
        from importlib import import_module

        if name != "main":  # which tells what is wrong by itself
            from cortex import guard

            guard.check_system()
            guard.check_owners()
        return getattr(import_module(PLACES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
