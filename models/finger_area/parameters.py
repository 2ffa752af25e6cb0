"""Parameters of the finger area: the sheet, the training, the mapping."""

from typing import ClassVar, Literal, Protocol

import numpy as np
from brian2.units import Quantity, nS

from cortex.experiment.parameters import Parameters, parameter
from cortex.experiment.relation import Relation, at_most
from cortex.mechanisms.circuit import CircuitParameters
from cortex.mechanisms.skin import HAND, UPDATE_INTERVAL, Afferents
from models.finger_area.plasticity import FingerCopying, FingerRecruitment


def apart(density: Quantity) -> Quantity:
    """Return the distance of neighbours on the lattice of a density."""
    return 1 / density**0.5


def within(radius: Quantity, density: Quantity) -> float:
    """Return the number of cells within a radius, far from the border of the sheet."""
    return float(np.pi * radius**2 * density)


FEWEST = 3
"""PV cells that a pyramidal cell is to have on average, if not all within reach."""


class Sheet(Parameters):
    """The cortical sheet."""

    RELATIONS: ClassVar[tuple[Relation, ...]] = (
        Relation(
            ("arbor_radius", "digit_width"),
            lambda p: bool(p.arbor_radius <= p.digit_width),
            "arbor_radius is at most digit_width: digits probed together would mix",
        ),
        Relation(
            ("lateral_radius", "density"),
            lambda p: bool(p.lateral_radius >= apart(p.density)),
            "pyramidal cells reach their neighbours: lateral_radius is at least 1/sqrt(density)",
        ),
        Relation(
            ("inhibition_radius", "pv_density"),
            lambda p: bool(p.inhibition_radius >= apart(p.pv_density) / 2),
            "PV cells reach most cells: inhibition_radius is at least 1/sqrt(pv_density)/2",
        ),
        Relation(
            ("pv_contacts", "density", "pv_density"),
            lambda p: bool(
                p.pv_contacts * p.pv_density / p.density >= FEWEST
                or p.pv_contacts >= within(p.inhibition_radius, p.density)
            ),
            f"PV cells inhibit most cells: each has pv_contacts*pv_density/density of them, at least {FEWEST}",
        ),
    )

    digit_width: Quantity = parameter(
        "0.6 mm",
        "Width of one digit's strip.",
        bounds=("0.2 mm", "3 mm"),
        per_run=False,
        source="0.6 to 1.0 mm^2 per digit, 0.15 to 0.4 mm^2 per distal pad, recalled; varies severalfold",
    )
    proximal_length: Quantity = parameter(
        "0.28 mm",
        "Length of the proximal phalanx's zone.",
        bounds=("0.1 mm", "3 mm"),
        source="see digit_width",
        per_run=False,
    )
    middle_length: Quantity = parameter(
        "0.3 mm",
        "Length of the middle phalanx's zone.",
        bounds=("0.1 mm", "3 mm"),
        source="see digit_width",
        per_run=False,
    )
    distal_length: Quantity = parameter(
        "0.42 mm",
        "Length of the distal phalanx's zone.",
        bounds=("0.1 mm", "3 mm"),
        source="see digit_width",
        per_run=False,
    )
    density: Quantity = parameter(
        "500/mm^2",
        "Pyramidal cells per area: 0.5 % of the real density.",
        bounds=("50/mm^2", "100000/mm^2"),
        source="scaled down from about 100,000/mm^2",
        per_run=False,
    )
    pv_density: Quantity = parameter(
        "100/mm^2",
        "PV cells per area.",
        bounds=("10/mm^2", "20000/mm^2"),
        source="80:20 excitatory to inhibitory, PV the larger part; recalled",
        per_run=False,
    )
    idle_fraction: float = parameter(
        0.85, "Fraction of pyramidal cells that are idle.", bounds=(0, 0.95), source="60 to 90 %, Shoham et al. 2006"
    )
    arbor_radius: Quantity = parameter(
        "0.4 mm",
        "Radius of a thalamic arbor.",
        bounds=("0.05 mm", "2 mm"),
        per_run=False,
        source="0.35 to 0.8 mm wide, mean 0.6 mm, Garraghty & Sur 1990, abstract; the widest, so that a cell near a"
        " border hears more than the edge of the next digit",
    )
    lateral_radius: Quantity = parameter(
        "0.35 mm",
        "Reach of pyramidal cells.",
        bounds=("0.05 mm", "2 mm"),
        per_run=False,
        source="dense within 0.5 mm, sigma 0.2 to 0.35 mm; recalled",
    )
    inhibition_radius: Quantity = parameter(
        "0.15 mm",
        "Reach of PV cells, both ways.",
        bounds=("0.05 mm", "2 mm"),
        per_run=False,
        source="sigma 0.12 to 0.2 mm; recalled",
    )
    lateral_probability: float = parameter(
        0.2,
        "Probability that a pyramidal cell contacts another within its reach.",
        bounds=(0.01, 1),
        source="0.1 to 0.2, Lefort et al. 2009, recalled",
    )
    lateral_contacts: float = parameter(
        40.0,
        "Pyramidal cells that one contacts, expected, at most: in a denser sheet the probability falls.",
        bounds=(1, 10000),
        source="own choice: as many teachers reach an idle cell in a denser sheet",
    )
    pv_contacts: float = parameter(
        36.0,
        "Pyramidal cells that a PV cell hears and inhibits, expected, at most; in a sparse sheet all within its reach.",
        bounds=(1, 10000),
        source="own choice: each of their spikes fires it, and it keeps its rate in a denser sheet",
    )
    contacts: float = parameter(
        75.0,
        "Thalamic contacts of a pyramidal cell, in units of one full afferent.",
        bounds=(1, 1000),
        source="own choice: cells fire about as often as with arbors of 0.3 mm and 50 contacts, a tenth more",
        per_run=True,
    )


class Training(Parameters):
    """Protocol: normal use, training on the disc, release."""

    RELATIONS: ClassVar[tuple[Relation, ...]] = (
        Relation(
            ("digits",),
            lambda p: 0 < len(p.digits) == len(set(p.digits)),
            "training needs a digit: give one or more of 1 to 5, each once",
        ),
        Relation(
            ("disc_speed", "ridge_period"),
            lambda p: p.disc_speed / p.ridge_period <= float(1 / UPDATE_INTERVAL) / 2,
            f"at most one ridge passes in two updates of the skin, {2 * UPDATE_INTERVAL}: disc_speed/ridge_period is at"
            " most 250 per second",
        ),
    )

    control: bool = parameter(
        True, "Whether an untrained control of the same seed is simulated too.", source="protocol"
    )
    learning: Literal["all", "hold", "nothing"] = parameter(
        "all",
        "What learns after the first map.",
        source="hold, nothing: null models; unattended stimuli change no map: Polley et al. 2006, J Neurosci 26:4970",
        later=True,
    )
    digits: tuple[int, ...] = parameter((2, 3), "Trained digits, 1 to 5.", bounds=(1, 5), source="Jenkins et al. 1990")
    site: Literal["proximal", "middle", "distal"] = parameter(
        "distal", "Phalanx that touches the disc.", source="Jenkins et al. 1990"
    )
    settle: Quantity = parameter("100 s", "The normal map settles.", bounds=("1 s", "10000 s"), per_run=False)
    calibrate: Quantity = parameter("60 s", "Set points are learned.", bounds=("1 s", "10000 s"), per_run=False)
    dose: Quantity = parameter(
        "360 s",
        "Training on the disc.",
        bounds=("1 s", "10000 s"),
        per_run=False,
        source="own choice: long enough for most copies to mature",
    )
    test: Quantity = parameter(
        "20 s",
        "The disc is tried without plasticity, before and after training.",
        bounds=("1 s", "1000 s"),
        per_run=False,
    )
    release: Quantity = parameter("100 s", "Training goes on after release.", bounds=("1 s", "10000 s"), per_run=False)
    contact: float = parameter(0.8, "Fraction of contacts of a trained digit that are with the disc.", bounds=(0, 1))
    bout: Quantity = parameter(
        "0.8 s",
        "The trained digits stay on the disc for so long, then are lifted.",
        bounds=("0.05 s", "1000 s"),
        source="animals make and break contact; the time is an own choice",
    )
    pause: Quantity = parameter(
        "0.8 s",
        "They are lifted, and touch nothing, for so long.",
        bounds=("0 s", "1000 s"),
        source="own choice: as long as a bout, so that spikes that come 0.5 to 1.5 s late mostly miss the disc",
    )
    use: float = parameter(0.6, "Fraction of time a digit is touched in normal use.", bounds=(0, 1))
    touch_radius: float = parameter(2.0, "Radius (standard deviation) of a normal touch, mm.", bounds=(0.1, 10))
    touch_depth: float = parameter(1.5, "Indentation by a normal touch, in ridges of the disc.", bounds=(0, 10))
    touch_speed: float = parameter(40.0, "Speed of a normal touch, mm/s.", bounds=(0, 500))
    disc_radius: float = parameter(
        2.5, "Radius (standard deviation) of the contact with the disc, mm.", bounds=(0.5, 20)
    )
    ridge_period: float = parameter(6.0, "Distance of the ridges of the disc, mm.", bounds=(0.5, 50))
    disc_speed: float = parameter(60.0, "Speed of the disc's surface, mm/s.", bounds=(0, 500))
    disc_spread: float = parameter(
        90.0, "The disc moves along the finger within this angle, degrees.", bounds=(0, 180), source="own choice"
    )
    disc_depth: float = parameter(1.25, "Height of the ridges, in units of the gains.", bounds=(0, 10))

    @property
    def phalanx(self) -> int:
        """Number of the trained phalanx, proximal first."""
        return ("proximal", "middle", "distal").index(self.site)


class Mapping(Parameters):
    """Virtual electrodes and probes."""

    RELATIONS: ClassVar[tuple[Relation, ...]] = (
        Relation(
            ("probe_spacing",),
            lambda p: p.probe_spacing <= min(HAND.phalanges),
            f"each phalanx is probed: probe_spacing is at most {min(HAND.phalanges):g}",
        ),
    )

    electrode_spacing: Quantity = parameter(
        "0.14 mm", "Distance of the sites.", bounds=("0.03 mm", "1 mm"), source="147 sites; 70 to 258, Recanzone 1993"
    )
    electrode_radius: Quantity = parameter(
        "0.08 mm",
        "Distance within which a site hears cells.",
        bounds=("0.01 mm", "1 mm"),
        source="multi-unit, own choice",
    )
    probe_spacing: float = parameter(
        1.25, "Distance of probed places on the skin, mm.", bounds=(0.3, 10), per_run=False
    )
    probe_radius: float = parameter(0.8, "Radius (standard deviation) of the probe, mm.", bounds=(0.1, 5))
    probe_depth: float = parameter(1.5, "Indentation by the probe, in ridges of the disc.", bounds=(0, 10))
    repeats: int = parameter(2, "Presentations of each probe.", bounds=(1, 100), per_run=False)
    depths: int = parameter(
        12, "Presentations of each depth of the disc to the trained tips.", bounds=(2, 1000), per_run=False
    )
    blanks: int = parameter(20, "Presentations of no probe in each repeat.", bounds=(2, 1000), per_run=False)
    threshold: float = parameter(
        3.0, "Standard deviations over the baseline at which a site responds.", bounds=(0.5, 20), source="own choice"
    )


class Mapped(Protocol):
    """Parameters of whatever has this skin, sheet, training and mapping, with or without a network."""

    sheet: Sheet
    afferents: Afferents
    training: Training
    mapping: Mapping


class FingerParameters(CircuitParameters):
    """Parameters of the finger area."""

    RELATIONS: ClassVar[tuple[Relation, ...]] = (
        *CircuitParameters.RELATIONS,
        Relation(
            ("mapping.electrode_radius", "sheet.density"),
            lambda p: bool(p.mapping.electrode_radius >= apart(p.sheet.density) / 2),
            "most sites hear a cell: mapping.electrode_radius is at least 1/sqrt(sheet.density)/2",
        ),
        *(
            at_most("mapping.electrode_spacing", f"sheet.{size}", ": every pad has a site")
            for size in ("digit_width", "proximal_length", "middle_length", "distal_length")
        ),
    )

    copying: FingerCopying = FingerCopying(learning_rate=0.02, covariance=0.5, weight_conductance=6 * nS)
    recruitment: FingerRecruitment = FingerRecruitment(teacher_conductance=60 * nS)
    sheet: Sheet = Sheet()
    afferents: Afferents = Afferents()
    training: Training = Training()
    mapping: Mapping = Mapping()
