"""Which folder was meant."""

from pathlib import Path

import pytest

import cortex
from cortex.errors import EnvironmentProblem, UsageError
from cortex.studies import results_folder


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three folders of results, one of them with a run."""
    monkeypatch.chdir(tmp_path)
    for name in ("copy_pair_study", "copy_pair_quick", "hold_by_idle"):
        (tmp_path / "results" / name / "runs").mkdir(parents=True)
    run = tmp_path / "results" / "hold_by_idle" / "runs" / "a-r000"
    run.mkdir()
    (run / "run.json").write_text("{}")
    return tmp_path / "results"


@pytest.mark.parametrize(
    ("folder", "part"),
    [
        ("results/copy_pair", "did you mean results/copy_pair_quick or results/copy_pair_study?"),
        ("results/hold_by_idel", "did you mean results/hold_by_idle?"),
        ("hold_by_idle", "did you mean results/hold_by_idle?"),
        ("results/nothing_like_it", "give a folder of results, such as results/NAME"),
        (
            "results/hold_by_idle/runs/a-r000",
            "is one run\ngive the folder of results that it is part of: results/hold_by",
        ),
        ("results", "holds several folders of results\ngive one: results/copy_pair_quick, results/copy_pair_study, "),
    ],
)
def test_a_wrong_folder_is_told_with_the_one_that_was_meant(results: Path, folder: str, part: str) -> None:
    with pytest.raises(UsageError) as error:
        results_folder.check(Path(folder))
    assert part in str(error.value)


def test_a_folder_of_results_is_right(results: Path) -> None:
    results_folder.check(results / "hold_by_idle")


@pytest.mark.parametrize("link", ["mine", "mine/runs"])
def test_a_link_to_nothing_is_told_with_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, link: str) -> None:
    monkeypatch.chdir(tmp_path)
    place = tmp_path / link
    place.parent.mkdir(exist_ok=True)
    place.symlink_to("away")
    for read in (results_folder.check, cortex.load, cortex.compare):
        with pytest.raises(EnvironmentProblem) as error:
            read(Path("mine"))
        assert str(error.value) == f"{link} is a link to nothing: away\nmake what it leads to, or remove the link"
    assert place.is_symlink() and not place.exists()
