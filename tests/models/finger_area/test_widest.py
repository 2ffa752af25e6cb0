"""The widest fields that anatomy allows."""

import numpy as np
import pytest
from brian2.units import mm

from cortex.mechanisms.skin import DIGITS
from models.finger_area import FingerParameters, probe_places
from models.finger_area.comparing import digits_of
from models.finger_area.mapping import electrodes
from models.finger_area.widest import widest_fields


@pytest.mark.parametrize(("radius", "share", "area"), [("0.3 mm", 0.245, 17.8), ("0.4 mm", 0.490, 25.9)])
def test_wider_arbors_allow_larger_fields_and_more_over_two_digits(radius, share, area) -> None:
    p = FingerParameters().override({"sheet.arbor_radius": radius})
    fields, areas = widest_fields(p)
    digits = digits_of(fields, np.repeat(np.arange(DIGITS), len(probe_places(p))))
    x, y = electrodes(p)[0].T
    assert (digits[np.abs(x - 1.2) < 0.5] >= 2).mean() == pytest.approx(share, abs=0.001)
    assert areas[(x > 0.6) & (x < 1.8) & (y > 0.58)].mean() == pytest.approx(area, abs=0.1)
    assert digits.max() == 2
    away = np.abs(x[:, None] - 0.6 * np.arange(1, DIGITS)).min(axis=1)
    reach = float((p.sheet.arbor_radius + p.mapping.electrode_radius) / mm)
    assert away[digits == 2].max() < reach
