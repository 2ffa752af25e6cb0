"""The exact membrane: the solution that Brian2 derives, at any step."""

import numpy as np
import pytest
from brian2 import NeuronGroup, StateMonitor, defaultclock, ms

from benchmarks.soma1.integration import exact_membrane

EQUATIONS = """
dv/dt = (rest - v + excitation - inhibition)/tau_m : 1 (unless refractory)
dexcitation/dt = -excitation/tau_e : 1
dinhibition/dt = -inhibition/tau_i : 1
dmark/dt = -mark/tau : 1
rest : 1 (shared, constant)
"""
CONSTANTS = {"tau_m": 20 * ms, "tau_e": 5 * ms, "tau_i": 10 * ms, "tau": 30 * ms}
METHOD = exact_membrane(
    "v", "rest", "tau_m", {"excitation": ("tau_e", "+"), "inhibition": ("tau_i", "-")}, {"mark": "tau"}
)


def cells(name, method):
    group = NeuronGroup(
        4, EQUATIONS, threshold="v > 1", reset="v = 0\nmark += 1", refractory=3 * ms, method=method,
        namespace=CONSTANTS, name=name,
    )  # fmt: skip
    group.rest = 0.4
    group.v = [0, 0.2, -0.3, 0.6]
    group.excitation = [0, 1, 4, 12]
    group.inhibition = [0.5, 0, 2, 1]
    return group


@pytest.mark.parametrize("step", [0.1, 0.5, 2.0])
def test_it_is_the_solution_that_brian2_derives(run, step):
    defaultclock.dt = step * ms
    groups = [cells("ours", METHOD), cells("derived", "exact")]
    monitors = [StateMonitor(g, ["v", "excitation", "mark"], record=True, name=f"{g.name}_states") for g in groups]
    run(60, *groups, *monitors)
    ours, derived = monitors
    assert np.ptp(ours.v) > 1
    assert ours.mark.max() > 0.9
    for name in ("v", "excitation", "mark"):
        np.testing.assert_allclose(getattr(ours, name), getattr(derived, name), rtol=1e-10, atol=1e-12)


def test_the_step_does_not_matter(run):
    free = EQUATIONS.replace(" (unless refractory)", "")
    groups = [
        NeuronGroup(4, free, method=METHOD, namespace=CONSTANTS, name=name, dt=step * ms)
        for name, step in (("fine", 0.1), ("coarse", 2.0))
    ]
    for group in groups:
        group.excitation = [0, 1, 4, 12]
        group.inhibition = [0.5, 0, 2, 1]
    run(20, *groups)
    fine, coarse = (np.array(group.v) for group in groups)
    assert np.ptp(fine) > 1
    np.testing.assert_allclose(coarse, fine, rtol=1e-12, atol=1e-12)
