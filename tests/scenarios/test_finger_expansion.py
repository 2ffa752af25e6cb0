"""The finger scenario: what it takes as trained and reached, and a complete quick run."""

import json
from pathlib import Path

import numpy as np
import pytest

from cortex import api
from cortex.engine import compiler
from cortex.experiment.streams import Streams
from models import finger_area
from models.finger_area import Anatomy, FingerParameters
from models.finger_area.anatomy import expansion_limit, reached
from models.finger_area.observe import other_digits, trained_tips
from scenarios.finger_expansion import SCENARIO, arms


def test_the_tips_of_the_trained_digits_touch_the_disc() -> None:
    p = FingerParameters()
    assert trained_tips(p) == [5, 8]
    assert other_digits(p) == [0, 1, 2, 9, 10, 11, 12, 13, 14]
    assert trained_tips(p.override({"training.digits": "4"})) == [11]


def test_an_animal_has_a_control_of_the_same_seed() -> None:
    p = FingerParameters()
    both = arms(p, Streams(0))
    assert list(both) == ["trained", "control"]
    assert both["trained"].seed == both["control"].seed
    assert list(arms(p.override({"training.control": "false"}), Streams(0))) == ["trained"]


def test_only_cells_that_the_trained_tips_contact_are_reached() -> None:
    p = FingerParameters()
    anatomy = Anatomy(p)
    x, y = anatomy.pyramidal.T
    zone = (x > 0.6) & (x < 1.8) & (y > anatomy.zones[2])
    local = reached(p)
    assert local[zone].all()
    far = (x < 0.2) | (x > 2.2) | (y < anatomy.zones[2] - 0.4)
    assert not local[far].any()
    source, target = anatomy.fixed["afferent"]
    skin = finger_area.anatomy.receptors(p.afferents)
    tips = np.isin(skin.digit, (1, 2)) & (skin.y > 16)
    contacted = np.unique(target[tips[source]])
    assert np.isin(contacted, np.flatnonzero(local)).all()
    assert expansion_limit(p) == pytest.approx(local.sum() / zone.sum(), rel=0.02)


def test_null_models_differ_from_the_full_one_in_what_they_remove() -> None:
    for null, removed in SCENARIO.settings.items():
        full, without = SCENARIO.resolve({}).as_text(), SCENARIO.resolve({}, null=null).as_text()
        assert {name for name in full if full[name] != without[name]} == set(removed), null


@pytest.mark.slow
@pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")
def test_a_quick_run_is_complete(tmp_path: Path) -> None:
    result = api.run(SCENARIO, {}, seed=0, output=tmp_path, quick=True)
    drawn = {path.name for path in (result.folder / "figures").iterdir()}
    animals = ("trained", "control")
    names = {f"{figure}_{animal}" for figure in ("sheet", "hand") for animal in animals} | {"total"}
    assert drawn >= {f"{name}.png" for name in names}
    record = json.loads((result.folder / "run.json").read_text())
    assert set(SCENARIO.expected) <= set(record["measures"])
    assert record["measures"].pop("noise_correlation") is None  # each probe is shown once
    for name, value in record["measures"].items():
        assert value is not None, name
        assert (-1 if name in ("weight_advantage", "field_centre_correlation", "depth_bias") else 0) <= value <= 40, (
            name
        )


@pytest.mark.slow
@pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")
def test_a_late_teacher_is_not_copied(tmp_path: Path) -> None:
    result = api.run(SCENARIO, {}, null="one_teacher_late", seed=700, output=tmp_path, quick=True, figures=False)
    bands = {name: SCENARIO.expected[name] for name in ("weight_advantage", "field_centre_correlation")}
    assert all(result.measures[name] < low for name, (low, _) in bands.items())
    assert result.measures["teacher_kept"] > 0.9
