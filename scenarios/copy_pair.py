"""An idle cell copies a busy target, the total is held, the hold is released: one pair of cells.

No animal was treated like this; the protocol isolates the mechanism that `finger_expansion` uses. Nearest to its
first half is the microstimulation of one cortical site, which made the receptive fields of its neighbours overlap
its own and left its own unchanged (Recanzone et al. 1992, Cereb Cortex 2:181, doi:10.1093/cercor/2.3.181). The
expectation that copies part only when released follows from theory: a pooled divisive gain scales the difference of
two cells down with their sum, fast subtractive competition does not (Miller & MacKay 1994,
doi:10.1162/neco.1994.6.1.100), and a shared drive gives copies a shared update.
"""

from typing import TYPE_CHECKING

import numpy as np
from brian2.units import nS

from cortex import main
from cortex.analysis.copying import time_constant
from cortex.analysis.learning import time_to_criterion
from cortex.analysis.published import REFERENCES
from cortex.analysis.ratios import quotient
from cortex.analysis.similarity import cosine, mean_pairwise_cosine, overlap
from cortex.analysis.spikes import rate_in_bins
from cortex.analysis.totals import recovery
from cortex.engine.simulation import Arm, Recording
from cortex.experiment.findings import NOTHING_TO_MEASURE, RUNAWAY, UNTRAINED
from cortex.experiment.measure import Condition, Measure, measured_unless
from cortex.experiment.scenario import Phase, Scenario
from cortex.experiment.streams import Streams
from models import pair
from models.pair.coordinates import coordinates
from models.pair.guards import guards
from models.pair.network import places
from models.pair.observe import (
    LEAST_RATE,
    copying,
    distance_to_target,
    inhibition_lag,
    level_alone,
    normalized,
    ratio,
    ratio_in_training,
    ratios,
    responses,
    similarity,
    stages,
    weights,
)
from models.pair.parameters import PairParameters
from models.pair.protocol import GAINS, layout
from models.pair.theory import has_hold, predict

if TYPE_CHECKING:
    from matplotlib.figure import Figure


COPIED = 0.95
"""Mean similarity of the copies to their target at which they count as copied."""


def arms(p: PairParameters, streams: Streams) -> dict[str, Arm]:
    """Release the hold in one arm and keep it in the other; everything else is the same."""
    ways = {"released": p.normalization.release, "never_released": "never"}
    return {name: Arm(pair.run_inputs(p, streams, way), streams.network_seed) for name, way in ways.items()}


def analyse(p: PairParameters, recordings: dict[str, Recording]) -> tuple[dict[str, float], dict[str, float]]:
    """Measure the copy, the total and the divergence, and predict how fast copying and the hold are."""
    predicted = predict(p, recordings["released"])
    return measure(p, recordings, predicted), predicted


def measure(p: PairParameters, recordings: dict[str, Recording], predicted: dict[str, float]) -> dict[str, float]:
    """Measure the copy, the total and the divergence."""
    run, protocol = recordings["released"], layout(p)
    copied, held, released = (weights(p, run, protocol.interval(name)[1]) for name in ("copy", "hold", "release"))
    kept = weights(p, recordings["never_released"], protocol.interval("release")[1])
    before, after = (responses(p, run, f"{when} no hold")[:, :, 0].mean(axis=1) for when in ("before", "held"))
    start, end = protocol.interval("silence")
    edges = np.arange(start, end + 0.5)
    total = rate_in_bins(run["spikes.i"], run["spikes.t"], p.copies, edges).sum(axis=1)
    complete = np.array([start - float(p.training.tune), start])
    untouched = rate_in_bins(run["spikes.i"], run["spikes.t"], p.copies, complete).sum()
    tau = time_constant(*distance_to_target(p, run))[0]
    each = ratios(p, run, "gain 1")
    return {
        "copy_similarity": float(np.mean([cosine(copy, copied[0]) for copy in copied[1:]])),
        "copy_seconds": time_to_criterion(*copying(p, run), COPIED),
        "copy_time_constant_s": tau,
        "copy_time_ratio": quotient(tau, predicted["copy_time_constant_s"]),
        "target_rf_overlap": overlap(before, after),
        "total_ratio_no_hold": ratio(p, run, "no hold"),
        "total_ratio_trained": ratio(p, run, "gain 1"),
        "total_ratio_unseen": ratio(p, run, "unseen"),
        "total_ratio_in_training": ratio_in_training(p, run),
        **{f"total_ratio_gain_{gain}": ratio(p, run, f"gain {gain}") for gain in GAINS},
        "inhibition_lag_ms": inhibition_lag(p, run),
        "normalization_fit": normalized(p, run),
        "silencing_recovery": recovery(edges[:-1], total, float(untouched), start, recovery_time(p, predicted)),
        "similarity_under_hold": float(mean_pairwise_cosine(held)),
        "similarity_after_release": float(mean_pairwise_cosine(released)),
        "similarity_never_released": float(mean_pairwise_cosine(kept)),
        "total_ratio_least": float(each.min()) if len(each) else float("nan"),
        "total_ratio_greatest": float(each.max()) if len(each) else float("nan"),
        "stimuli_compared": float(len(each)),
    }


def recovery_time(p: PairParameters, predicted: dict[str, float]) -> float:
    """Return three time constants of the hold, s, at most the time for which a member is silent."""
    silent = float(p.training.silence)
    return float(np.fmin(3 * predicted["hold_time_constant_s"], silent))


def phases(p: PairParameters) -> list[Phase]:
    """List the phases."""
    return layout(p).phases()


def figures(p: PairParameters, recordings: dict[str, Recording]) -> "dict[str, Figure]":
    """Draw weights, similarity, total and spikes."""
    from cortex.report.pair import figure_similarity, figure_weights
    from cortex.report.raster import figure_raster
    from cortex.report.totals import figure_totals

    run, protocol, spans = recordings["released"], layout(p), stages(p)
    ends = {"settled": "settle", "copied": "copy", "held": "hold", "released": "release"}
    conductance = float(p.copying.weight_conductance / nS)
    shown = {stage: conductance * weights(p, run, protocol.interval(name)[1]) for stage, name in ends.items()}
    edges = np.arange(0, float(protocol.duration), BIN)
    members = rate_in_bins(run["spikes.i"], run["spikes.t"], p.copies, edges)
    late = protocol.interval("hold")[1] - 4.0
    everybody = np.concatenate([run["spikes.i"], run["pv_spikes.i"] + p.copies])
    times = np.concatenate([run["spikes.t"], run["pv_spikes.t"]])
    cells = {"target": (0, 1), "copies": (1, p.copies), "PV": (p.copies, p.copies + p.pv_cells)}
    bands = {"hold": "under_hold", "release": "after_release", "never released": "never_released"}
    scored = any(not SCENARIO.unscored(p, null=null) for null in ("", *SCENARIO.nulls))
    return {
        "weights": figure_weights(places(p), shown, "Afferent weights of target and copy"),
        "similarity": figure_similarity(
            run["weights.t"],
            similarity(p, run),
            spans,
            {phase: SCENARIO.expected[f"similarity_{name}"] for phase, name in bands.items()} if scored else {},
            (run["weights.t"], similarity(p, recordings["never_released"]).mean(axis=0)),
        ),
        "totals": figure_totals(
            edges[:-1] + BIN / 2,
            members.sum(axis=1),
            level_alone(p, edges, members.sum(axis=1)),
            members.T,
            spans,
            level_name="target alone, in proportion to use",
            cells=f"all {p.copies} cells of the group",
            title="Total activity of the group",
        ),
        "raster": figure_raster(everybody, times, cells, (late, late + 3.0), title="Last seconds under the hold"),
    }


BIN = 10.0
"""Width of the bins in the figure of the total, s."""


def hebbian(p: PairParameters) -> bool:
    """Return whether cells copy by the rule whose speed is predicted."""
    return p.copying.rule == "hebbian" and p.copying.learning_rate > 0


TOTAL = "Spikes of the group over those of the target alone before copying, mean over stimuli: "

MEASURES = (
    Measure("copy_similarity", "Cosine of the copies' weights with the target's after copying.", expected=(0.95, None)),
    Measure(
        "copy_seconds",
        f"Time until the mean similarity of the copies to their target reaches {COPIED}.",
        "s",
        limit=lambda p: float(p.training.copy_time),
    ),
    Measure(
        "copy_time_constant_s",
        "Time constant with which the copies approach the target.",
        "s",
        undefined="no exponential fits",
    ),
    Measure(
        "copy_time_ratio",
        "Time constant of copying over the one predicted from the rule and the copies' own spikes.",
        expected=(0.85, 1.15),
        applies=hebbian,
        undefined="no exponential fits",
    ),
    Measure(
        "target_rf_overlap",
        "Overlap of the target's own receptive field before and after copying.",
        reference=REFERENCES["recanzone1992e.teacher"],
        expected=(0.9, None),
    ),
    Measure(
        "total_ratio_no_hold",
        f"{TOTAL}hold and coupling taken off for the probe alone (the null model no_hold learns without the hold).",
        expected=(1.7, 2.1),
    ),
    Measure("total_ratio_trained", f"{TOTAL}stimuli of training.", expected=(0.9, 1.1)),
    Measure("total_ratio_unseen", f"{TOTAL}stimuli never shown before.", expected=(0.85, 1.15)),
    Measure(
        "total_ratio_in_training",
        "Spikes of the group over those of the target alone before copying, per touch, while the hold adapts alone.",
        applies=has_hold,
    ),
    Measure("total_ratio_gain_half", f"{TOTAL}half the pressure."),
    Measure("total_ratio_gain_1", f"{TOTAL}the pressure of training (the probes of _trained).", expected=(0.85, 1.15)),
    Measure("total_ratio_gain_2", f"{TOTAL}twice the pressure.", expected=(0.85, 1.15)),
    Measure("total_ratio_gain_4", f"{TOTAL}four times the pressure.", expected=(0.85, 1.15)),
    Measure(
        "inhibition_lag_ms",
        "Time by which PV spikes lag pyramidal ones under the hold, where they coincide most.",
        "ms",
        undefined="no PV cell fired soon before or after a pyramidal one",
    ),
    Measure("normalization_fit", "R^2 of a normalization equation fitted to the total under the hold, all pressures."),
    Measure(
        "silencing_recovery",
        "Total, while one member is silenced, over the total before, three time constants of the hold later.",
        expected=(0.85, None),
    ),
    Measure("similarity_under_hold", "Mean cosine between members, learning under the hold.", expected=(0.9, None)),
    Measure("similarity_after_release", "Mean cosine between members at the end.", expected=(None, 0.6)),
    Measure("similarity_never_released", "The same at the end, never released.", expected=(0.85, None)),
    Measure("total_ratio_least", "The stimulus of training with the smallest total ratio under the hold."),
    Measure("total_ratio_greatest", "The stimulus of training with the largest total ratio under the hold."),
    Measure("stimuli_compared", f"Stimuli that drove the target above {LEAST_RATE:g} Hz, on which ratios rest."),
    Measure("hold_time_constant_s", "Time constant of the hold.", "s", applies=has_hold),
)

SCENARIO = Scenario(
    name="copy_pair",
    title="An idle cell copies a busy target under a hold on their total, then the hold is released",
    citation="Recanzone et al. 1992, Cereb Cortex 2:181; Miller & MacKay 1994, doi:10.1162/neco.1994.6.1.100",
    parameters=PairParameters(),
    build=pair.build,
    arms=arms,
    analyse=analyse,
    figures=figures,
    phases=phases,
    coordinates=coordinates,
    guards=guards,
    quick={
        "training.settle": "40 s",
        "training.calibrate": "40 s",
        "training.copy_time": "60 s",
        "training.hold": "40 s",
        "training.silence": "30 s",
        "training.tune": "20 s",
        "training.release": "60 s",
        "training.repeats": "4",
    },
    nulls={
        "no_plasticity": Condition(
            "No synapse learns: neither the afferents of the cells nor the hold.",
            {"copying.learning_rate": "0", "normalization.learning_rate": "0 /s"},
            misses=("copy_similarity", "total_ratio_no_hold"),
            tells=(UNTRAINED,),
        ),
        "shuffled_teacher": Condition(
            "The target's spikes reach idle cells 0.5 to 1.5 s late, out of step with the stimulus.",
            {"recruitment.teacher": "shuffled", "recruitment.selection_rate": "0"},
            misses=("copy_similarity",),
        ),
        "no_hold": Condition(
            "PV cells do not hold the total; their fast competition stays.",
            {"normalization.enabled": "false"},
            misses=("total_ratio_trained", "total_ratio_unseen", "silencing_recovery"),
        ),
        "no_coupling": Condition(
            "The target does not drive its mature copies.",
            {"recruitment.coupling_conductance": "0 nS"},
            misses=("similarity_never_released",),
        ),
        "no_inhibition": Condition(
            "PV cells do not inhibit at all.",
            {"normalization.enabled": "false", "normalization.competition": "0 nS"},
            misses=("total_ratio_trained", "similarity_after_release"),
        ),
    },
    measures=measured_unless((*NOTHING_TO_MEASURE, RUNAWAY), MEASURES),
    main_figure="similarity",
)

if __name__ == "__main__":
    main(SCENARIO)
