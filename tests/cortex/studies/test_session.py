"""A study from Python: what is planned, done, told; the same errors as on the command line, and nothing printed."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from brian2 import mV

from cortex.errors import RunFailed, UsageError
from cortex.studies import session
from cortex.studies.named import study
from cortex.studies.source import Changes
from cortex.studies.study_model import Study

SHORT = {"duration": "0.1 s"}


@pytest.fixture
def scenario(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A scenario file in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return str(shutil.copy(tiny, tmp_path / "tiny.py"))


def test_a_sweep_is_done_once_and_says_what_became_of_it(scenario: str, capsys: pytest.CaptureFixture[str]) -> None:
    sweep = {"jitter": np.array([0.1, 0.2]), "cell.drive": [20 * mV, "30 mV"]}
    first = study(scenario, sweep, parameters=SHORT, seeds=1, jobs=1, backend="numpy")
    assert (first.name, first.folder) == ("tiny_study", Path("results/tiny_study"))
    values = {(run.parameters["jitter"], run.parameters["cell.drive"]) for run in first.runs}
    assert values == {(jitter, drive) for jitter in ("0.1", "0.2") for drive in ("20 mV", "30 mV")}
    stamps = [(run.folder / "run.json").stat().st_mtime_ns for run in first.runs]
    again = study(scenario, sweep, parameters=SHORT, seeds=1, jobs=1, backend="numpy")
    assert [(run.folder / "run.json").stat().st_mtime_ns for run in again.runs] == stamps
    assert repr(again).endswith("4 runs: 4 complete, 0 failed, 0 running, 0 waiting>")
    written = Changes.of(sweep, SHORT, (), None, 1, None, False)
    assert session.begin(scenario, written, None, "numpy").cost().rows == [("runs", "4: 4 done, 0 to do")]
    assert capsys.readouterr() == ("", "")


def test_a_scenario_file_that_is_edited_between_two_studies_of_one_process_is_read_again(scenario: str) -> None:
    drawn = study(scenario, {"jitter": [0.1]}, parameters=SHORT, seeds=2, jobs=1, backend="numpy").runs[0]
    text = Path(scenario).read_text(encoding="utf-8")
    Path(scenario).write_text(text.replace("len(times) / 2", "len(times) / 4"), encoding="utf-8")
    again = study(scenario, {"jitter": [0.1]}, parameters=SHORT, seeds=2, jobs=1, backend="numpy", accept_changes=True)
    assert [run.measures["rate"] for run in again.runs] == [pytest.approx(drawn.measures["rate"] / 2, rel=0.2)] * 2


def test_as_many_processes_work_as_there_are_cores_for_them(scenario: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {1, 3, 5}, raising=False)
    made: list[int] = []
    monkeypatch.setattr(session, "LocalProcesses", made.append)
    for jobs, runs in ((None, 9), (None, 2), (4, 9)):
        session._local(jobs, Study(scenario=scenario), runs)
    assert made == [3, 2, 4]


def test_the_python_and_the_typed_study_are_the_same(scenario: str) -> None:
    typed = Changes(typed={"jitter": "[0.1, 0.2]", "duration": "0.1 s"}, settings=("no_drive",), seeds=2)
    written = Changes.of({"jitter": [0.1, 0.2]}, SHORT, ("no_drive",), None, 2, None, False)
    plans = [session.begin(scenario, changes, None, "numpy").plan for changes in (typed, written)]
    assert [run.run for run in plans[0]] == [run.run for run in plans[1]]
    assert len(plans[0]) == 8


def test_errors_are_those_of_the_command_line(scenario: str) -> None:
    with pytest.raises(UsageError, match="did you mean jitter"):
        study(scenario, {"jiter": [0.1, 0.2]})
    with pytest.raises(UsageError, match="is not a number"):  # before that nothing varies
        study(scenario, parameters={"jitter": "0.1 0.2"})
    with pytest.raises(UsageError, match="nothing varies"):
        study(scenario, parameters={"jitter": 0.1})
    assert not Path("results").exists()
    with pytest.raises(RunFailed, match="1 run failed"):
        study(scenario, {"fails": [True, False]}, parameters=SHORT, jobs=1, backend="numpy")


@pytest.mark.parametrize(
    ("seeds", "told"),
    [(1, "with 1 seed no"), (5, "with 5 seeds no"), (6, "6 seeds; at least 6 are needed"), (9, "9 seeds; at least 6")],
)
def test_how_many_seeds_are_needed_is_told_beforehand(scenario: str, seeds: int, told: str) -> None:
    planned = session.begin(scenario, Changes(settings=("no_drive",), seeds=seeds), None, "numpy")
    assert [line[: len(told)] for line in planned.advice] == [told]
    alone = session.begin(scenario, Changes(seeds=2), None, "numpy")
    assert alone.advice == []


def test_how_many_seeds_are_needed_follows_from_how_much_is_compared(scenario: str, tmp_path: Path) -> None:
    levels = "".join(f"[conditions.c{number}]\njitter = {number / 10}\n" for number in range(9))
    study_text = f'scenario = "{scenario}"\nseeds = 6\n[primary]\nmeasure = "rate"\n{levels}'
    (tmp_path / "many.toml").write_text(study_text)
    [line] = session.begin("many.toml", Changes(), None, "numpy").advice
    told = "no difference can be told from chance at 5 % among 8 differences in rate: take at least 7 (--seeds 7)"
    assert line == f"with 6 seeds {told}"
    [line] = session.begin("many.toml", Changes(seeds=7), None, "numpy").advice
    needed = "7 seeds; at least 7 are needed to tell a difference from chance at 5 % among 8 differences in rate"
    assert line == needed


def test_what_it_costs_is_told_in_numbers(scenario: str, monkeypatch: pytest.MonkeyPatch) -> None:
    planned = session.begin(scenario, Changes(typed={"jitter": "0.1,0.2"}, seeds=3), None, "numpy")
    looks: list[Path] = []
    update = session.table.update
    monkeypatch.setattr(session.table, "update", lambda out, *others, **how: looks.append(out) or update(out, **how))
    cost = planned.cost("1/2", jobs=2).as_plain()
    assert looks == [planned.out]
    assert (cost["planned"], cost["missing"], cost["other_shards"], cost["at_a_time"]) == (6, 3, 3, 2)
    assert cost["seconds"] > 3 / 2  # measuring alone takes a second
    assert dict(planned.cost().rows)["runs"] == "6: 0 done, 6 to do"
