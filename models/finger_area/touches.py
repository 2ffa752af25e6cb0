"""What touches the digits in an experiment: normal use, and what is laid over it on some digits.

All work on arrays of shape (slot, digit), one for each of `STIMULUS`. Digits are numbered 1 to 5 here, thumb first.
Each raises UsageError where its values do not make a touch.
"""

from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np

from cortex.analysis.published import REFERENCES
from cortex.mechanisms.skin import DIGITS, DISTAL, HAND, UPDATE_INTERVAL
from models.finger_area import allowed
from models.finger_area.parameters import FingerParameters
from models.finger_area.protocol import CONTACT_SLOTS, SLOT, contacts

Touches: TypeAlias = dict[str, np.ndarray]
"""Each of `STIMULUS` over time, shape (slot, digit)."""

FASTEST = float(1 / UPDATE_INTERVAL) / 2
"""Highest frequency of a vibration, Hz: one turn in two updates of the skin."""

TIP = float(HAND.joints[[DISTAL, DISTAL + 1]].mean())
"""Middle of a distal pad, mm from the base of the digit."""


class Stimulus(Protocol):
    """Something that touches the digits instead of, or beside, what they touch in normal use."""

    def __call__(self, p: FingerParameters, rng: np.random.Generator, touches: Touches) -> Touches:
        """Return the touches with this stimulus laid over them."""


@dataclass(frozen=True)
class Disc:
    """The ridged disc under the tips of some digits, by default as `training` says.

    Attributes
    ----------
    digits : tuple of int, optional
    radius : float, mm, optional
        Radius (standard deviation) of the contact.
    """

    digits: tuple[int, ...] = ()
    radius: float | None = None

    def __post_init__(self) -> None:
        radius = (True, "") if self.radius is None else allowed.number(self.radius, 0.5, 20, "mm")
        allowed.check(self, {"digits": allowed.digits(self.digits, default=True), "radius": radius})

    def __call__(self, p: FingerParameters, rng: np.random.Generator, touches: Touches) -> Touches:
        digits, radius = self.digits or p.training.digits, self.radius or p.training.disc_radius
        own = p.override({"training.digits": digits, "training.disc_radius": radius})
        return contacts(own, rng, len(touches["depth"]), disc=True)


@dataclass(frozen=True)
class Severed:
    """Some digits have lost their nerve, or are gone: nothing touches them, and their afferents are silent."""

    digits: tuple[int, ...]

    def __post_init__(self) -> None:
        allowed.check(self, {"digits": allowed.digits(self.digits)})

    def __call__(self, p: FingerParameters, rng: np.random.Generator, touches: Touches) -> Touches:
        touches = {"severed": np.zeros_like(touches["depth"])} | touches
        return instead(touches, self.digits, np.ones(len(touches["depth"]), bool), severed=1.0)


@dataclass(frozen=True)
class Vibration:
    """A probe that vibrates at one place of each digit, in bouts; between them nothing touches the digit.

    Attributes
    ----------
    digits : tuple of int
    frequency : float, Hz
    radius, place : float, mm
        How far the vibration spreads in the skin (standard deviation), and how far from the base of the digit it is.
    depth : float
        Indentation, in ridges of the disc.
    """

    digits: tuple[int, ...]
    frequency: float = 20.0
    radius: float = REFERENCES["flutter.radius"].value
    place: float = TIP
    depth: float = 1.5

    def __post_init__(self) -> None:
        rules = {
            "digits": allowed.digits(self.digits),
            "frequency": allowed.number(self.frequency, 0.1, FASTEST, "Hz"),
            "radius": allowed.radius(self.radius),
            "place": allowed.place(self.place),
            "depth": allowed.depth(self.depth),
        }
        allowed.check(self, rules)

    def __call__(self, p: FingerParameters, rng: np.random.Generator, touches: Touches) -> Touches:
        slots = np.arange(len(touches["depth"]))
        touches = lifted(touches, self.digits)
        turn = 2 * np.pi * self.frequency
        shape = {"depth": self.depth, "radius": self.radius, "contact_y": self.place, "ridged": 1.0}
        phase = (slots * float(SLOT) * turn)[:, None]
        return instead(
            touches, self.digits, in_bout(p, len(slots)), **shape, wave_frequency=turn, wave_phase=phase % (2 * np.pi)
        )


@dataclass(frozen=True)
class Taps:
    """Short presses on several digits in bouts, each at its own time within a cycle; between them nothing.

    Attributes
    ----------
    digits, shifts : tuple of int
        Which digits, and how many slots after the beginning of a cycle each is pressed.
    cycle, press : int
        Slots of a cycle, and of a press.
    radius, place : float, mm
        Of the probe, and how far from the base of the digit it is.
    depth : float
        Indentation, in ridges of the disc.
    """

    digits: tuple[int, ...]
    shifts: tuple[int, ...]
    cycle: int = 8
    press: int = 2
    radius: float = 2.5
    place: float = TIP
    depth: float = 1.5

    def __post_init__(self) -> None:
        cycle, named = allowed.whole(self.cycle, 1, 10**6), allowed.digits(self.digits)
        last = self.cycle - 1 if cycle else 10**6
        fits = isinstance(self.shifts, tuple) and (not named[0] or len(self.shifts) == len(self.digits))
        timed = fits and all(allowed.whole(shift, 0, last) for shift in self.shifts)
        rules = {
            "digits": named,
            "shifts": (timed, "a tuple of whole numbers, one for each digit, each from 0 to cycle - 1"),
            "cycle": (cycle, "a whole number of slots, 1 or more"),
            "press": (allowed.whole(self.press, 1, last + 1), "a whole number of slots, 1 to cycle"),
            "radius": allowed.radius(self.radius),
            "place": allowed.place(self.place),
            "depth": allowed.depth(self.depth),
        }
        allowed.check(self, rules)

    def __call__(self, p: FingerParameters, rng: np.random.Generator, touches: Touches) -> Touches:
        slots = np.arange(len(touches["depth"]))
        bout = in_bout(p, len(slots))
        touches = lifted(touches, self.digits)
        for digit, shift in zip(self.digits, self.shifts, strict=True):
            pressed = bout & ((slots - shift) % self.cycle < self.press)
            touches = instead(touches, (digit,), pressed, depth=self.depth, radius=self.radius, contact_y=self.place)
        return touches


@dataclass(frozen=True)
class Fused:
    """Two neighbouring digits under one skin: touches move over both as over one pad of twice the width."""

    digits: tuple[int, int]

    def __post_init__(self) -> None:
        neighbours = allowed.digits(self.digits)[0] and self.digits == (self.digits[0], self.digits[0] + 1)
        allowed.check(self, {"digits": (neighbours, f"two neighbours, (1, 2) to ({DIGITS - 1}, {DIGITS})")})

    def __call__(self, p: FingerParameters, rng: np.random.Generator, touches: Touches) -> Touches:
        t, slots = p.training, len(touches["depth"])
        n = -(-slots // CONTACT_SLOTS)
        touched = rng.random(n) < t.use
        heading = rng.uniform(0, 2 * np.pi, n)
        x, y = rng.uniform(-HAND.width, HAND.width, n), rng.uniform(0, HAND.length, n)
        since = np.arange(slots) % CONTACT_SLOTS * float(SLOT)

        def lasting(value: np.ndarray) -> np.ndarray:
            return np.repeat(value, CONTACT_SLOTS)[:slots]

        across, along = (t.touch_speed * lasting(turn(heading)) for turn in (np.cos, np.sin))
        common = {
            "depth": lasting(t.touch_depth * touched),
            "radius": t.touch_radius,
            "contact_y": lasting(y) + along * since,
            "velocity_x": across,
            "velocity_y": along,
        }
        every = np.ones(slots, bool)
        for digit, middle in zip(self.digits, (-HAND.width / 2, HAND.width / 2), strict=True):
            place = (lasting(x) + across * since - middle)[:, None]
            columns = {name: np.asarray(value).reshape(-1, 1) for name, value in common.items()}
            touches = instead(touches, (digit,), every, contact_x=place, **columns)
        return touches


def in_bout(p: FingerParameters, slots: int) -> np.ndarray:
    """Return in which slots a stimulus is on that comes in bouts as long as those of the disc."""
    stay, pause = (round(float(time / SLOT)) for time in (p.training.bout, p.training.pause))
    return np.arange(slots) % (stay + pause) < stay


def lifted(touches: Touches, digits: tuple[int, ...]) -> Touches:
    """Return touches without any on some digits."""
    return instead(touches, digits, np.ones(len(touches["depth"]), bool))


def instead(touches: Touches, digits: tuple[int, ...], when: np.ndarray, **values: float | np.ndarray) -> Touches:
    """Return touches with something else on some digits for some time, and nothing of what touched them then.

    Parameters
    ----------
    touches : dict of str to array, shape (slot, digit)
    digits : tuple of int
    when : bool array, shape (slot,)
    **values : float or array, shape (slot, 1)
        Of `STIMULUS`; those not named are 0.
    """
    chosen = when[:, None] & np.isin(np.arange(1, DIGITS + 1), digits)
    return {
        name: np.where(chosen, values.get(name, SOME_RADIUS if name == "radius" else 0.0), old)
        for name, old in touches.items()
    }


SOME_RADIUS = 1.0
"""Radius, mm, of what does not touch: the skin divides by it."""
