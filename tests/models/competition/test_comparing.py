"""Areas by the law of one dimension, and the exponent of a map."""

import numpy as np
import pytest

from models.competition import comparing
from models.competition.comparing import SKIN, areas, exponent, topographic_error
from models.competition.parameters import MapParameters


class Won:
    """A map with given areas of each patch."""

    def __init__(self, area: np.ndarray) -> None:
        self.area = area

    def won(self, patches: list[int]) -> float:
        return float(self.area[patches].sum())


def test_areas_are_skin_times_a_power_of_the_density_of_touches() -> None:
    even = areas(3.0 * SKIN)
    np.testing.assert_allclose(even, SKIN / SKIN.sum())
    more = areas(np.where(np.arange(15) == 2, 8, 1) * SKIN)
    assert more[2] / more[5] == pytest.approx(4)
    assert areas(np.stack([SKIN, 2 * SKIN])) == pytest.approx(np.stack([even, even]))


def test_the_exponent_of_maps_by_the_law_is_that_of_the_law() -> None:
    touches = np.random.default_rng(0).uniform(10, 100, (2, 15))
    for power in (comparing.EXPONENT, 0.0, 1.0):
        before, after = (Won(area) for area in areas(touches, power))
        assert exponent(before, after, touches) == pytest.approx(power)
    assert np.isnan(exponent(Won(np.zeros(15)), Won(np.zeros(15)), touches))


def test_a_map_is_torn_where_the_two_best_sites_are_apart() -> None:
    p = MapParameters().override({"sheet.density": "100/mm^2"})  # 30 columns of 10 sites
    run = {"best": np.array([[0, 11, 25, 40]]), "second": np.array([[1, 22, 27, 50]])}
    assert topographic_error(p, run) == pytest.approx([0.25])
