import subprocess
import sys
from itertools import pairwise
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.image import imread

from cortex.analysis.statistics import Interval
from cortex.errors import UsageError
from cortex.report.sensitivity import figure_profile
from cortex.report.style import DIGITS, RC, SERIES, note, patch_colour, save
from tests.cortex.report.legible import VISION, faults, nearest


def luminance(colour):
    return np.dot(colour, (0.2126, 0.7152, 0.0722))


@pytest.mark.parametrize("digit", range(len(DIGITS)))
def test_phalanges_grow_lighter_towards_the_palm(digit):
    proximal, middle, distal = (luminance(patch_colour(3 * digit + phalanx)) for phalanx in range(3))
    assert proximal - middle > 0.08
    assert middle - distal > 0.08


@pytest.mark.parametrize("vision", VISION)
def test_colours_are_told_apart_by_every_kind_of_vision(vision):
    """Ten times the just noticeable difference where two fingers meet on the sheet, half of that between any two."""
    assert all(nearest(pair, vision) > 23 for pair in pairwise(DIGITS))
    assert nearest(DIGITS, vision) > 11.5
    assert nearest(SERIES, vision) > 11.5


def test_a_palette_of_red_and_green_would_not_do():
    assert nearest(("#D62728", "#2CA02C"), "normal") > 100
    assert nearest(("#D62728", "#708030"), "deuteranopia") < 23


def test_a_figure_that_nobody_can_read_is_found():
    figure = Figure((2, 1))
    ax = figure.subplots()
    ax.text(0, 0, "pale", color="#CCCCCC")
    ax.text(0, 0, "small", size=4)
    told = faults(figure)
    figure.clear()
    assert told == ["'pale' has a contrast of 1.6", "'small' has 4 points"]


def test_an_unresponsive_site_is_grey():
    red, green, blue = patch_colour(-1)
    assert red == green == blue


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_saved_files_are_the_same_every_time(tmp_path):
    def draw(folder):
        folder.mkdir()
        figure = Figure((2, 1))
        figure.subplots().plot([0, 1], [1, 0], label="a").pop().axes.legend()
        save(figure, folder, "figure", svg=True)
        return contents(folder)

    assert draw(tmp_path / "one") == draw(tmp_path / "two")
    assert imread(tmp_path / "one" / "figure.png").shape[:2] == (200, 400)


def test_a_figure_is_drawn_once_and_stays_as_it_was(tmp_path, monkeypatch):
    draw, drawn = Figure.draw, []
    monkeypatch.setattr(Figure, "draw", lambda figure, renderer: drawn.append(figure.dpi) or draw(figure, renderer))
    figure = Figure((2, 1), dpi=80, layout="constrained")
    canvas = figure.canvas
    save(figure, tmp_path, "figure")
    assert drawn == [200]
    assert (figure.dpi, figure.canvas) == (80, canvas)


@pytest.mark.parametrize("name", ["../x", "/tmp/x", "a/b", "..\\x", "", "a\0b"])
def test_a_figure_stays_in_its_folder(tmp_path, name):
    with pytest.raises(UsageError, match="no figure can be called"):
        save(Figure(), tmp_path, name)
    assert list(tmp_path.iterdir()) == []


def test_a_link_in_the_place_of_a_figure_is_replaced(tmp_path):
    (tmp_path / "mine").write_text("mine")
    for kind in ("png", "svg"):
        (tmp_path / f"x.{kind}").symlink_to("mine")
    save(Figure((1, 1)), tmp_path, "x", svg=True)
    assert (tmp_path / "mine").read_text() == "mine"
    assert not any(path.is_symlink() for path in tmp_path.iterdir())


def test_svg_is_written_where_it_is_asked_for_and_none_of_an_earlier_figure_stays(tmp_path):
    assert save(Figure((1, 1)), tmp_path, "x", svg=True) == tmp_path / "x.png"
    with_svg = contents(tmp_path)
    assert sorted(with_svg) == ["x.png", "x.svg"]
    save(Figure((1, 1)), tmp_path, "x")
    assert contents(tmp_path) == {"x.png": with_svg["x.png"]}


def test_drawing_leaves_the_global_state_of_matplotlib_alone():
    code = (
        "import sys, matplotlib\n"
        "import cortex.report.sheet, cortex.report.hand, cortex.report.pair, cortex.report.raster\n"
        "import cortex.report.conditions, cortex.report.evidence\n"
        "cortex.report.raster.figure_raster([0], [0.5], {'cell': (0, 1)}, (0, 1))\n"
        "assert matplotlib.rcParams['font.size'] == matplotlib.rcParamsDefault['font.size']\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


NAMES = ["_control", "$drive^$", "cost $5 & $6_{x", "100 %", "two\nlines", "NUL \0 \x1b", "x" * 300, "é—漢"]


def profile(log=True):
    series = {name: [Interval(1, 0.5, 2), Interval(3, 2.5, 3.5)] for name in NAMES}
    return figure_profile("$a_b^", [0.01, 0.1] if log else NAMES[:2], series, "m_$x", "t^$ _{", log)


SETTINGS = {
    "text.usetex": True,
    "axes.facecolor": "black",
    "figure.facecolor": "black",
    "savefig.facecolor": "black",
    "savefig.transparent": True,
    "savefig.bbox": "tight",
    "savefig.dpi": 31,
    "axes.grid": True,
    "lines.marker": "o",
    "xtick.direction": "in",
    "xtick.minor.visible": True,
    "font.family": "monospace",
    "axes.formatter.use_mathtext": True,
    "axes.formatter.limits": (0, 0),
    "svg.fonttype": "none",
    "image.cmap": "jet",
}


def test_figures_are_the_same_whatever_the_settings_of_the_user_are(tmp_path):
    def draw(folder):
        folder.mkdir()
        save(profile(), folder, "figure", svg=True)
        return contents(folder)

    plain = draw(tmp_path / "plain")
    with mpl.rc_context(SETTINGS):
        assert draw(tmp_path / "own") == plain
        assert mpl.rcParams["text.usetex"]


def test_any_name_is_drawn_as_it_stands(tmp_path):
    figure = profile(log=False)
    save(figure, tmp_path, "figure", svg=True)
    keys = [text.get_text().strip() for text in figure.legends[0].get_texts()]
    assert keys == NAMES
    assert [label.get_text() for label in figure.axes[0].get_xticklabels()] == NAMES[:2]
    ElementTree.parse(tmp_path / "figure.svg")


def test_a_logarithmic_axis_of_a_figure_of_ones_own_keeps_its_powers_of_ten(tmp_path):
    figure = Figure((2, 1))
    figure.subplots().semilogx([1, 1000], [1, 0])
    save(figure, tmp_path, "figure", svg=True)
    assert "$\\mathdefault{10^{3}}$" in (tmp_path / "figure.svg").read_text()  # as a comment, and drawn
    assert all(label.get_parse_math() for label in figure.axes[0].get_xticklabels())


def test_a_note_is_no_larger_than_other_texts():
    figure = Figure()
    note(figure, ["quick version"])
    [written] = figure.texts
    assert written.get_fontsize() <= RC["font.size"]
