"""A study that version 0.1 made, with the names that modules and settings had then: tests/data/made_before."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from matplotlib.figure import Figure

import cortex as package
from cortex.experiment.result import Conclusion
from cortex.report import style
from cortex.studies import conclusion, plan_file
from cortex.studies.conclusion import Drawn

MADE = Path(__file__).parents[2] / "data" / "made_before"

pytestmark = pytest.mark.filterwarnings("ignore:.*the old name goes with version 0.3:FutureWarning")


@pytest.fixture
def before(tmp_path: Path) -> Path:
    """The folder of results."""
    return shutil.copytree(MADE, tmp_path / "before")


def test_it_loads(before: Path) -> None:
    runs = package.load(before)
    assert {run.condition: run.measures["rate"] for run in runs} == {"full": 145.0, "no_drive": 0.0}
    full = next(run for run in runs if run.condition == "full")
    assert full.bands["rate"] == (100, 200)
    assert len(full.recordings["driven"]["spikes.t"]) == 29


def test_it_has_a_status_and_is_compared(cortex: Any, before: Path) -> None:
    assert json.loads(cortex("status", before, "--json").out)["complete"] == 2
    outcome = cortex("compare", before, "--no-figures")
    assert outcome.code == 0
    assert "rate at no_drive 0, at full 145: difference -145" in outcome.out
    assert cortex("compare", before, "--by", "null", "--no-figures").code == 0


def test_it_goes_on_when_changes_are_accepted(cortex: Any, before: Path) -> None:
    (before.parent / "mine").mkdir()
    own = shutil.copy(before / "study.toml", before.parent / "mine")
    shutil.copy(next(before.glob("runs/*/scenario.py")), before.parent / "mine" / "tiny.py")
    command = ("study", own, "-o", before, "-j", "1", "--backend", "numpy")
    stopped = cortex(*command)
    assert stopped.code == 2
    assert "sources  was 16abcdd08eb9bfd9" in stopped.err
    lost = next(run for run in plan_file.load(before) or [] if run.condition == "full").run
    kept = json.loads((before / "runs" / lost / "run.json").read_text())
    shutil.rmtree(before / "runs" / lost)
    assert cortex(*command, "--accept-changes").code == 0
    again = json.loads((before / "runs" / lost / "run.json").read_text())
    assert (again["measures"], again["predictions"]) == (kept["measures"], kept["predictions"])
    assert {path.name for path in (before / "runs").iterdir()} == {path.name for path in (MADE / "runs").iterdir()}


def test_a_run_of_it_repeats(cortex: Any, before: Path) -> None:
    for folder in sorted((before / "runs").iterdir()):
        outcome = cortex("run", folder, "--trust", "--backend", "numpy")
        assert outcome.code == 0
        assert "all measures are identical" in outcome.out


@pytest.mark.parametrize(
    ("former", "name"),
    [
        ("learning_speed", "copying_speed"),
        ("release-time", "release_copy_time"),
        ("release_when", "release_learning_time"),
    ],
)
def test_a_study_keeps_its_former_name_and_folder(cortex: Any, former: str, name: str) -> None:
    outcome = cortex("study", former, "-n", "--json", "--seeds", "1")
    assert f"is called {name} now" in outcome.err
    printed = json.loads(outcome.out)
    assert (printed["study"], printed["folder"]) == (name, f"results/{name}")
    folder = Path("results") / former.replace("-", "_")
    folder.mkdir(parents=True)
    shutil.copy(MADE / "plan.csv", folder)
    assert json.loads(cortex("study", former, "-n", "--json", "--seeds", "1").out)["folder"] == str(folder)


def test_the_figures_of_a_conclusion_win_over_those_of_measures(before: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own, saved = Figure(), {}
    monkeypatch.setattr(conclusion, "conclude", lambda *_, **__: Drawn(Conclusion("# Said", lambda: {"rate": own})))
    monkeypatch.setattr(
        style, "save", lambda figure, folder, name, svg: saved.update({name: figure}) or [folder / name]
    )
    comparison = package.compare(before)
    assert saved["rate"] is own
    assert comparison.main_figure == comparison.figures["rate"]
