"""``cortex doctor``."""

import os
import sys

import pytest

from tests.cortex.commands.typed import ROOT, Cortex

posix = pytest.mark.skipif(sys.platform == "win32", reason="kills processes as POSIX does")


def test_doctor(cortex: Cortex) -> None:
    outcome = cortex("doctor", "--clear-cache")
    assert outcome.code == 0
    for text in ("Python", "brian2", "C++ compiler", os.environ["CORTEX_CACHE"], str(ROOT / "models")):
        assert text in outcome.out
