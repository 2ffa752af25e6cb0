"""What the experiments of the hand atlas share: one set of parameters, the quick version, null models, figures."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from brian2.units import mm

from cortex.engine.model import Model
from cortex.experiment.findings import RUNAWAY, SILENT, UNFED, UNTOUCHED
from cortex.experiment.measure import Condition, Measure, measured_unless
from cortex.experiment.parameters import Parameters
from cortex.experiment.relation import Relation
from cortex.experiment.scenario import Scenario
from cortex.mechanisms.skin import DIGITS, HAND, PHALANGES
from models.finger_area import FingerParameters
from models.finger_area.comparing import centres, over_two_digits
from models.finger_area.experiment import Experiment
from models.finger_area.mapping import SkinMap

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PARAMETERS = FingerParameters()
"""One set for all experiments, each of which says only what is done to the fingers."""

MONTHS = 4
"""How many times longer than training on the disc, a matter of weeks, those experiments are that took months."""

QUICK = {
    "sheet.density": "250/mm^2",
    "sheet.pv_density": "50/mm^2",
    "training.settle": "30 s",
    "training.calibrate": "15 s",
    "training.dose": "30 s",
    "mapping.repeats": "1",
    "mapping.probe_spacing": "1.8",
}

NO_PLASTICITY = Condition(
    "After the first map nothing learns: neither the afferents of the cells, the choice of a teacher, nor the hold.",
    {"training.learning": "nothing"},
)

NO_TEACHER = Condition(
    "No established cell drives an idle one: nobody is recruited, and each cell learns for itself.",
    {"recruitment.teacher_conductance": "0 nS", "recruitment.coupling_conductance": "0 nS"},
)

NO_SCALING = Condition(
    "An established cell that has lost its drive does not scale its synapses up.", {"copying.scaling_rate": "0 /s"}
)

NO_FORGETTING = Condition(
    "Copies keep what they have learned when nobody teaches them any more.", {"copying.forgetting_time": "100000 s"}
)


BOUTS = ("training.bout", "training.pause")
"""What taps and vibrations read of `training`."""

DISC = (
    *BOUTS,
    *(f"training.{name}" for name in ("contact", "ridge_period", "disc_speed", "disc_spread", "disc_depth")),
)
"""What the disc reads, whatever its digits and radius."""

TRAINED = ("training.digits", "training.disc_radius", *DISC)
"""What the disc reads if nothing is said of it."""

PROTOCOL = (
    *TRAINED,
    *(f"training.{name}" for name in ("control", "site", "test", "release")),
    "mapping.depths",
    "normalization.release",
    "normalization.release_residual",
)
"""What says how digits are trained and tested in `finger_expansion`: experiments here read only some of it."""


OWN_EXPERIMENT = ", or write an experiment of your own (docs/atlas.md)"


def atlas_scenario(
    experiment: Experiment,
    build: Callable[[FingerParameters], Model],
    measures: tuple[Measure, ...],
    nulls: Mapping[str, Condition],
    reads: tuple[str, ...] = (),
    **fields: Any,
) -> Scenario:
    """Return the scenario of an experiment.

    Parameters
    ----------
    reads : tuple of str
        Which of `PROTOCOL` the experiment reads: other values of the others are refused.
    **fields
        Others of `Scenario`.
    """
    return Scenario(
        relations=tuple(unused(name, fields["name"]) for name in PROTOCOL if name not in reads),
        parameters=PARAMETERS,
        build=build,
        arms=experiment.arms,
        phases=experiment.phases,
        coordinates=experiment.coordinates,
        guards=experiment.guards,
        quick=QUICK,
        measures=measured_unless((SILENT, RUNAWAY, UNTOUCHED, UNFED), measures),
        nulls=nulls,
        **fields,
    )


def unused(name: str, scenario: str, instead: str = OWN_EXPERIMENT, parameters: Parameters = PARAMETERS) -> Relation:
    """Return the relation that a parameter keeps its value, since a scenario does not read it; `instead` is advice."""
    own = parameters.get(name)
    allowed = f"{scenario} does not use it: leave it at {parameters.as_text()[name]}{instead}"
    return Relation((name,), lambda p: bool(p.get(name) == own), allowed)


def sheets(maps: Mapping[str, SkinMap], title: str, outlined: list[int], skin: str = "trained skin") -> "Figure":
    """Draw maps side by side: which skin drives each site most, and the area of some skin."""
    from cortex.report.sheet import SheetMap, figure_sheet

    drawn = {stage: SheetMap(cortical_map.sites, cortical_map.winner) for stage, cortical_map in maps.items()}
    return figure_sheet(drawn, title, outlined, skin=skin)


def hands(maps: Mapping[str, SkinMap], title: str, trained: list[int]) -> "Figure":
    """Draw the fields of the sites of some skin on the hand."""
    from cortex.report.hand import figure_hand
    from cortex.report.skin import Hand, ReceptiveField

    fields: dict[str, list[ReceptiveField]] = {stage: [] for stage in maps}
    for stage, cortical_map in maps.items():
        for site in np.flatnonzero(np.isin(cortical_map.winner, trained)):
            digit = int(cortical_map.winner[site]) // PHALANGES
            probes = cortical_map.probe_digit == digit
            evoked = cortical_map.responses[site, probes] - cortical_map.baseline[site]
            fields[stage].append(ReceptiveField(digit, cortical_map.probe_place[probes], evoked))
    hand = Hand(np.tile(HAND.phalanges, (DIGITS, 1)), np.full(DIGITS, HAND.width))
    return figure_hand(fields, hand, title, trained)


def orders(p: FingerParameters, maps: Mapping[str, SkinMap], title: str) -> "Figure":
    """Draw field centres against sites, across the digits."""
    from cortex.report.order import Order, figure_order

    drawn = {
        stage: Order(
            cortical_map.sites[:, 0],
            centres(p, cortical_map)[:, 0],
            cortical_map.winner // PHALANGES,
            over_two_digits(cortical_map),
        )
        for stage, cortical_map in maps.items()
    }
    width = float(p.sheet.digit_width / mm)
    return figure_order(drawn, list(width * np.arange(1, DIGITS)), title)
