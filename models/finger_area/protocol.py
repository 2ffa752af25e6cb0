"""What is done to the fingers, slot by slot: normal use, the disc, release, and the probes of the maps."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from brian2.units import Quantity, ms

from cortex.experiment.protocol import Block, Protocol
from cortex.mechanisms.gates import LEARNING, after_release
from cortex.mechanisms.skin import DIGITS, HAND
from models.finger_area.parameters import FingerParameters, Mapped

SLOT = 50 * ms


def protocol(p: FingerParameters, rng: np.random.Generator | None, trained: bool) -> Protocol:
    """Lay out the run: the normal map, training under the hold, release, and a map after each.

    Maps are taken without plasticity and with silent teachers, as under anaesthesia. Without a generator there are no
    stimuli, only times.
    """
    t = p.training
    held: dict[str, float | np.ndarray] = {"hold": float(p.normalization.enabled)}

    def live(name: str, duration: Quantity, disc: bool, **values: float | np.ndarray) -> Block:
        slots = round(float(duration / SLOT))
        return Block(name, slots, held | contacts(p, rng, slots, disc and trained) | values if rng else {})

    def test(name: str, **values: float | np.ndarray) -> Block:
        slots = round(float(t.test / SLOT))
        same = np.random.default_rng(0)
        return Block(name, slots, held | contacts(p, same, slots, disc=True) | values if rng else {})

    def probe(name: str, **values: float | np.ndarray) -> Block:
        order = probe_order(p)
        slots = len(order) * (PROBE_SLOTS + PAUSE_SLOTS)
        return Block(name, slots, held | probing(p, order) | values if rng else {})

    def depths(name: str, **values: float | np.ndarray) -> Block:
        order = depth_order(p)
        slots = len(order) * (PROBE_SLOTS + PAUSE_SLOTS)
        return Block(name, slots, held | pressing(p, order) | values if rng else {})

    hold = p.normalization
    ended: dict[str, Any] = after_release(hold.release, round(float(t.release / SLOT)), hold.release_residual)
    return Protocol(
        SLOT,
        (
            live("settle", t.settle, False, plasticity=1.0, calibration=5.0),
            live("calibrate", t.calibrate, False, calibration=1.0),
            test("disc before"),
            depths("depths before"),
            probe("map before"),
            live("train", t.dose, True, **learning(p, LEARNING)),
            probe("map trained"),
            test("disc trained", coupling=1.0),
            depths("depths trained", coupling=1.0),
            live("release", t.release, True, **learning(p, ended)),
            probe("map released", released=float(ended["released"][-1])),
        ),
    )


def learning(p: FingerParameters, gates: Mapping[str, Any]) -> dict[str, Any]:
    """Return the gates of a step after the first map: those of what is not to learn are closed."""
    closed = {"all": (), "hold": ("plasticity",), "nothing": ("plasticity", "hold_plasticity")}
    return {**gates, **dict.fromkeys(closed[p.training.learning], 0.0)}


CONTACT_SLOTS = 4
"""A touch, or a stay on the disc, lasts this many slots."""


def contacts(p: Mapped, rng: np.random.Generator, slots: int, disc: bool) -> dict[str, np.ndarray]:
    """Draw what touches each digit: moving touches anywhere, and the ridged disc on the trained pads, in bouts.

    The draws are the same with and without the disc. Between bouts the trained digits touch nothing.
    """
    t = p.training
    n = -(-slots // CONTACT_SLOTS)
    shape = (n, DIGITS)
    touched = rng.random(shape) < t.use
    heading, phase = (rng.uniform(0, 2 * np.pi, shape) for _ in range(2))
    turn = np.pi / 2 + np.deg2rad(rng.uniform(-t.disc_spread, t.disc_spread, shape))
    x, y = rng.uniform(-HAND.width / 2, HAND.width / 2, shape), rng.uniform(0, HAND.length, shape)
    trained = disc & np.isin(np.arange(1, DIGITS + 1), t.digits)
    on_disc = (rng.random(shape) < t.contact) & trained
    middle = HAND.joints[[t.phalanx, t.phalanx + 1]].mean()
    drawn = {
        "depth": np.where(on_disc, t.disc_depth, t.touch_depth * touched),
        "radius": np.where(on_disc, t.disc_radius, t.touch_radius),
        "contact_x": np.where(on_disc, 0, x),
        "contact_y": np.where(on_disc, middle, y),
        "velocity_x": np.where(on_disc, 0, t.touch_speed * np.cos(heading)),
        "velocity_y": np.where(on_disc, 0, t.touch_speed * np.sin(heading)),
        "ridged": on_disc.astype(float),
        "wave_x": 2 * np.pi / t.ridge_period * np.cos(turn),
        "wave_y": 2 * np.pi / t.ridge_period * np.sin(turn),
        "wave_frequency": np.full(shape, 2 * np.pi / t.ridge_period * t.disc_speed),
        "wave_phase": phase,
        "severed": np.zeros(shape),
    }
    lasting = {name: np.repeat(value, CONTACT_SLOTS, axis=0)[:slots] for name, value in drawn.items()}
    stay, pause = (round(float(time / SLOT)) for time in (t.bout, t.pause))
    lifted = np.arange(slots) % (stay + pause) >= stay
    lasting["depth"][np.ix_(lifted, trained)] = 0
    since = (np.arange(slots) % CONTACT_SLOTS * float(SLOT))[:, None]
    lasting["contact_x"] = lasting["contact_x"] + lasting["velocity_x"] * since
    lasting["contact_y"] = lasting["contact_y"] + lasting["velocity_y"] * since
    lasting["wave_phase"] = lasting["wave_phase"] + lasting["wave_frequency"] * since
    return lasting


PROBE_SLOTS, PAUSE_SLOTS = 4, 1


def together(p: FingerParameters) -> tuple[tuple[int, ...], ...]:
    """Return the digits, counted from 0, that are probed at the same time: so far apart that no arbor reaches both."""
    near = p.sheet.arbor_radius <= p.sheet.digit_width / 2
    return ((0, 2, 4), (1, 3)) if near else ((0, 3), (1, 4), (2,))


def probe_places(p: Mapped) -> np.ndarray:
    """Return the probed places of one digit, (x, y) in mm, shape (place, 2)."""
    x, y = (
        (np.arange(round(extent / p.mapping.probe_spacing)) + 0.5) * extent / round(extent / p.mapping.probe_spacing)
        for extent in (HAND.width, HAND.length)
    )
    return np.stack(np.meshgrid(x - HAND.width / 2, y, indexing="ij"), axis=-1).reshape(-1, 2)


def probe_order(p: FingerParameters) -> np.ndarray:
    """Return what is shown in each presentation, shape (presentation, 2): place (-1 for nothing) and which digits.

    It is the same in every map and run.
    """
    rng = np.random.default_rng(0)
    every = [(place, group) for place in range(len(probe_places(p))) for group in range(len(together(p)))]
    repeat = every + [(-1, 0)] * p.mapping.blanks
    return np.concatenate([rng.permutation(repeat) for _ in range(p.mapping.repeats)])


def probing(p: FingerParameters, order: np.ndarray) -> dict[str, float | np.ndarray]:
    """Press a small probe on places of the digits, in an order as that of `probe_order`."""
    places = probe_places(p)
    group = np.array([[digit in digits for digit in range(DIGITS)] for digits in together(p)])
    pressed = group[order[:, 1]] & (order[:, 0] >= 0)[:, None]
    at = np.repeat(places[order[:, 0]][:, None, :], DIGITS, axis=1)
    lasting = [True] * PROBE_SLOTS + [False] * PAUSE_SLOTS
    depth = (p.mapping.probe_depth * pressed)[:, None, :] * np.array(lasting)[None, :, None]

    def stay(value: np.ndarray) -> np.ndarray:
        return np.repeat(value, len(lasting), axis=0)

    return {
        "depth": depth.reshape(-1, DIGITS),
        "radius": p.mapping.probe_radius,
        "contact_x": stay(at[:, :, 0]),
        "contact_y": stay(at[:, :, 1]),
    }


DEPTHS = (0.5, 2.0)
"""Heights of the ridges by which depth is tested, relative to those of training."""


def depth_order(p: FingerParameters) -> np.ndarray:
    """Return which of `DEPTHS` is shown in each presentation; the same in every test and run."""
    return np.random.default_rng(0).permutation(np.repeat(np.arange(len(DEPTHS)), p.mapping.depths))


def pressing(p: FingerParameters, order: np.ndarray) -> dict[str, float | np.ndarray]:
    """Press the moving disc on the trained pads at two depths, in an order as that of `depth_order`."""
    t = p.training
    trained = np.isin(np.arange(1, DIGITS + 1), t.digits)
    lasting = np.array([True] * PROBE_SLOTS + [False] * PAUSE_SLOTS)
    frequency = 2 * np.pi / t.ridge_period * t.disc_speed
    height = t.disc_depth * np.array(DEPTHS)[order]
    phase = np.random.default_rng(1).uniform(0, 2 * np.pi, len(order))[:, None]
    passed = phase + frequency * float(SLOT) * np.arange(len(lasting))
    return {
        "depth": (height[:, None] * lasting).reshape(-1, 1) * trained,
        "radius": t.disc_radius,
        "contact_x": 0.0,
        "contact_y": HAND.joints[[t.phalanx, t.phalanx + 1]].mean(),
        "ridged": 1.0,
        "wave_x": 0.0,
        "wave_y": 2 * np.pi / t.ridge_period,
        "wave_frequency": frequency,
        "wave_phase": np.repeat(passed.reshape(-1, 1), DIGITS, axis=1),
    }


def layout(p: FingerParameters) -> Protocol:
    """Return the protocol with its times, without stimuli."""
    return protocol(p, None, trained=True)
