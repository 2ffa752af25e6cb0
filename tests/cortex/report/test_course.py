"""The figure of a measure over time, dose or size."""

from cortex.report.course import Course, figure_course


def test_each_panel_has_its_lines_its_band_and_a_legend_of_those_that_are_compared() -> None:
    area = Course("Area", {"stopped": ([1, 2, 4], [1, 1.6, 1.1]), "continued": ([1, 2, 4], [1, 1.6, 1.7])}, level=1)
    ratio = Course("Ratio", {"alone": ([1, 2], [0.2, 0.4])}, band=(0.5, None))
    figure = figure_course([area, ratio], "Time, doses", "Course", log=True)
    left, right = figure.axes
    assert [line.get_ydata()[-1] for line in left.lines[1:]] == [1.1, 1.7]
    assert left.get_ylim()[1] > 1.7
    assert left.get_xscale() == "log"
    assert right.get_ylabel() == "Ratio"
    assert right.patches[0].get_y() == 0.5
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["stopped", "continued", "band"]
