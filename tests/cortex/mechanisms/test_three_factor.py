"""Local rules of the learner: eligibility, weights and readout step by step, exact splits, and copying a teacher."""

import numpy as np
import pytest
from brian2 import ms

from cortex.mechanisms.three_factor import INTERVAL

TRIALS, STEPS = 240, 50
EVERY = round(INTERVAL / ms)
"""Eligibilities are summed every so many steps of 1 ms."""

PLACES = np.random.default_rng(5).permuted(np.tile(np.arange(4), (TRIALS // 4, 1)), axis=1).ravel()
"""Where each trial's touch is, every place once in four trials."""

HELD = np.repeat(PLACES[: TRIALS // 4], 4)
"""The same for touches that last four trials each, since copies learn from what their teacher did just before."""

SEASONED = 10
"""Trials by which each cell has fired: whether a spike is lost is drawn with the one before, and the first is."""

COPIED = 180
"""Trials of copying."""


def touches(places: np.ndarray, seed: int) -> np.ndarray:
    """Draw the spikes of 24 afferents under the touches, shape (step, afferent)."""
    rate = 5 + 95 * np.exp(-((np.arange(24) - 6 * places[:, None] - 2.5) ** 2) / (2 * 3.0**2))
    return np.random.default_rng(seed).random((TRIALS * STEPS, 24)) < np.repeat(rate, STEPS, axis=0) * 1e-3


def weights(run) -> np.ndarray:
    """Give the weights before each trial, shape (trial, afferent, cell)."""
    return run["synapses.w"].reshape(TRIALS, 24, 6)


def cosine(a: np.ndarray, b: np.ndarray) -> float:
    return float(a @ b / np.sqrt(a @ a * (b @ b)))


@pytest.fixture(scope="module")
def learning(learners, wiring):
    """Different cells learn at answers about the touches; not from trial 200 on."""
    rng, on = np.random.default_rng(6), np.arange(TRIALS) < 200
    base = {
        "fire": touches(PLACES, 7),
        "w": rng.uniform(0, 1.5, 24 * 6),
        "answer": np.where(np.roll(PLACES, 1) < 2, 1, -1),
    }
    base |= {"cell.readout_weight": [0.3, 0.2, 0.1, -0.1, -0.2, -0.3], "cell.gain": [1, 0.8, 0.6, 0.5, 0.4, 0.2]}
    base |= {"learning": 0.02 * on, "bias_rate": 0.01 * on, "cell.phase": rng.random(6)}
    broadcast = base | {"delta": 0.003 * on, "transmission": 0.5, **wiring([0, 0, 1, 1, 1, 2])}
    return learners(
        broadcast=broadcast,
        gradient=broadcast | {"cell.credit_exponent": 1.0},
        limited=base | {"learning": 5.0, "cell.maximum_weight": 2.0},
        lossy=base | {"reliability": 0.25, "learning": 0.0, "bias_rate": 0.0},
    )


@pytest.fixture(scope="module")
def split(learners, wiring):
    """Three cells, each alone or with an exact copy, both passing on half of their spikes' weight."""
    rng = np.random.default_rng(8)
    single = {
        "fire": touches(PLACES, 9),
        "w": np.repeat(rng.uniform(0, 1.5, (24, 3)), 2, axis=1).ravel(),
        "bias_rate": 0.01,
    }
    single |= {"answer": np.where(np.roll(PLACES, 1) < 2, 1, -1), "cell.phase": np.repeat(rng.random(3), 2)}
    single |= {
        "cell.readout_weight": np.repeat([0.25, -0.25, 0.5], 2),
        "cell.established": [1, 0, 1, 0, 1, 0],
        "awake": 0.0,
    }
    single |= {"learning": 0.02, "coupling": 1.0, **wiring([0, 0, 1, 1, 2, 2])}
    copies, still = {"awake": 1.0, "transmission": 0.5}, {"learning": 0.0, "bias_rate": 0.0}
    return learners(
        single=single,
        gradient_at_twice_the_rate=single | copies | {"cell.credit_exponent": 1.0, "learning": 0.04},
        gradient_at_the_same_rate=single | copies | {"cell.credit_exponent": 1.0},
        gradient_single_at_half_the_rate=single | {"cell.credit_exponent": 1.0, "learning": 0.01},
        broadcast_at_the_same_rate=single | copies,
        still=single | still,
        undivided=single | {"awake": 1.0} | still,
    )


@pytest.fixture(scope="module")
def copying(learners, wiring):
    """Two targets with rough fields, each with two idle cells, which copy their target or that of the other group."""
    rng = np.random.default_rng(6)
    place, centre = np.arange(24)[:, None], np.array([7, 16])
    fields = 1.5 * np.exp(-((place - centre) ** 2) / (2 * 4.0**2)) * (1 + 0.3 * rng.standard_normal((24, 2)))
    w = np.zeros((24, 6))
    w[:, [0, 3]] = fields
    base = {"fire": touches(HELD, 7), "w": w.ravel(), "cell.novice": [0, 1, 1, 0, 1, 1], "cell.copying_rate": 0.015}
    base |= {"copying": np.arange(TRIALS) < COPIED, "cell.phase": rng.random(6)}
    groups, nobody = [0, 0, 0, 1, 1, 1], 9
    return learners(
        target=base | wiring(groups, [nobody, 0, 0, nobody, 3, 3]),
        shuffled=base | wiring(groups, [nobody, 3, 3, nobody, 0, 0]),
        untaught=base | wiring(groups),
    )


def test_eligibility_is_the_mean_over_the_trial_of_trace_times_sensitivity(learning) -> None:
    run = learning["broadcast"]
    both = run["traces.trace"][:, :, None] * run["membranes.coupled_sensitivity"][:, None, :]
    eligibility = run["synapses.eligibility"].reshape(TRIALS, 24, 6)[1:]
    sampled = both[EVERY : (TRIALS - 1) * STEPS + 1 : EVERY].reshape(TRIALS - 1, STEPS // EVERY, 24, 6)
    np.testing.assert_allclose(eligibility, sampled.mean(axis=1), rtol=1e-9, atol=1e-15)
    every_step = both[: (TRIALS - 1) * STEPS].mean(axis=0)
    np.testing.assert_allclose(eligibility.mean(axis=0), every_step, rtol=0.05)
    assert eligibility.max() > 1


@pytest.mark.parametrize("form", ["broadcast", "gradient"])
def test_weights_change_by_error_times_credit_times_eligibility(learning, form) -> None:
    """The credit is the readout weight, in the gradient form times how much of a spike reaches the readout."""
    run, now = learning[form], np.arange(1, TRIALS - 1)
    error, a, w = run["answers.error"][:, 0], run["trials.readout_weight"], weights(run)
    eligibility = run["synapses.eligibility"].reshape(TRIALS, 24, 6)
    credit = a[now + 1] * (0.5 * run["trials.gain"][now] if form == "gradient" else 1)
    expected = 0.02 * (now < 200)[:, None, None] * (error[now + 1, None] * credit)[:, None, :] * eligibility[now]
    np.testing.assert_allclose(w[now + 1] - w[now], expected, rtol=1e-6, atol=1e-12)
    assert np.abs(expected).max() > 1e-3
    assert np.array_equal(w[200], w[239])  # once the gate is closed nothing changes


def test_the_error_is_what_the_readout_lacks_of_the_answer(learning) -> None:
    run, now = learning["broadcast"], np.arange(1, TRIALS - 1)
    evidence, bias, error = (run[f"answers.{name}"][:, 0] for name in ("evidence", "bias", "error"))
    sent = 0.5 * (run["trials.readout_weight"] * run["trials.count"]).sum(axis=1)
    np.testing.assert_allclose(evidence[SEASONED:], sent[SEASONED:], atol=1e-12)
    np.testing.assert_allclose(error[now + 1], np.where(PLACES[now - 1] < 2, 1, -1) - evidence[now] - bias[now])
    np.testing.assert_allclose(bias[now + 1] - bias[now], 0.01 * (now < 200) * error[now + 1], atol=1e-12)
    assert np.abs(evidence).max() > 0.5


def test_the_readout_learns_by_the_delta_rule(learning) -> None:
    """A cell's weight changes with the spikes of its whole group, so that it is the same for copies."""
    run, now = learning["broadcast"], np.arange(1, TRIALS - 1)
    a, count, error = run["trials.readout_weight"], run["trials.count"], run["answers.error"]
    group = np.stack([count[:, [0, 1]].sum(axis=1)] * 2 + [count[:, 2:5].sum(axis=1)] * 3 + [count[:, 5]], axis=1)
    expected = 0.003 * (now < 200)[:, None] * error[now + 1] * group[now]
    np.testing.assert_allclose(a[now + 1] - a[now], expected, atol=1e-12)
    assert np.abs(a[-1] - a[0]).max() > 0.01
    assert (
        learning["lossy"]["trials.readout_weight"] == learning["lossy"]["trials.readout_weight"][0]
    ).all()  # its gate is closed


def test_weights_stay_within_their_limit(learning) -> None:
    w = weights(learning["limited"])
    assert (w.min(), w.max()) == (-2, 2)


def test_spikes_are_lost_at_random_on_the_way_to_the_readout(learning) -> None:
    """Counts of those that arrive are binomial: of the mean share, and no two trials alike."""
    run = learning["lossy"]
    a, count, evidence = run["trials.readout_weight"][0], run["trials.count"], run["answers.evidence"][:, 0]
    lost = evidence - 0.25 * count @ a
    variance = 0.25 * 0.75 * count @ a**2
    assert count.sum() > 1000
    assert abs(lost.sum()) < 3.5 * np.sqrt(variance.sum())
    assert lost.var() / variance.mean() == pytest.approx(1, abs=0.35)


def test_a_split_output_is_the_single_cell_at_another_rate(split) -> None:
    """Copies that halve their output are one cell, bit for bit: at twice the rate in the gradient form, at the same one
    in the broadcast form, where credit does not know of the halving.

    The numbers that are doubled and halved are exact, so the same spikes follow from the same spikes.
    """
    single = split["single"]
    assert np.abs(weights(single)[-1] - weights(single)[0]).max() > 0.1
    for name in ("gradient_at_twice_the_rate", "broadcast_at_the_same_rate"):
        copies = split[name]
        for cell in (0, 2, 4):
            for one in (cell, cell + 1):
                assert np.array_equal(weights(single)[:, :, cell], weights(copies)[:, :, one]), name
                assert np.array_equal(single["trials.count"][:, cell], copies["trials.count"][:, one]), name
        for record in ("evidence", "bias", "error"):
            assert np.array_equal(single[f"answers.{record}"], copies[f"answers.{record}"]), name


def test_a_split_output_at_the_same_rate_is_the_single_cell_at_half_the_rate(split) -> None:
    """In the gradient form; so it is slower, and its weights part from those of the single cell."""
    copies, slower = split["gradient_at_the_same_rate"], split["gradient_single_at_half_the_rate"]
    assert np.array_equal(weights(copies)[:, :, [0, 2, 4]], weights(slower)[:, :, [0, 2, 4]])
    assert not np.array_equal(weights(copies)[:, :, 0], weights(split["single"])[:, :, 0])


def test_copies_at_full_output_disturb_what_the_cell_did(split) -> None:
    """Without a hold or split the evidence is K times that of the single cell."""
    once, twice = (split[name]["answers.evidence"][:, 0] for name in ("still", "undivided"))
    assert np.abs(once).max() > 0.5
    assert np.array_equal(twice, 2 * once)


def test_a_copy_reaches_its_teachers_response(copying) -> None:
    """Weights and the response to each place, tested after copying on touches of their own."""
    run, tested = copying["target"], HELD[COPIED:-1]
    w, counts = weights(run)[COPIED], run["trials.count"][COPIED + 1 :]
    tuning = np.array([counts[tested == place].mean(axis=0) for place in range(4)])
    for copy, teacher in ((1, 0), (2, 0), (4, 3), (5, 3)):
        assert cosine(w[:, copy], w[:, teacher]) > 0.9
        assert cosine(tuning[:, copy], tuning[:, teacher]) > 0.98
        assert counts[:, copy].sum() / counts[:, teacher].sum() == pytest.approx(1, abs=0.1)


def test_a_copy_of_another_teacher_does_not(copying) -> None:
    run, tested = copying["shuffled"], HELD[COPIED:-1]
    w, counts = weights(run)[COPIED], run["trials.count"][COPIED + 1 :]
    tuning = np.array([counts[tested == place].mean(axis=0) for place in range(4)])
    for copy, target, other in ((1, 0, 3), (2, 0, 3), (4, 3, 0), (5, 3, 0)):
        assert cosine(w[:, copy], w[:, target]) < 0.6
        assert cosine(tuning[:, copy], tuning[:, target]) < 0.85
        assert cosine(w[:, copy], w[:, other]) > 0.9


def test_only_novices_with_a_teacher_copy_and_only_while_they_should(copying) -> None:
    for run in copying.values():
        w = weights(run)
        assert np.array_equal(w[:, :, [0, 3]], np.broadcast_to(w[0][:, [0, 3]], (TRIALS, 24, 2)))
        assert np.array_equal(w[COPIED], w[-1])
    first, last = weights(copying["untaught"])[[0, COPIED]]
    assert (last[:, [1, 2, 4, 5]] <= first[:, [1, 2, 4, 5]]).all()  # own spikes only lower weights
