"""Null models and conditions of the fingertip, with the measures of `trained_finger` that each null model must miss."""

from collections.abc import Mapping

from cortex.experiment.measure import Condition

ALIKE = ("signal_correlation_after", "similarity_after", "error_ratio")
"""What a null model must miss in which copies do not part."""

NULLS: Mapping[str, Condition] = {
    "wrong_teacher": Condition(
        "Idle cells of the tip are taught by the target of the third group on.",
        {"group.teacher_distance": "3"},
        misses=("signal_correlation", "expansion_tip"),
    ),
    "shuffled_teacher": Condition(
        "The targets' spikes reach idle cells 0.5 to 1.5 s late, out of step with the touch.",
        {"recruitment.teacher": "shuffled", "recruitment.selection_rate": "0"},
        misses=("signal_correlation", "expansion_tip"),
    ),
    "never_released": Condition("Nothing is released.", {"normalization.release": "never"}, misses=ALIKE),
    "lowered_hold": Condition(
        "The hold is lowered to a fifth instead, and copies stay coupled: gain is not divergence.",
        {"training.releases": "hold"},
        misses=(*ALIKE, "old_kept_after"),
    ),
    "single_lowered_hold": Condition(
        "There are no copies, and the hold is lowered to a fifth.",
        {"training.releases": "hold", "group.expansion": "none"},
        misses=("expansion_tip", "error_ratio"),
    ),
    "independent": Condition(
        "The other cells have receptive fields of their own from the beginning, and copy nobody.",
        {"group.expansion": "independent"},
        misses=("copy_similarity", "error_ratio"),
    ),
    "no_private_noise": Condition("Pyramidal cells have no noise.", {"pyramidal.noise": "0 mV"}, misses=ALIKE),
    "shared_noise": Condition(
        "The cells of a group have one noise in common.", {"group.shared_noise": "true"}, misses=ALIKE
    ),
    "no_plasticity_after_release": Condition(
        "Afferent synapses do not learn after release.", {"training.plastic_after_release": "false"}, misses=ALIKE
    ),
    "shuffled_answers": Condition(
        "The answers of the new task are drawn at random: copies part all the same.",
        {"training.shuffled_answers": "true"},
        misses=("error_ratio",),
    ),
    "no_inhibition": Condition(
        "PV cells do not inhibit at all; the readout learns at a tenth of the rate, or so many spikes drive it away.",
        {"normalization.enabled": "false", "normalization.competition": "0 nS", "training.new_rate": "0.0001"},
        misses=("total_ratio", "old_kept", "similarity_after"),
    ),
    "frozen_hold": Condition(
        "Inhibition stays as strong as it was before copying.",
        {"normalization.learning_rate": "0 /s"},
        misses=("total_ratio", "old_kept"),
    ),
}

CONDITIONS: Mapping[str, Condition] = {
    "released_both": Condition("Coupling and hold are released together.", {"training.releases": "both"}),
    "released_early": Condition("Release comes before the new task.", {"training.release_early": "true"}),
    "practice": Condition(
        "The old task is practised while cells copy, and copies learn their outputs by themselves.",
        {"training.practice": "true", "readout.outputs": "own"},
    ),
    "three_factor": Condition(
        "Afferent synapses learn the new task too, from the error.", {"training.afferent_rate": "0.1"}
    ),
    "dendritic_inhibition": Condition(
        "Afferent synapses learn too, by how far a dendrite is depolarized that PV cells inhibit.",
        {
            "training.afferent_rate": "0.1",
            "copying.eligibility": "dendrite",
            "dendrite.dendritic_inhibition": "1",
        },
    ),
}
