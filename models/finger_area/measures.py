"""What the numbers of `finger_expansion` mean, and what is expected of them."""

from cortex.analysis.published import REFERENCES
from cortex.experiment.measure import Measure
from models.finger_area.parameters import FingerParameters


def has_control(p: FingerParameters) -> bool:
    """Return whether an animal without the disc is simulated too."""
    return p.training.control


GRADED = "Area of cortex that responds to the trained tips (graded, 3 SD over baseline), "
WON = "Area of cortex that responds most to the trained tips (winner-take-all), "
FIELD = "Mean receptive field of sites on the trained tips, "
SPIKES = "Spikes on the disc under the hold over those before training, without plasticity: "

NORMAL = "Established cells in normal use, before training: "
PROBED = "Established cells to probes, before training: "

TEACHER = "Under the hold, at the end of training: "
READ = (
    "Depth of a touch, read by weights fitted to the established cells before training, copies with their teacher's: "
)

MEASURES = (
    Measure(
        "weight_advantage",
        f"{TEACHER}cosine of a copy's afferent weights with its teacher's, less that with equally near established"
        " cells that do not reach it.",
        expected=(0.15, None),
        undefined="no cell was recruited",
    ),
    Measure(
        "field_centre_correlation",
        f"{TEACHER}correlation of a copy's field centre with its teacher's, after its own place is regressed out.",
        expected=(0.4, None),
        undefined="too few cells were recruited",
    ),
    Measure("depth_gain", f"{READ}half the difference of the two mean answers, 1 before.", expected=(0.8, 1.2)),
    Measure("depth_bias", f"{READ}mean of the two mean answers, 0 before.", expected=(-0.25, 0.25)),
    Measure("depth_correct", f"{READ}share of single touches told right, 0.5 by chance.", expected=(0.95, None)),
    Measure(
        "teacher_kept",
        f"{TEACHER}cosine of the weights of established cells with those before training.",
        expected=(0.9, None),
    ),
    Measure("hold_ratio", f"{SPIKES}all cells that an arbor of the trained tips can reach.", expected=(0.9, 1.1)),
    Measure("expansion_trained", f"{GRADED}after release over before.", reference=REFERENCES["jenkins1990.expansion"]),
    Measure("expansion_trained_wta", f"{WON}after release over before.", reference=REFERENCES["jenkins1990.expansion"]),
    Measure(
        "expansion_untrained",
        "Area of cortex that responds to the other digits (graded), after release over before.",
        reference=REFERENCES["jenkins1990.other_digits"],
    ),
    Measure("expansion_untrained_wta", "The same, winner-take-all."),
    Measure(
        "thresholds_expanded",
        "Mapping thresholds, of 2, 3 and 4 SD over baseline, at which the area of the trained tips (graded) grows by"
        " 1.5 to 3: not a matter of one threshold.",
        expected=(2, None),
    ),
    Measure("expansion_trained_2sd", "As expansion_trained, with the threshold 2 SD over baseline."),
    Measure("expansion_trained_4sd", "As expansion_trained, with the threshold 4 SD over baseline."),
    Measure("rf_ratio_trained", f"{FIELD}after release over before.", reference=REFERENCES["jenkins1990.rf_ratio"]),
    Measure("hold_ratio_zone", f"{SPIKES}cells in the tips' own zone."),
    Measure(
        "hold_ratio_probes",
        "Spikes of the whole sheet to the weak probes of the trained tips, under the hold over before.",
    ),
    Measure("expansion_under_hold", f"{GRADED}after training, still under the hold, over before."),
    Measure("expansion_under_hold_wta", f"{WON}after training, still under the hold, over before."),
    Measure("rf_ratio_under_hold", f"{FIELD}after training, still under the hold, over before."),
    Measure(
        "total_ratio_released", "Spikes of the whole sheet to probes of the trained tips, after release over before."
    ),
    Measure(
        "gained_from_silent",
        "Share of the sites gained (winner-take-all) that had responded to nothing before.",
        undefined="no site was gained",
    ),
    Measure("area_trained_before_mm2", f"{GRADED}before training.", "mm^2"),
    Measure("rf_trained_before_mm2", f"{FIELD}before training.", "mm^2"),
    Measure("sites_responsive_before", "Share of recording sites that respond to any skin before training."),
    Measure(
        "expansion_control",
        "As expansion_trained, in the animal without the disc.",
        expected=(0.85, 1.2),
        applies=has_control,
    ),
    Measure("expansion_control_wta", "As expansion_trained_wta, in the animal without the disc.", applies=has_control),
    Measure("rf_ratio_control", "As rf_ratio_trained, in the animal without the disc.", applies=has_control),
    Measure(
        "group_variation",
        "Under the hold, on touches of one depth: coefficient of variation of the spike count of a teacher and three "
        "copies or more, over that of its cells, weighted by their spikes; 1 if they fire together.",
        undefined="no group had four cells that fired",
    ),
    Measure("median_rate_hz", f"{NORMAL}median rate.", "Hz"),
    Measure("interval_variation", f"{NORMAL}coefficient of variation of interspike intervals, mean over cells."),
    Measure(
        "noise_correlation",
        f"{PROBED}correlation of two cells over repeats of a probe, mean over pairs in the zone of the trained tips.",
        undefined="no two cells varied; each probe must be shown twice",
    ),
    Measure(
        "single_centre", "Share of responding sites whose field is one piece of skin of one digit, before training."
    ),
    Measure("onset_ms", f"{PROBED}time until the rate in the zone of the trained tips has risen half way.", "ms"),
    Measure("expansion_limit", "Largest expansion that the reach of the thalamic arbors allows."),
)
