"""What is compared of the maps of one animal."""

from types import SimpleNamespace

import pytest

from models.finger_area.observe import at_thresholds


def with_areas(**areas):
    """Return a map with an area for each threshold in standard deviations."""
    return SimpleNamespace(graded_at=lambda patches, sds: areas[f"at_{sds}"])


@pytest.mark.parametrize(("at_3", "at_4", "expanded"), [(0.8, 0.6, 3), (0.59, 0.6, 2), (0.59, 0.3, 1), (1.3, 0.7, 1)])
def test_an_expansion_is_taken_at_three_thresholds(at_3, at_4, expanded) -> None:
    before, after = with_areas(at_2=0.5, at_3=0.4, at_4=0.2), with_areas(at_2=0.9, at_3=at_3, at_4=at_4)
    found = at_thresholds(before, after, [5])
    assert found["thresholds_expanded"] == expanded
    assert found["expansion_trained_2sd"] == pytest.approx(1.8)
    assert found["expansion_trained_4sd"] == pytest.approx(at_4 / 0.2)
