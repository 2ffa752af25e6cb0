"""Checks against models: signs, colours and frames tell what became of each."""

import itertools

import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from cortex.report.matrix import LOOKS, Row, figure_matrix

OUTCOMES = ["passed", "passed in part", "missed", "unclear", "passed, proves nothing", "not measured"]


def drawn(rows, models):
    return figure_matrix(rows, models, "Checks")


def rows(outcomes, must_miss=None):
    return [Row("7", "The hold is real", True, "3 of 7", outcomes, must_miss or [False] * len(outcomes))]


def test_each_outcome_has_a_sign_and_a_colour_of_its_own():
    [ax] = drawn(rows(OUTCOMES), ["full model", *"abcde"]).axes
    signs = [text.get_text() for text in ax.texts if text.get_rotation() == 0]
    assert signs == ["●", "◐", "✕", "?", "○", ""]
    colours = [to_hex(patch.get_facecolor()) for patch in ax.patches]
    assert len(set(colours)) == len(OUTCOMES) == len(LOOKS)


def test_what_must_be_missed_has_a_frame_and_names_stand_over_their_columns():
    [ax] = drawn(rows(["passed", "missed", "passed"], [False, True, False]), ["full model", "no_hold", "b"]).axes
    [frame] = [patch for patch in ax.patches if isinstance(patch, Rectangle) and not patch.get_fill()]
    names = {text.get_text(): text.get_position()[0] for text in ax.texts if text.get_rotation() == 90}
    assert list(names) == ["full model", "no hold", "b"]
    assert frame.get_x() + frame.get_width() / 2 == pytest.approx(names["no hold"])


def test_the_key_has_what_is_shown_and_a_check_that_only_should_be_passed_says_so():
    figure = drawn([Row("11", "Dystonia", False, "1 of 4", ["unclear"], [False])], ["full model"])
    assert [text.get_text() for text in figure.legends[0].texts] == ["? unclear", "must be missed"]
    assert {"Dystonia (should)", "1 of 4"} <= {text.get_text() for text in figure.texts}


@pytest.mark.parametrize("number", [3, 15, 16, 26])
def test_no_name_of_a_model_covers_another_one_or_leaves_the_figure(number):
    models = ["full model", *(f"no_plasticity_after_release {n}"[-27:] for n in range(number - 1))]
    figure = drawn(rows(["missed"] * number), models)
    figure.canvas.draw()
    boxes = [text.get_window_extent() for text in figure.axes[0].texts if text.get_rotation() == 90]
    assert all(left.x1 <= right.x0 + 1 for left, right in itertools.pairwise(boxes))
    assert max(box.x1 for box in boxes) <= figure.bbox.x1
    assert max(box.y1 for box in boxes) <= figure.bbox.y1
