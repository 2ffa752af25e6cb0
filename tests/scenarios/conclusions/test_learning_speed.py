"""What a study of arms over learning rates concludes, from runs whose answer is known."""

import hashlib
import math
import tomllib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cortex.engine.recording import Recording
from cortex.experiment import data_file
from cortex.experiment.result import Result
from models.learner.conditions import CONDITIONS
from models.learner.parameters import LearnerParameters
from models.learner.protocol import protocol
from scenarios.conclusions.learning_speed import causes, figures
from scenarios.conclusions.learning_speed import text as texts
from scenarios.conclusions.learning_speed.summary import measurable, summarise
from scenarios.conclusions.learning_speed.sweep import arrange
from scenarios.normalization_speed import SCENARIO, squared_errors

RATES = (0.001, 0.002, 0.004, 0.008)
STUDIES = Path(__file__).parents[3] / "scenarios" / "studies"
SEEDS = 8
LIMIT = 1000.0
COPIES = 3

SPEED = {"no_hold": 3.0, "single_at_matched_speed": 3.0, "gradient_hold": 1 / 3}
"""Speed of these arms relative to all others, which is 5 times the learning rate."""


def run(arm: str, rate: float, seed: int, factor: float = 1.0, folder: Path = Path("nowhere")) -> Result:
    """Give a run that takes 5 over speed, times a factor, trials to the criterion, or is censored."""
    ratio = SPEED.get(arm, 1.0)
    speed = 5 * rate * ratio
    trials = factor * 5 / speed * (1 + 0.1 * math.sin(seed)) * (1 + 0.02 * math.cos(9 * seed + len(arm)))
    reached = trials <= LIMIT
    made = Result(
        condition=arm,
        seed=1,
        replicate=seed,
        parameters={"learning.rate": f"{rate}", "learning.form": "broadcast", "group.copies": str(COPIES)},
        measures={
            "trials_to_criterion": trials if reached else math.nan,
            "spikes_to_criterion": 10 * trials if reached else math.nan,
            "spikes_per_trial": 20.0,
            "learning_speed": speed,
            "speed_ratio": ratio,
            "stable": 1.0,
            "error_floor": 10 * speed,
            "old_kept_expanded": 0.1 if arm == "no_hold" else 1.0,
            "old_kept_learning": 0.5,
        },
        predictions={"learning_speed": speed, "speed_ratio": ratio, "speed_ratio_nominal": ratio, "error_floor": 0.1},
        limits={"trials_to_criterion": LIMIT},
        folder=folder,
    )
    made.__dict__["record"] = {"bands": {"old_kept_expanded": [0.95, None]}}
    return made


def study(arms: Iterable[str], rates: Iterable[float] = RATES, **factors: float) -> list[Result]:
    rates = list(rates)
    return [run(arm, rate, seed, factors.get(arm, 1.0)) for arm in arms for rate in rates for seed in range(SEEDS)]


def text(runs: list[Result]) -> str:
    return texts.conclusion(summarise(runs))


def test_runs_are_arranged_by_arm_rate_and_seed() -> None:
    runs = study(["single", "hold"])
    found = arrange(runs[::-1])
    assert (found.conditions, found.rates.tolist(), found.trials.shape) == (
        ("hold", "single"),
        list(RATES),
        (2, 4, SEEDS),
    )
    assert found.trials[1, 3, 5] == run("single", 0.008, 5).measures["trials_to_criterion"]
    assert found.of("hold", "predicted.learning_speed")[2, 0] == pytest.approx(0.02)


def test_spikes_of_a_run_that_did_not_get_there_are_all_that_there_were() -> None:
    found = arrange(study(["hold"]))
    late = np.isnan(found.trials[0])
    assert 0 < late[0].sum() < SEEDS
    np.testing.assert_allclose(found.of("hold", "spikes")[late], 20 * LIMIT)
    np.testing.assert_allclose(found.of("hold", "spikes")[~late], 10 * found.trials[0][~late])


def test_where_a_hold_only_takes_smaller_steps_it_is_slower_at_equal_rate() -> None:
    said = texts.verdict(summarise(study(["single", "hold", "no_hold"]), 0.002))
    on_off, rates, single = said.splitlines()
    assert "holding the total made learning slower both at the equal rate 0.002 (2.99 [2.9" in on_off
    assert rates == "Rate by rate, learning under the hold was slower at 0.001, 0.002, 0.004, 0.008."
    assert "copies under the hold made no difference of more than 10%" in single


def test_where_no_hold_learns_badly_the_verdict_is_the_opposite() -> None:
    said = texts.verdict(summarise(study(["single", "hold", "no_hold"], no_hold=12.0), 0.008))
    assert "holding the total made learning faster both at the equal rate 0.008 (0.249 [0.2" in said


def test_the_single_cell_and_independent_cells_stand_beside_the_two_arms() -> None:
    said = texts.verdict(summarise(study(["single", "hold", "no_hold", "independent"], independent=0.5), 0.002))
    assert "Compared with a single cell, copies under the hold made no difference" in said
    own, rates = said.splitlines()[-2:]
    assert "of their own, copies under the hold made learning slower both at the equal rate 0.002 (2 [1.9" in own
    assert rates == "Rate by rate, learning under the hold was slower at 0.001, 0.002, 0.004, 0.008."


def test_where_the_other_cannot_learn_being_faster_is_said_to_be_that() -> None:
    runs = study(["single", "hold"])
    for one in runs:
        if one.condition == "single" and float(one.parameters["learning.rate"]) > 0.005:
            one.measures.update(trials_to_criterion=math.nan, stable=0.0)
    rates = texts.verdict(summarise(runs, 0.002)).splitlines()[-1]
    assert rates == "Rate by rate, learning under the hold was faster at 0.008 (single is unstable at 0.008)."


@pytest.mark.parametrize(
    ("band", "said"),
    [
        ([0.95, None], "0.1 [0.1, 0.1] of the old task; that it is kept (>= 0.95 is kept) does not hold."),
        ([0.05, None], "0.1 [0.1, 0.1] of the old task; that it is kept (>= 0.05 is kept) holds."),
        (None, "0.1 [0.1, 0.1] of the old task."),
    ],
)
def test_what_counts_as_kept_is_the_band_of_the_measure(band: list[float | None] | None, said: str) -> None:
    runs = study(["hold"])
    for one in runs:
        one.measures.update(old_kept_expanded=0.1)
        one.record["bands"] = {} if band is None else {"old_kept_expanded": band}
    assert text(runs).splitlines().count(f"Growing with hold left {said}") == 1


def test_the_verdict_may_differ_between_equal_and_best_rates() -> None:
    growing = [run("no_hold", rate, seed, max(1, rate / 0.002) ** 2) for rate in RATES for seed in range(SEEDS)]
    said = texts.verdict(summarise([*study(["hold"]), *growing], 0.002)).splitlines()
    assert "made learning slower at the equal rate 0.002 (2.99" in said[0]
    assert "and made learning faster with each at its own best rate (hold >= 0.008, no hold 0.002: 0.7" in said[0]
    rates = "Rate by rate, learning under the hold was slower at 0.001, 0.002 and faster at 0.004, 0.008"
    assert said[1] == f"{rates} (no hold is unstable at 0.008)."


def test_where_nobody_learns_nothing_is_claimed() -> None:
    said = texts.verdict(summarise(study(["hold", "no_hold"], hold=1e3, no_hold=1e3), 0.002))
    assert "cannot be judged, for no run got to the criterion both at the equal rate" in said
    assert "Rate by rate" not in said


def test_speeds_are_not_compared_at_rates_that_are_unstable_by_prediction() -> None:
    runs = study(["single", "hold"])
    stable = [
        replace(one, predictions={**one.predictions, "largest_stable_rate": 0.005 if one.condition == "hold" else 1.0})
        for one in runs
    ]
    everywhere, within = (measurable(arrange(each), "hold", "single") for each in (runs, stable))
    rates = arrange(runs).rates
    np.testing.assert_array_equal(within, everywhere & (rates <= 0.0025))
    assert within.sum() < everywhere.sum()


def test_few_seeds_are_said_to_be_few() -> None:
    runs = [one for one in study(["hold", "no_hold"]) if one.replicate < 3]
    said = texts.verdict(summarise(runs, 0.002))
    assert "no difference" not in said
    assert "holding the total cannot be judged, for there are too few seeds to tell both at the equal rate" in said
    assert said.endswith("With fewer than 6 seeds nothing is called slower, faster or equal.")


def test_every_cause_is_compared_at_best_and_at_equal_rate() -> None:
    arms = {name for cause in causes.CAUSES for name in (cause.condition, cause.against)}
    finger = tomllib.loads((STUDIES / "finger_learning_speed_afferents.toml").read_text())
    assert arms <= {*CONDITIONS, *finger["conditions"]}
    by_name = {pair.cause.name: pair for pair in summarise(study(arms), 0.004).causes}
    assert len(by_name) == len(causes.CAUSES)
    assert by_name["step size alone"].equal.interval.mean == pytest.approx(1 / 3, rel=0.05)
    assert by_name["number of cells"].equal.answer == "equal"
    assert by_name["the rest of no hold"].equal.answer == "equal"
    assert by_name["Hebbian copying"].best.answer == "equal"


def test_function_preservation_is_told_at_the_same_speed() -> None:
    [cause] = summarise(study(["frozen_gain", "no_hold"], no_hold=2.0), 0.006).causes
    assert cause.cause.same_speed
    assert cause.equal.interval.mean == pytest.approx(0.5, rel=0.05)  # three times as fast at a third of the rate


def test_ratios_of_speeds_stand_beside_theory() -> None:
    arms = ["single", "hold", "no_hold", "gradient_hold"]
    rows = [line.split("|")[1:-1] for line in text(study(arms)).splitlines()]
    found = {row[0].strip(): [cell.strip() for cell in row[1:]] for row in rows if len(row) == 4}
    assert found["broadcast error"] == ["0.333 [0.333, 0.333]", "0.3333", "1/K = 0.333"]
    assert found["gradient"] == ["0.111 [0.111, 0.111]", "0.1111", "1/K^2 = 0.111"]


@pytest.mark.parametrize("arms", [["hold"], ["single", "hold"], ["no_hold", "single"], ["one of my own", "hold"]])
def test_missing_arms_leave_out_what_they_are_needed_for(arms: list[str]) -> None:
    said = text(study(arms))
    assert ("Compared with copies that are not held" in said) == ({"hold", "no_hold"} <= set(arms))
    assert ("all together" in said) == ({"hold", "single"} <= set(arms))
    assert "Each arm by itself" in said
    assert "nan" not in said


def test_a_study_in_which_more_varies_gets_no_conclusion() -> None:
    runs = study(["hold", "no_hold"])
    assert figures.conclude(runs + runs[:1], squared_errors, (), 0.25, 48) is None


@pytest.fixture
def recorded(tmp_path: Path) -> list[Result]:
    """Runs of two arms whose errors are 0.1 times the number of the seed."""
    p = LearnerParameters().override({"training.new": "120"})
    slots = sum(block.slots for block in protocol(p, np.random.default_rng(0)).blocks)
    runs = []
    for arm in ("single", "hold"):
        for seed in range(SEEDS):
            evidence = np.full((slots + 1, 1), 1 - 0.1 * seed)
            arrays = {"evidence": evidence, "asked": np.ones_like(evidence), "bias": np.zeros_like(evidence)}
            named = {f"answers.{name}": values for name, values in arrays.items()}
            folder = tmp_path / f"{arm}{seed}"
            folder.mkdir()
            recording = Recording(named, dict.fromkeys(named, "1"), 1.0, 1.0)
            data_file.write(folder / "data.nc", {"arm": recording, "single": recording})
            plain = run(arm, 0.002, seed, folder=folder)
            parameters = {**p.override(CONDITIONS[arm]).as_text(), **plain.parameters}
            whole = replace(plain, condition=arm, parameters=parameters, folder=folder)
            whole.__dict__["record"] = {
                "bands": {},
                "data_sha256": hashlib.sha256((folder / "data.nc").read_bytes()).hexdigest(),
            }
            runs.append(whole)
    return runs


def test_learning_curves_are_read_from_the_recordings(recorded: list[Result]) -> None:
    read = ("answers.evidence", "answers.bias", "answers.asked")
    curves = figures.learning_curves(recorded, 0.002, squared_errors, read)
    assert {arm: values.shape for arm, values in curves.items()} == {"single": (SEEDS, 120), "hold": (SEEDS, 120)}
    np.testing.assert_allclose(curves["hold"][3], 0.09)
    assert figures.learning_curves(recorded, 0.004, squared_errors, read) == {}


def test_the_scenario_concludes_with_its_figures(recorded: list[Result]) -> None:
    assert SCENARIO.conclude is not None
    concluded = SCENARIO.conclude(recorded)
    assert concluded is not None
    assert concluded.text.startswith(
        "# Does holding the total make new learning faster?\n\nCompared with a single cell"
    )
    drawn = concluded.draw()
    assert set(drawn) == {"learning_curves", "speed", "trials", "survival", "agreement", "error_floor"}
    assert drawn["learning_curves"].axes[0].lines[0].get_ydata()[0] == pytest.approx((0.09 + 0.16) / 2)


def test_a_panel_that_shows_nothing_new_is_left_out() -> None:
    shown = figures.panels(summarise(study(["single", "hold", "no_hold", "independent", "my own"])))
    assert shown == {
        "Step size and number": ["single", "hold", "no_hold", "independent"],
        figures.OTHERS: ["my own"],
    }


def test_no_two_arms_look_alike_in_a_panel() -> None:
    shown = figures.looks(summarise(study(figures.LOOK)))
    for arms in figures.PANELS.values():
        assert len({shown[arm][2] for arm in arms}) == len(arms)
