import numpy as np
import pytest
from matplotlib.path import Path


@pytest.mark.parametrize("digit", range(5))
def test_the_middle_line_keeps_its_length_and_the_base_its_place(hand, digit):
    base, tip = hand.to_page(digit, 0, [0, hand.length(digit)])
    assert np.linalg.norm(tip - base) == pytest.approx(hand.length(digit))
    assert base == pytest.approx(hand.base(digit))


def test_the_thumb_of_a_right_hand_seen_from_the_palm_is_on_the_right(hand):
    tips = np.array([hand.to_page(digit, 0, hand.length(digit)) for digit in range(5)])
    assert np.all(np.diff(tips[:, 0]) < 0)


@pytest.mark.parametrize("digit", range(5))
def test_positive_x_faces_the_little_finger(hand, digit):
    radial, ulnar = hand.to_page(digit, [-1, 1], 3)
    assert ulnar[0] < radial[0]


@pytest.mark.parametrize("digit", range(4))
def test_digits_do_not_overlap_on_the_page(rim, digit):
    assert not Path(rim(digit)).intersects_path(Path(rim(digit + 1)), filled=True)


def test_no_skin_folds_over_on_the_page(hand):
    half, length = hand.widths_mm[2] / 2, hand.length(2)
    x, y = np.meshgrid(np.linspace(-half, half, 21), np.linspace(0, length, 81))
    page = hand.to_page(2, x, y)
    across, along = np.diff(page, axis=1)[1:], np.diff(page, axis=0)[:, 1:]
    turn = across[..., 0] * along[..., 1] - across[..., 1] * along[..., 0]
    assert np.all(turn < 0)  # x runs to the left: one orientation everywhere


def test_the_area_of_a_gaussian_field_is_the_closed_form(hand, gaussian_field):
    sigma = 1.0
    area = gaussian_field(1, (0, 10), sigma).area_mm2(hand)
    assert area == pytest.approx(2 * np.pi * np.log(2) * sigma**2, rel=0.1)


def test_a_field_at_the_rim_loses_what_lies_beyond_it(hand, gaussian_field):
    sigma = 1.0
    area = gaussian_field(1, (hand.widths_mm[1] / 2, 10), sigma).area_mm2(hand)
    assert area == pytest.approx(np.pi * np.log(2) * sigma**2, rel=0.1)


@pytest.mark.parametrize(("y", "phalanx"), [(4, 0), (12, 1), (18, 2)])
def test_a_field_belongs_to_the_patch_under_its_strongest_probe(hand, gaussian_field, y, phalanx):
    assert gaussian_field(1, (0, y), 1).patch(hand) == 3 + phalanx
