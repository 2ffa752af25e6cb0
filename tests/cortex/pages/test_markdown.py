"""A conclusion in Markdown, as parts of a page."""

from cortex.pages import markdown
from cortex.pages.page import Heading, Items, Table, Text

TEXT = """
# Does **it** hold?

It does, at `rate` 0.5,
in all seeds; a*b stays.

* one
  goes on
* two

## Table

| a   | b \\| c |
| --- | ---: |
| 1   | 2    |
"""


def test_headings_paragraphs_lists_and_tables():
    assert markdown.parts(TEXT) == [
        Heading("Does it hold?"),
        Text(["It does, at rate 0.5, in all seeds; a*b stays."]),
        Items(["one goes on", "two"]),
        Heading("Table"),
        Table(["a", "b | c"], [["1", "2"]]),
    ]


def test_nothing_is_nothing():
    assert markdown.parts("") == []
