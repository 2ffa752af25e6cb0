"""Pages lead to each other, generated parts are up to date, and each word of the glossary stands there once."""

import re
from pathlib import Path

import pytest

from cortex.analysis.comparison import fewest_pairs
from docs.build import insert, model

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]

[LEVELS] = re.findall(r"^myst_heading_anchors = (\d)", (ROOT / "docs" / "conf.py").read_text(), re.MULTILINE)
"""Of headings that have an anchor in the site."""


def anchor(heading: str) -> str:
    """Return the anchor of a heading, as GitHub and others make it."""
    return re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-")


def prose(page: Path) -> str:
    """Return the text of a page without its blocks of code."""
    return re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere_in_the_files_and_in_the_site(page: Path) -> None:
    """In the site a page is built from each file of ``docs``, and other files there can be downloaded."""
    for target in re.findall(r"\]\(([^)]+)\)", prose(page)):
        if re.match(r"\w+:", target):
            continue
        name, _, place = target.partition("#")
        path = (page.parent / name).resolve() if name else page
        assert path.is_file(), f"{page.name}: {target}"
        assert not re.match("docs/(examples|scenarios|models)/", path.relative_to(ROOT).as_posix()), "git ignores it"
        if page.is_relative_to(ROOT / "docs"):
            assert path.is_relative_to(ROOT / "docs"), f"{page.name}: {target} is not in the site"
            assert path.name != "overview.md", f"{page.name}: {target} is index in the site"
        if place:
            headings = re.findall(rf"^#{{1,{LEVELS}}} (.+)$", prose(path), re.MULTILINE)
            assert place in map(anchor, headings), f"{page.name}: {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_is_plain_markdown(page: Path) -> None:
    """Roles and directives of the site would be shown raw where the files are read."""
    text = page.read_text(encoding="utf-8")
    assert re.findall(r"^\s*(?:```|:::)\s*\{.*|\{[\w:-]+\}`.*|^\(.+\)=$|\]\(/.*|\]\(<.*", text, re.MULTILINE) == []


def test_every_example_can_be_read_where_a_reader_begins() -> None:
    for page in (ROOT / "README.md", ROOT / "docs" / "overview.md", ROOT / "docs" / "start.md"):
        linked = set(re.findall(r"\]\((?:docs/)?(gallery/\w+\.py)\)", page.read_text(encoding="utf-8")))
        assert linked == {f"gallery/{path.name}" for path in (ROOT / "docs" / "gallery").glob("*.py")}


@pytest.mark.parametrize("page", [page for page in PAGES if page.name != "benchmarks.md"], ids=lambda page: page.name)
def test_lines_that_people_write_are_short(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    own = re.sub(r"<!-- (\w[\w ]*) -->.*?<!-- /\1 -->|^```.*?^```$|^\|.*?$", "", text, flags=re.DOTALL | re.MULTILINE)
    assert [line for line in own.splitlines() if len(line) > 120] == []


def test_equations_and_parameters_are_those_of_the_models() -> None:
    written = (ROOT / "docs" / model.PAGE).read_text(encoding="utf-8")
    page = written
    for marker, text in model.texts().items():
        page = insert(page, marker, text)
    assert page == written, "write it again: python -m docs.build.model"


def test_the_equations_of_every_mechanism_are_on_the_page() -> None:
    text = model.equations()
    for line in (
        "w = clip(w + plasticity(t)",
        "strength = clip(strength*exp(",
        "affinity = clip(affinity",
        "eligibility +=",
    ):
        assert line in text
    assert "(shared, constant)" not in text


def test_the_advice_on_seeds_is_that_of_the_program() -> None:
    text = (ROOT / "docs" / "studies.md").read_text(encoding="utf-8")
    assert f"**Take at least {fewest_pairs()} seeds**" in text
    assert fewest_pairs(2) == fewest_pairs() == fewest_pairs(3) - 1 == 6
    assert fewest_pairs(13) == 7
    assert f"{fewest_pairs(2)} for one or two,\n{fewest_pairs(14)} for 14" in text


def test_a_term_of_the_glossary_stands_there_once() -> None:
    terms = re.findall(r"^\* \*\*(.+?)\*\*", (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(terms) > 60
    assert len(terms) == len(set(terms))


def test_a_text_needs_its_markers() -> None:
    assert insert("a <!-- x --> old <!-- /x --> b", "x", " new\n") == "a <!-- x -->\nnew\n<!-- /x --> b"
    with pytest.raises(ValueError, match="no markers"):
        insert("a", "x", "new")
