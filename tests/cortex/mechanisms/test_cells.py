"""Pyramidal and PV cells against the closed forms of the leaky integrate-and-fire cell."""

import brian2
import numpy as np
import pytest
from brian2 import NeuronGroup, Quantity, SpikeMonitor, ms, mV, nS, second

from cortex.mechanisms.cells import Parvalbumin, Pyramidal, cells

FOREVER = 1e9 * second
"""A decay time that turns a conductance into a constant one."""


@pytest.fixture
def pyramidal(gates, set_parameters):
    def make(n: int, p: Pyramidal, **open_gates: float) -> NeuronGroup:
        group = cells(
            "pyramidal", n, p.equations()["pyramidal"], reset="v = leak_potential", namespace=gates(**open_gates)
        )
        set_parameters(group, p)
        return group

    return make


@pytest.fixture
def pv(set_parameters):
    def make(n: int, p: Parvalbumin) -> NeuronGroup:
        group = cells("pv", n, p.equations()["pv"], reset="v = reset_potential", namespace={})
        set_parameters(group, p)
        return group

    return make


def steady(p: Pyramidal, excitation: Quantity, fast: Quantity, slow: Quantity) -> float:
    """Potential at which leak, excitation, fast and slow inhibition balance, V."""
    conductances = np.array([float(g) for g in (p.leak_conductance, excitation, fast, slow)])
    reversals = (p.leak_potential, p.excitatory_reversal, p.inhibitory_reversal, p.leak_potential)
    return float(conductances @ [float(e) for e in reversals] / conductances.sum())


def rate(v: float, p: Pyramidal | Parvalbumin, reset: Quantity, conductance: Quantity) -> float:
    """Firing rate of a cell that relaxes to `v` with the given total conductance, Hz."""
    time_constant = float(p.capacitance / conductance)
    rise = time_constant * np.log((v - float(reset)) / (v - float(p.firing_threshold)))
    return 1 / (float(p.refractory_period) + rise)


def test_without_input_a_cell_relaxes_to_the_leak_potential(pyramidal, run) -> None:
    p = Pyramidal(noise=0 * mV)
    group = pyramidal(3, p)
    group.v = [-80, -60, -52] * mV
    run(40, group)  # two time constants
    np.testing.assert_allclose(group.v / mV, -60 + np.exp(-2) * np.array([-20, 0, 8]), rtol=1e-9)


@pytest.mark.parametrize(("excitation", "fast", "slow"), [(1, 0, 0), (0, 5, 0), (0, 0, 20), (2, 3, 10)])
def test_a_conductance_step_gives_the_weighted_mean_of_the_reversals(pyramidal, run, excitation, fast, slow) -> None:
    p = Pyramidal(noise=0 * mV).model_copy(
        update=dict.fromkeys(("excitatory_decay", "fast_decay", "slow_decay"), FOREVER)
    )
    group = pyramidal(2, p)
    group.v = p.leak_potential
    group.g_afferent, group.g_lateral = [excitation, 0] * nS, [0, excitation] * nS
    group.g_fast, group.g_slow = fast * nS, slow * nS
    run(500, group)
    np.testing.assert_allclose(np.array(group.v), steady(p, excitation * nS, fast * nS, slow * nS), rtol=1e-9)


def test_conductances_decay_exponentially(pyramidal, run) -> None:
    p = Pyramidal(noise=0 * mV)
    group = pyramidal(1, p)
    group.v = p.leak_potential
    decays = {"g_afferent": 5, "g_lateral": 5, "g_fast": 10, "g_slow": 100}
    for name in decays:
        setattr(group, name, 0.2 * nS)
    run(30, group)
    for name, decay in decays.items():
        assert getattr(group, name)[0] / nS == pytest.approx(0.2 * np.exp(-30 / decay), rel=1e-9), name


def test_slow_inhibition_shunts_and_fast_inhibition_subtracts(pyramidal, run) -> None:
    """At rest the slow conductance does nothing, the fast one hyperpolarizes."""
    p = Pyramidal(noise=0 * mV)
    group = pyramidal(2, p)
    group.v = p.leak_potential
    group.g_slow, group.g_fast = [20, 0] * nS, [0, 20] * nS
    run(10, group)
    assert group.v[0] / mV == pytest.approx(-60, abs=1e-9)
    assert group.v[1] / mV < -65


def test_the_pyramidal_rate_is_that_of_the_integrate_and_fire_formula(pyramidal, run) -> None:
    brian2.defaultclock.dt = 0.02 * ms
    p = Pyramidal(noise=0 * mV).model_copy(update={"excitatory_decay": FOREVER, "slow_decay": FOREVER})
    excitation, slow = np.array([2.2, 3, 5, 5]) * nS, np.array([0, 0, 0, 8]) * nS
    group = pyramidal(4, p)
    group.v, group.g_afferent, group.g_slow = p.leak_potential, excitation, slow
    spikes = SpikeMonitor(group, name="spikes")
    run(1000, group, spikes)
    for cell, (g, s) in enumerate(zip(excitation, slow, strict=True)):
        expected = rate(steady(p, g, 0 * nS, s), p, p.leak_potential, p.leak_conductance + g + s)
        intervals = np.diff(np.array(spikes.t)[spikes.i == cell])
        assert 1 / intervals.mean() == pytest.approx(expected, rel=0.01)


def test_the_pv_rate_is_that_of_the_integrate_and_fire_formula(pv, run) -> None:
    brian2.defaultclock.dt = 0.02 * ms
    p = Parvalbumin(noise=0 * mV).model_copy(update={"excitatory_decay": FOREVER})
    group = pv(1, p)
    group.v, group.g_excitation = p.leak_potential, 6 * nS
    spikes = SpikeMonitor(group, name="spikes")
    run(500, group, spikes)
    v = (p.leak_conductance * p.leak_potential + 6 * nS * p.excitatory_reversal) / (p.leak_conductance + 6 * nS)
    expected = rate(float(v), p, p.reset_potential, p.leak_conductance + 6 * nS)
    assert 1 / np.diff(np.array(spikes.t)).mean() == pytest.approx(expected, rel=0.01)


@pytest.mark.parametrize("noise", [1, 2])
def test_noise_gives_the_potential_its_standard_deviation(pyramidal, pv, run, noise) -> None:
    groups = [pyramidal(2000, Pyramidal(noise=noise * mV)), pv(2000, Parvalbumin(noise=noise * mV))]
    for group in groups:
        group.v = group.leak_potential
        group.firing_threshold = 0 * mV
    run(120, *groups)
    for group in groups:
        assert np.std(group.v / mV) == pytest.approx(noise, rel=0.05)
        assert np.mean(group.v / mV) == pytest.approx(float(group.leak_potential / mV), abs=0.15 * noise)
    assert abs(np.corrcoef(groups[0].v, groups[1].v)[0, 1]) < 0.1  # private


def test_only_marked_cells_are_silenced_and_only_while_the_gate_is_open(pyramidal, run) -> None:
    p = Pyramidal(noise=0 * mV).model_copy(update={"excitatory_decay": FOREVER})
    for gate, firing in ((0, [True, True]), (1, [True, False])):
        group = pyramidal(2, p, silencing=gate)
        group.v, group.g_afferent, group.silenced = p.leak_potential, 30 * nS, [0, 1]
        spikes = SpikeMonitor(group, name="spikes")
        run(100, group, spikes)
        assert (np.array(spikes.count) > 0).tolist() == firing
