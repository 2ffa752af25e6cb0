"""Double descent: the bands hold, and each null model misses those that it must."""

from pathlib import Path

import numpy as np
import pytest

import cortex
from cortex.experiment.result import Result
from models.regression import theory
from scenarios.double_descent import SCENARIO, peak, training_deviation

FEW = {"draws": 300}


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return cortex.run(SCENARIO, FEW, output=tmp_path_factory.mktemp("full"))


def inside(run: Result) -> set[str]:
    """Return the measures that lie in their bands, or have none to lie in."""
    bands = {name: run.record["bands"].get(name, (None, None)) for name in run.measures}
    return {
        name
        for name, value in run.measures.items()
        if not (bands[name][0] is not None and not value >= bands[name][0])
        and not (bands[name][1] is not None and not value <= bands[name][1])
    }


def test_the_curve_falls_explodes_and_falls_lower_as_predicted(full: Result) -> None:
    assert set(full.measures) - inside(full) == {"ridge_excess_ratio"}
    assert full.warnings == []
    for name, rel in (("first_fall", 0.02), ("second_fall", 0.05), ("peak_no_noise", 1e-9), ("peak_ridge", 1e-9)):
        assert full.measures[name] == pytest.approx(full.predictions[name], rel=rel)
    assert full.predictions["first_fall"] == pytest.approx(0.892 / 1.02, rel=1e-3)


CONTROLS = [*SCENARIO.nulls, *(pytest.param(name, marks=pytest.mark.slow) for name in SCENARIO.conditions)]


@pytest.mark.parametrize("name", CONTROLS)
def test_each_control_misses_the_bands_that_it_must(name: str, tmp_path: Path) -> None:
    run = cortex.run(SCENARIO, FEW if name in SCENARIO.nulls else {}, null=name, output=tmp_path, figures=False)
    missed = set(SCENARIO.settings[name].misses)
    assert missed
    assert inside(run).isdisjoint(missed)
    assert {measure for measure in run.measures if "deviation" in measure} - inside(run) <= {
        measure for measure, reason in run.record["missing"].items() if reason == "does not apply"
    }


def test_all_arms_see_the_same_data_and_the_figure_shows_their_means(full: Result) -> None:
    width = list(SCENARIO.parameters.widths).index(60)
    risks = {name: run["test_error"][:, width] for name, run in full.recordings.items()}
    assert list(risks) == ["fit", "no_noise", "ridge"]
    assert np.corrcoef(risks["fit"], risks["ridge"])[0, 1] > 0.9
    [axes] = SCENARIO.figures(SCENARIO.parameters.override(FEW), full.recordings)["risk"].axes
    points = axes.containers[0].lines[0]
    np.testing.assert_array_equal(points.get_xdata(), SCENARIO.parameters.widths)
    np.testing.assert_allclose(points.get_ydata(), full.recordings["fit"]["test_error"].mean(axis=0))


def test_a_peak_is_what_stands_above_both_ends() -> None:
    assert peak(np.array([1.0, 9.0, 0.5])) == 9
    assert peak(np.array([0.0, 1.0, 2.0])) == peak(np.array([3.0, 2.0, 1.0])) == 1


def test_an_error_three_standard_errors_off_is_at_the_end_of_its_band() -> None:
    p = SCENARIO.parameters.override({"widths": (30, 50)})
    expected = theory.training_error(p, p.widths)
    off = expected * (1 + 3 * np.sqrt(2 / (10 * 200)))
    assert training_deviation(p, np.tile(off, (200, 1))) == pytest.approx(1)
