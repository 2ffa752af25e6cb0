"""PV cells: what they learn to expect, and a hold that grows with what is beyond it."""

from collections.abc import Callable

import numpy as np
import pytest
from brian2 import Hz, NeuronGroup, Synapses, mV, nS, second

from cortex.mechanisms.cells import Parvalbumin
from cortex.mechanisms.lateral_inhibition import KINDS, Normalization, adapt, pv_inputs, pv_outputs

MEMORY = 0.3
"""Time over which a PV cell averages its inputs, s."""


@pytest.fixture
def pv(clockwork, gates, set_parameters) -> Callable[..., NeuronGroup]:
    """PV cells that fire when told (ms)."""

    def make(times, p: Normalization, **open_gates: float) -> NeuronGroup:
        group = clockwork("pv", times, Parvalbumin().equations()["pv"] + p.equations()["pv"], gates=gates(**open_gates))
        set_parameters(group, Parvalbumin(noise=0 * mV), p)
        group.v = Parvalbumin().leak_potential
        group.strength, group.expectation, group.usual_feedforward = p.conductance, 1, 1
        adapt(group, p.kind)
        return group

    return make


@pytest.fixture
def hearing(clockwork, pv) -> Callable[..., list[NeuronGroup | Synapses]]:
    """One PV cell in a steady state that usually hears 200 afferent spikes a second and expects 50 pyramidal ones."""

    def make(p: Normalization, recurrent: float, afferent: float = 200, **open_gates: float):
        group = pv([[]], p, **open_gates)
        sources = [
            clockwork(name, [np.arange(5, 2000, 1000 / rate)], "")
            for name, rate in (("pyramidal", recurrent), ("afferents", afferent))
        ]
        synapses = [pv_inputs(s, group, kind) for s, kind in zip(sources, ("recurrent", "feedforward"), strict=True)]
        for one in synapses:
            one.connect()
        group.recurrent, group.feedforward = recurrent * MEMORY, afferent * MEMORY
        group.usual_feedforward, group.usual_time_constant = 200 * MEMORY, 1e9 * second
        group.expectation = 50 / 200
        return [group, *sources, *synapses]

    return make


def test_inputs_reach_the_membrane_and_the_averages(clockwork, pv, run) -> None:
    group = pv([[]], Normalization())
    pyramidal, afferents = clockwork("pyramidal", [[5]], ""), clockwork("afferents", [[5], [5]], "")
    recurrent, feedforward = pv_inputs(pyramidal, group, "recurrent"), pv_inputs(afferents, group, "feedforward")
    recurrent.connect()
    feedforward.connect()
    run(16.5, group, pyramidal, afferents, recurrent, feedforward)  # 1 ms of delay, then 10 ms
    assert group.g_excitation[0] / nS == pytest.approx((12 + 2 * 0.03) * np.exp(-10 / 5))
    assert group.recurrent[0] == pytest.approx(np.exp(-10 / 300))
    assert group.feedforward[0] == pytest.approx(2 * np.exp(-10 / 300))


def test_without_surplus_the_hold_stays(hearing, run) -> None:
    p = Normalization(learning_rate=0.5 * Hz)
    objects = hearing(p, recurrent=50, hold_plasticity=1)
    run(2000, *objects)
    assert objects[0].strength[0] / p.conductance == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize(("recurrent", "surplus"), [(100, 1), (75, 0.5), (25, -0.5)])
def test_the_hold_grows_exponentially_with_the_surplus(hearing, run, recurrent, surplus) -> None:
    """The logarithm of the strength grows by the learning rate times the surplus, relative to what is expected."""
    p = Normalization(learning_rate=0.5 * Hz)
    objects = hearing(p, recurrent=recurrent, hold_plasticity=1)
    run(2000, *objects)
    growth = np.log(objects[0].strength[0] / p.conductance)
    assert growth == pytest.approx(0.5 * 2 * surplus, abs=0.03)


def test_more_use_is_no_surplus(hearing, run) -> None:
    """Twice the pyramidal input with twice the afferent input is what was expected."""
    objects = hearing(Normalization(learning_rate=0.5 * Hz), recurrent=100, afferent=400, hold_plasticity=1)
    run(2000, *objects)
    assert objects[0].strength[0] / (6 * nS) == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize(("recurrent", "sign"), [(300, 1), (1, -1)])
def test_the_hold_changes_no_faster_than_a_hundredth_in_10_ms_and_within_a_hundredfold(
    hearing, run, recurrent, sign
) -> None:
    objects = hearing(Normalization(learning_rate=10 * Hz), recurrent=recurrent, hold_plasticity=1)
    run(1000, *objects)
    assert np.log(objects[0].strength[0] / (6 * nS)) == pytest.approx(sign * 1.0)
    objects[0].strength = 6 * 70.0**sign * nS
    run(500, *objects)
    assert objects[0].strength[0] / (6 * nS) == pytest.approx(100.0**sign)


def test_the_expectation_becomes_the_ratio_of_the_inputs(hearing, run) -> None:
    """It relaxes with the calibration rate while its afferents are as usual."""
    objects = hearing(Normalization(calibration_rate=1 * Hz), recurrent=100, calibration=1, hold_plasticity=0)
    run(2000, *objects)
    assert objects[0].expectation[0] == pytest.approx(0.5 - 0.25 * np.exp(-2), rel=0.02)
    assert objects[0].strength[0] / (6 * nS) == 1


@pytest.mark.parametrize(("recurrent", "afferent", "turned"), [(50, 400, True), (50, 200, False), (10, 100, True)])
def test_a_line_moves_towards_what_is_heard(hearing, run, recurrent, afferent, turned) -> None:
    """Its height by the rate, its slope too, where deviations are as large as usual; neither where it is right."""
    p = Normalization(kind="affine", calibration_rate=1 * Hz)
    [group, *objects] = hearing(p, recurrent=recurrent, afferent=afferent, calibration=1)
    heard, expected, unusual = np.array([recurrent, 50 + 0.25 * (afferent - 200), afferent - 200]) * MEMORY
    group.spread = max(unusual**2, 1) - 1
    run(0.5, group, *objects)
    error = heard - expected
    assert group.offset[0] == pytest.approx(0.01 * error)
    assert group.expectation[0] == pytest.approx(0.25 + (0.01 * error / unusual if turned else 0))


def test_a_line_takes_a_touch_all_the_time_for_no_surplus(hearing, run) -> None:
    """A surplus is measured by what the line expects of the usual afferents."""
    p = Normalization(kind="affine", learning_rate=0.5 * Hz)
    for recurrent, surplus in ((100, 0), (150, 0.5)):
        objects = hearing(p, recurrent=recurrent, afferent=400, hold_plasticity=1)
        objects[0].usual_feedforward, objects[0].expectation = 400 * MEMORY, 100 / 200
        objects[0].offset = -100 * MEMORY  # 50 were expected with 300 afferent spikes a second
        run(2000, *objects)
        assert np.log(objects[0].strength[0] / p.conductance) == pytest.approx(0.5 * 2 * surplus, abs=0.03)


@pytest.mark.parametrize("kind", ["divisive", "subtractive", "affine"])
@pytest.mark.parametrize(("hold", "released"), [(1, 0), (1, 0.8), (0, 0)])
def test_a_pv_spike_opens_hold_and_competition(clockwork, gates, pv, run, kind, hold, released) -> None:
    p = Normalization(kind=kind, competition=3 * nS)
    group = pv([[5], [5], []], p)
    group.strength = [6, 10, 100] * nS
    pyramidal = clockwork(
        "pyramidal", [[]], "g_fast : siemens\ng_slow : siemens", gates=gates(hold=hold, released=released)
    )
    inhibition = pv_outputs(group, pyramidal, KINDS[kind])
    inhibition.connect()
    inhibition.share, inhibition.subtractive = 1 / 3, KINDS[kind].subtractive
    run(6, group, pyramidal, inhibition)
    assert pyramidal.g_fast[0] / nS == 0  # a delay of 1 ms
    run(2, group, pyramidal, inhibition)
    held = hold * (1 - released) * (6 + 10) / 3
    fast, slow = pyramidal.g_fast[0] / nS, pyramidal.g_slow[0] / nS
    assert (fast, slow) == pytest.approx((2 + held, 0) if kind == "subtractive" else (2, held))
