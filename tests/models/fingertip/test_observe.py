"""What is made of recordings of the fingertip, against closed forms."""

from types import SimpleNamespace

import numpy as np
import pytest

from cortex.experiment.protocol import Block, Protocol
from models.fingertip import observe
from models.fingertip.mapping import OTHER, TIP, SkinMap
from models.fingertip.network import SNAPSHOT
from models.fingertip.observe import Observed, systematic_error
from models.fingertip.parameters import FingertipParameters
from models.fingertip.parting import BeforeRelease, parting_rate
from models.fingertip.protocol import CODES, TRIAL


def test_the_systematic_error_leaves_out_what_chance_adds() -> None:
    rng = np.random.default_rng(0)
    asked = np.tile([1.0, -1.0], 2000)
    outputs = asked[:, None] * 0.5 + rng.standard_normal((4000, 5))
    assert systematic_error(outputs, asked) == pytest.approx(0.25, abs=0.02)


def test_d_prime_is_the_distance_of_the_answers_in_units_of_the_noise_within_a_kind_of_touch() -> None:
    rng = np.random.default_rng(2)
    asked = np.tile([1.0, -1.0, 0.5, -0.5], 500)
    outputs = 3 * np.sign(asked)[:, None] + asked[:, None] + 0.5 * rng.standard_normal((2000, 5))
    assert observe.Test(outputs, np.sign(asked), np.zeros((2000, 5, 1))).d_prime == pytest.approx(
        2 * 3.75 / 0.5, rel=0.02
    )


def test_a_map_counts_the_cells_that_answer_most_to_a_patch() -> None:
    responses = np.zeros((3, 20))
    responses[0, 2:5], responses[1, 12], responses[2] = 4.0, 4.0, 0.1
    shown = SkinMap(responses, np.zeros(3), np.zeros(3), np.arange(20) + 0.5, 10.0)
    assert shown.winner.tolist() == [TIP, OTHER, -1]
    assert (shown.won(TIP), shown.won(OTHER), shown.graded(TIP)) == (1, 1, 1)
    assert (shown.field_size(TIP), shown.field_size(OTHER)) == (3, 1)


def test_slopes_and_private_noise_are_those_that_made_the_counts() -> None:
    rng = np.random.default_rng(1)
    drive = rng.uniform(0, 10, (4000, 2, 1)) * np.ones(3)
    counts = 0.3 * drive + rng.standard_normal((4000, 2, 1)) + 0.5 * rng.standard_normal(drive.shape)
    pushed = counts + np.array([0.2, -0.4, -0.4])
    known = BeforeRelease(np.ones((2, 3, 5)), np.eye(5), drive, counts, pushed)
    np.testing.assert_allclose(known.push_slopes, 0.6 / 15)
    np.testing.assert_allclose(known.slopes, 0.3, atol=0.02)
    np.testing.assert_allclose(known.private_noise, 0.25, rtol=0.1)


@pytest.mark.parametrize("rate", [0.004, 0.01])
def test_the_rate_of_parting_is_that_of_an_exponential(rate) -> None:
    """Two unit vectors whose cosine falls as 1 - exp(rate*trial)/1000 until it stays at 0.5."""
    trials = np.arange(60) * SNAPSHOT
    apart = np.minimum(np.exp(rate * np.maximum(trials - 500, 0)) / 1000, 0.5)
    angle = np.arccos(1 - apart)

    def weights(trial: int) -> np.ndarray:
        turned = angle[trial // SNAPSHOT]
        return np.array([[[1.0, 0.0], [np.cos(turned), np.sin(turned)]]])

    blocks = [Block("test", 500), Block("release", int(trials[-1]) - 500)]
    animal = SimpleNamespace(
        run={"weights.w": trials},
        weights=weights,
        trials={"release": slice(500, int(trials[-1]))},
        layout=Protocol(TRIAL, tuple(blocks)),
    )
    assert parting_rate(animal) == pytest.approx(rate, rel=0.05)  # type: ignore[arg-type]
    animal.weights = lambda trial: np.ones((1, 2, 2))
    assert np.isnan(parting_rate(animal))  # type: ignore[arg-type]


def test_members_that_answer_alike_correlate_and_one_that_is_silent_has_not_parted(monkeypatch) -> None:
    answers, p = np.arange(len(CODES), dtype=float), FingertipParameters()

    def correlations(*members: np.ndarray) -> tuple[float, float]:
        counts = np.tile(np.stack(members, axis=1), p.group.tip)[:, None]
        monkeypatch.setattr(Observed, "test", lambda self, stage, question: observe.Test(counts, counts, counts))
        animal = Observed(p, {})  # type: ignore[arg-type]
        return animal.signal_correlation("after"), animal.signal_correlation_of_members("after")

    assert correlations(answers, 2 * answers, answers + 3) == pytest.approx((1, 1))
    assert correlations(answers, -answers, -answers) == pytest.approx((-1, -1 / 3))
    assert correlations(answers, answers, 0 * answers) == pytest.approx((0.5, 1))
    assert np.isnan(correlations(answers, 0 * answers, 0 * answers)[1])
