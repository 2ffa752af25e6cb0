"""Overlapping pools as they are run: a complete quick run, what null models change, and what a study concludes."""

import json
from pathlib import Path

import pytest

from cortex import api
from cortex.analysis.reference import score
from cortex.engine import compiler
from cortex.experiment.result import Result
from models.fingertip.pools import PoolParameters
from scenarios.conclusions.overlapping_pools import conclude
from scenarios.overlapping_pools import SCENARIO

DEVELOPED = 700
"""First of the seeds on which the circuit was developed."""

needs_compiler = pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")


@needs_compiler
@pytest.mark.slow
def test_a_quick_run_is_complete(tmp_path: Path) -> None:
    result = api.run(SCENARIO, {}, seed=DEVELOPED, output=tmp_path, quick=True)
    assert (result.folder / "figures" / "groups.png").exists()
    record = json.loads((result.folder / "run.json").read_text())
    assert record["warnings"] == []
    measured = record["measures"]
    assert None not in [measured[name] for name in SCENARIO.expected]
    assert measured["copy_similarity"] > 0.95
    assert measured["inhibition_strength"] > 0.5
    assert measured["parting_ratio"] > 1
    assert measured["groups_parted"] == 0  # not yet


def test_null_models_differ_from_the_full_one_in_what_they_remove() -> None:
    for null, removed in SCENARIO.nulls.items():
        full, without = SCENARIO.resolve({}).as_text(), SCENARIO.resolve({}, null=null).as_text()
        assert {name for name in full if full[name] != without[name]} == set(removed), null
        assert set(removed.misses) <= set(SCENARIO.expected), null


@pytest.mark.slow
@needs_compiler
@pytest.mark.parametrize("null", ["", "coarse_touches"])
def test_copies_part_if_touches_are_told_apart_finely(tmp_path: Path, null: str) -> None:
    run = api.run(SCENARIO, {}, seed=DEVELOPED, output=tmp_path, null=null, figures=False)
    outside = {name for name, band in SCENARIO.expected.items() if score(run.measures[name], band) == "outside"}
    assert outside == set(SCENARIO.nulls[null].misses if null else ())


def made(reach: int, softness: float, places: int, parted: float, total: float = 1.0, null: str = "") -> Result:
    changes = {"normalization.reach": reach, "normalization.softness": softness, "skin.places": places}
    measures = dict.fromkeys([measure.name for measure in SCENARIO.measures], 1.0)
    measures |= {"groups_parted": parted, "total_over_before": total}
    parameters = PoolParameters().override(changes).as_text()
    return Result(Path(), measures=measures, predictions={"groups_parted": 1.0}, parameters=parameters, null=null)


def test_a_study_is_concluded_by_pools_and_places() -> None:
    runs = [
        made(reach, softness, places, parted, total)
        for reach, softness, parted, total in ((0, 1.0, 0.75, 1.0), (0, 2.0, 0.25, 1.0), (1, 0.0, 0.0, 1.2))
        for places in (3, 12)
    ]
    answer = conclude(runs)
    assert answer is not None
    rows = answer.text.split("\n")[2:6]
    pools = [row.split(" | ")[0].strip("| ") for row in rows]
    assert pools == ["own group only"] * 2 + ["1 on either side, 1 of own"] * 2
    assert rows[0].split(" | ")[3:6] == ["2", "1.00", "0.50"]
    figure = answer.draw()["boundary"]
    drawn = [text.get_text() for text in figure.axes[0].texts]
    assert drawn == ["0.50 (1.00)", "0.50 (1.00)", "0.00 (1.00)", "0.00 (1.00)"]
    hatched = [patch for patch in figure.axes[0].patches if patch.get_hatch()]
    assert len(hatched) == 2  # a total of 1.2 is not kept
    assert conclude(runs[:2]) is None
    assert conclude([*runs, made(1, 0.0, 3, 0.0, null="never_released")]) is None
