"""What is laid over normal use, on which digits and when."""

import numpy as np
import pytest

from cortex.errors import UsageError
from cortex.mechanisms.skin import HAND, STIMULUS
from models.finger_area.protocol import CONTACT_SLOTS, SLOT, contacts
from models.finger_area.touches import TIP, Disc, Fused, Severed, Taps, Vibration, in_bout

SLOTS = 400


@pytest.fixture(scope="module")
def normal(p):
    return contacts(p, np.random.default_rng(3), SLOTS, disc=False)


def laid(p, stimulus, normal):
    return stimulus(p, np.random.default_rng(3), normal)


@pytest.mark.parametrize("stimulus", [Disc(), Severed((2, 3)), Vibration((2, 3)), Taps((2, 3), (0, 4)), Fused((2, 3))])
def test_other_digits_are_used_as_before(p, normal, stimulus) -> None:
    touches = laid(p, stimulus, normal)
    assert set(touches) == set(STIMULUS)
    for name in STIMULUS:
        np.testing.assert_array_equal(touches[name][:, [0, 3, 4]], normal[name][:, [0, 3, 4]], err_msg=name)
    assert (touches["radius"] > 0).all()


def test_the_disc_touches_as_many_digits_and_as_much_skin_as_it_is_told(p, normal) -> None:
    touches = laid(p, Disc((4,), 1.3), normal)
    on = touches["ridged"] > 0
    assert on[:, 3].any() and not on[:, :3].any()
    assert set(touches["radius"][on]) == {1.3}
    np.testing.assert_array_equal(laid(p, Disc(), normal)["ridged"].any(axis=0), [False, True, True, False, False])


def test_a_digit_without_its_nerve_is_not_touched_and_silent(p, normal) -> None:
    touches = laid(p, Severed((3,)), normal)
    assert not touches["depth"][:, 2].any()
    np.testing.assert_array_equal(touches["severed"].any(axis=0), [False, False, True, False, False])
    assert touches["severed"][:, 2].all()


def test_a_vibration_goes_up_and_down_at_one_place_in_bouts(p, normal) -> None:
    touches = laid(p, Vibration((2,), frequency=20), normal)
    bout = in_bout(p, SLOTS)
    assert 0 < bout.mean() < 1
    np.testing.assert_array_equal(touches["depth"][:, 1] > 0, bout)
    assert set(touches["contact_y"][bout, 1]) == {TIP}
    assert not touches["velocity_x"][bout, 1].any()
    turns = touches["wave_frequency"][bout, 1] / (2 * np.pi)
    assert set(turns) == {20}
    later = (touches["wave_phase"][0, 1] + 2 * np.pi * 20 * float(SLOT)) % (2 * np.pi)
    assert touches["wave_phase"][1, 1] == pytest.approx(later)


@pytest.mark.parametrize("shift", [0, 2, 4])
def test_taps_follow_each_other_by_their_shift(p, normal, shift) -> None:
    depth = laid(p, Taps((2, 3), (0, shift), cycle=8, press=2), normal)["depth"] > 0
    within = np.flatnonzero(in_bout(p, SLOTS))[:16]
    first, second = depth[within, 1], depth[within, 2]
    assert first.sum() == 4
    np.testing.assert_array_equal(np.roll(first, shift), second)


def test_a_touch_of_fused_digits_goes_on_over_the_border(p, normal) -> None:
    touches = laid(p, Fused((2, 3)), normal)
    for name in set(STIMULUS) - {"contact_x"}:
        np.testing.assert_array_equal(touches[name][:, 1], touches[name][:, 2], err_msg=name)
    on = touches["depth"][:, 1] > 0
    assert on.mean() == pytest.approx(p.training.use, abs=0.1)
    apart = touches["contact_x"][on, 1] - touches["contact_x"][on, 2]
    np.testing.assert_allclose(apart, HAND.width)
    new = np.arange(SLOTS) % CONTACT_SLOTS == 0
    middle = touches["contact_x"][on & new, 1] - HAND.width / 2
    assert middle.min() < -HAND.width / 2 and middle.max() > HAND.width / 2


@pytest.mark.parametrize(
    ("stimulus", "values", "told"),
    [
        (Taps, ((2, 3), (0,)), "shifts = (0,): a tuple of whole numbers, one for each digit, each from 0 to cycle - 1"),
        (Taps, ((2, 3), (0, 8)), "shifts = (0, 8): a tuple"),
        (Taps, ((2,), (0,), 8, 9), "press = 9: a whole number of slots, 1 to cycle"),
        (Taps, ((2,), (0,), 0), "cycle = 0: a whole number of slots, 1 or more"),
        (Vibration, ((2,), float("nan")), "frequency = nan: a plain number, 0.1 to 250 Hz"),
        (Vibration, ((2,), 20.0, 0.0), "radius = 0.0: a plain number, 0.1 to 20 mm"),
        (Vibration, ((2,), 20.0, 1.0, 99.0), "place = 99.0: a plain number, 0 to "),
        (Vibration, ((2,), 20.0, 1.0, 5.0, -1.0), "depth = -1.0: a plain number, 0 to 10 ridges"),
        (Severed, ((9,),), "digits = (9,): a tuple of digits, each once, 1 (thumb) to 5"),
        (Severed, ((),), "digits = (): a tuple of digits, each once"),
        (Severed, (3,), "digits = 3: a tuple of digits"),
        (Fused, ((2, 4),), "digits = (2, 4): two neighbours, (1, 2) to (4, 5)"),
        (Disc, ((2,), 0.0), "radius = 0.0: a plain number, 0.5 to 20 mm"),
        (Disc, ((2, 2),), "digits = (2, 2): a tuple of digits, each once, 1 (thumb) to 5, or () for those trained"),
    ],
)
def test_what_is_no_touch_is_refused_with_what_is_allowed(stimulus, values, told) -> None:
    with pytest.raises(UsageError) as refused:
        stimulus(*values)
    [problem] = refused.value.problems
    assert problem.startswith(told)
