"""A short run of the fingertip."""

import pytest

from models.fingertip.parameters import FingertipParameters

SHORT = {f"training.{name}": "4" for name in ("settle", "old", "copying", "tune", "new", "release")} | {
    "training.repeats": "3",
    "training.probes": "1",
    "group.tip": "2",
    "group.other": "1",
    "group.pv_cells": "2",
    "skin.number": "60",
}


@pytest.fixture
def short() -> FingertipParameters:
    return FingertipParameters().override(SHORT)
