"""Write numbers, intervals and tables as plain text."""

import math
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cortex.analysis.reference import Band
    from cortex.analysis.statistics import Interval

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def columns(rows: Iterable[Sequence[str]], indent: str = "") -> str:
    """Set rows of text in columns.

    Parameters
    ----------
    rows : iterable of sequence of str
        All of one length.
    indent : str
        Before each line.
    """
    rows = [[printable(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        (indent + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))).rstrip()
        for row in rows
    )


def printable(text: str) -> str:
    """Write a line end, and what moves the cursor of a terminal, as an escape."""
    return CONTROL.sub(lambda found: ascii(found[0])[1:-1], text)


def plain_markdown(text: str) -> str:
    """Write text of somebody else's so that Markdown takes none of it for HTML, a cell's end or a new line."""
    return re.sub(r"<(?=[A-Za-z/!?])", "&lt;", " ".join(printable(text).split())).replace("|", "\\|")


def markdown(rows: Sequence[Sequence[str]]) -> str:
    """Write a table in Markdown, the first row as its head, with columns that also stand in a terminal."""
    rows = [[plain_markdown(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    head, *body = [[cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in rows]
    lines = [head, ["-" * width for width in widths], *body]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def level(name: str) -> str:
    """Name a level of a parameter: "none" for the full model, which has no null model."""
    return name or "none"


def interval(value: "Interval") -> str:
    """Write a mean with its interval: "1.5 [1.4, 1.6]", or "undefined" without a mean."""
    return "undefined" if math.isnan(value.mean) else f"{value.mean:.3g}{ends(value, '.3g')}"


def ends(value: "Interval", form: str) -> str:
    """Write the ends of an interval in a format such as ".3g", or nothing if it has none; one alone as ">= 1.4"."""
    known = [f"{end:{form}}" for end in (value.low, value.high) if not math.isnan(end)]
    if len(known) == 1:
        return f" [{'>=' if math.isnan(value.high) else '<='} {known[0]}]"
    return f" [{', '.join(known)}]" if known else ""


def number(value: float) -> str:
    """Write a number of four digits, or nothing if there is none."""
    return "" if math.isnan(value) else f"{value:.4g}"


def count(number: int, noun: str, several: str = "") -> str:
    """Write how many there are: "1 seed", "2 seeds"; `several` is the plural that takes no s: "2 axes"."""
    return f"{number} {noun if number == 1 else several or f'{noun}s'}"


def share(number: int, whole: int, noun: str) -> str:
    """Write how many of all are meant, with the verb: "1 of 6 runs is", "2 of 6 runs are"."""
    return f"{number} of {count(whole, noun)} {'is' if number == 1 else 'are'}"


def duration(seconds: float) -> str:
    """Write a duration in round numbers."""
    if seconds < 120:
        return f"{max(seconds, 0):.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.0f} h"


def band(limits: "Band") -> str:
    """Write a band: ">= 0.9", "<= 0.6" or "0.85 .. 1.15"."""
    low, high = limits
    if low is not None and high is not None:
        return f"{low:g} .. {high:g}"
    return f">= {low:g}" if low is not None else f"<= {high:g}" if high is not None else ""


def plain(name: str) -> str:
    """Write the name of a measure or condition in words: "no_hold" as "no hold"."""
    return name.replace("_", " ")
