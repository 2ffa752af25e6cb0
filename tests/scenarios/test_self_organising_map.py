"""The scenario of the self-organising map: short runs and its nulls; slowly, what theory says of it."""

import numpy as np
import pytest

import cortex
from cortex.errors import UsageError
from cortex.experiment.result import Result
from scenarios.self_organising_map import SCENARIO

SHORT = {
    "sheet.density": "100/mm^2",
    "training.settle": "15 s",
    "training.calibrate": "1 s",
    "training.dose": "30 s",
    "training.release": "1 s",
}


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    """Short runs of the full model and of its nulls."""
    folder = tmp_path_factory.mktemp("short")
    nulls = ("", *SCENARIO.nulls)
    return {n: cortex.run(SCENARIO, SHORT, seed=1, null=n, output=folder, figures=not n) for n in nulls}


def test_a_short_run_is_complete(short: dict[str, Result]) -> None:
    assert set(SCENARIO.declared) == set(short[""].measures)
    assert np.isfinite(list(short[""].measures.values())).all()
    assert sorted(path.name for path in (short[""].folder / "figures").iterdir()) == ["hand.png", "sheet.png"]


def test_trained_tips_win_cells_from_the_rest_of_their_digits_and_their_fields_shrink(short: dict[str, Result]) -> None:
    found = short[""].measures
    assert min(found["expansion_trained"], found["expansion_trained_wta"]) > 1.3
    assert found["expansion_rest_wta"] < 0.8
    assert found["rf_ratio_trained"] < 0.9


@pytest.mark.parametrize("null", SCENARIO.nulls)
def test_each_null_misses_what_it_must_by_far(short: dict[str, Result], null: str) -> None:
    for name in SCENARIO.nulls[null].misses:
        low, high = SCENARIO.expected[name]
        value = short[null].measures[name]
        assert (value < 1.2 < low) if name.startswith("expansion") else (value > 2 * high), (name, value)


@pytest.mark.parametrize(
    ("name", "value"), [("sheet.pv_density", "50/mm^2"), ("mapping.blanks", "5"), ("training.control", "false")]
)
def test_what_only_the_network_reads_is_refused(name: str, value: str) -> None:
    with pytest.raises(UsageError) as refused:
        SCENARIO.resolve({name: value})
    assert "does not use it" in "".join(refused.value.problems)


@pytest.mark.slow
def test_the_map_grows_and_returns_as_theory_says(tmp_path) -> None:
    run = cortex.run(SCENARIO, seed=704, output=tmp_path, figures=False)
    found, law = run.measures, run.predictions["expansion_trained_wta"]
    assert law == pytest.approx(2.4, abs=0.4)
    assert 0.6 * law < found["expansion_trained"] < found["expansion_trained_wta"] < 1.6 * law
    assert found["return_fraction"] == pytest.approx(1, abs=0.3)
    assert found["return_continued"] == pytest.approx(0, abs=0.3)
