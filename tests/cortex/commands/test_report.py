"""`cortex report` writes one page, and `cortex run` ends by naming that of its run."""

import errno
import os
from pathlib import Path

import pytest

from cortex.experiment import record
from cortex.pages import sheet_parameters
from tests.cortex.commands.typed import SHORT, Cortex, files


def test_a_run_ends_by_naming_its_report(cortex: Cortex, tiny: Path, tmp_path: Path) -> None:
    outcome = cortex("run", tiny, *SHORT)
    folder = outcome.out.splitlines()[-1]
    assert outcome.err.splitlines()[-1] == f"report: {folder}/report.html"
    assert f"{folder}/report.html" in files(tmp_path)
    assert "report" not in cortex("run", tiny, *SHORT, "-q").err


def test_report_writes_the_page_of_a_run_or_of_a_study(cortex: Cortex, tiny: Path, tmp_path: Path) -> None:
    folder = Path(cortex("run", tiny, *SHORT).out.splitlines()[-1])
    (folder / "report.html").unlink()
    assert cortex("report", folder).out == f"{folder}/report.html\n"
    assert "Membrane time constant." not in (folder / "report.html").read_text()  # nothing of the folder is executed
    outcome = cortex("report", "results/tiny", "--scenario", tiny, "-o", "mine.html")
    assert outcome.out == "mine.html\n"
    assert "Membrane time constant." in (tmp_path / "mine.html").read_text()
    cortex("run", tiny, *SHORT, "--seed", "1")
    assert cortex("report", "results/tiny").out == "results/tiny/report.html\n"
    assert "Runs of tiny" in (tmp_path / "results/tiny/report.html").read_text()


def test_a_folder_that_is_none_is_a_mistake_in_one_message(cortex: Cortex, tmp_path: Path) -> None:
    outcome = cortex("report", "nothing")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith("error: nothing is no folder")
    assert cortex("report", tmp_path, "-o", "a.pdf").code == 2
    (tmp_path / "a.html").mkdir()
    outcome = cortex("report", tmp_path, "-o", "a.html")
    assert (outcome.code, outcome.err.splitlines()[0]) == (2, "error: a.html is a folder")


def test_recordings_that_may_not_be_read_are_named(cortex: Cortex, tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Path(cortex("run", tiny, *SHORT).out.splitlines()[-1])

    def refuse(path: Path) -> str:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    monkeypatch.setattr(record, "digest", refuse)
    for names in ("SETTINGS", "REACH", "LENGTHS"):  # what else tells that there is no map to read
        monkeypatch.setattr(sheet_parameters, names, ())
    outcome = cortex("report", folder, "-o", "x.html")
    assert outcome.code == 4
    assert outcome.err == f"error: cannot read {folder.absolute()}/data.nc: Permission denied\n"
