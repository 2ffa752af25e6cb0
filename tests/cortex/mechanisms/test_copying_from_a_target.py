"""What idle cells copy from a target whose weights are not at the rule's own fixed point.

Under correlated input w the Hebbian rule learns what fires with the target, ``C w`` with C the correlations of the
afferents; only the error-correcting rule finds ``w``.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import brian2
import numpy as np
import pytest
from brian2 import Hz, Network, NeuronGroup, Synapses, TimedArray, ms, mV, nS, second, siemens, volt

from cortex.analysis.similarity import cosine
from cortex.engine import compiler
from cortex.engine.simulation import Arm, Model, simulate
from cortex.mechanisms.cells import Pyramidal, cells
from cortex.mechanisms.copying import (
    AFFERENT_TRACES,
    RAISE_TRACE,
    RULES,
    Copying,
    afferent_synapses,
)

AFFERENTS, COPIES = 60, 4
SLOT = 100 * ms
TEACHER = 12 * nS
TARGET_WEIGHTS = np.zeros(AFFERENTS)
TARGET_WEIGHTS[18:26] = TARGET_WEIGHTS[38:42] = 1  # two separate patches: no eigenvector of the correlations


def build(p: Copying, slots: int, gates: Callable[..., dict[str, TimedArray]]) -> Model:
    """Build a target with fixed weights that teaches idle cells; all hear the same afferents."""
    brian2.defaultclock.dt = 0.5 * ms
    drive = TimedArray(np.zeros((slots, AFFERENTS)) * Hz, dt=SLOT, name="drive")
    afferents = NeuronGroup(
        AFFERENTS, AFFERENT_TRACES, threshold="rand() < drive(t, i)*dt", reset="trace += 1",
        method="exponential_euler", namespace={"drive": drive}, name="afferents",
    )  # fmt: skip
    equations = Pyramidal().equations()["pyramidal"] + p.equations()["pyramidal"] + "established : 1"
    copies = cells("copies", COPIES, equations, f"v = leak_potential\n{RAISE_TRACE}", gates(plasticity=1))
    target = cells("target", 1, Pyramidal().equations()["pyramidal"], "v = leak_potential", gates())
    plastic = afferent_synapses(afferents, copies, RULES[p.rule])
    plastic.connect(i=np.repeat(np.arange(AFFERENTS), COPIES), j=np.tile(np.arange(COPIES), AFFERENTS))
    fixed = Synapses(afferents, target, "g : siemens", on_pre="g_afferent_post += g", name="fixed", namespace={})
    fixed.connect(i=np.arange(AFFERENTS), j=np.zeros(AFFERENTS, int))
    teacher = Synapses(
        target, copies, on_pre="g_lateral_post += teacher", delay=1 * ms, name="teach", namespace={"teacher": TEACHER}
    )
    teacher.connect(i=np.zeros(COPIES, int), j=np.arange(COPIES))
    weights = brian2.StateMonitor(plastic, "w", record=np.arange(AFFERENTS * COPIES), dt=1 * second, name="weights")
    inputs: dict[str, Any] = {"drive": drive, "w": plastic.w, "arbor": plastic.arbor, "fixed": fixed.g}
    inputs["tau"], inputs["usual"] = afferents.trace_time_constant, afferents.usual_time_constant
    for group in (copies, target):
        for name in (*Pyramidal.names(), *Copying.names(), "v", "dendrite"):
            if name in group.variables:
                inputs[f"{group.name}.{name}"] = getattr(group, name)
    network = Network(afferents, copies, target, plastic, fixed, teacher, weights, name="network")
    return Model(network, inputs, {}, slots * SLOT, 0.5 * ms)


def taught(p: Copying, seconds: int, gates: Callable[..., dict[str, TimedArray]], seed: int) -> tuple[float, float]:
    """Teach idle cells; give the cosine of their last weights to w and to C w."""
    slots = round(seconds / float(SLOT))
    rng = np.random.default_rng(seed)
    centre = rng.uniform(0, AFFERENTS, (slots, 1))
    bumps = np.exp(-((np.arange(AFFERENTS) - centre) ** 2) / (2 * 4.0**2))
    values: dict[str, Any] = {
        "drive": 60 * bumps * Hz,
        "w": np.full(AFFERENTS * COPIES, 0.02),
        "arbor": np.ones(AFFERENTS * COPIES),
        "fixed": TARGET_WEIGHTS * float(p.weight_conductance) * siemens,
        "tau": p.trace_time_constant,
        "usual": p.usual_time_constant,
        "copies.v": np.full(COPIES, -0.06) * volt,
        "target.v": np.full(1, -0.06) * volt,
    }
    values |= {f"copies.{name}": p.get(name) for name in Copying.names() if name not in ("rule", "usual_time_constant")}
    values |= {f"{group}.{name}": Pyramidal().get(name) for group in ("copies", "target") for name in Pyramidal.names()}
    if p.rule == "error_correcting":
        values["copies.dendrite"] = np.full(COPIES, -0.06) * volt
    made = partial(build, p, slots, gates)
    run = simulate(made, {"taught": Arm(values, seed)}, backend="cpp").recordings["taught"]
    last = run["weights.w"][-20:].mean(axis=0).reshape(AFFERENTS, COPIES).mean(axis=1)
    return float(cosine(last, TARGET_WEIGHTS)), float(cosine(last, bumps.T @ bumps @ TARGET_WEIGHTS))


@pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")
def test_hebbian_cells_copy_the_correlations_and_error_correcting_ones_the_weights(gates, seed: int) -> None:
    hebbian = Copying(rule="hebbian", learning_rate=0.02, weight_conductance=1.6 * nS)
    to_weights, to_correlations = taught(hebbian, 60, gates, seed)
    assert to_correlations > 0.9
    assert to_weights < 0.85

    correcting = Copying(
        rule="error_correcting",
        learning_rate=0.02,
        weight_conductance=1.6 * nS,
        predicted_gain=14 * Hz / mV,  # a teacher that never fades adds its spikes: predict more than the f-I curve
        predicted_threshold=-50 * mV,
        predicted_softness=4 * mV,
    )
    to_weights, to_correlations = taught(correcting, 100, gates, seed)
    assert to_weights > 0.92
    assert to_correlations < 0.85
