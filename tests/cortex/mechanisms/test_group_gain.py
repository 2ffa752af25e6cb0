"""The pooled gain: where it goes and how fast, what it takes as usual, and what ties the copies of a group."""

import numpy as np
import pytest
from brian2 import mV

TRIALS, STEPS = 240, 50
GROWN = 40
"""Trial from which on idle cells take part."""

ADAPTATION = 0.03
USUAL = 6.5 * 2 * np.log(1 + np.exp((24 - 8) / 2)) * 0.05
"""Spikes of one cell in a trial of 50 ms under 24 mV; twice as many under 40 mV."""


@pytest.fixture(scope="module")
def held(learners, wiring):
    """A group of two and one of four, each one target and idle cells, while six afferents fire five times a trial."""
    late, fire = np.arange(TRIALS) >= 120, np.zeros((TRIALS * STEPS, 24))
    fire[::10, :6] = 1
    twice = fire.copy()
    twice[120 * STEPS :: 10, 6:12] = 1
    base = {"fire": fire, "injection": 24 * mV, "holding": 1.0, "cell.phase": [0, 0.5, 0, 0.25, 0.5, 0.75]}
    base |= {"cell.usual_count": USUAL, "cell.usual_afferent_count": 30.0, "cell.adaptation": ADAPTATION}
    base |= {"cell.established": [1, 0, 1, 0, 0, 0], "awake": 0.0, **wiring([0, 0, 1, 1, 1, 1])}
    expanding = base | {"awake": np.arange(TRIALS) >= GROWN, "imposed": np.where(np.arange(TRIALS) >= 230, 0.7, 0)}
    stronger = {"injection": np.where(late, 40, 24) * mV}
    untaught = {"cell.usual_count": 1.0, "cell.usual_afferent_count": 1.0, "cell.gain": 0.5}
    return learners(
        expanding=expanding,
        not_held=expanding | {"holding": 0.0, "imposed": 0.0},
        more_use=base | stronger | {"fire": twice},
        more_firing=base | stronger,
        starved=base | {"injection": 16 * mV, "cell.gain": 0.5},
        abrupt=base | {"cell.usual_count": 0.5, "cell.adaptation": 1.0},
        calibrated=base | untaught | {"calibrating": ~late, "holding": late},
    )


@pytest.fixture(scope="module")
def learning(learners, wiring):
    """Two groups of three equal copies learn at random answers; one of the second group sleeps."""
    rng = np.random.default_rng(4)
    base = {
        "fire": rng.random((TRIALS * STEPS, 24)) < 0.04,
        "injection": 5 * mV,
        "cell.noise": 1 * mV,
        "learning": 0.05,
    }
    base |= {"w": np.repeat(rng.normal(0.3, 0.1, (24, 2)), 3, axis=1).ravel(), "answer": rng.choice([-1, 1], TRIALS)}
    base |= {
        "cell.readout_weight": [0.25] * 3 + [-0.25] * 3,
        "cell.phase": rng.random(6),
        "cell.gain": 1 / 3,
        "learning": 0.05,
    }
    base |= {"cell.established": [1, 1, 1, 1, 1, 0], "awake": 0.0, **wiring([0, 0, 0, 1, 1, 1])}
    base |= {"cell.usual_count": 2.0, "cell.usual_afferent_count": 48.0, "cell.adaptation": 0.01}
    return learners(
        tied=base | {"coupling": 1.0},
        untied=base,
        held_but_untied=base | {"holding": 1.0},
        exact=base | {"cell.noise": 0 * mV},
    )


def weights(run) -> np.ndarray:
    """Give the weights before each trial, shape (trial, afferent, cell)."""
    return run["synapses.w"].reshape(TRIALS, 24, 6)


def test_the_gain_of_equal_copies_goes_to_one_kth(held) -> None:
    gain = held["expanding"]["trials.gain"][220:230]
    assert gain[:, :2].mean() == pytest.approx(1 / 2, rel=0.03)
    assert gain[:, 2:].mean() == pytest.approx(1 / 4, rel=0.03)
    assert np.array_equal(gain[:, 2], gain[:, 5])


@pytest.mark.parametrize(("k", "cells"), [(2, slice(0, 2)), (4, slice(2, 6))])
def test_the_total_returns_after_an_abrupt_copy_as_its_equation_says(held, k, cells) -> None:
    """The gain falls by adaptation*(T - 1) a trial, where the total T is K times the gain."""
    run = held["expanding"]
    trial = np.arange(180)
    expected = 1 + (k - 1) * np.exp(-k * ADAPTATION * trial)
    total = run["trials.count"][GROWN + 1 : GROWN + 181, cells].sum(axis=1) / USUAL
    gain = k * run["trials.gain"][GROWN + 1 : GROWN + 181, cells.start]
    np.testing.assert_allclose(gain, expected, rtol=0.05)
    np.testing.assert_allclose(total.reshape(-1, 10).mean(axis=1), expected.reshape(-1, 10).mean(axis=1), rtol=0.05)
    assert run["trials.count"][1 : GROWN + 1, cells].sum() / USUAL / GROWN == pytest.approx(1, rel=0.01)


def test_without_a_hold_the_total_is_k_times_the_old_one(held) -> None:
    run = held["not_held"]
    assert (run["trials.gain"] == 1).all()
    grown = run["trials.count"][GROWN + 1 :] / USUAL
    assert grown[:, :2].sum(axis=1).mean() == pytest.approx(2, rel=0.01)
    assert grown[:, 2:].sum(axis=1).mean() == pytest.approx(4, rel=0.01)


def test_an_imposed_gain_replaces_the_one_that_was_found(held) -> None:
    gain = held["expanding"]["trials.gain"]
    assert gain[230, 0] == pytest.approx(0.5, rel=0.03)
    assert (gain[231:] == 0.7).all()


def test_more_use_is_no_surplus_but_more_firing_is(held) -> None:
    """Twice the spikes are what twice the afferent spikes let expect."""
    used, fired = (held[name]["trials.gain"][:, 0] for name in ("more_use", "more_firing"))
    assert held["more_use"]["trials.count"][200:, 0].mean() == pytest.approx(2 * USUAL, rel=0.03)
    assert used[121:] == pytest.approx(1, abs=0.03)
    assert fired[:120] == pytest.approx(1, abs=0.03)
    assert fired[-10:].mean() == pytest.approx(0.5, rel=0.03)


def test_the_gain_of_a_group_that_fires_too_little_rises_to_1_and_no_further(held) -> None:
    gain = held["starved"]["trials.gain"]
    assert (np.diff(gain[gain[:, 0] < 1, 0])[1:] > 0).all()
    assert (gain[-20:, 0] == 1).all()
    assert max(run["trials.gain"].max() for run in held.values()) == 1


def test_the_gain_changes_by_a_tenth_in_a_trial_at_most_and_stays_above_0(held) -> None:
    gain = held["abrupt"]["trials.gain"][:, 0]
    np.testing.assert_allclose(gain[1:8], 1 - 0.1 * np.arange(7))
    assert (gain >= 0).all()


def test_what_is_usual_is_learned_while_calibrating_and_held_afterwards(held) -> None:
    run = held["calibrated"]
    usual = USUAL / 2 + (1 - USUAL / 2) * 0.9 ** np.arange(120)
    np.testing.assert_allclose(run["trials.usual_count"][1:121, 0], usual, rtol=0.15)
    assert np.ptp(run["trials.usual_count"][121:, 0]) == 0
    assert (run["trials.gain"][:121] == 0.5).all()
    assert run["trials.gain"][121:, [0, 2]] == pytest.approx(0.5, rel=0.05)


def test_group_counts_and_afferent_counts_are_of_the_trial(held) -> None:
    run = held["expanding"]
    count, total = run["trials.count"][1:], run["trials.group_count"][1:]
    assert np.array_equal(total[:, 0], count[:, :2].sum(axis=1))
    assert np.array_equal(total[:, 5], count[:, 2:].sum(axis=1))
    assert (run["trials.afferent_count"][1:] == 30).all()


def test_a_coupled_group_has_the_mean_sensitivity_of_those_who_take_part(learning) -> None:
    """When eligibilities are summed; what a cell hears of its group may be a step old."""
    heard = np.arange(1, TRIALS * STEPS // 10) * 10
    own, common = (learning["tied"][f"membranes.{name}"] for name in ("sensitivity", "coupled_sensitivity"))
    for cells, awake in ((slice(0, 3), slice(0, 3)), (slice(3, 6), slice(3, 5))):
        now, before = (own[at][:, awake].mean(axis=1, keepdims=True) for at in (heard, heard - 1))
        found = common[heard][:, cells]
        assert (np.isclose(found, now, rtol=1e-9) | np.isclose(found, before, rtol=1e-9)).all()
    assert own[:, 5].max() == 0
    untied = [learning["untied"][f"membranes.{name}"][heard] for name in ("sensitivity", "coupled_sensitivity")]
    np.testing.assert_allclose(*untied, rtol=1e-9)


def test_copies_that_share_their_update_stay_tied_and_others_part(learning) -> None:
    """Theory: a gain per copy does not tie copies, and exact copies without noise of their own never part."""
    for name, together in (("tied", True), ("untied", False), ("held_but_untied", False), ("exact", True)):
        w = weights(learning[name])
        assert np.abs(w[-1] - w[0]).max() > 0.02, name
        assert np.array_equal(w[-1][:, 0], w[-1][:, 2]) == together, name
        assert not np.array_equal(w[-1][:, 0], w[-1][:, 3]), name
    spikes = learning["tied"]["trials.count"]
    assert not np.array_equal(spikes[:, 0], spikes[:, 2])  # tied are the weights, not the spikes
