"""What the numbers of `trained_finger` mean, and what is expected of them."""

from cortex.experiment.measure import Measure
from models.fingertip.parameters import FingertipParameters
from models.fingertip.ticket import DRAWS

K = FingertipParameters().group.copies

ERROR = "Systematic error of the new task (mean square over kinds of touch of the mean error, 1 for no answer), "
DECODER = "Systematic error of the new task less that of the best linear readout of the same spikes, "
OLD = "Accuracy of the old task above chance as a share of that before copying, its readout fixed, "
UNLEARNED = "the old task was not learned"
CELLS = "Cells that answer most to the trained tip, "
SPIKES = "Spikes of all cells of the tip for each touch, "

SILENCED = "a third of the cells of the tip left out at the end, released: "
USED = {
    "most_used": "those that the readouts hear most.",
    "random": f"random ones, mean of {DRAWS} sets.",
    "least_used": "those that the readouts hear least.",
}
"""Which cells are left out, by the end of the measure's name."""

MEASURES = (
    Measure(
        "signal_correlation",
        "Correlation of the copies' responses to the kinds of touch with their target's.",
        expected=(0.9, None),
    ),
    Measure(
        "signal_correlation_after",
        "Correlation of the responses of a group's members to the kinds of touch at the end, released.",
        undefined="no two members of a group answer to some touches more than to others",
        expected=(None, 0.6),
    ),
    Measure("copy_similarity", "Mean cosine between members of a group after copying.", expected=(0.95, None)),
    Measure("total_ratio", f"{SPIKES}after copying over those of single cells then.", expected=(0.9, 1.1)),
    Measure("total_over_predicted", "total_ratio over what is predicted of this inhibition.", expected=(0.9, 1.1)),
    Measure("total_over_before", f"{SPIKES}after copying over before."),
    Measure("total_no_hold", f"{SPIKES}without the hold, after copying over before."),
    Measure("d_prime_old_ratio", "d' of the old task, its readout fixed, after copying over before."),
    Measure("old_kept", f"{OLD}after copying.", undefined=UNLEARNED, expected=(0.85, None)),
    Measure("old_kept_after", f"{OLD}at the end, released.", undefined=UNLEARNED, expected=(0.85, None)),
    Measure("old_kept_no_hold", f"{OLD}after copying without the hold.", undefined=UNLEARNED, expected=(None, 0.4)),
    Measure("expansion_tip", f"{CELLS}after copying over before.", expected=(0.6 * K, K)),
    Measure("expansion_tip_after", f"{CELLS}at the end, released, over before."),
    Measure("expansion_other", "Cells that answer most to other skin, after copying over before.", expected=(0.8, 1.2)),
    Measure("expansion_single", f"{CELLS}without copies, over before.", expected=(None, 1.2)),
    Measure("rf_ratio_held", "Mean receptive field of cells on the tip, under the hold over before."),
    Measure("rf_ratio_after", "Mean receptive field of cells on the tip, at the end, released, over before."),
    Measure("error_held", f"{ERROR}at the plateau under the hold."),
    Measure("error_after", f"{ERROR}at the end, released."),
    Measure("error_never", f"{ERROR}at the end, never released."),
    Measure("error_held_above_decoder", f"{DECODER}at the plateau.", expected=(-0.1, 0.1)),
    Measure("error_after_above_decoder", f"{DECODER}at the end, released.", expected=(-0.1, 0.1)),
    Measure("error_never_above_decoder", f"{DECODER}at the end, never released.", expected=(-0.1, 0.1)),
    Measure("error_single", f"{ERROR}at the end, without copies."),
    Measure("error_no_hold", f"{ERROR}at the plateau without the hold."),
    Measure("error_ratio", "Systematic error at the end, released over never released.", expected=(None, 0.35)),
    Measure("accuracy_held", "Share of right answers to the new question at the plateau; 0.5 is chance."),
    Measure("accuracy_after", "Share of right answers to the new question at the end, released."),
    Measure("accuracy_never", "Share of right answers to the new question at the end, never released."),
    Measure("d_prime_after", "d' of the readout of the new task at the end, released, at equal spikes."),
    Measure("d_prime_never", "d' of the readout of the new task at the end, never released, at equal spikes."),
    Measure("d_prime_ratio", "d' at equal spikes at the end, released over never released.", expected=(2.0, None)),
    Measure("spikes_held", f"{SPIKES}at the plateau."),
    Measure("spikes_after", f"{SPIKES}at the end, released."),
    Measure("similarity_held", "Mean cosine between members of a group at the plateau."),
    Measure("similarity_after", "Mean cosine between members of a group at the end, released.", expected=(None, 0.85)),
    Measure("similarity_never", "The same, never released.", expected=(0.97, None)),
    Measure("similarity_no_hold", "The same at the end without the hold, coupling released."),
    Measure(
        "parting_rate",
        "Rate at which the difference of copies, 1 - similarity, begins to grow after release.",
        "1/trial",
        undefined="copies do not part",
    ),
    Measure(
        "early_parting_rate",
        "The same rate until copies have parted by 0.05, where theory is linear.",
        "1/trial",
        undefined="copies do not part, or are none",
    ),
    Measure(
        "parting_over_predicted",
        "early_parting_rate over what pushes, weights and noise before release predict.",
        undefined="copies do not part, or are none",
        expected=(0.75, 1.33),
    ),
    *(
        Measure(
            f"{question}_kept_{which}",
            f"Accuracy of the {question} task above chance over that of all cells, {SILENCED}{cells}",
            undefined="the task was not learned",
        )
        for question in ("old", "new")
        for which, cells in USED.items()
    ),
    Measure("fi_slope", "Before release: spikes more in a trial for each unit of drive, while inhibition grows along."),
    Measure("push_slope", "Before release: spikes more in a trial for each pA more than other members.", "1/pA"),
    Measure("private_noise", "Before release: variance of the spikes of a cell in a trial around its group's mean."),
    Measure("drive_moment", "Largest eigenvalue of the second moment of the afferents' spikes in a trial."),
)
