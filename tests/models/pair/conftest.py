"""A short run of the pair."""

import pytest

from models.pair.parameters import PairParameters

SHORT = {
    f"training.{name}": "1 s" for name in ("settle", "calibrate", "copy_time", "hold", "tune", "silence", "release")
} | {"training.probes": "3", "training.repeats": "1", "skin.number": "30", "pv_cells": "4"}


@pytest.fixture
def short() -> PairParameters:
    return PairParameters().override(SHORT)
