import numpy as np
import pytest
from matplotlib.collections import PathCollection
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.path import Path

from cortex.report.hand import draw_fields, draw_hand, figure_hand
from cortex.report.style import DIGITS

D2_TIP = 5


def fields_of(ax):
    """Return the outline, colour and width of each field."""
    drawn = [collection for collection in ax.collections if isinstance(collection, PathCollection)]
    return [
        (path, tuple(colour[:3]), collection.get_linewidth()[0])
        for collection in drawn
        for path, colour in zip(collection.get_paths(), collection.get_edgecolor(), strict=True)
    ]


@pytest.fixture
def figure(hand, gaussian_field):
    elsewhere = [gaussian_field(3, (0, 5), 1.5), gaussian_field(3, (0, 12), 1.5)]
    stages = {
        "before": [gaussian_field(1, (0, 18), 1.2), *elsewhere],
        "after": [gaussian_field(1, (-1, 17), 0.8), gaussian_field(1, (1, 17), 0.8), *elsewhere],
    }
    return figure_hand(stages, hand, "Receptive fields", trained=[D2_TIP])


def test_every_field_is_outlined_in_its_digits_colour(figure):
    before, after = figure.subfigs
    assert [len(fields_of(part.axes[0])) for part in (before, after)] == [3, 4]
    colours = [colour for _, colour, _ in fields_of(before.axes[0])]
    assert colours == [to_rgb(DIGITS[1]), to_rgb(DIGITS[3]), to_rgb(DIGITS[3])]


def test_the_trained_fingertip_is_enlarged_with_its_own_fields_only(figure):
    before, after = figure.subfigs
    assert [len(fields_of(part.axes[1])) for part in (before, after)] == [1, 2]
    assert before.axes[1].get_title() == "D2 tip"


def test_median_areas_stand_beside_the_hand(figure):
    text = figure.subfigs[1].axes[-1].texts[0].get_text()
    assert "trained: 2.8 mm² (n = 2)" in text  # 2 pi ln(2) 0.8^2 = 2.79
    assert "(n = 2)" in text.split("untrained")[1]


def test_an_outline_is_closed_and_lies_on_the_digit(hand, gaussian_field, rim):
    ax = Figure().subplots()
    draw_hand(ax, hand)
    draw_fields(ax, hand, [gaussian_field(2, (hand.widths_mm[2] / 2, 20), 1)], hand.pose(2) + ax.transData)
    [(path, *_)] = fields_of(ax)
    outline = hand.pose(2).transform(path.vertices)
    assert outline[0] == pytest.approx(outline[-1])
    nearest = np.linalg.norm(outline[:, None] - rim(2), axis=2).min(axis=1)
    assert np.all(Path(rim(2)).contains_points(outline) | (nearest < 0.3))


def test_all_five_digits_are_named_beyond_their_tips(hand, rim):
    ax = Figure().subplots()
    draw_hand(ax, hand)
    assert [text.get_text() for text in ax.texts] == ["D1", "D2", "D3", "D4", "D5"]
    for digit, text in enumerate(ax.texts):
        assert np.isfinite(text.get_position()).all()
        assert not Path(rim(digit)).contains_point(text.get_position())


def test_a_hand_without_training_has_one_scale_bar_and_no_fingertips(hand, gaussian_field):
    part = figure_hand({"before": [gaussian_field(0, (0, 9), 1)]}, hand, "Receptive fields").subfigs[0]
    drawn, medians = part.axes
    assert [text.get_text().strip() for text in drawn.texts if "mm" in text.get_text()] == ["5 mm"]
    assert "\ntrained" not in medians.texts[0].get_text()


def test_the_key_names_both_widths_of_outline_and_how_many_fields_are_drawn(hand, gaussian_field):
    fields = [gaussian_field(1, (0, 18), 1.2), gaussian_field(3, (0, 5), 1.5)]
    figure = figure_hand({"before": fields}, hand, "Receptive fields", trained=[D2_TIP], one_of=3)
    [legend] = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["trained skin", "other skin, 1 of 3 fields drawn"]
    trained, other = (line.get_linewidth() for line in legend.get_lines())
    drawn = [width for *_, width in fields_of(figure.subfigs[0].axes[0])]
    assert drawn == [trained, other]
