"""The protocol of the pair: settle, copy, probe, learn under the hold, release, in one run."""

from typing import Any

import numpy as np
from brian2.units import Quantity, ms

from cortex.experiment.protocol import Block, Protocol
from cortex.mechanisms.gates import LEARNING, after_release
from models.pair.parameters import PairParameters

SLOT = 100 * ms
PROBE_SLOTS, PAUSE_SLOTS = 3, 2
PROBE = [1.0] * PROBE_SLOTS + [0.0] * PAUSE_SLOTS
"""Pressure in each slot of a probe."""
GAINS = {"half": 0.5, "1": 1.0, "2": 2.0, "4": 4.0}


def protocol(p: PairParameters, rng: np.random.Generator | None, release: str) -> Protocol:
    """Lay out the run.

    Parameters
    ----------
    rng : Generator, optional
        Draws the stimuli, in the same order for every way of release; without it there are none, only times.
    """
    t, held = p.training, float(p.normalization.enabled)
    places, order = probe_places(p), probe_order(p)
    touch = PROBE if t.touches_as_probes else [1.0]

    def learn(name: str, duration: Quantity, use: float, **values: float | np.ndarray) -> Block:
        slots = round(float(duration / SLOT))
        if rng is None:
            return Block(name, slots)
        touches = -(-slots // len(touch))
        centre = rng.choice(places, touches).repeat(len(touch))[:slots]
        pressure = np.outer(rng.random(touches) < use, touch).ravel()[:slots]
        return Block(name, slots, {"hold": held, "centre": centre, "pressure": pressure, **values})

    def probe(name: str, shift: float = 0.0, gain: float = 1.0, **values: float) -> Block:
        name, slots = f"probe {name}", len(order) * (PROBE_SLOTS + PAUSE_SLOTS)
        if rng is None:
            return Block(name, slots)
        pressed = np.tile(PROBE, len(order))
        centre = np.repeat(places[order] + shift, PROBE_SLOTS + PAUSE_SLOTS)
        return Block(name, slots, {"hold": held, "centre": centre, "pressure": gain * pressed, **values})

    def battery(name: str, **values: float) -> list[Block]:
        gained = [probe(f"{name} gain {label}", gain=gain, **values) for label, gain in GAINS.items()]
        unseen = probe(f"{name} unseen", shift=float(np.diff(places)[0]) / 2, **values)
        return [*gained, unseen, probe(f"{name} no hold", **{**values, "hold": 0.0, "coupling": 0.0})]

    ended: dict[str, Any] = after_release(release, round(float(t.release / SLOT)), p.normalization.release_residual)
    last = {"coupling": ended["hold_plasticity"], "released": float(ended["released"][-1])}
    blocks = [
        learn("settle", t.settle, t.use_before, plasticity=1.0, calibration=5.0),
        learn("calibrate", t.calibrate, t.use_before, calibration=1.0),
        *battery("before"),
        learn("copy", t.copy_time, t.use, **LEARNING),
        learn("tune", t.tune, t.use, coupling=1.0, hold_plasticity=1.0),
        *battery("held", coupling=1.0),
        probe("held coupled", hold=0.0, coupling=1.0),
        learn("hold", t.hold, t.use, **LEARNING),
        learn("silence", t.silence, t.use, coupling=1.0, hold_plasticity=1.0, silencing=1.0),
        learn("recover", t.tune, t.use, coupling=1.0, hold_plasticity=1.0),
        learn("release", t.release, t.use, **ended),
        probe("after release", **last),
    ]
    return Protocol(SLOT, tuple(blocks))


def layout(p: PairParameters) -> Protocol:
    """Return the protocol with its times, without stimuli."""
    return protocol(p, None, p.normalization.release)


def probe_order(p: PairParameters) -> np.ndarray:
    """Return the order in which the places are probed, the same in every battery and run."""
    rng = np.random.default_rng(0)
    return np.concatenate([rng.permutation(p.training.probes) for _ in range(p.training.repeats)])


def probe_places(p: PairParameters) -> np.ndarray:
    """Return the places of training, which are also probed, mm; unseen stimuli lie halfway between them."""
    return np.linspace(-p.skin.stimulated, p.skin.stimulated, p.training.probes)
