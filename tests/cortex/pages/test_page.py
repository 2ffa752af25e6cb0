"""A page holds what it is given and nothing else: all is escaped, and only its own script and style are allowed."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest
from jinja2 import PackageLoader

from cortex.files import PNG
from cortex.pages import page, pictures
from cortex.pages.chart import Chart, Series
from cortex.pages.page import Section

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)> \" ' &amp; <!-- \u2028"


class Elements(HTMLParser):
    """The elements of a page with their attributes, and the text in each script and style."""

    def __init__(self, text):
        super().__init__()
        self.found, self.inside, self.open = [], {}, ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))
        self.open = tag if tag in ("script", "style") and not dict(attributes).get("type") else ""

    def handle_endtag(self, tag):
        self.open = ""

    def handle_data(self, data):
        if self.open:
            self.inside[self.open] = self.inside.get(self.open, "") + data


def everything(text):
    """One part of each kind, with a text wherever one may stand."""
    return [
        page.Text([text], notice=True),
        page.Items([text]),
        page.Heading(text),
        page.Table([text], [[text, page.Link(text, "runs/x/report.html")]], text, [text], sortable=True, verdicts=True),
        page.Table([text], [[text]], text, folded=True),
        page.Picture(text, "data:image/png;base64,", text, folded=True),
        page.Timeline([text], [0.0], [1.0], ["#fff"]),
        page.Charts([Chart(text, [Series(text, [0.0, 1.0], [1.0, 2.0])])]),
    ]


def test_what_a_run_says_makes_no_element():
    plain, hostile = (Elements(page.html(text, [text], [Section(text, everything(text))])) for text in ("a", HOSTILE))
    assert [tag for tag, _ in hostile.found] == [tag for tag, _ in plain.found]
    assert not [name for _, attributes in hostile.found for name in attributes if name.startswith("on")]
    assert HOSTILE in [attributes.get("alt") for _, attributes in hostile.found]


def test_the_policy_allows_the_script_and_the_style_of_the_page_alone():
    elements = Elements(page.html("a", [], []))
    [policy] = [a["content"] for _, a in elements.found if a.get("http-equiv") == "Content-Security-Policy"]
    for kind in ("script", "style"):
        digest = base64.b64encode(hashlib.sha256(elements.inside[kind].encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}';" in policy
    assert policy.startswith("default-src 'none';")
    assert "img-src data:;" in policy
    assert "unsafe" not in policy
    assert not [a for _, a in elements.found if "style" in a or any(name.startswith("on") for name in a)]


def test_a_page_names_nothing_outside():
    text = page.html("a", [], [Section("b", everything("c"))])
    addresses = {value for _, a in Elements(text).found for name, value in a.items() if name in ("src", "href")}
    assert addresses == {"#b", "runs/x/report.html", "data:image/png;base64,"}
    assert set(re.findall(r"https?://[^\s\"']+", text)) == {"http://www.w3.org/2000/svg"}  # a name, not an address


def test_embedded_values_come_back_and_end_no_element():
    value = {HOSTILE: [1.5, None, HOSTILE], "gone": float("nan")}
    text = str(page.embedded(value))
    assert not set("<>&\u2028") & set(text)
    assert json.loads(text) == {HOSTILE: [1.5, None, HOSTILE], "gone": None}


def test_a_section_with_nothing_in_it_is_left_out():
    text = page.html("a", [], [Section("Left out"), Section("Two words", [page.Text(["here"])])])
    assert "Left out" not in text
    assert '<h2 id="two-words">Two words</h2>' in text


def test_half_a_character_does_not_keep_a_page_from_being_written(tmp_path):
    path = page.write(tmp_path / "a.html", "\ud800", [], [])
    assert "<h1>?</h1>" in path.read_text(encoding="utf-8")


def test_a_chart_is_from_nothing_up_and_leaves_out_what_is_no_number():
    chart = Chart("a", [Series("b", [0.0, 1.0, 2.0], [2.0, float("nan"), 4.0])])
    [line] = chart.lines
    (_, low), (x, high) = line["points"]
    assert low > high
    assert x == chart.x(2.0)
    assert chart.y_ticks[0] == (chart.y(0), "0")
    assert chart.rows == [["0", "2"], ["1", ""], ["2", "4"]]
    assert Chart("a", []).y_ticks


@pytest.mark.parametrize(("vectors", "kind"), [("<svg/>", "svg+xml"), ("<svg/>" * 99, "png"), ("", "png")])
def test_the_smaller_of_two_files_is_taken(tmp_path, vectors, kind):
    (tmp_path / "a.png").write_bytes(PNG.ljust(50))
    if vectors:
        (tmp_path / "a.svg").write_text(vectors)
    [one], left_out = pictures.pictures({"a": tmp_path / "a.png"}, None, "about")
    assert one.source.startswith(f"data:image/{kind};base64,")
    assert left_out == []


def test_the_main_figure_comes_first_and_a_page_does_not_grow_without_end(tmp_path, monkeypatch):
    files = {name: tmp_path / f"{name}.png" for name in "abc"}
    for path in files.values():
        path.write_bytes(PNG.ljust(50))
    monkeypatch.setattr(pictures, "LARGEST", 100)
    taken, left_out = pictures.pictures(files, files["c"], "about")
    assert ([one.name for one in taken], left_out) == (["c", "a"], ["b"])


def test_a_picture_that_is_a_link_beside_its_file_is_not_followed(tmp_path):
    (tmp_path / "a.png").write_bytes(PNG.ljust(50))
    (tmp_path / "secret").write_bytes(b"<svg/>")
    (tmp_path / "a.svg").symlink_to(tmp_path / "secret")
    [one], _ = pictures.pictures({"a": tmp_path / "a.png"}, None, "about")
    assert one.source.startswith("data:image/png;")
    taken, left_out = pictures.pictures({"gone": tmp_path / "gone.png"}, None, "about")
    assert (taken, left_out) == ([], ["gone"])


def test_what_few_pages_have_is_compiled_where_it_is_drawn(monkeypatch):
    get_source, read = PackageLoader.get_source, []
    monkeypatch.setattr(PackageLoader, "get_source", lambda *given: read.append(given[-1]) or get_source(*given))

    def compiled(kinds):
        page._template.cache_clear()
        read.clear()
        page.html("a", [], [Section("a", kinds)])
        return sorted(read)

    usual = ["marks.html.j2", "page.html.j2", "parts.html.j2"]
    *plain, charts = everything("a")
    assert compiled(plain) == usual
    assert compiled([charts]) == ["charts.html.j2", *usual]
