"""The three learning rules: exact changes of weight at single spikes, fixed points, and what they copy."""

from collections.abc import Callable

import numpy as np
import pytest
from brian2 import Hz, NeuronGroup, Synapses, ms, mV, nS

from cortex.mechanisms.cells import Pyramidal
from cortex.mechanisms.copying import (
    AFFERENT_TRACES,
    RAISE_TRACE,
    RULES,
    Copying,
    afferent_synapses,
)

POISSON = "rate : Hz\n" + AFFERENT_TRACES


@pytest.fixture
def learning(clockwork, gates, set_parameters) -> Callable[..., tuple[Synapses, NeuronGroup, NeuronGroup]]:
    """Afferents and cells that fire when told, all connected by synapses with a learning rule."""

    def make(p, afferent_times, cell_times, weight, arbor=1.0, plasticity=1.0):
        afferents = clockwork("afferents", afferent_times, AFFERENT_TRACES, reset="trace += 1")
        equations = Pyramidal().equations()["pyramidal"] + p.equations()["pyramidal"] + "established : 1"
        group = clockwork("pyramidal", cell_times, equations, RAISE_TRACE, gates(plasticity=plasticity))
        set_parameters(group, Pyramidal(noise=0 * mV), p)
        afferents.trace_time_constant, afferents.usual_time_constant = p.trace_time_constant, p.usual_time_constant
        group.v = Pyramidal().leak_potential
        if p.rule == "error_correcting":
            group.dendrite = Pyramidal().leak_potential
        synapses = afferent_synapses(afferents, group, RULES[p.rule])
        synapses.connect()
        synapses.w, synapses.arbor = weight, arbor
        return synapses, afferents, group

    return make


def test_an_afferent_spike_opens_its_weight_in_conductance(learning, run) -> None:
    p = Copying(weight_conductance=3 * nS)
    objects = learning(p, [[10], [10]], [[]], weight=[0.2, 0.5])
    run(15.5, *objects)
    assert objects[2].g_afferent[0] / nS == pytest.approx(3 * 0.7 * np.exp(-5 / 5), rel=1e-9)


def test_each_spike_moves_the_weight_towards_the_trace(learning, run) -> None:
    p = Copying(rule="hebbian", learning_rate=0.1, decay=2.0)
    objects = learning(p, [[10], []], [[5, 20]], weight=0.3, arbor=0.5)
    run(50, *objects)
    before = 0.3 * (1 - 0.1 * 2)  # the spike at 5 ms found no trace
    np.testing.assert_allclose(objects[0].w, [before + 0.1 * (0.5 * np.exp(-10 / 20) - 2 * before), before * 0.8])


def test_covariance_takes_the_usual_trace_off(learning, run) -> None:
    p = Copying(rule="hebbian", learning_rate=0.1, decay=1.0, covariance=0.5)
    synapses, afferents, group = learning(p, [[], []], [[10]], weight=[0.3, 0.01])
    afferents.usual_trace, afferents.usual_time_constant = 0.4, 1e9 * ms
    run(20, synapses, afferents, group)
    np.testing.assert_allclose(synapses.w, [0.27 - 0.1 * 0.5 * 0.4, 0], rtol=1e-6)  # not below 0


def test_the_usual_trace_is_the_mean_trace(learning, run) -> None:
    p = Copying(rule="hebbian", usual_time_constant=1000 * ms)
    objects = learning(p, [np.arange(5, 3000, 10)], [[]], weight=0.1)
    run(3000, *objects)
    assert objects[1].usual_trace[0] == pytest.approx(20 / 10 * (1 - np.exp(-3)), rel=0.02)


def test_weights_go_to_the_mean_trace_at_spikes_with_the_predicted_time_constant(learning, run) -> None:
    """Every 100 ms a cell fires 5 ms after its first afferent and 30 ms after its second."""
    p = Copying(rule="hebbian", learning_rate=0.05, decay=1.25)
    firing = np.arange(50, 6000, 100)
    trace = np.exp(-np.array([5, 30]) / 20) / (1 - np.exp(-100 / 20))
    fixed = 0.7 * trace / p.decay  # arbor * E[trace at a spike] / decay
    for spikes in (20, 60):  # the first afferent spike has no forerunners: hence 1 %
        objects = learning(p, [firing - 5, firing - 30], [firing], weight=0.1, arbor=0.7)
        run(spikes * 100, *objects)
        left = (1 - p.learning_rate * p.decay) ** spikes
        np.testing.assert_allclose(objects[0].w, fixed + (0.1 - fixed) * left, rtol=0.01)


def test_independent_poisson_afferents_are_learned_by_their_rates(gates, clockwork, set_parameters, run) -> None:
    """The mean weight of many cells is arbor*(1 - covariance)*rate*tau/decay."""
    p = Copying(rule="hebbian", learning_rate=0.05, decay=2.0, covariance=0.5, usual_time_constant=1000 * ms)
    rates = np.linspace(20, 80, 20)
    afferents = NeuronGroup(
        20, POISSON, threshold="rand() < rate*dt", reset="trace += 1", method="exponential_euler",
        namespace={}, name="afferents",
    )  # fmt: skip
    afferents.rate = rates * Hz
    afferents.trace_time_constant, afferents.usual_time_constant = p.trace_time_constant, p.usual_time_constant
    afferents.trace = afferents.usual_trace = rates * 0.02
    times = [np.arange(10 + shift, 4000, 40) for shift in np.linspace(0, 39, 60)]
    equations = "g_afferent : siemens\n" + p.equations()["pyramidal"]
    group = clockwork("pyramidal", times, equations, RAISE_TRACE, gates(plasticity=1))
    set_parameters(group, p)
    synapses = afferent_synapses(afferents, group, RULES[p.rule])
    synapses.connect()
    synapses.arbor = 0.8
    run(4000, afferents, group, synapses)
    found = np.array(synapses.w).reshape(20, 60).mean(axis=1)
    expected = 0.8 * (1 - 0.5) * rates * 0.02 / 2.0
    assert np.mean(found / expected) == pytest.approx(1, abs=0.05)
    assert np.corrcoef(found, expected)[0, 1] > 0.75


@pytest.mark.parametrize(
    ("pre", "post", "change"),
    [
        ([10], [15], np.exp(-5 / 20)),
        ([15], [10], -1.05 * np.exp(-5 / 20)),
        ([10, 12], [15], np.exp(-5 / 20) + np.exp(-3 / 20)),  # all pairs
        ([15], [10, 12], -1.05 * (np.exp(-5 / 20) + np.exp(-3 / 20))),
        ([10], [], 0),
    ],
)
def test_stdp_changes_the_weight_by_the_time_between_spikes(learning, run, pre, post, change) -> None:
    objects = learning(Copying(rule="stdp", learning_rate=0.1), [pre], [post], weight=0.5)
    run(30, *objects)
    np.testing.assert_allclose(objects[0].w, 0.5 + 0.1 * change)


def test_error_correction_learns_from_the_spike_less_what_was_predicted(learning, run) -> None:
    """An afferent spike costs what the dendrite predicts, a spike of the cell pays the trace."""
    p = Copying(rule="error_correcting", learning_rate=0.1, weight_conductance=0.01 * nS)
    objects = learning(p, [[10], [10]], [[20]], weight=[0.5, 0.6])
    run(15, *objects)
    predicted = 6.5 * 1.5 * np.log(1 + np.exp((-60 + 53.5) / 1.5))  # Hz, at rest
    np.testing.assert_allclose(objects[0].w, np.array([0.5, 0.6]) - 0.1 * 0.02 * predicted)
    run(15, *objects)
    np.testing.assert_allclose(objects[0].w, np.array([0.5, 0.6]) - 0.1 * 0.02 * predicted + 0.1 * np.exp(-10 / 20))


def test_the_prediction_hears_inhibition_but_no_lateral_input(learning, run) -> None:
    p = Copying(rule="error_correcting")
    rest, lateral, afferent, both = (0, 0, 0), (5, 0, 0), (0, 5, 0), (0, 5, 10)
    synapses, afferents, group = learning(p, [[]], [[]] * 4, weight=0)
    group.g_lateral, group.g_afferent, group.g_slow = np.transpose([rest, lateral, afferent, both]) * nS
    run(10, synapses, afferents, group)
    dendrite = np.array(group.dendrite / mV)
    assert dendrite[:2] == pytest.approx(-60, abs=1e-9)
    assert -60 < dendrite[3] < dendrite[2] < -50


@pytest.mark.parametrize("rule", RULES)
def test_nothing_is_learned_while_the_gate_is_closed(learning, run, rule) -> None:
    objects = learning(Copying(rule=rule, learning_rate=0.1), [[10, 30]], [[15, 20, 35]], weight=0.5, plasticity=0)
    run(50, *objects)
    np.testing.assert_array_equal(objects[0].w, 0.5)


@pytest.mark.parametrize("rule", RULES)
def test_weights_stay_within_their_bounds(learning, run, rule) -> None:
    p = Copying(rule=rule, learning_rate=0.2, maximum_weight=0.4, decay=0.05)
    bound = 0.4 if rule == "hebbian" else 0.2
    burst = np.arange(10, 60, 2)
    objects = learning(p, [burst, burst + 50, burst[:1]], [burst + 1], weight=0.1, arbor=0.5)
    run(120, *objects)
    assert objects[0].w[0] == pytest.approx(bound)
    assert (np.array(objects[0].w) >= 0).all()
