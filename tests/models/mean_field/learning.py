"""Held and unheld copies learn, with and without noise."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import numpy as np

from cortex.analysis.learning import trials_to_criterion
from models.mean_field.group import Array, Learner
from models.mean_field.online import learn_online
from models.mean_field.predictions import copy_and_hold, learning
from tests.models.mean_field.cases import ARMS, linear_arm, tanh_cycle
from tests.models.mean_field.check import Check


def missing_weights(learner: Learner, w: Array) -> Array:
    """Return what the answer of linear cells lacks along the first eigenvector of C, (...)."""
    inputs = learner.inputs
    moment = copy_and_hold.second_moment(inputs.x, inputs.weight)
    goal = np.linalg.solve(moment, inputs.correlate(learner.desired[:, 0]))
    lacking: Array = (learner.gain * w.sum(axis=-2) - goal) @ np.linalg.eigh(moment)[1][:, -1]
    return lacking


def measured_speed(learner: Learner, w: Array, a: Array) -> float:
    """Measure the rate at which the answer approaches the desired answer."""
    course, _ = learner.learn(w, a, duration=0.5, dt=0.01)
    missing = np.abs(missing_weights(learner, course))
    return float(np.log(missing[0] / missing[-1]) / 0.5)


def measured_limit(learner: Learner, w: Array, a: Array) -> float:
    """Find by bisection the learning rate from which 20 batches lead away from the desired answer."""
    low, high = 1e-3, 1e3
    start = abs(missing_weights(learner, w))
    while high / low > 1.001:
        middle = (low * high) ** 0.5
        end, _ = replace(learner, rate=middle).descend(w, a, 20)
        low, high = (low, middle) if abs(missing_weights(learner, end)) > start else (middle, high)
    return (low * high) ** 0.5


def speeds() -> Iterator[Check]:
    """Learn without noise in every arm, continuously and by batches."""
    alone = measured_speed(*linear_arm(1, 1.0, 1.0, 2))
    measured = {}
    for (arm, setting), p, copies in product(ARMS.items(), (1, 2), (2, 3, 5)):
        gain, scale = setting(copies)
        learner, w, a = linear_arm(copies, gain, scale, p)
        largest = np.linalg.eigvalsh(copy_and_hold.second_moment(learner.inputs.x, learner.inputs.weight))[-1]
        measured[arm, p, copies] = measured_speed(learner, w, a) / alone
        case = f"{arm}, p = {p}, K = {copies}"
        speed = learning.speed(copies, gain, p)
        limit = learning.largest_stable_rate(copies, gain, p, largest)
        yield Check("speed", case, "K Gᵖ", speed, measured[arm, p, copies], 0.03)
        yield Check("largest stable rate", case, "2 / (Gᵖ K λ)", limit, measured_limit(learner, w, a), 0.02)
    for p, copies in product((1, 2), (2, 3, 5)):
        ratio = measured["hold", p, copies] / measured["no hold", p, copies]
        case = f"p = {p}, K = {copies}"
        yield Check("speed with / without hold", case, "K⁻ᵖ", learning.on_off_ratio(copies, p), ratio, 0.03)


def equivalences() -> Iterator[Check]:
    """Learn with copies what a single cell learns at other rates."""
    cell = tanh_cycle()
    start = np.array([[1.2, -0.5]])
    for copies in (2, 3, 5):
        w, a = np.repeat(start, copies, axis=0), cell.copies(copies)[1]
        held = replace(cell.learner, gain=1 / copies, tied=True)
        slow = held.loss(*held.learn(w, a, 20.0 * copies, 0.02))[::copies]
        alone = cell.learner.loss(*cell.learner.learn(start, cell.a, 20.0, 0.02))
        worst = np.argmax(np.abs(slow - alone))
        case, formula = f"K = {copies}", "L_K(t) = L₁(t / K)"
        yield Check("tied learning, gradient", case, formula, alone[worst], slow[worst], 1e-8, "difference")

        single = replace(cell.learner, rate=1.0, output_rate=0.5)
        split = replace(cell.learner, rate=copies * single.rate, output_rate=single.output_rate / copies)
        of_split = split.loss(*split.learn(w, a / copies, 20.0, 0.02))
        of_single = single.loss(*single.learn(start, cell.a, 20.0, 0.02))
        worst = np.argmax(np.abs(of_split - of_single))
        case, formula = f"K = {copies}", "single cell at rates η_w / K, K η_a"
        yield Check("output split", case, formula, of_single[worst], of_split[worst], 1e-10, "difference")


def noise_floors() -> Iterator[Check]:
    """Learn online until noise allows no less error: held, unheld and with noise that copies share."""
    afferents, step = 8, 0.01
    noises = {"output_noise": 0.2, "private_noise": 1.0}
    held = [(copies, 1 / copies, rho) for copies in (2, 4, 8) for rho in (0.0, 0.5, 1.0)]
    for copies, gain, rho in [(1, 1.0, 0.0), *held, (4, 1.0, 0.0)]:
        w = np.zeros((100, copies, afferents))
        course = learn_online(
            w,
            np.zeros(afferents),
            np.eye(afferents),
            trials=3000,
            rng=np.random.default_rng(3),
            gain=gain,
            rate=step / learning.speed(copies, gain, p=1),
            p=1,
            correlation=rho,
            synaptic_noise=2e-3,
            **noises,
        )
        variance = learning.noise_variance(copies, gain, correlation=rho, **noises)
        floor = learning.noise_floor(np.ones(afferents), step, variance, gain**2 * copies * 2e-3**2)
        case, formula = f"K = {copies}, G = {gain:.3g}, ρ = {rho:g}", "[m² d v + d q] / [2 m − m² (d + 2)]"
        yield Check("noise floor", case, formula, floor, float(course[600:].mean()), 0.08)


def online_courses() -> Iterator[Check]:
    """Learn online from unequal directions of the input at the best rate, to a criterion."""
    modes, goal, noises = np.array([2.0, 1.0, 0.5, 0.1]), np.ones(4), {"output_noise": 0.2, "private_noise": 1.0}
    for copies, p in product((1, 4), (1, 2)):
        gain = 1 / copies
        variance = learning.noise_variance(copies, gain, **noises)
        step, trials = learning.best_step(modes, goal**2, variance, criterion=0.2, trials=1000)
        course = learn_online(
            np.zeros((2000, copies, 4)),
            goal,
            np.diag(modes**0.5),
            trials=round(1.5 * trials),
            rng=np.random.default_rng(5),
            gain=gain,
            rate=step / learning.speed(copies, gain, p),
            p=p,
            **noises,
        )
        reached = trials_to_criterion(course.mean(axis=1), 0.2, 1) - 1
        case, formula = f"K = {copies}, held, p = {p}, best rate", "second moments of LMS"
        yield Check("trials to criterion", case, formula, trials, reached, 0.08)
