"""Cells with a divisive gain: their f-I curve, what a soma keeps, their noise, and identical copies."""

import numpy as np
import pytest
from brian2 import Hz, mV

TRIAL, TRIALS, STEPS = 0.05, 240, 50
GAINS = np.array([1.0, 0.5, 1 / 3, 0.1, 0.0, 1.0])
PHASES = np.array([0, 0.3, 0.6, 0.9, 0.5, 0.5])
CURRENTS = np.linspace(-10, 30, 20)
"""mV, each for 12 trials."""


@pytest.fixture(scope="module")
def injected(learners):
    """Cells of different gain and phase under injected current; in `steep` one should fire more than once a step.

    The last cell is idle in the first half.
    """
    gentle = {"cell.gain": GAINS, "cell.phase": PHASES, "injection": np.repeat(CURRENTS, 12) * mV}
    gentle |= {"cell.established": [1, 1, 1, 1, 1, 0], "awake": np.arange(TRIALS) >= 120}
    steep = gentle | {"cell.slope": 50 * Hz / mV, "injection": np.tile([30.0, -30.0], 120) * mV}
    return learners(gentle=gentle, steep=steep)


@pytest.fixture(scope="module")
def touched(learners, wiring):
    """Cells with the same weights and the same afferents; only the phase of the third differs."""
    fire = np.random.default_rng(3).random((TRIALS * STEPS, 24)) < 0.04
    quiet = {"fire": fire, "w": 0.3, "injection": 2 * mV, "cell.phase": [0.2, 0.2, 0.7, 0.2, 0.2, 0.2]}
    noisy = quiet | {"cell.noise": 1 * mV}
    shared = noisy | {"cell.shared_noise": 1.0, **wiring([0, 0, 0, 1, 1, 1])}
    other = learners(seed=2, noisy=noisy)["noisy"]
    return learners(quiet=quiet, noisy=noisy, again=noisy, shared=shared) | {"other_seed": other}


def transfer(depolarization: np.ndarray, slope: float) -> np.ndarray:
    """Give the rate at a gain of 1, Hz, of a cell with the default threshold of 8 mV and softness of 2 mV."""
    return slope * 2 * np.log(1 + np.exp((depolarization - 8) / 2))


def trains(run) -> list[np.ndarray]:
    """Give the spike times of each cell."""
    return [run["spikes.t"][run["spikes.i"] == cell] for cell in range(6)]


def test_the_f_i_curve_is_a_soft_threshold_times_the_gain(injected) -> None:
    """Within counting error: over any time a cell fires less than one spike more or less than its rate says."""
    counts = injected["gentle"]["trials.count"]
    seconds = 11 * TRIAL  # one trial fewer: the record of the last one is not written
    measured = np.array([counts[12 * i + 1 : 12 * i + 12].sum(axis=0) for i in range(len(CURRENTS))])
    expected = transfer(CURRENTS, 6.5)[:, None] * GAINS * seconds
    assert expected.max() > 75
    assert np.abs(measured[:, :5] - expected[:, :5]).max() < 1
    assert np.abs(measured[10:, 5] - expected[10:, 5]).max() < 1


def test_an_idle_cell_fires_only_while_it_takes_part(injected) -> None:
    run = injected["gentle"]
    assert run["trials.count"][:121, 5].sum() == 0
    assert run["membranes.sensitivity"][: 120 * STEPS, 5].max() == 0
    assert run["membranes.sensitivity"][-1, 5] == pytest.approx(1 / (1 + np.exp(-11)))


@pytest.mark.parametrize(("arm", "slope"), [("gentle", 6.5), ("steep", 50)])
def test_the_soma_loses_no_fraction_of_a_spike(injected, arm, slope) -> None:
    """Spikes and phase together are the integral of the rate, also where it is above one spike a step."""
    run = injected[arm]
    current = np.repeat(CURRENTS, 12) if arm == "gentle" else np.tile([30.0, -30.0], 120)
    rate = transfer(current, slope)[:, None] * GAINS
    rate[:120, 5] = 0
    integral = np.cumsum(rate[:-1] * TRIAL, axis=0)
    counted = np.cumsum(run["trials.count"], axis=0)[1:] + run["trials.phase"][1:] - PHASES
    np.testing.assert_allclose(counted, integral, atol=1e-7)
    assert (run["trials.phase"].max() > 1) == (arm == "steep")  # what a step has no room for is made up for


def test_the_dendrite_sums_spikes_and_decays(touched) -> None:
    """A spike adds its weight in mV one step after it; the trace of an afferent decays as the dendrite does."""
    run = touched["quiet"]
    np.testing.assert_allclose(
        run["membranes.dendrite"][:, 0], 0.3e-3 * run["traces.trace"].sum(axis=1), rtol=1e-9, atol=1e-15
    )
    fire = np.random.default_rng(3).random((TRIALS * STEPS, 24)) < 0.04
    trace = run["traces.trace"]
    np.testing.assert_allclose(trace[1:], trace[:-1] * np.exp(-1 / 20) + fire[:-1], rtol=1e-9, atol=1e-12)


def test_copies_with_the_same_input_and_state_fire_the_same_spikes(touched) -> None:
    first, second, later, *_ = trains(touched["quiet"])
    assert len(first) > 100
    assert np.array_equal(first, second)
    assert not np.array_equal(first, later)  # another phase: as many spikes, at other times
    assert abs(len(first) - len(later)) <= 1


def test_private_noise_parts_copies_and_shared_noise_does_not(touched) -> None:
    private, shared = trains(touched["noisy"]), trains(touched["shared"])
    assert not np.array_equal(private[0], private[1])
    assert np.array_equal(shared[0], shared[1])
    assert np.array_equal(shared[3], shared[4])
    assert not np.array_equal(shared[0], shared[3])  # another group
    assert not np.array_equal(shared[0], trains(touched["quiet"])[0])
    sensitivity = touched["shared"]["membranes.sensitivity"]
    assert np.array_equal(sensitivity[:, 0], sensitivity[:, 2])  # also of another phase


def test_private_noise_is_normal_of_the_given_size_and_drawn_anew_every_50_ms(touched) -> None:
    noise = touched["noisy"]["trials.private_noise"] * 1e3
    assert noise.std() == pytest.approx(1, abs=0.08)
    assert abs(noise.mean()) < 0.1
    assert np.abs(noise).max() > 2.5
    assert np.abs(np.corrcoef(noise.T)[np.triu_indices(6, 1)]).max() < 0.25
    assert np.abs(np.mean(noise[1:] * noise[:-1])) < 0.1
    sensitivity, dendrite = (touched["noisy"][f"membranes.{name}"][:, 0] for name in ("sensitivity", "dendrite"))
    excitability = 2 * np.log(sensitivity / (1 - sensitivity)) + 8 - 2 - dendrite * 1e3
    np.testing.assert_allclose(excitability, np.repeat(noise[:, 0], STEPS), atol=1e-6)


def test_a_seed_gives_the_same_run_again_and_another_seed_another(touched) -> None:
    run, again, other = (touched[name] for name in ("noisy", "again", "other_seed"))
    for name in ("spikes.t", "spikes.i", "membranes.sensitivity"):
        assert np.array_equal(run[name], again[name]), name
    assert not np.array_equal(run["trials.private_noise"], other["trials.private_noise"])
