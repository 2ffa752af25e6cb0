"""Changes of a map whose size is known."""

from math import isnan

import numpy as np
import pytest

from cortex.analysis.map_change import border, border_shift, expansion, magnification, return_fraction


def test_expansion_is_after_over_before() -> None:
    assert expansion(0.4, 1.0) == pytest.approx(2.5)
    assert isnan(expansion(0.0, 1.0))


@pytest.mark.parametrize(("end", "fraction"), [(2.5, 0), (1.45, 0.7), (1, 1), (0.7, 1.2)])
def test_return_fraction(end: float, fraction: float) -> None:
    assert return_fraction(peak=2.5, end=end) == pytest.approx(fraction)


def test_magnification_is_cortex_per_skin() -> None:
    assert magnification([0.3, 0.1], [0, 1, 0], [10.0, 5.0, 20.0]) == pytest.approx([0.01, 0.02])


def test_border_of_a_clean_map_lies_between_its_zones() -> None:
    assert border([1, 1, 2, 2, 3], [0.0, 0.1, 0.2, 0.3, 0.4], 1, 2) == pytest.approx(0.15)


def test_border_outvotes_a_stray_site() -> None:
    digits = [1, 2, 1, 1, 1, 2, 2, 2]
    assert border(digits, np.arange(8) / 10, 1, 2) == pytest.approx(0.45)


def test_border_between_equally_good_cuts_is_their_mean() -> None:
    assert border([1, 2, 1, 2], [0.0, 0.1, 0.2, 0.5], 1, 2) == pytest.approx((0.05 + 0.35) / 2)


def test_border_over_a_gap_of_other_digits_lies_in_its_middle() -> None:
    assert border([1, 1, 0, 0, 2], [0.0, 0.1, 0.2, 0.3, 0.5], 1, 2) == pytest.approx(0.3)


@pytest.mark.parametrize("direction", [1, -1])
def test_border_shift_is_positive_towards_the_loser_whichever_way_digits_run(direction: int) -> None:
    columns = np.tile(np.arange(10), 3)  # three rows of a sheet
    pre, post = np.where(columns < 5, 1, 2), np.where(columns < 7, 1, 2)
    position = direction * 0.1 * columns
    assert border_shift(pre, post, position, trained=1, neighbour=2) == pytest.approx(0.2)
    assert border_shift(pre, post, position, trained=2, neighbour=1) == pytest.approx(-0.2)
