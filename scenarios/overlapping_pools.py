"""Do copies part where PV cells reach other groups too?

In `trained_finger` each group has PV cells of its own; in cortex the pools of PV cells overlap. Then neighbours take
from a group its weaker answers, and what it does not answer to, its members cannot divide. The scenario has pools that
reach one group on either side, by less the farther it is, and touches that are told apart more finely than groups.

No experiment has shown this; it is what stands between one fingertip and a whole sheet (docs/finger_theory.md, 6).
"""

from typing import TYPE_CHECKING

import numpy as np

from cortex import main
from cortex.analysis.decoding import cross_validated
from cortex.analysis.ratios import mean, quotient
from cortex.engine.simulation import Arm, Recording
from cortex.experiment.findings import DIVERGING, NOTHING_TO_MEASURE, RUNAWAY
from cortex.experiment.measure import Condition, Measure, measured_unless
from cortex.experiment.scenario import Scenario
from cortex.experiment.streams import Streams
from models import fingertip
from models.fingertip.conditions import NULLS
from models.fingertip.coordinates import coordinates
from models.fingertip.guards import guards
from models.fingertip.observe import Observed, systematic_error
from models.fingertip.pool_observe import APART, at_the_end, group_similarities, parting_ratios, second_answer
from models.fingertip.pools import PoolParameters
from models.fingertip.protocol import phases
from scenarios.conclusions.overlapping_pools import conclude

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def arms(p: PoolParameters, streams: Streams) -> dict[str, Arm]:
    """Simulate one animal."""
    return {"animal": Arm(fingertip.run_inputs(p, streams), streams.network_seed)}


def analyse(p: PoolParameters, recordings: dict[str, Recording]) -> tuple[dict[str, float], dict[str, float]]:
    """Measure copies, total, tasks and parting, and predict which groups part."""
    animal = Observed(p, recordings["animal"])
    ratios, similarity = parting_ratios(animal), at_the_end(animal)
    parts = (ratios > 1) & (p.normalization.release != "never")
    parted = similarity < APART
    tested, total = animal.test("after", "new"), animal.total("before")
    measured = {
        "copy_similarity": animal.similarity("tune"),
        "total_over_before": quotient(animal.total("expanded"), total),
        "spikes_held": animal.total("expanded"),
        "spikes_after": animal.total("after"),
        "old_before": animal.test("before", "old").accuracy,
        "old_kept": animal.old_kept("expanded"),
        "old_kept_after": animal.old_kept("after"),
        "inhibition_strength": quotient(animal.total("before, no inhibition"), total) - 1,
        "second_answer": mean(second_answer(animal, "test uncoupled")),
        "parting_ratio": float(np.median(ratios)),
        "similarity_after": mean(similarity),
        "groups_parted": mean(parted),
        "groups_told": mean(parts == parted),
        "error_after": tested.systematic_error,
    }
    decoded = systematic_error(cross_validated(tested.counts, tested.answers), tested.answers)
    return measured, {"groups_parted": mean(parts), "error_after": decoded}


def figures(p: PoolParameters, recordings: dict[str, Recording]) -> "dict[str, Figure]":
    """Draw how the members of each group part."""
    from cortex.report.pools import figure_groups

    animal = Observed(p, recordings["animal"])
    trials, similarity = group_similarities(animal)
    released = animal.trials["release"].start
    return {"groups": figure_groups(trials, similarity, parting_ratios(animal), released, APART)}


SPIKES = "Spikes of all cells of the tip for each touch, "
OLD = "Accuracy of the old task above chance as a share of that before copying, its readout fixed, "
UNLEARNED = "the old task was not learned"

MEASURES = (
    Measure("copy_similarity", "Mean cosine between members of a group after copying.", expected=(0.95, None)),
    Measure("total_over_before", f"{SPIKES}after copying over before.", expected=(0.85, 1.1)),
    Measure("spikes_held", f"{SPIKES}after copying."),
    Measure("spikes_after", f"{SPIKES}at the end, released."),
    Measure("old_before", "Share of right answers to the old question before copying; 0.5 is chance."),
    Measure("old_kept", f"{OLD}after copying.", undefined=UNLEARNED, expected=(0.85, None)),
    Measure("old_kept_after", f"{OLD}at the end, released.", undefined=UNLEARNED),
    Measure("inhibition_strength", f"{SPIKES}without inhibition over those with it before copying, less 1: c."),
    Measure("second_answer", "Before release: response of a group to its second site alone over that to its first."),
    Measure("parting_ratio", "Before release: growth over decay of a difference of members, median over groups."),
    Measure("similarity_after", "Mean cosine between members of a group at the end, released.", expected=(None, 0.85)),
    Measure("groups_parted", f"Share of the groups of the tip whose similarity is below {APART} at the end."),
    Measure("groups_told", "Share of the groups of which the parting ratio says whether they part."),
    Measure("error_after", "Systematic error of the new task at the end, released; 1 for no answer."),
)

STAY = ("similarity_after",)
"""What a null model must miss in which copies do not part."""

SCENARIO = Scenario(
    name="overlapping_pools",
    title="Do copies part where pools of PV cells overlap?",
    citation="docs/finger_theory.md, section 6",
    parameters=PoolParameters(),
    build=fingertip.build,
    arms=arms,
    analyse=analyse,
    figures=figures,
    phases=phases,
    coordinates=coordinates,
    guards=guards,
    quick={
        "training.settle": "100",
        "training.old": "400",
        "training.copying": "120",
        "training.tune": "30",
        "training.release": "40",
        "training.repeats": "4",
    },
    nulls={
        "coarse_touches": Condition("Each site is one place.", {"skin.places": "3"}, misses=STAY),
        "flat_pools": Condition(
            "PV cells reach neighbouring groups as much as their own.", {"normalization.softness": "0"}, misses=STAY
        ),
        **{name: NULLS[name].missing(*STAY) for name in ("never_released", "no_private_noise")},
    },
    conditions={
        "own_pools": Condition("Each group has PV cells of its own.", {"normalization.reach": "0"}),
        "wide_pools": Condition(
            "PV cells reach two groups on either side, as much as their own.",
            {"normalization.reach": "2", "normalization.softness": "0"},
        ),
    },
    measures=measured_unless((*NOTHING_TO_MEASURE, RUNAWAY, DIVERGING), MEASURES),
    main_figure="groups",
    conclude=conclude,
)

if __name__ == "__main__":
    main(SCENARIO)
