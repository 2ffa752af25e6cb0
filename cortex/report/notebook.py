"""Results as HTML, for notebooks."""

import html
from base64 import b64encode
from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import quote


def table(head: Sequence[str], rows: Iterable[Sequence[str]], hints: Iterable[str] = ()) -> str:
    """Return a table; a hint shows over the first cell of its row."""
    lines = ["<table><tr>" + "".join(f"<th>{html.escape(cell)}</th>" for cell in head) + "</tr>"]
    hints = iter(hints)
    for first, *rest in rows:
        title = html.escape(next(hints, ""))
        cells = [f'<span title="{title}">{html.escape(first)}</span>', *map(html.escape, rest)]
        lines.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    return "\n".join([*lines, "</table>"])


def paragraph(text: str) -> str:
    """Return a paragraph of plain text."""
    return f"<p>{html.escape(text)}</p>"


def picture(path: Path | None) -> str:
    """Return a figure, embedded; nothing if there is none."""
    if path is None:
        return ""
    encoded = b64encode(path.read_bytes()).decode()
    return f'<p><img alt="{html.escape(path.stem)}" style="max-width: 100%" src="data:image/png;base64,{encoded}"></p>'


def link(path: Path | None, text: str) -> str:
    """Return the way to a file; nothing if there is none."""
    if path is None:
        return ""
    return f'<p><a href="{html.escape(quote(path.as_posix()))}" target="_blank">{html.escape(text)}</a></p>'
