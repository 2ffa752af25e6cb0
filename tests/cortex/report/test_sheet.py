import numpy as np
import pytest
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgb

from cortex.report.sheet import SheetMap, figure_sheet
from cortex.report.style import HATCHES, patch_colour

STEP = 0.1
D2_TIP, D3_TIP = 5, 8


def sheet(d2_columns, **extra):
    """A sheet of 10 x 4 sites: D2's tip, then D3's tip, then a site without response in each row."""
    x, y = np.meshgrid(STEP * np.arange(10), STEP * np.arange(4))
    column = np.tile(np.arange(10), 4)
    patch = np.where(column < d2_columns, D2_TIP, np.where(column < 9, D3_TIP, -1))
    return SheetMap(np.stack([x.ravel(), y.ravel()], axis=1), patch, **extra)


def tiles_of(ax):
    return next(c for c in ax.collections if isinstance(c, PolyCollection))


def texts_of(ax):
    return [text.get_text() for text in ax.texts]


def test_every_site_has_the_colour_of_its_patch():
    maps = {"before": sheet(3), "after": sheet(6)}
    figure = figure_sheet(maps, "Sheet", trained=[D2_TIP])
    for ax, (stage, drawn) in zip(figure.axes, maps.items(), strict=False):
        assert ax.get_title("left") == stage
        expected = [patch_colour(patch) for patch in drawn.patch]
        assert tiles_of(ax).get_facecolors()[:, :3] == pytest.approx(np.array(expected))


def test_a_hatch_covers_all_its_tiles_at_once():
    maps = {
        "before": SheetMap(sheet(3).positions_mm, np.where(np.arange(40) < 10, 3, np.where(np.arange(40) < 20, 1, -1)))
    }
    ax = figure_sheet(maps, "Sheet").axes[0]
    hatched = {artist.get_hatch(): artist.get_path() for artist in ax.get_children() if getattr(artist, "_hatch", None)}
    assert list(hatched) == list(HATCHES[:2])
    for path, sites in zip(hatched.values(), (slice(0, 10), slice(10, 20)), strict=True):
        assert all(path.contains_points(maps["before"].positions_mm[sites]))
        assert path.contains_points(maps["before"].positions_mm).sum() == 10


def test_the_area_of_the_trained_skin_stands_under_every_map():
    before, after, _ = figure_sheet({"before": sheet(3), "after": sheet(6)}, "Sheet", trained=[D2_TIP]).axes
    assert "outlined: 0.12 mm²" in texts_of(before)
    assert "outlined: 0.24 mm² (×2.00)" in texts_of(after)


def test_digits_are_named_above_their_sites():
    ax = figure_sheet({"before": sheet(3)}, "Sheet").axes[0]
    places = {text.get_text(): text.get_position()[0] for text in ax.texts}
    assert places["D2"] == pytest.approx(STEP)
    assert places["D3"] == pytest.approx(5.5 * STEP)
    assert "D1" not in places


def test_the_tile_of_a_weak_site_is_smaller():
    response = np.full(40, 0.25)
    ax = figure_sheet({"before": sheet(3, response=response)}, "Sheet").axes[0]
    widths = [np.ptp(path.vertices[:, 0]) for path in tiles_of(ax).get_paths()]
    assert widths[0] == pytest.approx(STEP / 2)
    assert widths[9] == pytest.approx(STEP)  # no response: the whole tile is grey
    assert tuple(tiles_of(ax).get_facecolors()[9, :3]) == to_rgb("#D4D4D4")


def test_idle_cells_are_drawn_where_they_are():
    idle = np.array([[0.1, 0.2], [0.3, 0.1]])
    figure = figure_sheet({"before": sheet(3, idle_mm=idle)}, "Sheet")
    assert any(np.array_equal(line.get_xydata(), idle) for line in figure.axes[0].lines)
    assert "idle cell" in [text.get_text() for text in figure.axes[-1].get_legend().get_texts()]


def test_the_scale_bar_has_its_length():
    ax = figure_sheet({"before": sheet(3)}, "Sheet", scale_bar_mm=0.25).axes[0]
    assert np.ptp(ax.lines[-1].get_xdata()) == pytest.approx(0.25)
    assert "0.25 mm" in " ".join(texts_of(ax))


def test_a_control_animal_has_no_trained_skin_of_its_own():
    figure = figure_sheet({"before": sheet(3)}, "Sheet", [D2_TIP], skin="skin trained in the other animal")
    assert "outlined: 0.12 mm²" in texts_of(figure.axes[0])
    key = [text.get_text() for text in figure.axes[-1].get_legend().get_texts()]
    assert "skin trained in the other animal" in key


def test_the_key_says_that_the_map_is_winner_take_all():
    figure = figure_sheet({"before": sheet(3)}, "Sheet")
    assert "winner-take-all" in figure.axes[-1].get_legend().get_title().get_text()
