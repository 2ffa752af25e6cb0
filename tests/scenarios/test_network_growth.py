"""Growth of a network: a complete short run, and, slowly, the measures that theory gives."""

import numpy as np
import pytest

from cortex import api
from scenarios.network_growth import SCENARIO, farthest

pytest.importorskip("jax")
pytest.importorskip("optax")
pytest.importorskip("sklearn")

SHORT = {"seeds": 2, "old_steps": 20, "held_steps": 20, "released_steps": 20, "rates": "0.1,0.2,0.4"}
SHORT |= {"training_samples": 100}

PREDICTED = ("function_change", "speed_copies", "speed_held", "frozen_held_speed", "frozen_held_over_undivided")
PREDICTED += ("loss_of_parting", "no_gain_change", "equal_copies_apart")
"""What holds at any time, also where little was learned."""


def inside(name: str, value: float) -> bool:
    low, high = SCENARIO.expected[name]
    return (low is None or low <= value) and (high is None or value <= high)


def test_the_farthest_ratio_counts() -> None:
    assert farthest(np.array([1.01, 0.9, 1.05])) == 0.9


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> api.Result:
    return api.run(SCENARIO, SHORT, seed=1, output=tmp_path_factory.mktemp("growth"))


def test_a_short_run_is_complete(short) -> None:
    assert set(short.measures) == {measure.name for measure in SCENARIO.measures}
    assert np.isfinite(list(short.measures.values())).all()
    assert (short.folder / "figures" / "growth.png").exists()
    assert short.warnings == []


def test_theory_holds_before_anything_is_learned_too(short) -> None:
    assert [name for name in PREDICTED if not inside(name, short.measures[name])] == []


def test_copies_begin_where_the_network_was_and_held_ones_stay_equal(short) -> None:
    first = {name: run["loss"][0, :, 0] for name, run in short.recordings.items() if name != "probes"}
    for name in ("released", "held", "equal_copies", "random_units"):
        assert first[name] == pytest.approx(first["single"], rel=1e-5), name
    assert (short.recordings["released"]["loss"][..., :2] == short.recordings["held"]["loss"][..., :2]).all()


@pytest.mark.slow
def test_theory_holds_and_null_models_fail(tmp_path) -> None:
    few = {"seeds": "6"}
    full = api.run(SCENARIO, few, seed=703, output=tmp_path, figures=False)
    for name in (*PREDICTED, "stable_rates", "released_over_held_high"):
        assert inside(name, full.measures[name]), name
    probes = full.recordings["probes"]
    parting = probes["measured_parting"] / probes["predicted_parting"]
    assert np.median(parting) == pytest.approx(1, abs=0.01)  # one that is just becoming unstable may be off
    for null, condition in SCENARIO.nulls.items():
        measures = api.run(SCENARIO, few, seed=703, output=tmp_path, null=null, figures=False).measures
        assert not any(inside(name, measures[name]) for name in condition.misses), null
