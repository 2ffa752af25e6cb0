"""Scripts that write the generated parts of the documentation, each run from the root of the repository."""

from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent
FIGURES = DOCS / "figures"


def insert(page: str, name: str, text: str) -> str:
    """Return a page with a text between the markers of a name.

    Raises
    ------
    ValueError
        If the page has no such markers.
    """
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    if begin not in page or end not in page:
        raise ValueError(f"the page has no markers {begin} and {end}")
    return f"{page.partition(begin)[0]}{begin}\n{text.strip()}\n{end}{page.partition(end)[2]}"


def write(name: str, texts: dict[str, str]) -> None:
    """Write texts between their markers into a page of the documentation.

    Parameters
    ----------
    name : str
        File name of the page.
    texts : dict of str to str
        By the name of the markers.
    """
    path = DOCS / name
    page = path.read_text(encoding="utf-8")
    for marker, text in texts.items():
        page = insert(page, marker, text)
    path.write_text(page, encoding="utf-8")
