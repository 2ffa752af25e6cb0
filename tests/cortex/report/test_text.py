"""Numbers, intervals and tables as they are printed."""

import math

import pytest

from cortex.analysis.statistics import Interval
from cortex.report import text


def test_columns_are_as_wide_as_their_longest_cell() -> None:
    assert text.columns([("a", "bc"), ("def", "")], indent="  ") == "  a    bc\n  def"


def test_a_table_is_markdown_with_columns_of_equal_width() -> None:
    head, rule, row = text.markdown([("arm", "rate"), ("no hold", "1")]).splitlines()
    assert (head, rule, row) == ("| arm     | rate |", "| ------- | ---- |", "| no hold | 1    |")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Interval(1.5, 1.25, 2.0), "1.5 [1.25, 2]"),
        (Interval(1.5, math.nan, math.nan), "1.5"),
        (Interval(math.nan, math.nan, math.nan), "undefined"),
    ],
)
def test_an_interval_has_ends_where_they_are_known(value: Interval, written: str) -> None:
    assert text.interval(value) == written


@pytest.mark.parametrize(("seconds", "written"), [(-1, "0 s"), (119, "119 s"), (3600, "60 min"), (7200, "2 h")])
def test_durations_are_round(seconds: float, written: str) -> None:
    assert text.duration(seconds) == written


def test_one_of_a_kind_is_no_plural() -> None:
    assert [text.count(number, "seed") for number in (0, 1, 2)] == ["0 seeds", "1 seed", "2 seeds"]
    assert [text.count(number, "axis", "axes") for number in (1, 2)] == ["1 axis", "2 axes"]
    assert [text.share(1, 6, "run"), text.share(2, 6, "run"), text.share(1, 1, "run")] == [
        "1 of 6 runs is",
        "2 of 6 runs are",
        "1 of 1 run is",
    ]


def test_bands_may_be_open() -> None:
    bands = [(0.9, None), (None, 0.6), (0.85, 1.15), (None, None)]
    assert [text.band(limits) for limits in bands] == [">= 0.9", "<= 0.6", "0.85 .. 1.15", ""]


def test_a_missing_number_is_left_blank() -> None:
    assert [text.number(value) for value in (0.123456, math.nan)] == ["0.1235", ""]


def test_names_are_written_in_words() -> None:
    assert (text.level(""), text.level("no_hold"), text.plain("no_hold")) == ("none", "no_hold", "no hold")


def test_a_cell_of_a_table_is_one_line_and_moves_no_cursor() -> None:
    assert text.columns([("two\nlines\x1b[2J\0", "漢 é\xa0b")]) == "two\\nlines\\x1b[2J\\x00  漢 é\xa0b"
