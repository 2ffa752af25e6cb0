"""Warnings as errors: those of installed packages end nothing, those of a user's own code do."""

import subprocess
import sys
import warnings
from pathlib import Path

import matplotlib
import pytest

from cortex import own_warnings


@pytest.mark.parametrize("kind", [Warning, DeprecationWarning, UserWarning])
def test_only_what_a_users_module_warns_of_is_an_error(kind: type[Warning]) -> None:
    warned = DeprecationWarning if kind is Warning else kind
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", kind)
        own_warnings.restrict()
        own_warnings.restrict()
        for module in ("matplotlib.figure", "json", "cortex.cli", "sys", "<string>"):
            warnings.warn_explicit("x", warned, "x.py", 1, module)
        warnings.warn_explicit("x", SyntaxWarning, f"{Path(matplotlib.__file__).parent}/_api/x.py", 1)
        for module in (__name__, "__main__", "scenario_mine"):
            with pytest.raises(warned, match="x"):
                warnings.warn_explicit("x", warned, "x.py", 1, module)


def test_a_filter_for_a_module_stays_one_for_it() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.filterwarnings("error", module="mine")
        own_warnings.restrict()
        warnings.warn_explicit("x", UserWarning, "x.py", 1, "other")
        with pytest.raises(UserWarning):
            warnings.warn_explicit("x", UserWarning, "x.py", 1, "mine")


@pytest.mark.parametrize("begins", ["from cortex.cli import commands", "from cortex.studies import executors"])
def test_commands_and_their_workers_bear_with_packages_that_warn(begins: str) -> None:
    """What matplotlib does when it is imported may be deprecated by one of the packages that it needs."""
    act = (
        "from cortex import cli; cli._do = lambda *_: warn(); cli.main()"
        if "cli" in begins
        else "executors._begin(os.getppid(), None); warn()"
    )
    code = f"import json, os, sys, warnings; {begins}\n" + (
        "def warn():\n    warnings.warn_explicit('x', UserWarning, 'x.py', 1, 'json'); print('borne')\n"
    )
    words = [sys.executable, "-W", "error", "-c", code + act]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert "borne" in done.stdout and not done.returncode, done.stderr
