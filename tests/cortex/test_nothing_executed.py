"""Nothing that lies in a folder of results, or that only its files name, is executed: it is read."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import cortex as package
from cortex.errors import CortexError
from tests.conftest import Outcome

MADE = Path(__file__).parents[1] / "data" / "made_before"

pytestmark = pytest.mark.filterwarnings("ignore:.*the old name goes with version 0.3:FutureWarning")


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    """A study from somebody else, in which each place that could name a program names one that leaves a trace."""
    out = shutil.copytree(MADE, tmp_path / "theirs")
    program = f"open({str(tmp_path / 'executed')!r}, 'w').close()\n"
    elsewhere = tmp_path / "elsewhere.py"
    kept = [path for run in out.glob("runs/*") for path in (run / "scenario.py", run / "neighbour.py")]
    for file in (elsewhere, out / "tiny.py", out / "conftest.py", out / "sitecustomize.py", *kept):
        file.write_text(program)
    environment = json.loads((out / "environment.json").read_text())
    (out / "environment.json").write_text(json.dumps(environment | {"scenario_file": str(elsewhere)}))
    return out


def first(out: Path) -> Path:
    return min((out / "runs").iterdir())


COMMANDS: dict[str, tuple[int, Callable[[Path], tuple[Any, ...]]]] = {
    "compare": (0, lambda out: ("compare", out, "--no-figures")),
    "compare by null": (0, lambda out: ("compare", out, "--by", "null", "--no-figures")),
    "validate": (5, lambda out: ("validate", out)),
    "status": (0, lambda out: ("status", out, "--verify")),
    "report": (0, lambda out: ("report", out)),
    "report of a run": (0, lambda out: ("report", first(out))),
    "export": (0, lambda out: ("export", first(out), "x.nwb")),
    "show": (2, lambda out: ("show", first(out))),
    "run, plan": (0, lambda out: ("run", first(out), "-n")),
    "run, plan, trusted": (0, lambda out: ("run", first(out), "-n", "--trust")),
    "run": (2, lambda out: ("run", first(out))),
    "study, plan": (2, lambda out: ("study", out / "study.toml", "-n")),
    "study": (2, lambda out: ("study", out / "study.toml", "--accept-changes")),
}


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("path", ["tiny.py", "absolute", "gone.py"])
def test_a_command_executes_nothing_of_a_folder(
    name: str, path: str, cortex: Callable[..., Outcome], planted: Path, tmp_path: Path
) -> None:
    named = str(tmp_path / "elsewhere.py") if path == "absolute" else path
    text = (planted / "study.toml").read_text()
    (planted / "study.toml").write_text(text.replace('"tiny.py"', f'"{named}"'))
    for record in planted.glob("runs/*/run.json") if path == "absolute" else ():
        record.write_text(json.dumps(json.loads(record.read_text()) | {"scenario": named}))
    code, words = COMMANDS[name]
    outcome = cortex(*words(planted))
    assert not (tmp_path / "executed").exists()
    assert outcome.code == code, outcome.err
    assert "unexpected" not in outcome.err


def test_python_executes_nothing_of_a_folder(planted: Path, tmp_path: Path) -> None:
    runs = package.load(planted)
    [run] = package.load(first(planted))
    assert run.recordings
    assert run.dataset().children
    assert run._repr_html_()
    assert package.compare(runs, figures=False).conclusion == ""
    with pytest.raises(CortexError, match="only a folder of results names"):
        package.study(planted / "study.toml")
    assert not (tmp_path / "executed").exists()


def test_what_is_left_out_is_told_with_the_way_to_it(cortex: Callable[..., Outcome], planted: Path) -> None:
    assert f"cortex compare {planted} --scenario tiny.py" in cortex("compare", planted, "--no-figures").err
    told = cortex("study", planted / "study.toml").err
    assert f"cortex study COPY.toml -o {planted}" in told


def test_what_a_repetition_would_execute_is_shown_with_its_digest(
    cortex: Callable[..., Outcome], planted: Path, tmp_path: Path
) -> None:
    run = first(planted)
    shown = cortex("run", run, "-n").out
    refused = cortex("run", run).err
    for text in (shown, refused):
        for file in ("scenario.py", "neighbour.py"):
            [line] = [line for line in text.splitlines() if str(run / file) in line]
            assert len(line.split()[-1]) == 64
    assert "--trust" in refused and "--scenario FILE.py" in refused
    assert cortex("run", run, "--trust").code == 2  # it is no scenario; but now it was executed, as asked for
    assert (tmp_path / "executed").exists()


def test_a_run_of_a_shipped_scenario_is_repeated_without_asking(cortex: Callable[..., Outcome], planted: Path) -> None:
    run = first(planted)
    (run / "scenario.py").unlink()
    record = json.loads((run / "run.json").read_text()) | {"scenario": "copy_pair"}
    (run / "run.json").write_text(json.dumps(record))
    outcome = cortex("run", run, "-n")
    assert outcome.code == 2
    assert "cannot be repeated" in outcome.err  # the parameters are those of another scenario


@pytest.mark.parametrize("words", [("copy_pair", "--trust"), ("copy_pair", "--scenario", "x.py")])
def test_trust_is_for_run_folders(cortex: Callable[..., Outcome], tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "x.py").touch()
    outcome = cortex("run", *words, "-n")
    assert (outcome.code, "is no run folder" in outcome.err) == (2, True)


def test_a_scenario_of_another_name_repeats_nothing(cortex: Callable[..., Outcome], tmp_path: Path) -> None:
    cortex("new", "mine")
    run = first(shutil.copytree(MADE, tmp_path / "theirs"))
    outcome = cortex("run", run, "--scenario", "mine.py", "-n")
    assert (outcome.code, "is a run of tiny, not of mine" in outcome.err) == (2, True)
