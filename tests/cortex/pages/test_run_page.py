"""The page of a run says what its folder holds, and what the scenario knows of it."""

import os
import re
import shutil

import pytest

import cortex
from cortex.errors import UsageError
from cortex.experiment import catalogue, result
from cortex.experiment.record import write_record
from cortex.files import PNG
from cortex.pages import pages, run_page
from tests.cortex.pages import made


def plain(path):
    """The text of a page, without its script, style and data."""
    text = re.sub(r"<(script|style)\b.*?</\1>", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def record_of(folder, **changes):
    """A run of which there is the record alone."""
    folder = folder / "0123456789-r000"
    folder.mkdir()
    write_record(folder, made.RECORD | {"requested_seconds": 0.0, "simulated_seconds": {}} | changes)
    return result.read(folder)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("results")


@pytest.fixture
def run(tiny, folder):
    return cortex.run(tiny, {"duration": "0.1 s"}, seed=3, output=folder, backend="numpy")


def test_a_run_comes_with_its_page(run):
    assert run.report == run.folder / "report.html"
    told = plain(run.report)
    assert told.startswith("Tiny with duration = 0.1 s Tiny with duration = 0.1 s tiny, run")
    texts = (
        "seed 3, replicate 0",
        "Scenario: Two driven cells. Other values than the scenario has now: duration = 0.1 s instead of 1 s.",
        "1 s. After Nobody 2000",
        "Bands are not scored: other values of duration.",
        "1 drive: 0 to 0.1 s",
        f"rate {run.measures['rate']:.4g} {run.predictions['rate']:.4g} 100 .. 200",
        "nothing not measured: its analysis gave no number",
        "cell.tau 10 ms 1 ms .. 100 ms Membrane time constant. own choice",
        "duration 0.1 s 1 s",
        "backend numpy",
        "provenance.versions.cortical-expansion",
    )
    assert [text for text in texts if text not in told] == []
    assert "Cortical sheet" not in told
    assert run.report.read_text().count("data:image/png;base64,") == 1


MANY = {"training.digits": "2", "training.dose": "9 s", "sheet.contacts": "3.0"}


@pytest.mark.parametrize(
    ("changes", "given", "title"),
    [
        ({}, [], "A made sheet"),
        ({"training.digits": "2"}, ["training.digits"], "Finger expansion with training.digits = 2"),
        (MANY, list(MANY), "Finger expansion with 3 changed parameters"),
        (MANY, ["training.dose"], "Finger expansion with training.dose = 9 s"),
        (MANY, [], "A made sheet"),
    ],
)
def test_a_title_that_tells_of_the_own_values_stands_over_no_others_that_the_run_was_given(
    changes, given, title, tmp_path
):
    own = catalogue.installed("finger_expansion").parameters.as_text()
    unscored = f"other values of {', '.join(given)}" if given else ""
    told = plain(run_page.write(record_of(tmp_path, parameters=own | changes, unscored=unscored)))
    assert told.startswith(f"{title} {title} finger_expansion, run")
    assert ("Scenario: A made sheet." in told) == bool(given)
    assert ("Other values than the scenario has now: " in told) == bool(changes)
    assert ("training.digits = 2 instead of 2,3" in told) == bool(changes)


def test_a_null_model_is_part_of_the_title(tmp_path):
    own = catalogue.installed("finger_expansion").resolve({}, null="no_hold").as_text()
    told = plain(run_page.write(record_of(tmp_path, parameters=own, null="no_hold")))
    assert told.startswith("Finger expansion: no_hold Finger expansion: no_hold finger_expansion, run")
    assert "Other values" not in told


def test_a_run_with_bands_tells_that_a_single_seed_scatters(tmp_path):
    told = plain(run_page.write(made.sheet_run(tmp_path / "0123456789-r000", ("trained",))))
    assert re.search(r"Measures in their bands: 0 of 1. Outside: \w+ \S+, band [^.]+\.", told)
    assert "10 runs: cortex run finger_expansion --seed 1 --seeds 10" in told


def test_a_notebook_leads_to_the_page(run):
    assert f'href="{run.report}"' in run._repr_html_()


def test_a_page_that_is_there_stays_and_a_lost_one_is_written_again(tiny, run, folder):
    run.report.write_text("mine")
    again = cortex.run(tiny, {"duration": "0.1 s"}, seed=3, output=folder, backend="numpy")
    assert again.report.read_text() == "mine"
    run.report.unlink()
    assert cortex.run(tiny, {"duration": "0.1 s"}, seed=3, output=folder, backend="numpy").report


def test_a_page_that_cannot_be_written_costs_no_run(run, caplog, monkeypatch):
    run.report.unlink()
    monkeypatch.setattr(run_page, "write", lambda *_, **__: 1 / 0)
    assert run_page.keep(run) is None
    assert "no report could be written: ZeroDivisionError" in caplog.text


def test_without_its_scenario_a_page_says_less_but_is_there(run, tmp_path):
    told = plain(run_page.write(run, tmp_path / "a.html"))
    assert "what they mean is not known here" in told
    assert "cell.tau 10 ms" in told
    assert "Membrane time constant" not in told


def test_a_map_and_published_numbers_of_a_shipped_scenario(tmp_path):
    run = made.sheet_run(tmp_path / "0123456789-r000", ("trained",))
    told = plain(run_page.write(run))
    assert "Cortical sheet" in told
    assert "Loading the map: it needs JavaScript" in told
    assert "expansion_trained 1.25 1.5 .. 3 outside 2.5: Jenkins et al. 1990" in told
    assert "expansion_limit 2.5" in told
    assert "sheet.density 150/mm^2 500/mm^2" in told
    assert run.report.stat().st_size < 2_000_000


def test_a_run_whose_recordings_are_damaged_or_large_has_a_page_without_a_map(tmp_path, monkeypatch):
    run = made.sheet_run(tmp_path / "0123456789-r000", ("trained",))
    monkeypatch.setattr(run_page, "LARGEST", 1000)
    assert "is too large for a page" in plain(run_page.write(run))
    data = run.folder / "data.nc"
    data.write_bytes(data.read_bytes()[::-1])
    told = plain(run_page.write(run))
    assert "There is no map: " in told
    assert "is damaged" in told
    assert "expansion_trained 1.25" in told


def test_warnings_and_what_is_special_come_first(run, tmp_path):
    warning = {"what": "no spikes", "when": "drive", "where": "arm silent", "next": "raise the drive"}
    more = {"warnings": [warning], "quick": True, "null": "no_drive", "precision": "single"}
    folder = tmp_path / "0123456789-r000"
    folder.mkdir()
    (folder / "data.nc").write_bytes((run.folder / "data.nc").read_bytes())
    write_record(folder, made.RECORD | more | {"requested_seconds": 0.0, "simulated_seconds": {}})
    told = plain(run_page.write(result.read(folder)))
    assert "quick version; null model or condition: no_drive; single precision" in told
    assert "Warning: no spikes (drive): arm silent; raise the drive" in told


def test_only_plain_pictures_are_figures_and_the_others_are_named(run, tmp_path):
    run = result.read(shutil.copytree(run.folder, tmp_path / run.run))
    figures = run.folder / "figures"
    secret = tmp_path / "secret.png"
    secret.write_bytes(PNG + b"secret")
    kept = run.figures
    (figures / "gone.png").symlink_to(tmp_path / "nothing")
    (figures / "link.png").symlink_to(secret)
    (figures / "folder.png").mkdir()
    os.mkfifo(figures / "pipe.png")
    (figures / "text.png").write_text("secret")
    assert run.figures == kept
    assert run.main_figure in kept.values()
    path = run_page.write(run, tmp_path / "a.html")
    assert "figures: folder, gone, link, pipe, text" in plain(path)
    assert path.read_text().count("data:image/png;base64,") == len(kept)
    figures.rename(tmp_path / "figures")
    figures.symlink_to(tmp_path / "figures")
    assert run.figures == {}
    assert run.main_figure is None


def test_a_folder_with_one_run_gets_the_page_of_that_run(run, folder, tmp_path):
    assert pages.write(folder, tmp_path / "a.html") == tmp_path / "a.html"
    assert "Two driven cells" in plain(tmp_path / "a.html")
    with pytest.raises(UsageError, match=r"does not end in \.html"):
        pages.write(folder, tmp_path / "a.txt")
    with pytest.raises(UsageError, match="is no folder"):
        pages.write(tmp_path / "none")
