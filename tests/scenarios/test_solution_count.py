"""The scenario of counted solutions: a short run, what its null models take away, and, slowly, its bands."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cortex import api
from cortex.experiment.streams import Streams
from models.landscape import search
from scenarios.solution_count import FOUND, SCENARIO, found, joined

pytest.importorskip("jax")
pytest.importorskip("optax")

SHORT = {"search.starts": "3", "search.iterations": "50", "search.updates": "300", "search.steps": "100"}


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A short quick run."""
    return api.run(SCENARIO, SHORT, seed=0, output=tmp_path_factory.mktemp("quick"), quick=True)


def test_counts_and_ways_meet_their_bands_in_any_run(quick: Any) -> None:
    assert set(SCENARIO.expected) <= set(quick.measures)
    assert all(np.isfinite(value) for value in quick.measures.values())
    for name in ("count_errors", "dimension_errors", "dimensions_beyond_spare", "path_loss", "line_barrier"):
        low, high = SCENARIO.expected[name]
        assert low is None or quick.measures[name] >= low
        assert high is None or quick.measures[name] <= high
    for name in ("first_spare_factor", "saddles_for_each_solution"):
        assert quick.measures[name] == quick.predictions[name]
    assert quick.warnings == []
    assert {path.stem for path in (quick.folder / "figures").iterdir()} == {"counts", "path", "found"}


def test_starts_count_as_found_below_the_threshold_of_their_way() -> None:
    losses = np.array([[[1e-7, 5e-6]], [[1e-7, 5e-6]], [[1e-5, 2e-5]]])
    assert found(losses).tolist() == [[0.5], [1.0], [0.0]]


def test_without_a_spare_cell_the_way_leads_over_the_barrier() -> None:
    p = SCENARIO.resolve({"path.draws": 3}, null="no_spare")
    ways = joined(p, Streams(0))
    np.testing.assert_array_equal(ways["path"].values, ways["straight"].values)
    assert ways["path"].values.max() > 0.01


def test_a_teacher_with_a_redundant_cell_is_learned_by_one_cell_less() -> None:
    shares = {}
    for null in ("", "redundant"):
        task = search.task(SCENARIO.resolve({}, null=null), Streams(0))
        shares[null] = (search.by_lbfgs(task, (4,), 600) < FOUND).mean()
    assert shares[""] == 0 < shares["redundant"]


@pytest.mark.slow
@pytest.mark.parametrize("null", ["", *SCENARIO.nulls])
def test_the_full_version_meets_its_bands_and_null_models_miss_theirs(null: str, tmp_path: Path) -> None:
    run = api.run(SCENARIO, {}, seed=90, output=tmp_path, null=null, figures=False)
    missed = {name for name, score in run.scores.items() if score != "inside"}
    assert missed >= set(SCENARIO.nulls[null].misses) if null else missed == set()
