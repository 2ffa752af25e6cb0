"""The lottery ticket: how it is scored, a complete short run, and, slowly, its bands and its null models."""

from collections.abc import Iterable

import numpy as np
import pytest

from cortex import api
from cortex.engine.recording import Recording
from scenarios.lottery_ticket import SCENARIO, analyse, steps_to

pytest.importorskip("jax")
pytest.importorskip("optax")
pytest.importorskip("sklearn")

SHORT = {"seeds": 2, "steps": 40, "tested_every": 20, "training_samples": 300, "criterion": 0.5}
SHORT |= {"compared": "2", "pruned_hidden": 0.6, "pruned_output": 0.5}
"""Two rounds that keep 17 % of the weights."""


def recording(**arrays: np.ndarray) -> Recording:
    return Recording(arrays, dict.fromkeys(arrays, "1"), 0.0, 0.0)


def test_a_network_that_never_gets_there_counts_with_the_last_step() -> None:
    p = SCENARIO.parameters
    run = recording(accuracy=np.array([[[0.1, 0.95, 0.9], [0.1, 0.2, 0.3]]]), step=np.array([10, 20, 30]))
    assert steps_to(p, run).tolist() == [[20, p.steps]]


def test_the_worse_level_counts() -> None:
    p, step = SCENARIO.parameters, np.array([10, 600])

    def curves(ends: list[list[float]]) -> Recording:
        late = np.array(ends)
        return recording(accuracy=np.stack([late - 0.5, late], axis=-1), step=step)

    ticket = curves([[0.97, 0.98]] * 5 + [[0.97, 0.97], [0.96, 0.97], [0.9, 0.9], [0.9, 0.9], [0.9, 0.9], [0.9, 0.9]])
    control = curves([[0.96, 0.95], [0.93, 0.95], [0.1, 0.1], [0.1, 0.1]])
    measures, _ = analyse(p, {"ticket": ticket, "reinitialised": control, "random_mask": control})
    assert measures["ticket_minus_dense"] == pytest.approx(-0.01)
    assert measures["ticket_minus_reinit"] == pytest.approx(0.015)
    assert measures["ticket_minus_reinit_low"] == pytest.approx(0.01)
    assert measures["steps_over_dense"] == 1


def test_a_short_run_is_complete_and_repeats(tmp_path) -> None:
    first = api.run(SCENARIO, SHORT, seed=1, output=tmp_path)
    assert set(first.measures) == {measure.name for measure in SCENARIO.measures}
    assert np.isfinite(list(first.measures.values())).all()
    assert (first.folder / "figures" / "ticket.png").exists()
    assert first.recordings["ticket"]["accuracy"].shape == (3, 2, 2)
    assert first.measures["accuracy_dense"] > 0.5
    again = api.run(SCENARIO, SHORT, seed=1, output=tmp_path / "again", figures=False)
    assert again.measures == first.measures


def test_a_null_model_changes_what_is_left_and_not_the_whole(tmp_path) -> None:
    curves = [
        api.run(SCENARIO, SHORT, seed=1, output=tmp_path, null=null, figures=False).recordings["ticket"]["accuracy"]
        for null in SCENARIO.nulls
    ]
    assert (curves[0][0] == curves[1][0]).all()
    assert (curves[0][1:] != curves[1][1:]).any()


@pytest.mark.slow
def test_the_ticket_wins_and_its_null_models_do_not(tmp_path) -> None:
    few = {"seeds": "8", "compared": "5"}

    def inside(null: str, names: Iterable[str]) -> list[bool]:
        measures = api.run(SCENARIO, few, seed=701, output=tmp_path, null=null, figures=False).measures
        ends = {name: SCENARIO.expected[name] for name in names}
        return [
            (low is None or low <= measures[name]) and (high is None or measures[name] <= high)
            for name, (low, high) in ends.items()
        ]

    assert all(inside("", SCENARIO.expected))
    for null, condition in SCENARIO.nulls.items():
        assert not any(inside(null, condition.misses)), null
