"""The skin of five digits, its SA1 and RA afferents, and surfaces that touch and move over it.

Places on a digit are in mm: `x` across, 0 in the middle; `y` along, 0 at the base. Patches of skin are numbered
``digit*3 + phalanx``, proximal phalanx first, thumb (D1) first.

Afferents are Poisson processes. The skin under a surface is indented by ``depth*envelope*profile``: a round envelope
that may travel, and a profile that is flat or ridged and moves with the surface. Slowly adapting (SA1) afferents
follow the indentation, rapidly adapting (RA) ones its changes in both directions. The two gains are set so that a
ridged disc gives mean rates near those computed with TouchSim (Saal et al. 2017, doi:10.1073/pnas.1704856114; in
brackets): at 10 ridges per second SA1 7.4 Hz (8 to 10) and RA 18 Hz (17 to 19), at 5 per second RA 11 Hz (9), at 20
per second RA 28 Hz (27). SA1 rates do not depend on speed or spacing here; TouchSim gives 16 Hz at 20 per second.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import brian2
import numpy as np
from brian2.units import Quantity, mm, ms

from cortex.analysis.published import REFERENCES as PUBLISHED
from cortex.experiment.parameters import parameter
from cortex.mechanisms import poisson
from cortex.mechanisms.mechanism import Mechanism, constants

DIGITS, PHALANGES = 5, 3
DISTAL = 2
UPDATE_INTERVAL = 2 * ms
STIMULUS = (
    "depth",
    "radius",
    "contact_x",
    "contact_y",
    "velocity_x",
    "velocity_y",
    "ridged",
    "wave_x",
    "wave_y",
    "wave_frequency",
    "wave_phase",
    "severed",
)
"""What a surface does to a digit in one slot: indentation (1 is the depth of a ridge on the disc); radius, place (mm)
and velocity (mm/s) of the contact; whether the surface is ridged; wave vector (rad/mm), frequency (rad/s) and phase
(rad) of the ridges; whether the digit's nerve is severed, so that its afferents are silent."""

TOUCHSIM = "TouchSim, Saal et al. 2017, doi:10.1073/pnas.1704856114"


class Afferents(Mechanism):
    """Mechanoreceptive afferents of the glabrous skin."""

    GROUP: ClassVar[str] = "afferents"

    sa1_density_tip: Quantity = parameter(
        PUBLISHED["density.SA1.fingertip"],
        "SA1 afferents on distal pads.",
        bounds=("5/cm^2", "500/cm^2"),
        per_run=False,
    )
    sa1_density_finger: Quantity = parameter(
        PUBLISHED["density.SA1.finger"],
        "SA1 afferents on the other pads.",
        bounds=("5/cm^2", "500/cm^2"),
        per_run=False,
    )
    ra_density_tip: Quantity = parameter(
        PUBLISHED["density.RA.fingertip"], "RA afferents on distal pads.", bounds=("5/cm^2", "500/cm^2"), per_run=False
    )
    ra_density_finger: Quantity = parameter(
        PUBLISHED["density.RA.finger"], "RA afferents on the other pads.", bounds=("5/cm^2", "500/cm^2"), per_run=False
    )
    background_rate: Quantity = parameter(
        PUBLISHED["afferent.background"], "Rate of an untouched afferent.", bounds=("0 Hz", "20 Hz")
    )
    sa1_gain: Quantity = parameter(
        "50 Hz", "SA1 rate per unit of indentation.", bounds=("0 Hz", "500 Hz"), source="disc rates, " + TOUCHSIM
    )
    ra_gain: float = parameter(
        1.2, "RA spikes per unit of indentation or withdrawal.", bounds=(0, 20), source="disc rates, " + TOUCHSIM
    )
    ridge_sharpness: float = parameter(
        6.0, "Concentration of the von Mises profile of a ridge.", bounds=(0.1, 50), source="own choice"
    )
    skin_time_constant: Quantity = parameter(
        "5 ms", "Time in which the skin follows a surface.", bounds=("1 ms", "500 ms"), source="own choice"
    )

    def equations(self) -> Mapping[str, str]:
        """Return where the afferents end and what indents them."""
        return {"afferents": AFFERENTS + constants(type(self))}


@dataclass(frozen=True)
class Hand:
    """Sizes of a hand in mm; a distal pad of 30 mm^2 is that of a small owl monkey (recalled, unchecked)."""

    width: float = 5.0
    phalanges: tuple[float, float, float] = (9.0, 7.0, 6.0)

    @property
    def length(self) -> float:
        """Length of a digit, mm."""
        return sum(self.phalanges)

    @property
    def joints(self) -> np.ndarray:
        """Where the phalanges of a digit begin and end, mm from its base, shape (4,)."""
        return np.concatenate([[0.0], np.cumsum(self.phalanges)])

    def phalanx(self, y: np.ndarray) -> np.ndarray:
        """Return the phalanx (0 to 2) at a distance from the base, mm."""
        return np.clip(np.searchsorted(self.joints[1:-1], y, side="right"), 0, PHALANGES - 1)


HAND = Hand()


@dataclass(frozen=True)
class Receptors:
    """Where the afferents end in the skin, and their kind: arrays of shape (afferent,)."""

    digit: np.ndarray
    x: np.ndarray
    y: np.ndarray
    slowly_adapting: np.ndarray


def receptors(p: Afferents) -> Receptors:
    """Spread the afferents evenly over each pad by the R2 sequence (Roberts 2018, a low-discrepancy sequence)."""
    step = np.array([0.7548776662466927, 0.5698402909980532])
    parts = []
    for digit in range(DIGITS):
        for phalanx, length in enumerate(HAND.phalanges):
            area = HAND.width * length * mm**2
            place = "tip" if phalanx == DISTAL else "finger"
            for slowly_adapting, kind in enumerate(("ra", "sa1")):
                n = round(float(p.get(f"{kind}_density_{place}") * area))
                u = (0.5 + slowly_adapting / 3 + digit / 7 + step * np.arange(1, n + 1)[:, None]) % 1
                x = (u[:, 0] - 0.5) * HAND.width
                y = HAND.joints[phalanx] + u[:, 1] * length
                parts.append(np.stack([np.full(n, digit), x, y, np.full(n, slowly_adapting)]))
    digits, x, y, slowly = np.concatenate(parts, axis=1)
    return Receptors(digits.astype(int), x, y, slowly)


AFFERENTS = """
indentation : 1
x : 1 (constant)
y : 1 (constant)
digit : integer (constant)
slowly_adapting : 1 (constant)
"""

TOUCH = """
since = (t - slot*floor(t/slot + 1e-6))/second
offset_x = x - contact_x(t, digit) - velocity_x(t, digit)*since
offset_y = y - contact_y(t, digit) - velocity_y(t, digit)*since
wave = wave_x(t, digit)*x + wave_y(t, digit)*y - wave_frequency(t, digit)*since - wave_phase(t, digit)
profile = 1 - ridged(t, digit)*(1 - exp(ridge_sharpness*(cos(wave) - 1)))
pressed = depth(t, digit)*exp(-(offset_x**2 + offset_y**2)/(2*radius(t, digit)**2))*profile
change = (pressed - indentation)*(1 - exp(-update_interval/skin_time_constant))
indentation += change
evoked = slowly_adapting*sa1_gain*indentation + (1 - slowly_adapting)*ra_gain*abs(change)/update_interval
new_rate = (1 - severed(t, digit))*(background_rate + evoked)
"""


def skin_afferents(
    n: int, equations: str, reset: str, stimulus: Mapping[str, brian2.TimedArray], slot: Quantity
) -> brian2.NeuronGroup:
    """Make the afferents; their rates follow the stimulus every `UPDATE_INTERVAL`.

    Parameters
    ----------
    n : int
        Number of afferents.
    equations, reset : str
        Equations of `Afferents` and of other mechanisms, and what a spike changes.
    stimulus : mapping of str to TimedArray, shape (slot, digit)
        One for each name in `STIMULUS`.
    slot : Quantity, s
        Duration of a slot; contacts and ridges start anew in each.
    """
    namespace = {**stimulus, "slot": slot, "update_interval": UPDATE_INTERVAL}
    return poisson.afferents(n, equations, reset, TOUCH, UPDATE_INTERVAL, namespace)
