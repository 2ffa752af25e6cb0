"""What is concluded of release, from runs whose answer is known."""

from pathlib import Path

import numpy as np
import pytest

from cortex.experiment.result import Result
from scenarios.conclusions import release


def run(
    condition: str,
    seed: int,
    after: float,
    never: float = 0.4,
    sharper: float = 1.5,
    at: float = 0.35,
    alike: float = 0.3,
) -> Result:
    """Give a run in which release takes the systematic error from `never` to `after`, and d' grows by a factor."""
    wobble = 1 + 0.01 * np.sin(3.0 * seed)
    measures = {
        "plateau": 0.4 * wobble,
        "error_at_release": 0.45,
        "loss_after_release": after * wobble,
        "loss_never_released": never * wobble,
        "loss_removed": (never - after) * wobble,
        "spike_matched_gain": sharper - 1,
        "d_prime_never_released": 1.0,
        "d_prime_after_release": sharper,
        "similarity_held": 0.95,
        "least_similarity_after_release": alike,
        "divergence_rate": 0.0015 * wobble,
    }
    predictions = {
        "plateau": 0.4,
        "error_at_release": 0.6,
        "loss_after_release": 0.02,
        "loss_never_released": 0.4,
        "divergence_rate": 0.0016,
    }
    return Result(
        Path("none"), "", measures, predictions, {release.WHEN: f"{at}"}, seed=1, replicate=seed, condition=condition
    )


def study(**conditions: float) -> list[Result]:
    return [run(name, seed, after) for name, after in conditions.items() for seed in range(6)]


def said(runs: list[Result]) -> str:
    conclusion = release.conclude(runs, lambda run: {})
    assert conclusion is not None
    return conclusion.text


def test_the_verdict_says_what_release_took_off() -> None:
    text = said(study(released=0.02))
    assert "carried performance past the plateau" in text
    assert "it took 0.38" in text
    assert "+50 % [+50, +50]" in text


@pytest.mark.parametrize(("after", "verdict"), [(0.9, "made performance worse"), (0.4, "made no difference")])
def test_the_verdict_can_be_no(after: float, verdict: str) -> None:
    assert verdict in said(study(released=after))


def test_controls_are_judged() -> None:
    none = [run("no_residual_error", seed, 0.011, never=0.01, alike=0.95) for seed in range(6)]
    assert "as theory demands, it took" in said(study(released=0.02) + none)
    parted = [run("no_residual_error", seed, 0.011, never=0.01, alike=0.5) for seed in range(6)]
    assert "against theory, it took" in said(study(released=0.02) + parted)
    gained = [run("no_residual_error", seed, 0.005, never=0.01, alike=0.95) for seed in range(6)]
    assert "against theory, it took" in said(study(released=0.02) + gained)
    lucky = [run("shuffled_answers", seed, 0.4, sharper=1.2) for seed in range(6)]
    assert "beyond the 3% allowed" in said(study(released=0.02) + lucky)
    for sharper, fit in ((1.01, "within"), (0.7, "beyond")):
        shuffled = [run("shuffled_answers", seed, 0.4, sharper=sharper) for seed in range(6)]
        assert f"{fit} the 3% allowed" in said(study(released=0.02) + shuffled)


def test_predictions_are_scored_against_their_bands() -> None:
    rows = {
        line.split("|")[1].strip(): line for line in said(study(released=0.02)).splitlines() if line.startswith("|")
    }
    assert rows["divergence rate"].rstrip(" |").endswith("yes")  # 6 % off, of 25 %
    assert rows["error at release"].rstrip(" |").endswith("no")  # 25 % off, of 10 %


def test_times_of_release_are_set_side_by_side() -> None:
    runs = [run("", seed, after, at=at) for at, after in ((0.0, 0.1), (0.5, 0.02)) for seed in range(6)]
    conclusion = release.conclude(runs, lambda run: {})
    assert conclusion is not None
    assert "When should the hold be released?" in conclusion.text
    figure = conclusion.draw()["when"]
    median = figure.axes[0].get_lines()[-1]
    np.testing.assert_allclose(median.get_xdata(), [0, 0.5])
    np.testing.assert_allclose(median.get_ydata(), [0.1, 0.02], rtol=0.02)


def test_other_studies_are_left_alone() -> None:
    mixed = [run(name, 0, 0.1, at=at) for name in ("released", "single") for at in (0.1, 0.2)]
    assert release.conclude(mixed, lambda run: {}) is None
    assert release.conclude(study(single=0.4), lambda run: {}) is None


def test_figures_show_every_seed() -> None:
    trial = np.arange(-100, 300, 40)
    curve = {
        name: (trial, np.full(len(trial), 0.9), np.full(len(trial), 0.5)) for name in ("released", "never released")
    }
    conclusion = release.conclude(study(released=0.02), lambda run: curve)
    assert conclusion is not None
    drawn = conclusion.draw()
    assert len(drawn["agreement"].axes) == len(release.PREDICTED)
    seeds = drawn["agreement"].axes[0].get_lines()[1]
    np.testing.assert_allclose(seeds.get_ydata(), [0.4 * (1 + 0.01 * np.sin(3.0 * seed)) for seed in range(6)])
    assert [line.get_label() for line in drawn["parting"].axes[0].get_lines()][:2] == ["released", "never released"]


@pytest.mark.parametrize("after", [0.02, 0.4, 0.9])
def test_few_seeds_give_no_verdict(after: float) -> None:
    others = [run(name, seed, 0.011) for name in ("no_residual_error", "shuffled_answers") for seed in range(5)]
    text = said([one for one in study(released=after) if one.replicate < 5] + others)
    assert text.count("too few seeds") == 3 + 3  # also of three bands
    for verdict in ("no difference", "past the plateau", "worse", "demands", "against theory", "yes", "| no  "):
        assert verdict not in text.split("performance pass its plateau?")[1]


def test_a_study_that_varies_more_than_the_condition_is_left_alone() -> None:
    assert release.conclude(study(released=0.02) * 2, lambda run: {}) is None
