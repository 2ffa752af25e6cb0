"""Pages in a real browser, without a screen: what a reader does changes what is shown, and nothing else happens."""

import importlib.util
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cortex.analysis import maps
from cortex.pages import page, pages, run_page, sheet_file
from cortex.pages.page import Section
from tests.cortex.pages import made
from tests.cortex.pages.test_answer_pages import ARGUMENT, keep, validation
from tests.cortex.pages.test_page import everything

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
AXE = importlib.util.find_spec("axe_playwright_python")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")

QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
HOSTILE = "\"'></script><img src=x onerror=hacked=1><script>hacked=1</script>&amp;<!--"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield started
        started.close()


@pytest.fixture
def opened(browser: Any) -> Iterator[Callable[..., Any]]:
    """Open a file, and see to it that it says nothing on the console and asks for nothing outside."""
    noise: list[str] = []
    contexts = []

    def open_(path: Path, **settings: Any) -> Any:
        contexts.append(browser.new_context(viewport={"width": 1100, "height": 800}, **settings))
        contexts[-1].set_default_timeout(120_000)  # of a machine with more to do
        shown = contexts[-1].new_page()
        shown.on("console", lambda message: noise.append(message.text))
        shown.on("pageerror", lambda error: noise.append(str(error)))
        shown.on("dialog", lambda dialog: noise.append(dialog.message))
        outside = re.compile(r"^(?!file:|data:|blob:)")
        shown.on("request", lambda request: noise.extend([request.url] if outside.match(request.url) else []))
        shown.goto(path.as_uri())
        shown.wait_for_selector("html[data-ready=yes]", state="attached")
        return shown

    yield open_
    for context in contexts:
        context.close()
    assert noise == []


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Any:
    made_run = made.sheet_run(tmp_path_factory.mktemp("made") / "0123456789-r000")
    run_page.write(made_run)
    return made_run


def told(shown: Any) -> str:
    return str(shown.locator("#told").inner_text())


def test_slider_animal_click_and_keys_change_what_is_shown(run: Any, opened: Callable[..., Any]) -> None:
    shown, read = opened(run.report), sheet_file.read(run)
    assert read is not None
    layout = read.layout

    def area(animal: str, number: int) -> str:
        won = maps.winner_area(read.maps[animal][number].sites.winner, read.trained[animal], layout.site_area)
        return f"The patches touched by the training win {won:.3f} mm²"

    def says(kind: str, element: int, number: int) -> bool:
        answers = getattr(read.maps["trained"][number], kind)
        size = answers.field_size(layout.probe_area)[element]
        best = (answers.spikes[element] - answers.baseline[element]).max()
        said = re.search(r"receptive field ([\d.]+) mm², best response ([\d.]+) spikes", told(shown))
        return bool(said and np.allclose([float(text) for text in said.groups()], [size, best], atol=0.051))

    chosen = int(np.flatnonzero(np.isin(read.maps["trained"][0].sites.winner, read.trained["trained"]))[0])
    assert area("trained", 0) in shown.locator("#map-area").inner_text()
    assert says("sites", chosen, 0)
    shown.locator("#phase").focus()
    shown.keyboard.press("End")
    assert area("trained", 2) in shown.locator("#map-area").inner_text()
    assert "map released" in shown.locator("#phase-name").inner_text()
    assert says("sites", chosen, 2)
    assert shown.locator(".phases .current").inner_text().split(maxsplit=1)[1].startswith("map released")
    shown.locator('input[name="animal"][value="control"]').check()
    assert area("control", 2) in shown.locator("#map-area").inner_text()
    shown.locator('input[name="animal"][value="trained"]').check()

    shown.locator('#map [data-index="40"]').click()
    assert says("sites", 40, 2)
    rows = len(np.unique(layout.sites[:, 1]))
    for key, place in (("ArrowRight", 40 + rows), ("ArrowUp", 41 + rows), ("ArrowLeft", 41), ("ArrowDown", 40)):
        shown.locator("#map").press(key)
        assert told(shown).startswith(f"Site {place} ")

    copy = int(np.flatnonzero(read.maps["trained"][2].teacher >= 0)[0])
    shown.locator('input[name="kind"][value="cells"]').check()
    shown.locator(f'#map [data-index="{copy}"]').click()
    teacher = int(read.maps["trained"][2].teacher[copy])
    assert says("cells", copy, 2)
    assert f"its teacher is cell {teacher}:" in told(shown)
    assert shown.locator("#afferents circle").count() > 0
    shown.get_by_role("button", name=f"teacher: cell {teacher}", exact=True).click()
    assert told(shown).startswith(f"Cell {teacher} ")
    assert shown.get_by_role("button", name=f"copy: cell {copy}", exact=True).count() == 1


def test_a_table_says_what_the_record_says_and_is_sorted_and_filtered(run: Any, opened: Callable[..., Any]) -> None:
    shown = opened(run.report)
    table = shown.locator("table", has_text="expansion_trained").first
    assert [row.split("\t")[:2] for row in table.locator("tbody tr").all_inner_texts()] == [
        ["expansion_trained", "1.25"],
        ["expansion_trained_wta", "does not apply"],
    ]
    parameters = shown.locator("table", has_text="mapping.repeats")
    parameters.get_by_role("button", name="value", exact=True).press("Enter")
    assert parameters.locator("th[aria-sort=ascending]").inner_text() == "value"
    field = shown.get_by_label("Only rows that contain").last
    field.fill("MAPPING blanks")
    assert parameters.locator("tbody tr:visible").all_inner_texts()[0].startswith("mapping.blanks\t8")
    assert parameters.locator("tbody tr:visible").count() == 1


def test_numbers_are_sorted_by_size_and_what_is_empty_comes_last(tmp_path: Path, opened: Callable[..., Any]) -> None:
    table = page.Table(["n"], [["10 s"], [""], ["9"], ["-1e3"]], sortable=True)
    shown = opened(page.write(tmp_path / "a.html", "a", [], [Section("b", [table])]))
    cells = shown.locator("td")
    for expected in (["-1e3", "9", "10 s", ""], ["10 s", "9", "-1e3", ""]):
        shown.get_by_role("button", name="n", exact=True).click()
        assert cells.all_inner_texts() == expected


LONG = "A sentence that says at length what a measure is, of which nothing may be cut off at the edge of a page. " * 2
NARROW = page.Table(["measure", *"bcde", "meaning"], [["a_rather_long.name_of_a_measure", *"1234", LONG]])
MANY = page.Table([f"name_of_measure_{n}" for n in range(30)], [["0.12345"] * 30])


@pytest.mark.parametrize(("width", "media"), [(1300, "screen"), (800, "screen"), (680, "print")])
def test_tables_can_be_read_to_the_end(width: int, media: str, tmp_path: Path, opened: Callable[..., Any]) -> None:
    shown = opened(page.write(tmp_path / "a.html", "a", [], [Section("narrow", [NARROW]), Section("many", [MANY])]))
    shown.set_viewport_size({"width": width, "height": 900})
    shown.emulate_media(media=media)
    ends = shown.evaluate("[...document.querySelectorAll('td, th')].map((cell) => cell.getBoundingClientRect().right)")
    assert max(ends[: len(NARROW.head) * 2]) <= width
    assert (max(ends) <= width) == (media == "print")
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    note = shown.get_by_text("scroll it sideways")
    assert (note.count(), note.is_visible()) == (1, media == "screen")
    if media == "print":
        cell = shown.locator("#many-1 td").first
        assert cell.get_attribute("data-head") == "name_of_measure_0"
        told = cell.evaluate("(cell) => getComputedStyle(cell, '::before').content")
        assert "attr(data-head)" in told or "name_of_measure_0" in told
        return
    scrolled = shown.locator("#many-1").locator("..")
    scrolled.evaluate("(part) => { part.scrollLeft = 100000; }")
    assert shown.locator("#many-1 td").last.evaluate("(cell) => cell.getBoundingClientRect().right") <= width


def test_hostile_names_do_nothing(tmp_path: Path, opened: Callable[..., Any]) -> None:
    animal = HOSTILE.replace("/", "")  # no name of a group may hold it
    names = {"title": HOSTILE, "citation": HOSTILE, "measures": {HOSTILE: 1.0}, "bands": {}, "missing": {}}
    names["parameters"] = made.RECORD["parameters"] | {HOSTILE: HOSTILE}
    names["unscored"] = "other values of sheet.density"
    names["phases"] = [{"name": HOSTILE, "start": 0.0, "duration": 1.0}]
    shown = opened(
        run_page.write(made.sheet_run(tmp_path / "run", (animal,), simulated_seconds={animal: 1.0}, **names))
    )
    shown.locator('input[name="kind"][value="cells"]').check()
    assert f"Scenario: {HOSTILE}." in shown.locator("header").inner_text()
    assert shown.get_by_label(animal).is_checked()
    assert shown.evaluate("typeof hacked") == "undefined"
    assert shown.locator("img").count() == 0


def violations(shown: Any) -> list[Any]:
    """What axe finds, after it has looked at many things."""
    assert AXE
    assert AXE.origin
    [script] = Path(AXE.origin).parent.rglob("axe.min.js")
    shown.evaluate(script.read_text(encoding="utf-8"))
    found = shown.evaluate(f"axe.run({{runOnly: {RULES}, resultTypes: ['violations']}})")
    assert len(found["passes"]) > 20
    return [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]]


@pytest.mark.parametrize("name", ["conclusion", "validation"])
def test_the_page_of_an_answer_is_sorted_filtered_and_harmless(
    name: str, tmp_path: Path, opened: Callable[..., Any]
) -> None:
    answer = ARGUMENT if name == "conclusion" else validation(tmp_path / "mine")
    shown = opened(pages.write(keep(tmp_path / "mine", f"{name}.json", answer | {"title": HOSTILE})))
    assert shown.locator("h1").inner_text() == HOSTILE
    table = shown.locator("table").first
    table.get_by_role("button", name="verdict", exact=True).click(click_count=2)
    rows = table.locator("tbody tr")
    verdicts = [row.split("\t")[2 if name == "conclusion" else 3] for row in rows.all_inner_texts()]
    assert verdicts == sorted(verdicts, reverse=True)
    shown.get_by_label("Only rows that contain").first.fill("heads")
    assert shown.locator("output").first.inner_text() == ("1 of 2" if name == "conclusion" else "2 of 2")
    assert shown.evaluate("typeof hacked") == "undefined"
    assert AXE is None or violations(shown) == []
    shown.get_by_role("link", name="coins", exact=True).first.click()
    assert shown.url.endswith("/mine/coins/report.html")


@pytest.mark.skipif(AXE is None, reason="axe is not installed")
@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
def test_a_page_has_no_violation_of_accessibility_rules(scheme: str, run: Any, opened: Callable[..., Any]) -> None:
    assert violations(opened(run.report, color_scheme=scheme)) == []


@pytest.mark.skipif(AXE is None, reason="axe is not installed")
def test_no_part_of_a_page_violates_accessibility_rules(tmp_path: Path, opened: Callable[..., Any]) -> None:
    sections = [Section(title, everything("told")) for title in ("first", "second")]
    assert violations(opened(page.write(tmp_path / "a.html", "a", ["b"], sections))) == []
