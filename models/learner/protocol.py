"""What happens in a run of the learner, one slot a trial, and what the skin feels."""

from typing import Any

import numpy as np
from brian2.units import ms

from cortex.experiment.protocol import Block, Protocol
from cortex.experiment.scenario import Phase
from models.learner.parameters import LearnerParameters
from models.learner.tasks import OLD, SITES, TASKS, Task

TRIAL = 200 * ms

CURRENTS = np.linspace(-10, 30, 41)
"""Depolarizations, mV, at which the f-I curve is measured."""

AT_THE_END = ("learning", "delta", "bias_rate", "answer", "shown", "holding", "calibrating")
"""Gates of what acts once at the end of a trial, which is the beginning of the next one."""


def places(p: LearnerParameters) -> np.ndarray:
    """Return the places of the afferents, mm from the tip."""
    return np.linspace(0, p.skin.length, p.skin.number)


def rates(p: LearnerParameters, patterns: np.ndarray) -> np.ndarray:
    """Return the rates of the afferents under patterns of pressed sites, Hz, shape (pattern, afferent)."""
    sites = p.skin.length * (np.arange(SITES) + 0.5) / SITES
    touch = np.exp(-((sites[:, None] - places(p)) ** 2) / (2 * p.skin.touch_width**2))
    background, peak = float(p.skin.background_rate), float(p.skin.peak_rate)
    return np.asarray(background + (peak - background) * patterns @ touch)


def protocol(p: LearnerParameters, rng: np.random.Generator) -> Protocol:
    """Lay out the run, one slot a trial.

    Parameters
    ----------
    rng : Generator
        Draws the touches, in the same order in every condition.
    """
    t, k = p.training, p.group.copies
    old, new = OLD, TASKS[t.task]
    grows, independent = p.group.expansion != "none", p.group.expansion == "independent"
    adapts = float(p.hold.enabled and grows and not independent)
    begun: dict[str, Any] = {"transmission": 1.0, "reliability": 1.0}
    begun["coupling"] = float(p.group.expansion == "cloned")
    expanded = begun | {
        "awake": float(grows),
        "holding": adapts * p.hold.adapts_while_learning,
        "coupling": float(p.hold.enabled and p.hold.coupled),
        "transmission": 1 / k if p.group.output_split else 1.0,
        "reliability": 1 / k if p.group.thinning else 1.0,
    }
    free = expanded | {"holding": 0.0, "coupling": 0.0, "imposed": float(p.hold.naive_release)}
    copying = begun | {"awake": float(grows), "holding": adapts, "copying": 1.0}
    early = free if t.release_before_copying else copying

    def learn(name: str, asked: Task, drawn: np.ndarray, **values: Any) -> Block:
        return Block(name, len(drawn), shown(asked, drawn) | values)

    def tests(name: str, **values: Any) -> list[Block]:
        blocks = []
        for kind, asked in (("old", old), ("new", new)):
            drawn = permuted_blocks(len(asked.patterns), len(asked.patterns) * t.repeats, np.random.default_rng(0))
            blocks.append(learn(f"test {kind} {name}", asked, drawn, **values))
        return blocks

    practised = permuted_blocks(len(old.patterns), t.old + t.old // 4 + t.copying, rng)
    learned, calibrated, copied = np.split(practised, [t.old, t.old + t.old // 4])
    drawn, answers = permuted_blocks(len(new.patterns), t.new, rng), new.answers
    asked = Task(new.patterns[drawn], rng.permutation(answers[drawn]) if t.shuffled_answers else answers[drawn])
    held = round(t.new * t.released_at)
    rate = p.learning.rate * (k if p.learning.matched_speed else 1)
    learns = p.learning.readout_learns
    new_rates = {
        "learning": rate,
        "delta": p.learning.readout_rate * (learns == "all"),
        "bias_rate": p.learning.bias_rate * (learns != "nothing"),
    }
    old_rates = {"learning": p.learning.old_rate, "delta": p.learning.readout_rate, "bias_rate": p.learning.bias_rate}
    after = early if t.release_before_copying else expanded
    released = free if held < t.new or t.release_before_copying else expanded
    injection = np.tile(CURRENTS, t.currents)
    blocks = [
        learn("old", old, learned, **old_rates, **begun),
        learn("calibrate", old, calibrated, calibrating=1.0, **begun),
        Block("f-I curve", len(injection), {"injection": injection, **begun}),
        *tests("before", **begun),
        learn("copying", old, copied[: t.copying // 2], **copying),
        learn("copying", old, copied[t.copying // 2 :], **(early | {"awake": float(grows), "copying": 1.0})),
        *tests("expanded", **after),
        learn("new", asked, np.arange(held), **new_rates, **after),
        *tests("held", **after),
        learn("released", asked, np.arange(held, t.new), **new_rates, **released),
        *tests("after", **released),
        Block("end", 1, released),
    ]
    return Protocol(TRIAL, tuple(blocks))


def phases(p: LearnerParameters) -> list[Phase]:
    """List the phases of a run."""
    return protocol(p, np.random.default_rng(0)).phases()


def shown(asked: Task, drawn: np.ndarray) -> dict[str, Any]:
    """Return what is felt and answered when patterns of a task are shown in an order."""
    codes = asked.patterns @ 2.0 ** np.arange(SITES)
    return {"patterns": asked.patterns[drawn], "answer": asked.answers[drawn], "shown": codes[drawn]}


def permuted_blocks(patterns: int, trials: int, rng: np.random.Generator) -> np.ndarray:
    """Draw an order in which every touch comes once in each block of as many trials as there are touches."""
    blocks = -(-trials // patterns)
    return rng.permuted(np.tile(np.arange(patterns), (blocks, 1)), axis=1).ravel()[:trials]
