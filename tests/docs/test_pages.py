"""Pages lead to each other, generated parts are up to date, and each word of the glossary stands there once."""

import re
from pathlib import Path

import pytest

from cortex.analysis.comparison import fewest_pairs
from docs.build import insert, model

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def anchor(heading: str) -> str:
    """Return the anchor of a heading, as GitHub and others make it."""
    return re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
        if re.match(r"\w+:", target):
            continue
        name, _, place = target.partition("#")
        path = page.parent / name if name else page
        assert path.exists(), f"{page.name}: {target}"
        if place:
            headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
            assert place in map(anchor, headings), f"{page.name}: {target}"


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
