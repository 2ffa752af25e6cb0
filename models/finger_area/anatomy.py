"""Where the cells of the finger area lie in cortex, and who reaches whom."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy
from brian2.units import Quantity, mm

from cortex.mechanisms.skin import DIGITS, HAND, receptors
from cortex.mechanisms.wiring import Contacts, Wiring
from models.finger_area.parameters import FingerParameters


@dataclass(frozen=True)
class Anatomy:
    """Places in cortex and who reaches whom; all of it follows from the parameters, nothing is drawn."""

    p: FingerParameters

    @cached_property
    def size(self) -> tuple[float, float]:
        """Extent of the sheet, lateral to medial and caudal to rostral, mm."""
        return DIGITS * float(self.p.sheet.digit_width / mm), float(self.zones[-1])

    @cached_property
    def zones(self) -> np.ndarray:
        """Borders of the phalanges' zones, mm from the caudal edge, shape (4,)."""
        s = self.p.sheet
        return np.cumsum([0.0] + [float(x / mm) for x in (s.proximal_length, s.middle_length, s.distal_length)])

    def lattice(self, spacing: float) -> np.ndarray:
        """Fill the sheet with a square lattice, shape (point, 2), mm."""
        x, y = (np.arange(spacing / 2, extent, spacing) for extent in self.size)
        return np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1).reshape(-1, 2)

    @cached_property
    def pyramidal(self) -> np.ndarray:
        """Places of the pyramidal cells, mm."""
        return self.lattice(1 / np.sqrt(float(self.p.sheet.density * mm**2)))

    @cached_property
    def pv(self) -> np.ndarray:
        """Places of the PV cells, mm."""
        return self.lattice(1 / np.sqrt(float(self.p.sheet.pv_density * mm**2)))

    @cached_property
    def afferents(self) -> np.ndarray:
        """Centres of the thalamic arbors in cortex, mm: the order of the skin is kept."""
        skin = receptors(self.p.afferents)
        width = float(self.p.sheet.digit_width / mm)
        x = (skin.digit + 0.5 + skin.x / HAND.width) * width
        return np.stack([x, np.interp(skin.y, HAND.joints, self.zones)], axis=1)

    @cached_property
    def wiring(self) -> Wiring:
        """Who reaches whom."""
        s = self.p.sheet
        lateral = reach(self.pyramidal, self.pyramidal, s.lateral_radius)
        others = lateral[0] != lateral[1]
        return Wiring(
            afferent=reach(self.afferents, self.pyramidal, s.arbor_radius),
            lateral=(lateral[0][others], lateral[1][others]),
            recurrent=reach(self.pyramidal, self.pv, s.inhibition_radius),
            feedforward=reach(self.afferents, self.pv, s.arbor_radius),
            inhibition=reach(self.pv, self.pyramidal, s.inhibition_radius),
        )

    @cached_property
    def arbor_distance(self) -> np.ndarray:
        """Distance of each afferent synapse from the centre of its arbor, mm."""
        source, target = self.wiring.afferent
        return np.asarray(np.linalg.norm(self.afferents[source] - self.pyramidal[target], axis=1))

    @cached_property
    def arbor(self) -> np.ndarray:
        """Density of contacts of each afferent synapse; every cell has the same number in all."""
        target = self.wiring.afferent[1]
        profile = np.exp(-((self.arbor_distance / float(self.p.sheet.arbor_radius / mm)) ** 4))
        return profile * self.p.sheet.contacts / np.bincount(target, weights=profile)[target]


def reach(sources: np.ndarray, targets: np.ndarray, radius: Quantity) -> Contacts:
    """Pair every source with the targets within a radius, ordered by source."""
    near = scipy.spatial.KDTree(targets).query_ball_point(sources, float(radius / mm), return_sorted=True)
    return np.repeat(np.arange(len(sources)), [len(neighbours) for neighbours in near]), np.concatenate(near).astype(
        int
    )


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
