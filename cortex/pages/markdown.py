"""Take a conclusion, which a scenario writes in Markdown, apart: headings, paragraphs, lists and tables."""

import re
from collections.abc import Iterator

from cortex.pages.page import Heading, Items, Part, Table, Text

MARKS = re.compile(r"\*\*|``?|(?<!\w)\*(?=\w)|(?<=\w)\*(?!\w)")
"""Signs of emphasis and code, which are left out."""


def parts(text: str) -> list[Part]:
    """Return the parts of a text, in order."""
    blocks = re.split(r"\n\s*\n", text.strip())
    return [part for block in blocks for part in _parts(block.strip("\n").splitlines())]


def _parts(lines: list[str]) -> Iterator[Part]:
    """Yield the parts of lines without an empty line between them."""
    while lines and lines[0].startswith("#"):
        yield Heading(_plain(lines.pop(0).lstrip("# ")))
    if not lines:
        return
    if all(line.lstrip().startswith("|") for line in lines):
        rows = [_cells(line) for line in lines]
        head, *body = [row for row in rows if not all(re.fullmatch(r":?-+:?", cell) for cell in row)]
        yield Table(head, body)
    elif re.match(r"[*-] ", lines[0]):
        items = re.split(r"\n(?=[*-] )", "\n".join(lines))
        yield Items([_plain(" ".join(item[2:].split())) for item in items])
    else:
        yield Text([_plain(" ".join(line.strip() for line in lines))])


def _cells(line: str) -> list[str]:
    return [_plain(cell.strip().replace(r"\|", "|")) for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]


def _plain(text: str) -> str:
    return MARKS.sub("", text)
