"""The finger area as it is, and a small and short one."""

import pytest

from models.finger_area import Anatomy, FingerParameters


@pytest.fixture(scope="module")
def p() -> FingerParameters:
    return FingerParameters()


@pytest.fixture(scope="module")
def anatomy(p) -> Anatomy:
    return Anatomy(p)


@pytest.fixture(scope="module")
def small() -> FingerParameters:
    few = {f"afferents.{kind}_density_{place}": "5/cm^2" for kind in ("sa1", "ra") for place in ("tip", "finger")}
    short = {f"training.{name}": "1 s" for name in ("settle", "calibrate", "dose", "test", "release")}
    density = {"sheet.density": "100/mm^2", "sheet.pv_density": "50/mm^2"}
    return FingerParameters().override(few | short | density | {"mapping.repeats": "1", "mapping.blanks": "2"})
