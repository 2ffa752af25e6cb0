"""Learning speed of the fingertip: a complete quick run, and what conditions and the single cell differ in."""

import json
from pathlib import Path

import numpy as np
import pytest

from cortex import api
from cortex.engine import compiler
from cortex.experiment.streams import Streams
from models.fingertip.speed import SpeedParameters
from scenarios import finger_learning_speed
from scenarios.finger_learning_speed import CONDITIONS, SCENARIO, arms, named, nominal_speed, reference

needs_compiler = pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")


@needs_compiler
@pytest.mark.parametrize(
    ("rule", "rate", "band"),
    [("readout", "0.002", 0.3), pytest.param("afferents", "2", 0.35, marks=pytest.mark.slow)],
)
def test_a_quick_run_learns_as_fast_as_predicted(tmp_path: Path, rule: str, rate: str, band: float) -> None:
    changes = {"learning.rule": rule, "learning.rate": rate}
    result = api.run(SCENARIO, changes, seed=700, output=tmp_path, quick=True)
    assert (result.folder / "figures" / "learning.png").exists()
    record = json.loads((result.folder / "run.json").read_text())
    assert record["warnings"] == []
    assert set(record["simulated_seconds"]) == {"arm", "single"}
    measured = record["measures"]
    assert measured[f"{rule}_speed_over_predicted"] == pytest.approx(1, abs=band)
    assert measured["copy_similarity"] > 0.95
    assert 0.8 < measured["total_ratio"] < 1.2
    assert measured["speed_ratio"] == pytest.approx(nominal_speed(SpeedParameters().override(changes)), rel=0.4)


def test_every_condition_is_compared_with_single_cells_that_are_held_alike() -> None:
    for name, condition in CONDITIONS.items():
        p = SCENARIO.resolve({**condition})
        assert reference(p) == SCENARIO.resolve({"group.expansion": "none"}), name
        assert named(p) == name.replace("_", " ")
        assert set(arms(p, Streams(1))) == ({"arm"} if name == "single" else {"arm", "single"})


def test_all_feel_the_same_touches() -> None:
    both = arms(SCENARIO.resolve({}), Streams(1))
    for name in ("depth_0", "place_3", "answer", "delta", "gate.hold"):
        np.testing.assert_array_equal(both["arm"].inputs[name], both["single"].inputs[name])


def test_a_condition_is_measured_where_single_cells_diverge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finger_learning_speed, "fingertip_guards", lambda p, inputs, recordings, **_: list(recordings))
    assert SCENARIO.guards is not None
    assert SCENARIO.guards(SCENARIO.resolve({}), {}, {"arm": None, "single": None}) == ["arm"]


def test_theory_gives_a_speed_of_held_copies_only() -> None:
    def speed(*changes: str) -> float:
        return nominal_speed(SpeedParameters().override(dict(change.split("=") for change in changes)))

    assert speed() == pytest.approx(1 / 3)
    assert speed("learning.rule=afferents") == 1
    assert speed("group.expansion=none", "normalization.enabled=false") == 1
    assert np.isnan(speed("learning.rule=afferents", "dendrite.dendritic_inhibition=1"))
    assert np.isnan(speed("normalization.enabled=false"))
    assert np.isnan(speed("learning.rule=afferents", "learning.hold_adapts=true"))
