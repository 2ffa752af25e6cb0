"""What anatomy allows: the fields if all contacts weigh the same, and who hears which digits."""

import numpy as np
import pytest
from brian2.units import mm

from cortex.mechanisms.skin import DIGITS
from models.finger_area import FingerParameters, probe_places
from models.finger_area.comparing import digits_of, over_border
from models.finger_area.mapping import electrodes
from models.finger_area.widest import widest_fields, within_reach


@pytest.mark.parametrize(("radius", "share", "area"), [("0.3 mm", 0.245, 17.8), ("0.4 mm", 0.367, 25.9)])
def test_wider_arbors_allow_larger_fields_and_more_over_two_digits(radius, share, area) -> None:
    p = FingerParameters().override({"sheet.arbor_radius": radius})
    fields, areas = widest_fields(p)
    probe_digit = np.repeat(np.arange(DIGITS), len(probe_places(p)))
    digits = digits_of(fields, probe_digit)
    x, y = electrodes(p)[0].T
    assert over_border(fields, probe_digit, 2)[np.abs(x - 1.2) < 0.5].mean() == pytest.approx(share, abs=0.001)
    assert areas[(x > 0.6) & (x < 1.8) & (y > 0.58)].mean() == pytest.approx(area, abs=0.1)
    assert digits.max() == 2
    away = np.abs(x[:, None] - 0.6 * np.arange(1, DIGITS)).min(axis=1)
    reach = float((p.sheet.arbor_radius + p.mapping.electrode_radius) / mm)
    assert away[digits == 2].max() < reach


def test_electrodes_hear_the_next_digit_somewhat_beyond_its_arbors() -> None:
    p = FingerParameters().override({"sheet.arbor_radius": "0.4 mm"})
    x = electrodes(p)[0][:, 0]
    heard, lost = within_reach(p, 1, 4, 5), (x > 0.6) & (x < 1.8)
    inside = np.minimum(x - 0.6, 1.8 - x)
    assert inside[heard].max() == pytest.approx(0.47)
    assert heard[lost].mean() == pytest.approx(0.683, abs=0.001)
    assert within_reach(p, 1, 2, 3, 4, 5).all()
