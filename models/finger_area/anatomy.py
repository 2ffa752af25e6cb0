"""Where the cells of the finger area lie in cortex, and who reaches whom."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from brian2.units import mm

from cortex.mechanisms.skin import DIGITS, HAND, receptors
from cortex.mechanisms.wiring import Contacts
from models.finger_area.lattice import Lattice, contacts
from models.finger_area.parameters import FingerParameters, Mapped, within

DRAWN = ("lateral", "recurrent", "inhibition")
"""Projections whose contacts are drawn for each animal."""


@dataclass(frozen=True)
class Anatomy:
    """Places in cortex, which follow from the parameters, and who touches whom, which is drawn for each animal."""

    p: Mapped

    @cached_property
    def size(self) -> tuple[float, float]:
        """Extent of the sheet, lateral to medial and caudal to rostral, mm."""
        return DIGITS * float(self.p.sheet.digit_width / mm), float(self.zones[-1])

    @cached_property
    def zones(self) -> np.ndarray:
        """Borders of the phalanges' zones, mm from the caudal edge, shape (4,)."""
        s = self.p.sheet
        return np.cumsum([0.0] + [float(x / mm) for x in (s.proximal_length, s.middle_length, s.distal_length)])

    def lattice(self, spacing: float) -> Lattice:
        """Fill the sheet with a square lattice of some spacing, mm."""
        return Lattice(self.size, spacing)

    @cached_property
    def pyramidal(self) -> np.ndarray:
        """Places of the pyramidal cells, mm."""
        return self._pyramidal.places

    @cached_property
    def pv(self) -> np.ndarray:
        """Places of the PV cells, mm."""
        return self._pv.places

    @cached_property
    def _pyramidal(self) -> Lattice:
        return self.lattice(1 / np.sqrt(float(self.p.sheet.density * mm**2)))

    @cached_property
    def _pv(self) -> Lattice:
        return self.lattice(1 / np.sqrt(float(self.p.sheet.pv_density * mm**2)))

    @cached_property
    def afferents(self) -> np.ndarray:
        """Centres of the thalamic arbors in cortex, mm: the order of the skin is kept."""
        skin = receptors(self.p.afferents)
        width = float(self.p.sheet.digit_width / mm)
        x = (skin.digit + 0.5 + skin.x / HAND.width) * width
        return np.stack([x, np.interp(skin.y, HAND.joints, self.zones)], axis=1)

    @cached_property
    def fixed(self) -> dict[str, Contacts]:
        """Contacts of the afferents with all cells within their arbors: `afferent` and `feedforward`."""
        radius = float(self.p.sheet.arbor_radius / mm)
        names = {"afferent": self._pyramidal, "feedforward": self._pv}
        return {name: contacts(self.afferents, cells, radius) for name, cells in names.items()}

    def draw(self, rng: np.random.Generator) -> dict[str, Contacts]:
        """Draw the contacts of an animal, those in `DRAWN`.

        Each pair within reach is in contact with the same probability, which is less in a dense sheet: cells there have
        no more contacts. PV cells inhibit those that they hear, as they do where all within reach are in contact, and
        all cells have about as many of them. Cost and memory grow with the contacts, not with the pairs.
        """
        s = self.p.sheet
        near, far = float(s.inhibition_radius / mm), float(s.lateral_radius / mm)
        touching = min(s.lateral_probability, s.lateral_contacts / within(s.lateral_radius, s.density))
        lateral = contacts(self.pyramidal, self._pyramidal, far, touching, rng)
        both_ways = min(1.0, s.pv_contacts / within(s.inhibition_radius, s.density))
        recurrent = contacts(self.pyramidal, self._pv, near, both_ways, rng, even=True)
        return {
            "lateral": lateral[:, lateral[0] != lateral[1]],
            "recurrent": recurrent,
            "inhibition": recurrent[::-1, np.argsort(recurrent[1], kind="stable")],
        }

    @cached_property
    def arbor_distance(self) -> np.ndarray:
        """Distance of each afferent synapse from the centre of its arbor, mm."""
        source, target = self.fixed["afferent"]
        return np.asarray(np.linalg.norm(self.afferents[source] - self.pyramidal[target], axis=1))

    @cached_property
    def arbor(self) -> np.ndarray:
        """Density of contacts of each afferent synapse; every cell has the same number in all."""
        target = self.fixed["afferent"][1]
        profile = np.exp(-((self.arbor_distance / float(self.p.sheet.arbor_radius / mm)) ** 4))
        return profile * self.p.sheet.contacts / np.bincount(target, weights=profile)[target]


def zone(p: FingerParameters) -> np.ndarray:
    """Return which cells lie in the zones of the trained pads."""
    return outside(p) <= 0


def reached(p: FingerParameters) -> np.ndarray:
    """Return which cells an arbor of the trained pads can reach: the local group whose total is held."""
    return outside(p) <= float(p.sheet.arbor_radius / mm)


def outside(p: FingerParameters) -> np.ndarray:
    """Return the distance of each cell from the zones of the trained pads, mm."""
    anatomy, width = Anatomy(p), float(p.sheet.digit_width / mm)
    x, y = anatomy.pyramidal.T
    beside = np.min([np.maximum((digit - 1) * width - x, x - digit * width) for digit in p.training.digits], axis=0)
    low, high = anatomy.zones[p.training.phalanx], anatomy.zones[p.training.phalanx + 1]
    return np.hypot(np.maximum(beside, 0), np.maximum(np.maximum(low - y, y - high), 0))


def expansion_limit(p: FingerParameters) -> float:
    """Return the largest area that the arbors of the trained pads allow, over the area of their zones."""
    return float(reached(p).sum() / zone(p).sum())
