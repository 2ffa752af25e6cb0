"""Copies rest on their plateau, part, and gain by it or not."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import numpy as np

from models.mean_field.group import SOFTPLUS, TANH, Array
from models.mean_field.predictions import release
from tests.models.mean_field.cases import Task, tanh_cycle, two_directions, two_outputs, wiggle
from tests.models.mean_field.check import Check


def plateau() -> Iterator[Check]:
    """Learn with the hold to the end, and let the gain jump back."""
    cell = tanh_cycle()
    for copies in (1, 3):
        learner = replace(cell.learner, gain=1 / copies, rate=float(copies), tied=True)
        w, a = np.tile([1.2, 0.5], (copies, 1)), cell.copies(copies)[1]
        reached = learner.loss(*learner.descend(w, a, 2000))
        yield Check("plateau", f"K = {copies}, tied", "L₁*", cell.loss, float(reached), 1e-6, "difference")
    w, a = cell.copies(3)
    answer = cell.error + cell.learner.desired
    predicted = release.naive_release_loss(answer, cell.learner.desired, 3, cell.learner.inputs.weight)
    yield Check("naive release", "K = 3", "½ E‖K a f − y*‖²", predicted, float(cell.learner.loss(w, a)), 0.01)


def divergence() -> Iterator[Check]:
    """Release copies that differ a little."""
    cases = {"softplus": two_directions(SOFTPLUS), "tanh": two_directions(TANH), "wiggle, S > 0": wiggle()}
    for (name, cell), copies, p in product(cases.items(), (2, 3, 4), (1, 2)):
        learner = replace(cell.learner, gain=1 / copies, p=p)
        direction = np.linalg.eigh(cell.splitting)[1][:, 0]
        w, a = cell.parted(copies, direction, 1e-5), cell.copies(copies)[1]
        course, _ = learner.learn(w, a, 10.0, 0.05)
        distance = np.abs((course[:, 0] - course[:, 1]) @ direction)
        predicted = release.divergence_rate(cell.splitting, learner.rate, copies, p)
        simulated = float(np.log(distance[-1] / distance[0]) / 10.0)
        case, formula = f"{name}, K = {copies}, p = {p}", "−η K¹⁻ᵖ min eig S"
        yield Check("divergence rate", case, formula, predicted, simulated, 0.05)

    cell = two_outputs()
    inputs, slope = cell.learner.inputs, TANH.slope(cell.drive)
    matrix = release.splitting_matrix_with_outputs(cell.splitting, inputs.x, cell.error, slope, inputs.weight)
    direction = np.linalg.eigh(matrix)[1][:, 0]
    sign = np.array([[1e-5], [-1e-5]])
    w, a = cell.copies(2)
    ws, outputs = cell.learner.learn(w + sign * direction[:3], a / 2 + sign * direction[3:], 10.0, 0.05)
    state = np.concatenate([ws, outputs], axis=-1)
    distance = np.abs((state[:, 0] - state[:, 1]) @ direction)
    simulated = float(np.log(distance[-1] / distance[0]) / 10.0)
    predicted = release.divergence_rate(matrix, 1.0, 2, 2)
    yield Check("divergence rate", "two outputs, K = 2, p = 2", "−η/2 min eig M", predicted, simulated, 0.05)


def released(cell: Task, copies: int, noise: float, duration: float, runs: int, tied: bool = False) -> Array:
    """Release copies of the best cell, with private noise; returns their weights, (time, run, cell, afferent)."""
    learner = replace(cell.learner, gain=1 / copies, noise=noise, tied=tied)
    w, a = (np.tile(v, (runs, 1, 1)) for v in cell.copies(copies))
    return learner.learn(w, a, duration, 0.25, np.random.default_rng(4))[0]


def spread(w: Array, direction: Array) -> Array:
    """Return the sum of squares of the deviations of cells from their mean, averaged over runs, (time,)."""
    along = w @ direction
    square: Array = ((along - along.mean(axis=-1, keepdims=True)) ** 2).sum(axis=-1).mean(axis=-1)
    return square


def noisy_divergence() -> Iterator[Check]:
    """Release equal copies with private noise."""
    copies, noise, distance = 3, 1e-8, 0.02
    cell = tanh_cycle()
    rate = release.divergence_rate(cell.splitting, 1.0, copies, 2)
    direction = np.linalg.eigh(cell.splitting)[1][:, 0]
    predicted = release.divergence_time(distance, rate, noise, copies)
    course = spread(released(cell, copies, noise, 1.3 * predicted, runs=64), direction)
    time = np.argmax(course >= distance**2) * 0.25
    formula = "ln(1 + 2 Λ δ² / ((K − 1) D)) / (2 Λ)"
    yield Check("divergence time", "K = 3", formula, predicted, float(time), 0.10)
    early, late = round(0.5 * predicted / 0.25), round(predicted / 0.25)
    slope = np.log(course[late] / course[early]) / (2 * (late - early) * 0.25)
    yield Check("divergence rate", "tanh cycle, K = 3, private noise", "−η K¹⁻ᵖ min eig S", rate, float(slope), 0.05)

    cell = wiggle()
    rate = release.divergence_rate(cell.splitting, 1.0, 2, 2)
    predicted = release.stationary_divergence(rate, noise, 2)
    held_together = spread(released(cell, 2, noise, 1000.0, runs=128)[400:], np.ones(1)).mean()
    case, formula = "wiggle, K = 2", "(K − 1) D / (−2 Λ)"
    yield Check("spread of copies that re-merge", case, formula, predicted, float(held_together), 0.05)


def benefit() -> Iterator[Check]:
    """Release to the end where that helps and where it must not, and not at all."""
    copies, noise = 3, 1e-10
    cell = tanh_cycle()
    best = release.lowest_loss(cell.learner, cell.a[0], copies, 30, np.random.default_rng(0))[1]
    learner = replace(cell.learner, gain=1 / copies)
    w, a = cell.copies(copies)
    apart, tied = (
        float(learner.loss(released(cell, copies, noise, 2500.0, runs=2, tied=tied)[-1], a).max())
        for tied in (False, True)
    )
    yield Check("final loss", "K = 3", "L_K*", best, apart, 0.2)
    yield Check("loss if never released", "K = 3", "L₁*", cell.loss, tied, 1e-6, "difference")

    equal, _ = learner.learn(w, a, 1000.0, 0.25)
    difference = float(np.abs(equal[:, 1:] - equal[:, :1]).max())
    yield Check("exact copies without noise", "K = 3", "never part", 0.0, difference, 0.0, "difference")

    cell = wiggle()
    w, a = released(cell, 2, 1e-6, 1000.0, runs=4)[-1], cell.copies(2)[1]
    flat = float(replace(cell.learner, gain=1 / 2).loss(w, a).max())
    yield Check("release without gain", "wiggle, K = 2", "L₁*, as S > 0", cell.loss, flat, 1e-5, "difference")
