"""One HTML page that needs nothing else: sections of text, tables, figures and drawings, with their script and style.

Whatever comes from a run or a study is escaped. The page has a Content-Security-Policy of its own: it may load nothing,
and of scripts and styles it executes only the two whose digests it names.
"""

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, ClassVar

import jinja2
from markupsafe import Markup

from cortex.files import replace_text, to_plain
from cortex.pages.chart import Chart

SCRIPTS = ("table.js", "sheet.js", "hand.js", "page.js")
POLICY = "default-src 'none'; script-src '{script}'; style-src '{style}'; img-src data:; base-uri 'none'"

WIDEST = 9
"""Most columns of a table that fit beside each other."""


@dataclass(frozen=True)
class Text:
    """Paragraphs; as `notice`, what a reader must know first."""

    KIND: ClassVar[str] = "text"
    lines: Sequence[str]
    notice: bool = False


@dataclass(frozen=True)
class Items:
    """A list."""

    KIND: ClassVar[str] = "items"
    lines: Sequence[str]


@dataclass(frozen=True)
class Heading:
    """A heading inside a section."""

    KIND: ClassVar[str] = "heading"
    text: str


@dataclass(frozen=True)
class Link:
    """A cell of a table that leads to another page; `target` is a relative address."""

    text: str
    target: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Table:
    """A table.

    Attributes
    ----------
    head : sequence of str
    rows : sequence of sequence of str or Link
    caption : str
    notes : sequence of str
        Lines below it.
    sortable : bool
        Whether a reader can sort it by a column, and filter its rows.
    verdicts : bool
        Whether cells that say "yes" or "outside" are marked.
    folded : bool
        Whether it is shown only when asked for.
    """

    KIND: ClassVar[str] = "table"
    head: Sequence[str]
    rows: Sequence[Sequence[str | Link]]
    caption: str = ""
    notes: Sequence[str] = ()
    sortable: bool = False
    verdicts: bool = False
    folded: bool = False

    @property
    def many(self) -> bool:
        """Whether it has so many columns that it is scrolled sideways, and printed row by row."""
        return len(self.head) > WIDEST


@dataclass(frozen=True)
class Picture:
    """A figure; `source` is a data address, see `cortex.pages.pictures`."""

    KIND: ClassVar[str] = "picture"
    name: str
    source: str
    about: str
    folded: bool = False


@dataclass(frozen=True)
class Timeline:
    """Phases of a protocol: names, beginnings and durations in s, and colours."""

    KIND: ClassVar[str] = "timeline"
    names: Sequence[str]
    starts: Sequence[float]
    durations: Sequence[float]
    colours: Sequence[str]

    @property
    def bars(self) -> list[tuple[str, float, float, str]]:
        """Name, beginning and length in % of the whole, and colour of each phase."""
        whole = sum(self.durations) or 1.0
        rows = zip(self.names, self.starts, self.durations, self.colours, strict=True)
        return [(name, 100 * start / whole, 100 * length / whole, colour) for name, start, length, colour in rows]


@dataclass(frozen=True)
class Charts:
    """Drawings of a few numbers over time, side by side."""

    KIND: ClassVar[str] = "charts"
    charts: Sequence[Chart]


@dataclass(frozen=True)
class Explorer:
    """The cortical sheet, to be looked at site by site; see `cortex.pages.sheet_data`."""

    KIND: ClassVar[str] = "explorer"
    data: Mapping[str, Any]
    skin: Mapping[str, Any]


Part = Text | Items | Heading | Table | Picture | Timeline | Charts | Explorer


@dataclass(frozen=True)
class Section:
    """A part of a page with a title; an empty one is left out."""

    title: str
    parts: Sequence[Part] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Name of its anchor."""
        return re.sub(r"\W+", "-", self.title.lower()).strip("-")


def html(title: str, lead: Sequence[str], sections: Sequence[Section]) -> str:
    """Return a page.

    Parameters
    ----------
    title : str
    lead : sequence of str
        Lines below the title.
    sections : sequence of Section
    """
    script, style = _joined(SCRIPTS), _joined(["page.css"])
    return _template().render(
        title=title,
        lead=lead,
        sections=[section for section in sections if section.parts],
        policy=POLICY.format(script=_digest(script), style=_digest(style)),
        script=Markup(script),
        style=Markup(style),
        embedded=embedded,
    )


def write(path: str | Path, title: str, lead: Sequence[str], sections: Sequence[Section]) -> Path:
    """Write a page, which appears complete or not at all, and return its path.

    Raises
    ------
    EnvironmentProblem
        If it cannot be written.
    """
    text = html(title, lead, sections)
    replace_text(Path(path), text.encode("utf-8", "replace").decode())  # half a character cannot be written
    return Path(path)


def embedded(value: Any) -> Markup:
    """Write plain values as JSON that can stand inside an element of a page: no tag or comment begins in it."""
    text = json.dumps(to_plain(value), separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))


@cache
def _template() -> jinja2.Template:
    """Return the template of all pages, in which every value is escaped."""
    loader = jinja2.PackageLoader("cortex.pages")
    known = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return known.get_template("page.html.j2")


@cache
def _read(name: str) -> str:
    return (resources.files("cortex.pages") / "templates" / name).read_text(encoding="utf-8")


def _joined(names: Sequence[str]) -> str:
    return "\n".join(map(_read, names))


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
