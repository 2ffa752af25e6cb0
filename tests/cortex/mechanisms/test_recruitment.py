"""Recruitment: who teaches whom, when, how hard, and which teacher an idle cell keeps."""

from collections.abc import Callable

import numpy as np
import pytest
from brian2 import NeuronGroup, Synapses, ms, nS, second

from cortex.mechanisms.copying import RAISE_TRACE, Copying
from cortex.mechanisms.recruitment import MATURATION, TEACHERS, Recruitment, lateral_synapses

EQUATIONS = "".join(section.equations()["pyramidal"] for section in (Copying(), Recruitment()))
EQUATIONS += "g_afferent : siemens\ng_lateral : siemens"
OPEN = {"plasticity": 1.0, "coupling": 1.0}


@pytest.fixture
def cells(clockwork, gates, set_parameters) -> Callable[..., NeuronGroup]:
    """Cells that fire when told (ms); those not `established` are idle, those `busy` are driven above their use."""

    def make(times, established, busy, open_gates=OPEN, recruitment=None, copying=None) -> NeuronGroup:
        group = clockwork("pyramidal", times, EQUATIONS, f"{MATURATION}\n{RAISE_TRACE}", gates(**open_gates))
        set_parameters(group, recruitment or Recruitment(), copying or Copying())
        group.established, group.maturity = established, established
        group.set_point = 1 * nS
        group.drive = group.g_afferent = np.where(busy, 3, 1) * nS  # 3 times and once the set point
        return group

    return make


def contact(group: NeuronGroup, *pairs: tuple[int, int], affinity: float = 1.0) -> Synapses:
    """Let the first cell of each pair reach the second."""
    lateral = lateral_synapses(group, TEACHERS["target"])
    source, target = np.transpose(pairs)
    lateral.connect(i=source, j=target)
    lateral.affinity = affinity
    return lateral


def test_a_busy_target_fires_idle_cells_and_only_them(cells, run) -> None:
    """Cells 0 and 1 are established, 2 and 3 idle; 0 and 2 fire and reach everybody else."""
    group = cells([[5], [], [5], []], [1, 1, 0, 0], busy=True)
    lateral = contact(group, (0, 1), (0, 3), (2, 1), (2, 3))
    run(5.5 + 0.5, group, lateral)
    np.testing.assert_array_equal(group.g_lateral / nS, 0)  # still on its way
    run(2, group, lateral)
    np.testing.assert_allclose(group.g_lateral / nS, [0, 0, 0, 12])  # from 0 alone: idle cells teach nobody


def test_copies_do_not_drive_each_other(cells, run) -> None:
    group = cells([[5], []], [0, 0], busy=True)
    group.maturity = 1
    run(8, group, contact(group, (0, 1)))
    np.testing.assert_array_equal(group.g_lateral / nS, 0)


def test_a_target_at_its_set_point_does_not_recruit(cells, run) -> None:
    group = cells([[5, 15], []], [1, 0], busy=False)
    lateral = contact(group, (0, 1))
    run(10, group, lateral)
    np.testing.assert_array_equal(group.g_lateral / nS, 0)
    group.set_point = 0.49 * nS
    run(10, group, lateral)
    np.testing.assert_allclose(group.g_lateral / nS, [0, 12])


def test_use_is_the_drive_over_the_threshold(cells, run) -> None:
    group = cells([[]] * 4, [1, 1, 1, 0], busy=True, recruitment=Recruitment(use_threshold=2.5))
    group.set_point = [1.19, 1.21, 3, 1] * nS
    assert np.array(group.recruiting).tolist() == [1, 0, 0, 0]


@pytest.mark.parametrize(
    ("maturity", "busy", "coupling", "conductance"),
    [
        (0, True, 1, 12),
        (1, True, 1, 7),
        (0.5, True, 1, 0.5 * 12 + 0.5 * 7),
        (1, False, 1, 7),  # a copy stays coupled whatever the use
        (0.5, False, 1, 0.5 * 7),
        (1, True, 0, 0),  # until it is released
        (0, True, 0, 0),
    ],
)
def test_teaching_gives_way_to_coupling(cells, run, maturity, busy, coupling, conductance) -> None:
    group = cells([[5], []], [1, 0], busy=busy, open_gates={"coupling": coupling})
    group.maturity = [1, maturity]
    run(8, group, contact(group, (0, 1), affinity=0.4))
    assert group.g_lateral[1] / nS == pytest.approx(0.4 * conductance)


def test_the_set_point_follows_the_drive_while_calibrated_and_then_stays(cells, run) -> None:
    recruitment = Recruitment(set_point_time_constant=1 * second)
    for gate, expected in ((1.0, 3 - 2 * np.exp(-0.5)), (5.0, 3 - 2 * np.exp(-2.5)), (0.0, 1)):
        group = cells([[]], [1], busy=True, open_gates={"calibration": gate}, recruitment=recruitment)
        run(500, group)
        assert group.set_point[0] / nS == pytest.approx(expected, rel=1e-3)


def test_the_drive_is_the_running_mean_of_the_afferent_conductance(cells, run) -> None:
    group = cells([[]], [1], busy=False, recruitment=Recruitment(use_time_constant=500 * ms))
    group.g_afferent = 4 * nS
    run(250, group)
    assert group.drive[0] / nS == pytest.approx(4 - 3 * np.exp(-0.5), rel=1e-3)


def test_maturity_counts_spikes_like_the_weights_do(cells, run) -> None:
    copying = Copying(learning_rate=0.05, decay=2.0)
    for plasticity, left in ((1, (1 - 0.1) ** 5), (0, 1)):
        open_gates = {"plasticity": plasticity}
        group = cells([np.arange(5, 30, 5), []], [0, 0], busy=False, open_gates=open_gates, copying=copying)
        run(40, group)
        np.testing.assert_allclose(group.maturity, [1 - left, 0])


def test_of_its_teachers_an_idle_cell_keeps_the_one_that_fires_before_it(cells, run) -> None:
    """Four teachers have the same rate; one fires 5 ms before each spike of the idle cell."""
    rng = np.random.default_rng(0)
    spikes = np.arange(50, 8000, 50)
    before, *others = (spikes - 5, *(np.sort(rng.choice(16000, len(spikes), replace=False) / 2) for _ in range(3)))
    group = cells(
        [before, *others, spikes], [1, 1, 1, 1, 0], busy=True, recruitment=Recruitment(selection_rate=0.1),
        copying=Copying(learning_rate=0),
    )  # fmt: skip
    lateral = contact(group, (0, 4), (1, 4), (2, 4), (3, 4), affinity=0.25)
    for _ in range(8):
        run(1000, group, lateral)
        assert np.sum(lateral.affinity) == pytest.approx(1, abs=0.1)
    assert lateral.affinity[0] > 0.9


def test_teachers_in_step_keep_their_affinities(cells, run) -> None:
    spikes = np.arange(50, 2000, 50)
    group = cells([spikes - 5, spikes - 5, spikes], [1, 1, 0], busy=True, copying=Copying(learning_rate=0))
    lateral = contact(group, (0, 2), (1, 2), affinity=[0.3, 0.7])
    run(2000, group, lateral)
    assert lateral.affinity[0] / lateral.affinity[1] == pytest.approx(3 / 7)


def test_a_teacher_that_is_not_busy_loses_against_one_that_is(cells, run) -> None:
    spikes = np.arange(50, 1000, 50)
    copying, recruitment = Copying(learning_rate=0), Recruitment(selection_rate=0.1)
    group = cells([spikes - 5, spikes - 5, spikes], [1, 1, 0], [1, 0, 0], recruitment=recruitment, copying=copying)
    lateral = contact(group, (0, 2), (1, 2), affinity=0.5)
    run(1000, group, lateral)
    assert lateral.affinity[0] > 0.6
    assert lateral.affinity[1] < 0.4
    assert np.sum(lateral.affinity) == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize(("plasticity", "maturity"), [(0, 0), (1, 1)])
def test_selection_ends_with_learning_and_with_maturity(cells, run, plasticity, maturity) -> None:
    spikes = np.arange(50, 500, 50)
    open_gates = {"coupling": 1.0, "plasticity": plasticity}
    group = cells([spikes - 5, [], spikes], [1, 1, 0], busy=True, open_gates=open_gates)
    group.maturity = [1, 1, maturity]
    lateral = contact(group, (0, 2), (1, 2), affinity=0.5)
    run(500, group, lateral)
    np.testing.assert_array_equal(lateral.affinity, 0.5)


def test_a_shuffled_teacher_speaks_long_after_its_target(cells, run) -> None:
    group = cells([[5], []], [1, 0], busy=True)
    lateral = lateral_synapses(group, TEACHERS["shuffled"])
    lateral.connect(i=[0], j=[1])
    lateral.affinity = 1
    lateral.pre.delay = 600 * ms
    low, high = TEACHERS["shuffled"].delays
    assert low < 600 * ms < high
    run(600, group, lateral)
    assert group.g_lateral[1] / nS == 0
    run(10, group, lateral)
    assert group.g_lateral[1] / nS == pytest.approx(12)
