"""How copies will part, from what is measured before release; derivation and checks in docs/finger_theory.md, 1."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy
from brian2.units import ms, mV, pA, second

from cortex.experiment.protocol import Block, Protocol
from models.fingertip import theory
from models.fingertip.anatomy import THINNEST, arbors, centres, places
from models.fingertip.observe import Observed
from models.fingertip.parameters import FingertipParameters
from models.fingertip.protocol import CODES, CONTACTS, PUSH, SLOT, TOUCH, TRIAL, stimuli

DISTANCE = 55 * mV
"""Mean distance of a cell from the reversal of excitation."""

OPEN = 5.25 * ms
"""How long the peak conductance of an afferent spike would have to last to be as much: its decay, in steps."""


@dataclass(frozen=True)
class Lessons:
    """The spikes of the tip in one block, and what they teach the afferent synapses.

    Attributes
    ----------
    parameters : FingertipParameters
    block : Block
        With its touches, which are the same in every run.
    trial, cell : array, (spike,)
        From the first trial of the block on.
    time : array, (spike,)
        Since the trial began, s.
    """

    parameters: FingertipParameters
    block: Block
    trial: np.ndarray
    cell: np.ndarray
    time: np.ndarray

    @cached_property
    def rates(self) -> np.ndarray:
        """Rates of the afferents, Hz, (trial, slot, afferent)."""
        p, skin = self.parameters, self.parameters.skin
        felt = stimuli(p, Protocol(TRIAL, (self.block,)))
        pressed = np.zeros((self.block.slots, round(float(TRIAL / SLOT)), skin.number))
        for contact in range(CONTACTS):
            depth = felt[f"depth_{contact}"].reshape(pressed.shape[:2])
            distance = places(p) - felt[f"place_{contact}"][:, None]
            pressed += depth[:, :, None] * np.exp(-(distance**2) / (2 * skin.touch_width**2))[:, None, :]
        return np.asarray(float(skin.background_rate) + float(skin.peak_rate - skin.background_rate) * pressed)

    def filtered(self, time_constant: float) -> np.ndarray:
        """Return the expected spikes of each afferent, forgotten exponentially, at each spike, (spike, afferent)."""
        slot, step = float(SLOT), np.exp(-float(SLOT) / time_constant)
        begin = np.empty((self.rates.shape[1], *self.rates[:, 0].shape))
        begin[0] = self.rates[:, -1] * time_constant
        for k in range(1, len(begin)):
            begin[k] = begin[k - 1] * step + self.rates[:, k - 1] * time_constant * (1 - step)
        now = np.clip((self.time / slot).astype(int), 0, len(begin) - 1)
        left = np.exp(-(self.time - now * slot) / time_constant)[:, None]
        return np.asarray(begin[now, self.trial] * left + self.rates[self.trial, now] * time_constant * (1 - left))

    @cached_property
    def taught(self) -> np.ndarray:
        """Arbor times the expected trace, at each spike, (spike, afferent)."""
        p = self.parameters
        return np.asarray(arbor(p)[self.cell] * self.filtered(float(p.copying.trace_time_constant)))

    def by_trial(self) -> tuple[np.ndarray, np.ndarray]:
        """Return spikes, (trial, cell), and the sum of what they teach, (trial, cell, afferent)."""
        p = self.parameters
        shape = (self.block.slots, p.tip_cells)
        where = np.ravel_multi_index((self.trial, self.cell), shape)
        return added(np.ones((len(where), 1)), where, shape)[..., 0], added(self.taught, where, shape)

    def trace_noise(self) -> np.ndarray:
        """Return the variance over members of what a trial teaches, by chance in the afferents, (group, afferent).

        Members that fire together meet the same trace. Of a spike at t and one at t' > t, the traces share the chance
        until t, and the later one has forgotten of it: ``exp(-(t' - t)/tau)`` times the variance at t, which is the
        expected trace with half the time constant.
        """
        p, k = self.parameters, self.parameters.group.copies
        tau = float(p.copying.trace_time_constant)
        variance = arbor(p)[self.cell] ** 2 * self.filtered(tau / 2)
        noise = np.zeros((p.group.tip, p.skin.number))
        for group in range(p.group.tip):
            own = np.flatnonzero(self.cell // k == group)
            trial, cell, time = self.trial[own], self.cell[own], self.time[own]
            later = time - time[:, None]
            share = ((cell == cell[:, None]) - 1 / k) / (k - 1) * (trial == trial[:, None])
            both = np.where(later > 0, 2.0, later == 0) * share * np.exp(-np.abs(later) / tau)
            noise[group] = both.sum(axis=1) @ variance[own] / self.block.slots
        return noise


def added(values: np.ndarray, where: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Add up values, (value, afferent), at flat indices of a shape: (*shape, afferent)."""
    one = scipy.sparse.csr_matrix((np.ones(len(where)), (where, np.arange(len(where)))), (math.prod(shape), len(where)))
    return np.asarray(one @ values).reshape(*shape, -1)


def arbor(p: FingertipParameters) -> np.ndarray:
    """Return how densely the cells of the tip contact each afferent, 0 where they do not, (cell, afferent)."""
    reached = arbors(p, centres(p)) > THINNEST
    return np.asarray((arbors(p, centres(p, p.group.expansion == "independent")) * reached).T[: p.tip_cells])


def lessons(observed: Observed, name: str) -> list[Lessons]:
    """Return the spikes of the tip in each block of a name."""
    p, run, found, start = observed.parameters, observed.run, [], 0
    trial, time = np.divmod(np.asarray(run["spikes.t"]) + 1e-9, float(TRIAL))
    for block in observed.layout.blocks:
        if block.name == name:
            own = (run["spikes.i"] < p.tip_cells) & (trial >= start) & (trial < start + block.slots)
            found.append(Lessons(p, block, trial[own].astype(int) - start, np.asarray(run["spikes.i"])[own], time[own]))
        start += block.slots
    return found


def predicted_similarity(animal: Observed, trials: np.ndarray) -> np.ndarray:
    """Predict the mean cosine between the members of a group at some trials of learning after release.

    Parameters
    ----------
    animal : Observed
        One that is pushed (`models.fingertip.pushed`).
    trials : array, (trial,)
        Even, from 0 on.
    """
    p, k = animal.parameters, animal.parameters.group.copies
    rate, decay = float(p.copying.learning_rate), float(p.copying.decay)
    matrices = difference_matrices(animal, decay)
    [uncoupled] = lessons(animal, "test uncoupled")
    spikes, taught = (each.reshape(len(each), p.group.tip, k, *each.shape[2:]) for each in uncoupled.by_trial())
    around = taught - spikes[..., None] * at_rest(spikes, taught)
    around -= around.mean(axis=2, keepdims=True)
    by_afferents = uncoupled.trace_noise()
    weights = animal.weights(animal.trials["new task"].stop)
    similar = []
    for g, matrix in enumerate(matrices):
        near = np.flatnonzero(arbor(p)[g * k])
        taught_apart = around[:, g][..., near].reshape(-1, len(near))
        noise = taught_apart.T @ taught_apart / (len(around) * (k - 1)) + np.diag(by_afferents[g, near])
        mean = weights[g].mean(axis=0)
        apart = (weights[g] - mean)[:, near]
        parted = theory.differences(matrix[np.ix_(near, near)], noise, apart.T @ apart / (k - 1), trials, rate)
        similar.append(theory.similarity(parted, float(mean @ mean), k))
    return np.asarray(np.mean(similar, axis=0))


def at_rest(spikes: np.ndarray, taught: np.ndarray) -> np.ndarray:
    """Return what a spike of a group teaches on average, (group, 1, afferent); at rest its decay takes off as much.

    The weights stand where the real traces take them, higher than expected ones: a cell fires when its afferents
    happen to.
    """
    every = tuple(range(spikes.ndim - 2))
    fired = np.maximum(spikes.sum(axis=(*every, -1)), 1)
    return np.asarray((taught.sum(axis=(*every, -2)) / fired[:, None])[:, None])


def difference_matrices(animal: Observed, decay: float) -> np.ndarray:
    """Return J of the difference of members, measured by pushes, of each group, (group, afferent, afferent)."""
    p, k, kinds = animal.parameters, animal.parameters.group.copies, CODES.astype(int)
    shape = (2, len(kinds), p.group.tip, k)
    spikes, taught = np.zeros(shape), np.zeros((*shape, p.skin.number))
    shown, rates = np.zeros((2, len(kinds), 1, 1)), np.zeros((len(kinds), p.skin.number))
    for part in lessons(animal, "pushes"):
        up = np.asarray(part.block.values["silencing"]) > 0  # all but the first get less: it is pushed up
        kind = np.searchsorted(np.sort(kinds), np.asarray(part.block.values["code"]).astype(int))
        np.add.at(shown, (up.astype(int), kind), 1)
        rates += added(part.rates.mean(axis=1) * float(TRIAL / TOUCH), kind, (len(kinds),))
        group, member = np.divmod(part.cell, k)
        where = np.ravel_multi_index((up[part.trial].astype(int), kind[part.trial], group, member), shape)
        spikes += added(np.ones((len(where), 1)), where, shape)[..., 0]
        taught += added(part.taught, where, shape)
    learned = (taught - spikes[..., None] * at_rest(spikes, taught)) / np.maximum(shown, 1)[..., None]
    spikes /= np.maximum(shown, 1)
    share = np.full(len(kinds), 1 / len(kinds))
    reached = arbor(p) > 0
    charge = float(DISTANCE * OPEN * p.copying.weight_conductance / (pA * second))
    drive = charge * rates / np.maximum(shown.sum(axis=0)[:, :, 0], 1)
    slope, change = (first_more(each[1] - each[0]) / (2 * float(PUSH / pA)) for each in (spikes, learned))
    drives = drive[:, None] * reached[::k]
    # what the differences that members have teach them, over what pushes say of it
    weights = animal.weights(animal.trials["new task"].stop)
    apart = weights - weights.mean(axis=1, keepdims=True)
    has = float((learned.mean(axis=(0, 1)) * apart).sum())
    said = float(np.einsum("kgi,kgj,gmi,gmj->", change, drives, apart, apart, optimize=True)) / len(kinds)
    scale = has / said if said > 0 else 1.0
    trace, membrane = (
        float(p.copying.trace_time_constant),
        float(p.pyramidal.capacitance / p.pyramidal.leak_conductance),
    )
    return np.array(
        [
            theory.difference_matrix(
                drives[:, g],
                scale * change[:, g],
                spikes[:, :, g].mean(axis=(0, 2)),
                share,
                decay=decay,
                coincidence=theory.coincidence(
                    scale * slope[:, g], drives[:, g], share, arbor(p)[g * k], trace / (trace + membrane)
                ),
            )
            for g in range(p.group.tip)
        ]
    )


def first_more(values: np.ndarray) -> np.ndarray:
    """Return by how much the first member has more than the mean of the others, members along the third axis."""
    return np.asarray(values[:, :, 0] - values[:, :, 1:].mean(axis=2))
