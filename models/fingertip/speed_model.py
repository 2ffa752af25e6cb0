"""How a new task will be learned, from what was measured before it: nothing is fitted to how it is learned.

`predict_readout` follows the delta rule on the counts of the test before. `predict_afferents` follows the three-factor
rule of cells whose spikes R(h) and sensitivity s(h), what an eligibility is of the mean trace, were measured open-loop.
"""

from dataclasses import dataclass

import numpy as np

from models.fingertip.anatomy import THINNEST, arbors, centres, places, sites
from models.fingertip.guards import FAR
from models.fingertip.learning_theory import afferent_speed, largest_online_rate
from models.fingertip.observe import Observed, answers
from models.fingertip.protocol import CODES, TOUCH, TRIAL, jittered
from models.fingertip.speed import DEPTHS, SHOWN, SpeedParameters, open_loop, outputs
from models.learner.protocol import permuted_blocks
from models.learner.tasks import SITES, TASKS

BINS = 7
"""Points of the curve of a cell, each the mean of as many touches and depths."""

RUNS = 10
"""Runs whose mean is the prediction."""


@dataclass(frozen=True)
class Learned:
    """What a model learned, in several runs.

    Attributes
    ----------
    errors : array, (run, trial)
    answers : array, (run, trial)
    largest_rate : float
        Learning rate above which it is not stable.
    """

    errors: np.ndarray
    answers: np.ndarray
    largest_rate: float


@dataclass(frozen=True)
class Curves:
    """What each cell does with its drive, as lines between points.

    Attributes
    ----------
    drive, values : array, (cell, point)
        Rising drive.
    """

    drive: np.ndarray
    values: np.ndarray

    def at(self, drive: np.ndarray) -> np.ndarray:
        """Return the values at a drive, shape (..., cell); beyond the points, lines go on, not below 0."""
        return np.maximum(self._piece(drive)[0], 0)

    def slope(self, drive: np.ndarray) -> np.ndarray:
        """Return the slope at a drive, shape (..., cell)."""
        return self._piece(drive)[1]

    def _piece(self, drive: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        slopes = np.diff(self.values, axis=1) / np.diff(self.drive, axis=1)
        piece = (drive[..., None] > self.drive[:, 1:-1]).sum(axis=-1)
        cell = np.arange(len(self.drive))
        slope = slopes[cell, piece]
        return self.values[cell, piece] + slope * (drive - self.drive[cell, piece]), slope


def curves(drive: np.ndarray, values: np.ndarray) -> Curves:
    """Average what was measured at some drives, both of shape (condition, cell), in bins of each cell's drives."""
    order = np.argsort(drive, axis=0, kind="stable")
    rising, sorted_values = (np.take_along_axis(each, order, axis=0) for each in (drive, values))
    parts = np.array_split(np.arange(len(drive)), BINS)
    points, means = (np.stack([each[part].mean(axis=0) for part in parts], axis=1) for each in (rising, sorted_values))
    return Curves(points + 1e-9 * np.arange(BINS), means)


def afferent_spikes(p: SpeedParameters, code: np.ndarray, depth: np.ndarray, shift: np.ndarray) -> np.ndarray:
    """Return the expected spikes of the afferents in trials with touches, shape (trial, afferent)."""
    pressed = (code.astype(int)[:, None] >> np.arange(SITES) & 1) * depth[:, None]
    distance = places(p)[None, None] - sites(p)[None, :, None] - shift[:, None, None]
    bump = (pressed[..., None] * np.exp(-(distance**2) / (2 * p.skin.touch_width**2))).sum(axis=1)
    touched = float(TOUCH) * float(p.skin.peak_rate - p.skin.background_rate)
    return np.asarray(float(TRIAL) * float(p.skin.background_rate) + touched * bump)


def predict_readout(observed: Observed, p: SpeedParameters, trials: int) -> Learned:
    """Predict how the readout learns: the delta rule on the counts of the test before."""
    return delta_rule(*counts(observed), p, trials)


def delta_rule(tested: np.ndarray, asked: np.ndarray, p: SpeedParameters, trials: int) -> Learned:
    """Learn from counts, (kind, repeat, cell), and answers, (kind,), by two weights of a cell that are not below 0."""
    rng, bias_rate, cells = np.random.default_rng(0), p.training.bias_rate, tested.shape[2]
    kinds = np.array([permuted_blocks(len(asked), trials, rng) for _ in range(RUNS)])
    shown = tested[kinds, rng.integers(tested.shape[1], size=kinds.shape)]
    yes = np.full((RUNS, cells), p.readout.weight)
    no, bias, errors = yes.copy(), np.zeros(RUNS), np.empty(kinds.shape)
    for trial in range(trials):
        x = shown[:, trial]
        error = np.clip(asked[kinds[:, trial]] - ((yes - no) * x).sum(axis=1) - bias, -FAR, FAR)
        change = p.learning.rate * error[:, None] * x
        yes, no, bias = np.maximum(yes + change, 0), np.maximum(no - change, 0), bias + bias_rate * error
        errors[:, trial] = error
    ratio = bias_rate / (2 * p.learning.rate) if p.learning.rate else 0.0  # two weights learn from one error
    largest = largest_online_rate(tested.reshape(-1, cells), ratio) / 2 if tested.any() else float("nan")
    return Learned(errors, asked[kinds], largest)


def predict_afferents(observed: Observed, p: SpeedParameters, trials: int) -> Learned:
    """Predict how the afferents learn: cells with the curves that were measured open-loop, and Poisson afferents."""
    rng, bias_rate = np.random.default_rng(0), p.training.bias_rate
    weights, arbor = contacts(observed, p)
    spent, sensitive = measured_curves(observed, p, weights)
    says = outputs(p)[: p.tip_cells] * p.learning.output
    task = TASKS[p.training.task]
    codes = task.patterns @ 2.0 ** np.arange(SITES)
    per_spike = float(p.copying.trace_time_constant / TRIAL)
    flat = rng.integers(len(codes), size=500)
    touch = jittered(p, rng, codes[flat])
    x = per_spike * rng.poisson(afferent_spikes(p, touch["code"], touch["depth"], touch["shift"]))
    answer = spent.at(x @ weights.T) @ says
    tested, _ = counts(observed)
    explained = np.mean([answer[flat == kind].var() for kind in range(len(codes))])
    noise = np.sqrt(max(float((tested[..., : p.tip_cells] @ says).var(axis=1).mean() - explained), 0.0))
    mean = per_spike * afferent_spikes(p, codes, np.ones(len(codes)), np.zeros(len(codes)))
    drive = mean @ weights.T
    rates = afferent_speed(
        mean, spent.slope(drive).T, sensitive.at(drive).T, says, np.full(len(codes), 1 / len(codes)), arbor
    )
    kinds = np.array([permuted_blocks(len(codes), trials, rng) for _ in range(RUNS)])
    touch = jittered(p, rng, codes[kinds.ravel()])
    expected = afferent_spikes(p, touch["code"], touch["depth"], touch["shift"])
    traces = per_spike * rng.poisson(expected).reshape(RUNS, trials, -1)
    w, bias, errors = np.repeat(weights[None], RUNS, 0), np.zeros(RUNS), np.empty(kinds.shape)
    for trial in range(trials):
        x = traces[:, trial]
        h = np.einsum("rca,ra->rc", w, x)
        said = spent.at(h) @ says + noise * rng.standard_normal(RUNS)
        error = np.clip(task.answers[kinds[:, trial]] - said - bias, -FAR, FAR)
        credit = p.learning.rate * error[:, None] * says * sensitive.at(h)
        w = np.clip(w + arbor * credit[..., None] * x[:, None], 0, p.copying.maximum_weight)
        bias = bias + bias_rate * error
        errors[:, trial] = error
    return Learned(errors, task.answers[kinds], 2 / float(rates[0]) if rates[0] > 0 else float("nan"))


def measured_curves(observed: Observed, p: SpeedParameters, weights: np.ndarray) -> tuple[Curves, Curves]:
    """Return spikes and sensitivity of each cell over its drive, measured open-loop."""
    shown, trials = open_loop(p).values, observed.trials["open loop"]
    code, depth = np.asarray(shown["code"]), np.asarray(shown["depth"])
    per_spike = float(p.copying.trace_time_constant / TRIAL)
    x = per_spike * afferent_spikes(p, code, depth, np.zeros(len(code)))
    eligible = observed.run["eligibility.eligible"][trials.start + 1 : trials.stop + 1, : p.tip_cells]
    sensitivity = eligible / np.maximum(x @ contact(p).T, 1e-12)
    order = np.lexsort((depth, code)).reshape(len(CODES) * len(DEPTHS), SHOWN)
    drive, spikes, sensitivity = (
        each[order].mean(axis=1) for each in (x @ weights.T, observed.counts[trials, : p.tip_cells], sensitivity)
    )
    return curves(drive, spikes), curves(drive, sensitivity)


def counts(observed: Observed) -> tuple[np.ndarray, np.ndarray]:
    """Return the spikes of all cells in the test before learning, (kind, repeat, cell), and the answers, (kind,)."""
    p = observed.parameters
    [block] = [block for block in observed.layout.blocks if block.name == "test expanded"]
    code = np.asarray(block.values["code"]).astype(int)
    tested = observed.counts[observed.trials["test expanded"]]
    asked = answers(TASKS[p.training.task])
    kinds = [int(kind) for kind in CODES if asked[int(kind)] != 0]
    return np.stack([tested[code == kind] for kind in kinds]), asked[kinds]


def contacts(observed: Observed, p: SpeedParameters) -> tuple[np.ndarray, np.ndarray]:
    """Return weights and arbor of the cells of the tip before learning, shape (cell, afferent)."""
    weights = observed.weights(observed.trials["test expanded"].start).reshape(p.tip_cells, -1)
    return weights, contact(p) * arbors(p, centres(p, each=p.group.expansion == "independent"))[:, : p.tip_cells].T


def contact(p: SpeedParameters) -> np.ndarray:
    """Return which afferents touch the cells of the tip, array of bool, (cell, afferent)."""
    return (arbors(p, centres(p)) > THINNEST)[:, : p.tip_cells].T
