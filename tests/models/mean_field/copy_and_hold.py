"""Copies form, the gain holds them, the old function stays."""

from collections.abc import Iterator
from itertools import product

import numpy as np

from cortex.analysis.copying import predicted_cosine
from cortex.analysis.similarity import cosine
from models.mean_field.group import TANH, copy, normalise, total_rate
from models.mean_field.predictions import copy_and_hold
from tests.models.mean_field.cases import ARMS, linear_arm, tanh_cycle
from tests.models.mean_field.check import Check


def copying() -> Iterator[Check]:
    """Copy slowly, by the error and by the Hebbian rule, while the gain follows."""
    cell = tanh_cycle()
    inputs = cell.learner.inputs
    w = np.vstack([[1.2, 0.5], np.random.default_rng(2).uniform(0, 0.05, (2, 2))])
    moment = copy_and_hold.second_moment(inputs.x, inputs.weight)
    sloped = copy_and_hold.second_moment(inputs.x, inputs.weight, TANH.slope(inputs.drive(w[0])))
    rates = copy_and_hold.copy_rates(sloped, tau=1.0)

    course = copy(w, inputs, TANH, tau=1.0, duration=100.0, dt=0.1)
    distance = np.linalg.norm(course[:, 1] - w[0], axis=-1)
    slowest = np.log(distance[800] / distance[-1]) / 20.0
    yield Check("copy rate", "slowest mode", "min eig E[f'(h₁) x xᵀ] / τ", rates[0], slowest, 0.05)

    hebbian = copy(w, inputs, TANH, tau=1.0, duration=20.0, dt=0.1, decay=1.0)[-1, 1]
    formula = "w₁ᵀC w₁ / (‖w₁‖ ‖C w₁‖)"
    predicted, simulated = predicted_cosine(w[0], moment), float(cosine(w[0], hebbian))
    yield Check("Hebbian copy fidelity", "K = 3", formula, predicted, simulated, 0.01, "difference")

    for copies, tau_gain in product((2, 3, 5), (0.05, 0.2)):
        w, dt = np.vstack([[1.2, 0.5], np.zeros((copies - 1, 2))]), 0.02
        load = total_rate(copy(w, inputs, TANH, tau=1.0, duration=60.0, dt=dt), inputs, TANH)
        overshoot = float((load * normalise(load, tau_gain, dt)).max() - 1)
        tau_copy = (copies - 1) * dt / float(np.diff(load).max())
        bound = copy_and_hold.overshoot_bound(copies, tau_gain, tau_copy)
        case, formula = f"K = {copies}, τ_G = {tau_gain}", "≤ (K − 1) τ_G / τ_copy"
        yield Check("overshoot, slow copy", case, formula, bound, overshoot, 0.0, "bound")


def holding() -> Iterator[Check]:
    """Let idle cells become copies at once, and the gain answer."""
    dt, tau_gain = 0.01, 1.0
    t = np.arange(0, 10, dt)
    cell = tanh_cycle()
    for copies in (2, 3, 5):
        load = np.full(len(t), total_rate(cell.copies(copies)[0], cell.learner.inputs, TANH))
        gain = normalise(load, tau_gain, dt)
        predicted = copy_and_hold.total_after_abrupt_copy(t, copies, tau_gain)
        worst = np.argmax(np.abs(load * gain / predicted - 1))
        case, formula = f"K = {copies}", "1 + (K − 1) exp(−K t / τ_G)"
        yield Check("total after abrupt copy", case, formula, predicted[worst], (load * gain)[worst], 0.01)
        yield Check("gain fixed point", case, "1/K", copy_and_hold.gain_fixed_point(copies), gain[-1], 0.005)


def old_function() -> Iterator[Check]:
    """Expand without learning."""
    for (arm, setting), copies in product(ARMS.items(), (2, 3, 5)):
        gain, scale = setting(copies)
        learner, w, a = linear_arm(copies, gain, scale, 2)
        alone, old, one = linear_arm(1, 1.0, 1.0, 2)
        before = alone.error(old, one) + alone.desired
        change = learner.error(w, a) + learner.desired - before
        simulated, size = (float(learner.inputs.mean(v[:, 0] ** 2)) ** 0.5 for v in (change, before))
        predicted = copy_and_hold.old_function_error(copies, gain, size, scale)
        case, formula = f"{arm}, K = {copies}", "abs(G K − 1) ‖y_old‖"
        yield Check("error of the old function", case, formula, predicted, simulated, 1e-10, "difference")
