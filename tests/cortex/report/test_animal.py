"""The story of an animal, by the data in its axes."""

import numpy as np

from cortex.report.animal import Course, figure_animal
from cortex.report.timeline import Span

TIMES = np.array([0.0, 60.0, 120.0])


def course(level: float) -> Course:
    points = [(TIMES, np.array([1.0, 2.0, 3.0]) * level * number) for number in range(1, 7)]
    return Course(*points)


def test_each_animal_is_a_line_in_minutes_in_its_column() -> None:
    columns = {"on": {"full": course(1), "single": course(2)}, "off": {"none": course(3), "single": course(2)}}
    figure = figure_animal(columns, [Span("copy", 0, 60), Span("release", 60, 120)], 60.0, title="A story")
    axes = np.array(figure.axes).reshape(5, 2)
    drawn = {tuple(np.asarray(line.get_ydata())) for line in axes[0, 1].lines}
    assert {(3.0, 6.0, 9.0), (6.0, 12.0, 18.0)} <= drawn
    errors = {tuple(np.asarray(line.get_ydata())) for line in axes[4, 0].lines}
    assert {(6.0, 12.0, 18.0), (12.0, 24.0, 36.0)} <= errors
    assert axes[0, 0].get_xlim() == (0, 2)
    assert axes[4, 0].get_ylim()[1] == 3.0  # what is far beyond no answer is cut off
    assert [text.get_text() for text in axes[0, 0].texts] == ["copy", "release"]
    assert not axes[1, 0].texts
    names = [text.get_text() for text in figure.legends[0].get_texts()]
    assert names[:2] == ["full, trained tip", "full, other skin"]
    assert len(names) == len(set(names)) == 6


def test_an_animal_looks_the_same_in_both_columns() -> None:
    columns = {"on": {"full": course(1), "single": course(2)}, "off": {"single": course(2)}}
    figure = figure_animal(columns, [Span("a", 0, 1)], 1.0)
    lines = [line for ax in figure.axes[2:4] for line in ax.lines if len(np.atleast_1d(line.get_xdata())) == len(TIMES)]
    looks = [(line.get_color(), line.get_linestyle()) for line in lines]
    assert looks[1] == looks[2] != looks[0]
