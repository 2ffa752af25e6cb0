import pytest
from matplotlib.axis import Axis
from matplotlib.figure import Figure

from cortex.report.style import save
from cortex.report.ticks import found_once


@pytest.fixture
def found(monkeypatch):
    """Axes whose ticks were found, in that order."""
    find, axes = Axis._update_ticks, []
    monkeypatch.setattr(Axis, "_update_ticks", lambda axis: axes.append(axis) or find(axis))
    return axes


def test_ticks_are_found_once_for_each_of_the_sizes_that_the_layout_gives_an_axis(tmp_path, found):
    plain, figure = (Figure((2, 1), layout="constrained") for _ in range(2))
    for one in (plain, figure):
        one.subplots().set(title="title", xlabel="x", ylabel="y")
    plain.savefig(tmp_path / "plain.png")
    usual = len(found)
    counting = Axis._update_ticks
    found.clear()
    save(figure, tmp_path, "figure")
    assert len(found) <= 6 < usual / 2
    assert Axis._update_ticks is counting


def test_ticks_are_found_again_where_something_changed(found):
    figure = Figure()
    one, two = figure.subplots(1, 2, sharex=True)
    with found_once(figure):
        ticks = [axis._update_ticks() for axis in (one.xaxis, one.xaxis, two.xaxis, one.xaxis)]
        assert found == [one.xaxis, two.xaxis, one.xaxis]  # the two share what writes their labels
        assert ticks[0] == ticks[1] != ticks[2]
        one.set_xlim(0, 8)
        assert [tick.get_loc() for tick in one.xaxis._update_ticks()][-1] == 8
        one.set_position([0, 0, 0.1, 0.1])
        assert len(one.xaxis._update_ticks()) < len(ticks[0])


def test_other_figures_find_theirs_as_ever(found):
    figure, other = Figure(), Figure().subplots()
    with found_once(figure):
        other.xaxis._update_ticks()
        other.xaxis._update_ticks()
    assert found == [other.xaxis] * 2
