"""Where the afferents lie, and how they answer to flat, moving and ridged surfaces."""

from collections.abc import Callable

import numpy as np
import pytest
from brian2 import NeuronGroup, StateMonitor, TimedArray, ms
from scipy.special import ive

from cortex.mechanisms.skin import (
    DIGITS,
    DISTAL,
    HAND,
    PHALANGES,
    STIMULUS,
    Afferents,
    Receptors,
    receptors,
    skin_afferents,
)
from cortex.mechanisms.skin_rates import moving, pressed

SLOT = 50 * ms
TIP = HAND.length - HAND.phalanges[DISTAL] / 2


@pytest.fixture
def touched(set_parameters, run) -> Callable[..., tuple[Receptors, np.ndarray]]:
    """Afferents of the hand and their rates, Hz, shape (afferent, time), sampled every 2 ms."""

    def feel(p: Afferents, slots: int, **stimulus: float | np.ndarray) -> tuple[Receptors, np.ndarray]:
        skin = receptors(p)
        laid = {name: np.zeros((slots, DIGITS)) for name in STIMULUS}
        for name, value in ({"radius": 4.0, "contact_y": TIP} | stimulus).items():
            laid[name] += value
        arrays = {name: TimedArray(value, dt=SLOT, name=name) for name, value in laid.items()}
        group: NeuronGroup = skin_afferents(len(skin.x), p.equations()["afferents"], "", arrays, SLOT)
        set_parameters(group, p)
        group.x, group.y, group.digit, group.slowly_adapting = skin.x, skin.y, skin.digit, skin.slowly_adapting
        monitor = StateMonitor(group, "rate", record=True, dt=2 * ms, name="rates")
        run(slots * 50, group, monitor)
        return skin, np.array(monitor.rate)

    return feel


def envelope(skin: Receptors, radius: float, x: float = 0.0, y: float = TIP) -> np.ndarray:
    return np.exp(-((skin.x - x) ** 2 + (skin.y - y) ** 2) / (2 * radius**2))


def test_the_afferents_have_the_published_densities() -> None:
    skin = receptors(Afferents())
    phalanx = HAND.phalanx(skin.y)
    for slow, (tip, finger) in enumerate(((140, 40), (70, 30))):  # RA, SA1, per cm^2
        for digit in range(DIGITS):
            for p, length in enumerate(HAND.phalanges):
                here = (skin.digit == digit) & (phalanx == p) & (skin.slowly_adapting == slow)
                expected = (tip if p == DISTAL else finger) * HAND.width * length / 100
                assert abs(here.sum() - expected) <= 0.5, (slow, digit, p)


def test_the_afferents_are_spread_evenly_over_the_digits() -> None:
    skin = receptors(Afferents())
    assert np.abs(skin.x).max() <= HAND.width / 2
    assert skin.y.min() >= 0
    assert skin.y.max() <= HAND.length
    pad = (skin.digit == 1) & (skin.y > HAND.joints[DISTAL]) & (skin.slowly_adapting == 0)
    quarters = np.histogram2d(skin.x[pad], skin.y[pad] - TIP, bins=[[-2.5, 0, 2.5], [-3, 0, 3]])[0]
    assert quarters.sum() == pad.sum() == 42
    assert np.ptp(quarters) <= 4
    places = np.stack([skin.digit, skin.x, skin.y], axis=1)
    assert len(np.unique(places, axis=0)) == len(places)


def test_the_hand_is_divided_at_its_joints() -> None:
    assert HAND.phalanx(np.array([0, 8.9, 9, 15.9, 16, 22])).tolist() == [0, 0, 1, 1, 2, 2]
    assert len(HAND.phalanges) == PHALANGES


def test_untouched_skin_is_at_its_background_rate(touched) -> None:
    _, rates = touched(Afferents(), 2, depth=0.0)
    np.testing.assert_allclose(rates, 0.5)


def test_slow_afferents_follow_a_flat_surface_and_rapid_ones_its_onset(touched) -> None:
    """RA afferents fire ``ra_gain`` times the indentation in all; SA1 ones settle at ``sa1_gain`` times it."""
    skin, rates = touched(Afferents(ra_gain=2.0), 4, depth=1.5)
    slow = skin.slowly_adapting == 1
    pressed = 1.5 * envelope(skin, 4.0)
    np.testing.assert_allclose(rates[slow, -1], 0.5 + 50 * pressed[slow])
    np.testing.assert_allclose(rates[~slow, -1], 0.5, atol=1e-6)
    evoked = (rates[~slow] - 0.5).sum(axis=1) * 0.002
    np.testing.assert_allclose(evoked, 2.0 * pressed[~slow], rtol=1e-6)


def test_rapid_afferents_answer_to_withdrawal_as_to_indentation(touched) -> None:
    depth = np.repeat([1.0, 0.0], 4)[:, None]
    skin, rates = touched(Afferents(), 8, depth=depth)
    rapid = skin.slowly_adapting == 0
    on, off = np.split(rates[rapid] - 0.5, 2, axis=1)
    np.testing.assert_allclose(off, on, atol=1e-6)
    assert on.max() > 50


def test_only_the_touched_digit_answers(touched) -> None:
    skin, rates = touched(Afferents(), 2, depth=np.array([0, 0, 1, 0, 0]))
    answers = rates.mean(axis=1) > 0.5 + 1e-9
    assert answers[skin.digit == 2].any()
    assert not answers[skin.digit != 2].any()


def test_a_digit_without_its_nerve_is_silent_whatever_touches_it(touched) -> None:
    skin, rates = touched(Afferents(), 2, depth=1.0, severed=np.array([0, 0, 1, 0, 0]))
    assert rates[skin.digit == 2].max() < 1e-5
    assert rates[skin.digit != 2].min() > 0.4


def test_a_contact_travels_within_a_slot(touched) -> None:
    """At the end of a slot the contact has moved by its velocity times 50 ms."""
    p = Afferents(skin_time_constant=1 * ms)
    skin, rates = touched(p, 1, depth=1.0, radius=1.0, velocity_x=40.0, velocity_y=-60.0)
    slow = (skin.slowly_adapting == 1) & (envelope(skin, 1.0) > 0.1)
    lag = 1 * ms / (2 * ms)  # of the skin behind the surface, in samples
    arrived = envelope(skin, 1.0, 40 * 0.048, TIP - 60 * 0.048)
    np.testing.assert_allclose(rates[slow, -1], 0.5 + 50 * arrived[slow], atol=50 * 0.1 * lag)


@pytest.fixture
def disc(touched) -> Callable[..., tuple[float, float]]:
    """Mean rates of the SA1 and RA afferents of the fingertips under ridges that pass `frequency` times a second."""

    def rotate(p: Afferents, frequency: float) -> tuple[float, float]:
        slots = 24
        wave = {"wave_y": 2 * np.pi / 6.0, "wave_frequency": 2 * np.pi * frequency}
        phase = 2 * np.pi * frequency * 0.05 * np.arange(slots)[:, None]
        skin, rates = touched(p, slots, depth=1.0, ridged=1.0, wave_phase=phase, **wave)
        settled = rates[:, 100:].mean(axis=1)  # after 200 ms, over 10 or more ridges
        tip, slow = skin.y > HAND.joints[DISTAL], skin.slowly_adapting == 1
        return settled[tip & slow].mean(), settled[tip & ~slow].mean()

    return rotate


def test_slow_afferents_take_the_mean_of_the_ridges(disc) -> None:
    """The mean of the von Mises profile exp(k*(cos - 1)) is exp(-k)*I0(k), whatever the speed."""
    p = Afferents()
    skin = receptors(p)
    tip = (skin.y > HAND.joints[DISTAL]) & (skin.slowly_adapting == 1)
    expected = 0.5 + 50 * envelope(skin, 4.0)[tip].mean() * ive(0, p.ridge_sharpness)
    for frequency in (5.0, 10.0, 20.0):
        assert disc(p, frequency)[0] == pytest.approx(expected, rel=0.02)


def test_rapid_afferents_count_the_ridges(disc) -> None:
    """A slow ridge indents fully, up and down; a fast one less because the skin lags."""
    p = Afferents(skin_time_constant=1 * ms)
    skin = receptors(p)
    tip = (skin.y > HAND.joints[DISTAL]) & (skin.slowly_adapting == 0)
    indented = envelope(skin, 4.0)[tip].mean() * (1 - np.exp(-2 * p.ridge_sharpness))
    assert disc(p, 5.0)[1] == pytest.approx(0.5 + 2 * 1.2 * indented * 5, rel=0.03)
    lagging = Afferents()
    assert disc(lagging, 20.0)[1] < 2 * disc(lagging, 10.0)[1] < 4 * disc(lagging, 5.0)[1]


DISC = {"ridged": 1.0, "wave_x": 0.6, "wave_y": 0.8, "wave_frequency": 2 * np.pi * 10, "wave_phase": 1.0}


@pytest.mark.parametrize("surface", [DISC, {"velocity_x": 30.0, "velocity_y": -25.0}])
def test_rates_without_a_simulation_are_those_of_a_moment_of_it(touched, surface) -> None:
    p = Afferents()
    skin, rates = touched(p, 1, depth=1.25, radius=2.5, **surface)
    laid = {name: np.zeros(DIGITS) for name in STIMULUS}
    for name, value in ({"depth": 1.25, "radius": 2.5, "contact_y": TIP} | surface).items():
        laid[name] += value
    moment = moving(p, skin, laid, since=0.046)
    assert moment.shape == (DIGITS, len(skin.x))
    assert rates[:, 23].max() > 30
    np.testing.assert_allclose(moment[0], rates[:, 23], atol=0.03 * rates[:, 23].max())


def test_mean_rates_of_a_press_are_those_of_the_simulation(touched) -> None:
    skin, rates = touched(Afferents(), 8, depth=np.repeat([1.5, 0.0], 4)[:, None], radius=0.8)
    laid = {name: np.zeros(1) for name in STIMULUS} | {"contact_y": np.array([TIP])}
    mean = pressed(Afferents(), skin, laid | {"depth": np.array([1.5]), "radius": np.array([0.8])}, 0.2)[0]
    spikes = (rates - 0.5).sum(axis=1) * 0.002
    np.testing.assert_allclose((mean - 0.5) * 0.2, spikes, atol=1e-4)
