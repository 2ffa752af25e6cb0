"""Small files: what a spreadsheet may not take for a formula, and comes back as it was."""

import csv
import errno
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cortex.errors import EnvironmentProblem
from cortex.files import explained, read_csv, refused, write_csv

FORMULAS = (
    "=cmd|' /C calc'!A0",
    "+1+cmd|' /C calc'!A0",
    "-2+3+cmd()",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "=1,2",
    "'quoted",
    "-A1(",
)


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_kept_from_a_spreadsheet_and_comes_back(tmp_path: Path, text: str) -> None:
    write_csv(tmp_path / "x.csv", [["condition"], [text]])
    with (tmp_path / "x.csv").open(newline="") as file:
        assert list(csv.reader(file))[1] == [f"'{text}"]
    assert read_csv(tmp_path / "x.csv") == [["condition"], [text]]


@pytest.mark.parametrize("text", ["-1.5", "+2", "-70 mV", "-1e-3", "-inf", "-.5/s", "1=2", "a+b", "", "-70 nS/um^2"])
def test_numbers_and_plain_texts_stay_as_they_are(tmp_path: Path, text: str) -> None:
    write_csv(tmp_path / "x.csv", [["value", "other"], [text, -1.5]])
    assert (tmp_path / "x.csv").read_text() == f"value,other\n{text},-1.5\n"


@given(rows=st.lists(st.lists(st.text(st.characters(codec="utf-8")), min_size=2, max_size=3), min_size=1, max_size=3))
@settings(deadline=None, max_examples=30)
def test_any_text_comes_back(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    write_csv(path, rows)
    assert read_csv(path) == rows


def test_what_is_no_csv_is_none(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "long").write_text('"' + "x" * 200_000)
    (tmp_path / "latin").write_bytes(b"\xff\xfe\x00")
    assert [read_csv(tmp_path / name) for name in ("folder", "long", "latin", "none")] == [None] * 4


def test_a_file_that_may_not_be_read_is_not_said_to_be_written(tmp_path: Path) -> None:
    def error(place: Path) -> PermissionError:
        return PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(place))

    ours, theirs = tmp_path / "results" / "runs" / "a", tmp_path / "stimuli.csv"
    for place, told in ((theirs, f"{theirs}: no permission to read"), (ours, f"cannot write {ours}: no permission to")):
        with pytest.raises(EnvironmentProblem) as found, explained(ours):
            raise error(place)
        assert str(found.value).startswith(told)
    assert str(refused(error(theirs))) == f"{theirs}: no permission (Permission denied)"


def test_equal_fields_of_a_table_are_one_text_in_memory(tmp_path: Path) -> None:
    write_csv(tmp_path / "x.csv", [["tau", "gain"], *[["10 ms", "=2"]] * 3])
    rows = read_csv(tmp_path / "x.csv")
    assert rows and rows[1:] == [["10 ms", "=2"]] * 3
    assert {id(row[0]) for row in rows[1:]} == {id(rows[1][0])}
    assert {id(row[1]) for row in rows[1:]} == {id(rows[1][1])}
