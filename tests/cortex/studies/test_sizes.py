"""Large studies: the number of runs is checked before any is listed, and what is listed is listed fast."""

import time
from pathlib import Path
from typing import Any

import pytest

from cortex.experiment import catalogue, identity
from cortex.studies import plan, values
from cortex.studies.study_model import Study


@pytest.mark.parametrize(
    "command",
    [
        ("run", "--seeds", "1000000000"),
        ("study", "-p", "jitter=0.1,0.2", "--seeds", "1000000000", "-n"),
        ("study", "-p", "jitter=linear(0.001,0.2,99999)", "-p", "cell.tau=linear(10 ms,20 ms,99999)", "-n"),
        ("study", "-p", "jitter=sobol(0, 1)", "--points", str(2**60), "-n"),
    ],
)
def test_too_many_runs_are_refused_at_once(cortex: Any, tiny: Path, command: tuple[str, ...]) -> None:
    start = time.process_time()
    outcome = cortex(command[0], tiny, *command[1:])
    assert time.process_time() - start < 3
    assert outcome.code == 2
    assert "at most 1,000,000 are planned" in outcome.err


def test_a_million_replicates_of_a_run_are_estimated_at_once(cortex: Any, tiny: Path) -> None:
    outcome = cortex("run", tiny, "--seeds", "1000000", "-n")
    assert outcome.code == 0
    assert "1000000, each of 2 simulations" in outcome.out


def test_a_hundred_thousand_runs_are_planned_in_moments(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scenario, walks = catalogue.find(str(tiny)), []
    user_code = identity.user_code
    monkeypatch.setattr(identity, "user_code", lambda *arguments: walks.append(1) or user_code(*arguments))
    vary = {"jitter": "linear(0.001, 0.2, 50)", "cell.tau": "linear(10 ms, 20 ms, 10)"}
    start = time.process_time()
    planned = plan.make(Study(scenario="tiny", seeds=200, vary=vary), scenario)
    assert time.process_time() - start < 5
    assert len(planned) == 100_000
    assert len(walks) == 1
    assert planned[500].values is planned[0].values


def test_a_long_list_is_read_once_and_fast() -> None:
    long = [number / 60_000 for number in range(60_000)]
    start = time.process_time()
    assert len(values.read(long)) == 60_000  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"0\.0, 0\.1, .*\.\.\. is given twice"):
        values.read([number / 10 for number in range(10)] * 6000)
    study = Study(scenario="tiny", vary={"jitter": long})
    assert study.varied is study.varied
    assert time.process_time() - start < 1


def test_many_settings_are_planned_fast() -> None:
    """Each of them took a millisecond and a half when all its parameters were checked and written anew."""
    scenario = catalogue.find("copy_pair")
    study = Study(scenario="copy_pair", vary={"copying.learning_rate": "linear(0.001, 0.2, 2000)"})
    plan.make(study.model_copy(update={"vary": {"copies": [2, 3]}}), scenario)
    start = time.process_time()
    assert len(plan.make(study, scenario)) == 2000
    assert time.process_time() - start < 1
