"""Parameters of the self-organising map of the hand."""

from brian2.units import Quantity

from cortex.experiment.parameters import Parameters, parameter
from cortex.experiment.relation import Relation
from cortex.mechanisms.skin import DIGITS, Afferents
from models.finger_area.parameters import Mapping, Sheet, Training

FIELD = "neural field of area 3b, Detorakis & Rougier 2012"


class Kohonen(Parameters):
    """Learning by the site that answers best and its neighbours."""

    rate: float = parameter(
        0.05, "Share of its distance from a stimulus that the best site learns.", bounds=(0, 0.05), source=FIELD
    )
    radius: Quantity = parameter(
        "0.15 mm",
        "Radius (standard deviation) of the bump of activity, and of learning, around the best site.",
        bounds=("0.02 mm", "1 mm"),
        source="reach of PV cells; recalled",
    )
    neighbours: bool = parameter(True, "Whether the neighbours of the best site learn too.")
    competition: bool = parameter(
        True, "Whether sites compete when a map is taken, or answer by their weights alone.", source=FIELD
    )
    answer: float = parameter(
        0.1,
        "Share of the strongest answer in a map above which a site counts as responding.",
        bounds=(0.001, 0.9),
        source="own choice: about that of three standard deviations over the baseline in the spiking sheet",
    )
    felt: Quantity = parameter(
        "20 Hz",
        "A touch counts if an afferent fires at this rate or more.",
        bounds=("1 Hz", "500 Hz"),
        source="own choice",
    )


MOST_SITES = 5000


def sites(p: Sheet) -> float:
    """Return the number of sites of a sheet."""
    return float(DIGITS * p.digit_width * (p.proximal_length + p.middle_length + p.distal_length) * p.density)


class MapParameters(Parameters):
    """The skin, sheet, training and probes of the finger area, and a map in the place of its network."""

    RELATIONS = (
        Relation(
            ("sheet.density",),
            lambda p: sites(p.sheet) <= MOST_SITES,
            f"at most {MOST_SITES} sites: the distances of all pairs are kept in memory",
        ),
    )

    sheet: Sheet = Sheet(density="200/mm^2")
    afferents: Afferents = Afferents()
    training: Training = Training()
    mapping: Mapping = Mapping()
    learning: Kohonen = Kohonen()
