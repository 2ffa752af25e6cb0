"""What happens in a run, trial by trial, and what the skin feels.

A trial begins with a touch or without one. A touch of the fingertip presses some of three sites; its place, depth and
onset are drawn anew each time, so those of tests were never shown before.
"""

from functools import singledispatch
from typing import Any

import numpy as np
from brian2.units import ms, pA

from cortex.experiment.protocol import Block, Protocol
from cortex.experiment.scenario import Phase
from cortex.mechanisms.gates import RELEASES
from cortex.mechanisms.task import ASKED, QUESTIONS
from models.fingertip.anatomy import offsets, sites
from models.fingertip.parameters import FingertipParameters
from models.learner.protocol import permuted_blocks
from models.learner.tasks import OLD, PATTERNS, SITES, TASKS, Task

SLOT = 50 * ms
TRIAL = 400 * ms
TOUCH = 200 * ms
"""How long a touch lasts; a pause follows until the next trial."""

CONTACTS = SITES + 1
"""Sites of the fingertip that are pressed at once, and one on any skin."""

CODES = PATTERNS @ 2.0 ** np.arange(SITES)
"""Number of each kind of touch, the sum of 2**site over the sites pressed; 0 is none."""

PUSH = 15 * pA
"""Current by which the members of a group are told apart, to know how steeply they answer at the same inhibition."""

STAGES = ("before", "expanded", "held", "after")
"""When the map is taken and both tasks are tested."""

PARTS = 4
"""Parts of the time after release, each followed by a test."""

PROBES = 20
"""Places that are probed for a map, evenly over the strip."""

BLANKS = 4
"""Trials without a touch for each presentation of all places in a map."""


@singledispatch
def protocol(p: FingertipParameters, rng: np.random.Generator | None) -> Protocol:
    """Lay out the run, one slot a trial; a subclass of the parameters can register a run of its own.

    Parameters
    ----------
    rng : Generator, optional
        Draws the touches, in the same order in all arms; without it there are none, only times.
    """
    t = p.training
    held, coupled = hold(p), coupling(p)
    ended = after_release(p)
    last = {name: values[-1] for name, values in ended.items()}
    learned = held | last if t.release_early else coupled

    def part(gates: dict[str, np.ndarray], number: int) -> dict[str, Any]:
        return {name: np.split(values, PARTS)[number] for name, values in gates.items()}

    plastic = {"plasticity": 1.0, "hold_plasticity": 1.0}
    new = {f"{name} new": rate for name, rate in rates(p).items()}
    blocks = [
        *before_copying(p, rng),
        *session(p, "before", held),
        test(p, "test before, no inhibition", {"no_competition": 1.0}),
        *copying(p, rng),
        *session(p, "expanded", coupled),
        learn(p, rng, "new task", t.new, 0.0, **(plastic | learned), **new),
        *session(p, "held", learned),
        test(p, "test uncoupled", held),
        test(p, "test pushed", held | {"silencing": push(p)}),
    ]
    for number in range(PARTS):
        blocks.append(learn(p, rng, "release", t.release, 0.0, **(plastic | held | part(ended, number)), **new))
        if number < PARTS - 1:
            blocks.append(test(p, f"test release {number + 1}", held | last))
    blocks += session(p, "after", held | last)  # a map comes last: what a trial adds up is recorded at its end
    return Protocol(TRIAL, tuple(answered(p, rng, block) for block in blocks))


def hold(p: FingertipParameters) -> dict[str, float]:
    """Return the gate of the hold."""
    return {"hold": float(p.normalization.enabled)}


def coupling(p: FingertipParameters) -> dict[str, float]:
    """Return the gates while copies are coupled and held."""
    return hold(p) | {"coupling": float(p.group.expansion == "copying")}


def before_copying(p: FingertipParameters, rng: np.random.Generator | None) -> list[Block]:
    """Let targets settle and learn the old task."""
    t = p.training
    alone = float(p.group.expansion == "independent")
    settling = hold(p) | {"plasticity": 1.0, "calibration": 5.0, "silencing": alone}
    return [
        learn(p, rng, "settle", t.settle, t.use_other, t.use_before, **settling),
        learn(p, rng, "old task", t.old, t.use_other, t.use_before, **calibrating(p), **old_rates(p)),
    ]


def calibrating(p: FingertipParameters) -> dict[str, float]:
    """Return the gates while set points and expectations are learned."""
    # independent cells all fire by then, and are held, as the PV cells know targets
    alone = float(p.group.expansion == "independent")
    return hold(p) | {"plasticity": 1.0, "hold_plasticity": alone, "calibration": 1 - alone}


def copying(p: FingertipParameters, rng: np.random.Generator | None) -> list[Block]:
    """Let idle cells copy, then the hold adapt alone."""
    t, adapts = p.training, {"hold_plasticity": 1.0} | coupling(p)
    practised = old_rates(p) if t.practice else {}
    return [
        learn(p, rng, "copy", t.copying, t.use_other, plasticity=1.0, **adapts, **practised),
        learn(p, rng, "tune", t.tune, t.use_other, **adapts),
    ]


def old_rates(p: FingertipParameters) -> dict[str, float]:
    """Return how fast the old task is learned."""
    return {"delta old": p.training.old_rate, "bias_rate old": p.training.bias_rate}


def learn(
    p: FingertipParameters,
    rng: np.random.Generator | None,
    name: str,
    trials: int,
    other: float,
    tip: float = 1.0,
    **values: Any,
) -> Block:
    """Touch the tip and other skin, each in a share of the trials."""
    return Block(name, trials, touches(p, rng, trials, tip, other) | values if rng else {})


def push(p: FingertipParameters) -> float:
    """Return how far silencing is opened for all but the targets to get `PUSH` less."""
    silencing = p.pyramidal.silencing_current
    return float(PUSH / silencing) if silencing > 0 else 0.0


def rates(p: FingertipParameters) -> dict[str, float]:
    """Return how fast the new task is learned: output weights, bias and afferent weights."""
    t = p.training
    return {"delta": t.new_rate, "bias_rate": t.bias_rate, "learning": t.afferent_rate}


def after_release(p: FingertipParameters) -> dict[str, np.ndarray]:
    """Return the gates after release, each of shape (trial,)."""
    t, trials = p.training, PARTS * p.training.release
    ramp = RELEASES[p.normalization.release](trials)
    freed, lowered = (ramp * (t.releases in (what, "both")) for what in ("coupling", "hold"))
    return {
        "coupling": float(p.group.expansion == "copying") * (1 - freed),
        "released": (1 - p.normalization.release_residual) * lowered,
        "hold_plasticity": np.full(trials, float(not lowered.any())),
        "plasticity": np.full(trials, float(t.plastic_after_release or not ramp.any())),
    }


def session(p: FingertipParameters, stage: str, gates: dict[str, float]) -> list[Block]:
    """Test both tasks and take the map, without learning."""
    return [test(p, f"test {stage}", gates), mapping(p, f"map {stage}", gates)]


def test(p: FingertipParameters, name: str, gates: dict[str, float]) -> Block:
    """Show all kinds of touches equally often, the same in every test and run."""
    rng = np.random.default_rng(0)
    codes = CODES[permuted_blocks(len(CODES), len(CODES) * p.training.repeats, rng)]
    return Block(name, len(codes), jittered(p, rng, codes) | without_learning(gates))


def mapping(p: FingertipParameters, name: str, gates: dict[str, float]) -> Block:
    """Probe all places, the same in every map and run; some trials without a touch give the baseline."""
    order = probe_order(p)
    place = np.where(order >= 0, probe_places(p)[order], 0.0)
    probed = {"other_depth": (order >= 0).astype(float), "other_place": place}
    return Block(name, len(order), probed | without_learning(gates))


def without_learning(gates: dict[str, float]) -> dict[str, float]:
    """Return gates with which no synapse learns."""
    return {name: value for name, value in gates.items() if not name.endswith("plasticity")}


def probe_places(p: FingertipParameters) -> np.ndarray:
    """Return the places that are probed, mm from the tip."""
    return (np.arange(PROBES) + 0.5) * p.skin.length / PROBES


def probe_order(p: FingertipParameters) -> np.ndarray:
    """Return the order in which places are probed; -1 for no touch."""
    rng = np.random.default_rng(1)
    shown = np.concatenate([np.arange(PROBES), np.full(BLANKS, -1)])
    return np.concatenate([rng.permutation(shown) for _ in range(p.training.probes)])


def touches(
    p: FingertipParameters, rng: np.random.Generator, trials: int, tip: float, other: float
) -> dict[str, np.ndarray]:
    """Draw touches of the tip and of other skin, each in a share of the trials."""
    drawn = CODES[permuted_blocks(len(CODES), trials, rng)]
    touched = jittered(p, rng, np.where(rng.random(trials) < tip, drawn, 0.0))
    return touched | {
        "other_depth": (rng.random(trials) < other).astype(float),
        "other_place": rng.uniform(p.skin.tip, p.skin.length, trials),
    }


def jittered(p: FingertipParameters, rng: np.random.Generator, codes: np.ndarray) -> dict[str, np.ndarray]:
    """Draw place, depth and onset of touches of some kinds."""
    n, skin = len(codes), p.skin
    drawn = {
        "code": codes,
        "shift": skin.place_jitter * rng.standard_normal(n),
        "depth": 1 + skin.depth_jitter * rng.uniform(-1, 1, n),
        "onset": float(skin.onset_jitter) * rng.random(n),
    }
    if p.places_of_site == 1:  # nothing is drawn
        return drawn
    return drawn | {f"offset_{site}": rng.choice(offsets(p), n) for site in range(SITES)}


def answers(asked: Task) -> np.ndarray:
    """Return the answer to each kind of touch by its code, 0 where the task does not ask, shape (code,)."""
    by_code = np.zeros(2**SITES)
    by_code[(asked.patterns @ 2.0 ** np.arange(SITES)).astype(int)] = asked.answers
    return by_code


def answered(p: FingertipParameters, rng: np.random.Generator | None, block: Block) -> Block:
    """Add what the teacher says, and rates only where it says something: arrays of shape (trial, question)."""
    if "code" not in block.values:
        return block
    code = np.asarray(block.values["code"]).astype(int)
    said = np.stack([answers(OLD)[code], answers(TASKS[p.training.task])[code]], axis=1)
    if p.training.shuffled_answers and rng and block.name in ("new task", "release"):
        said[:, 1] = rng.permutation(said[:, 1])
    values = {name: value for name, value in block.values.items() if name.split(" ")[0] not in ASKED}
    for name in ASKED[1:]:
        each = [float(block.values.get(f"{name} {question}", 0.0)) for question in QUESTIONS]
        values[name] = np.array(each) * (said != 0)
    return Block(block.name, block.slots, values | {"answer": said})


def stimuli(p: FingertipParameters, run: Protocol) -> dict[str, np.ndarray]:
    """Return depth, shape (slot,), and place, mm, shape (trial,), of each contact.

    A slot that a touch fills in part has a part of its depth.
    """
    slots, slot = round(float(TRIAL / SLOT)), float(SLOT)
    code = run.array("code").astype(int)
    starts = np.arange(slots) * slot - run.array("onset")[:, None]
    filled = np.clip(np.minimum(starts + slot, float(TOUCH)) - np.maximum(starts, 0), 0, slot) / slot
    values = {}
    for site, place in enumerate(sites(p)):
        pressed = (code >> site & 1) * run.array("depth")
        values[f"depth_{site}"] = (pressed[:, None] * filled).ravel()
        values[f"place_{site}"] = place + run.array("shift") + run.array(f"offset_{site}")
    values[f"depth_{SITES}"] = (run.array("other_depth")[:, None] * filled).ravel()
    values[f"place_{SITES}"] = run.array("other_place")
    return values


def layout(p: FingertipParameters) -> Protocol:
    """Return the protocol with its times, without touches in training."""
    return protocol(p, None)


def phases(p: FingertipParameters) -> list[Phase]:
    """List the phases of a run."""
    return layout(p).phases()
