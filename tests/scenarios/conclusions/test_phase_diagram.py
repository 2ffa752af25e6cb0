import math
from pathlib import Path

import numpy as np
import pytest

from cortex.experiment.result import Result
from scenarios.conclusions import phase_diagram

WATCHED = 800.0


def run(condition: str, rate: float, noise: str, copies: int, seed: int, trials: float, foreseen: float) -> Result:
    spikes = 10.0 if condition == "on" else 10.0 * copies
    return Result(
        condition=condition,
        seed=1,
        replicate=seed,
        parameters={"learning.rate": f"{rate}", "cell.noise": noise, "group.copies": f"{copies}"},
        measures={
            "trials_to_criterion": trials,
            "total_ratio": spikes / 10,
        },
        predictions={"trials_to_criterion": foreseen, "total_ratio": spikes / 10},
        limits={"trials_to_criterion": WATCHED},
        folder=Path("nowhere"),
    )


@pytest.fixture
def study() -> list[Result]:
    """Off is K times as fast at small rates and never learns at the largest; on is the same with any K."""
    runs = []
    for copies in (2, 4):
        for noise in ("0 mV", "2 mV", "10 mV"):
            for rate, on, off in ((0.01, 200.0, 200.0 / copies), (0.02, 100.0, 100.0), (0.04, 50.0, math.nan)):
                for seed in range(6):
                    runs.append(run("on", rate, noise, copies, seed, on, on))
                    runs.append(run("off", rate, noise, copies, seed, off, off))
    return runs


def test_ratios_keep_runs_that_never_learned(study: list[Result]) -> None:
    found = phase_diagram.phases(study)
    assert found.noises == ["0 mV", "2 mV", "10 mV"]
    assert found.copies == [2, 4]
    np.testing.assert_allclose(found.trials[0, 1], np.tile([4, 1, 50 / WATCHED], (3, 1)))
    np.testing.assert_allclose(found.trials[1], found.trials[0])


def test_spikes_are_counted_beside_trials(study: list[Result]) -> None:
    found = phase_diagram.phases(study)
    np.testing.assert_allclose(found.spikes[0, 1], np.tile([1, 1 / 4, 50 / WATCHED / 4], (3, 1)))


def test_a_place_where_nobody_learns_is_unknown() -> None:
    nobody = [run(condition, 0.01, "0 mV", 2, 0, math.nan, math.nan) for condition in ("on", "off")]
    assert np.isnan(phase_diagram.phases(nobody).trials).all()


def test_only_its_own_study_is_concluded(study: list[Result]) -> None:
    conclusion = phase_diagram.conclude(study)
    assert conclusion is not None
    assert "clearly faster than without in 6 of 18 places of the grid and clearly slower in 6" in conclusion.text
    assert "(predicted: faster in 6)" in conclusion.text
    assert phase_diagram.conclude(study[::2]) is None


def test_the_figure_shows_ratios_and_the_predicted_boundary(study: list[Result]) -> None:
    conclusion = phase_diagram.conclude(study)
    assert conclusion is not None
    figure = conclusion.draw()["phase_diagram"]
    shown = [ax for ax in figure.axes if ax.images]
    np.testing.assert_allclose(shown[1].images[0].get_array(), np.log2(np.tile([4, 1, 50 / WATCHED], (3, 1))))
    assert len(shown[1].lines) == 3  # one upright stroke in each row, between the second and the third rate
    assert all(line.get_xdata()[0] == 1.5 for line in shown[1].lines)


def test_few_seeds_name_no_winner(study: list[Result]) -> None:
    few = [one for one in study if one.replicate < 5]
    assert not phase_diagram.phases(few).clear.any()
    conclusion = phase_diagram.conclude(few)
    assert conclusion is not None
    assert "too few seeds to tell" in conclusion.text
    assert "faster than" not in conclusion.text


def test_a_study_that_varies_more_is_left_alone(study: list[Result]) -> None:
    assert phase_diagram.conclude([*study, *study]) is None
