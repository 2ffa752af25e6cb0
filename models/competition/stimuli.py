"""What the map learns from: the rates of all afferents at moments of touches, and those that probes evoke."""

from dataclasses import dataclass

import numpy as np

from cortex.mechanisms.skin import DIGITS, HAND, PHALANGES, STIMULUS, Receptors, receptors
from cortex.mechanisms.skin_rates import moving, pressed
from models.competition.parameters import MapParameters
from models.finger_area.protocol import CONTACT_SLOTS, PROBE_SLOTS, SLOT, contacts, probe_places


@dataclass(frozen=True)
class Stimuli:
    """Moments of touches, each on one digit, in the order in which they come.

    Attributes
    ----------
    rates : array, shape (stimulus, afferent)
        Rates of the afferents, scaled so that the sum of their squares is 1.
    contact : array of int, shape (stimulus,)
        Number of the contact time, of 0.2 s, that each belongs to.
    patch : array of int, shape (stimulus,)
        Skin in the middle of the touch, digit * 3 + phalanx.
    """

    rates: np.ndarray
    contact: np.ndarray
    patch: np.ndarray


def of_digit(skin: Receptors, digit: int) -> tuple[np.ndarray, Receptors]:
    """Return which afferents end in a digit, counted from 0, and these alone."""
    own = np.flatnonzero(skin.digit == digit)
    return own, Receptors(skin.digit[own], skin.x[own], skin.y[own], skin.slowly_adapting[own])


def touched(p: MapParameters, rng: np.random.Generator, duration: float, disc: bool) -> Stimuli:
    """Return what is felt in a time of normal use, or with the trained tips on the disc: a moment of each slot.

    Parameters
    ----------
    p : MapParameters
    rng : Generator
    duration : float, s
    disc : bool
    """
    touches = contacts(p, rng, round(duration / float(SLOT)), disc)
    skin, middle = receptors(p.afferents), float(SLOT) / 2
    rates, contact, patch = [], [], []
    for digit in range(DIGITS):
        slots = np.flatnonzero(touches["depth"][:, digit] > 0)
        touch = {name: touches[name][slots, digit] for name in STIMULUS}
        own, local = of_digit(skin, digit)
        evoked = moving(p.afferents, local, touch, middle)
        felt = evoked.max(axis=1) >= float(p.learning.felt)
        every = np.zeros((felt.sum(), len(skin.x)), np.float32)
        every[:, own] = evoked[felt]
        along = np.clip(touch["contact_y"] + middle * touch["velocity_y"], 0, HAND.length)[felt]
        rates.append(unit(every))
        contact.append(slots[felt] // CONTACT_SLOTS)
        patch.append(digit * PHALANGES + HAND.phalanx(along))
    order = np.argsort(np.concatenate(contact), kind="stable")
    return Stimuli(*(np.concatenate(parts)[order] for parts in (rates, contact, patch)))


def probed(p: MapParameters) -> np.ndarray:
    """Return the mean rates that each probe evokes, scaled as those of touches, shape (probe, afferent)."""
    skin, places = receptors(p.afferents), probe_places(p)
    touch = {name: np.zeros(len(places)) for name in STIMULUS}
    touch |= {"contact_x": places[:, 0], "contact_y": places[:, 1]}
    touch["depth"] += p.mapping.probe_depth
    touch["radius"] += p.mapping.probe_radius
    rates = np.zeros((DIGITS, len(places), len(skin.x)), np.float32)
    for digit in range(DIGITS):
        own, local = of_digit(skin, digit)
        rates[digit][:, own] = pressed(p.afferents, local, touch, PROBE_SLOTS * float(SLOT))
    return unit(rates.reshape(-1, len(skin.x)))


def unit(vectors: np.ndarray) -> np.ndarray:
    """Scale vectors, along the last axis, to length 1; those of length 0 stay so."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.where(length > 0, length, 1))
