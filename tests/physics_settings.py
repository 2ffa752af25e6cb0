"""Settings inside the bounds of the parameters, each with what must be told of it, for tests and for other harnesses.

``SETTINGS`` lists (scenario, parameter values, expected): "refused" before anything is simulated, "nothing", or what
must be found in the run, in the words of `cortex.experiment.findings`. `base` gives short protocols.
"""

from cortex.experiment.findings import BOUND, NO_SITE, RUNAWAY, SILENT, UNFED, UNTOUCHED, UNTRAINED
from tests import fingertip_settings
from tests.essay_settings import (
    DENSITY,
    GROWTH,
    HAND_MAP,
    MEMORY,
    MITOSIS,
    NOTHING,
    REFUSED,
    REGRESSION,
    SOLUTIONS,
    SUPERPOSITION,
    TICKET,
)
from tests.fingertip_settings import CYCLES, FINGERTIP, POOLS, SHARES, SPEED

BASES = {
    **fingertip_settings.BASES,
    "double_descent": {"draws": "20"},
    "superposition": {
        "regression.draws": "20",
        "descent.draws": "4",
        "descent.steps": "20",
        "features.widths": "30,95,105,200",
        "features.members": "3",
        "features.draws": "2",
    },
    "hopfield_capacity": {
        "pairs": "50,100",
        "triples": "20,30",
        "quadruples": "12,16",
        "draws": "2",
        "settled": "100",
    },
    "self_organising_map": {
        "sheet.density": "50/mm^2",
        "training.settle": "4 s",
        "training.calibrate": "1 s",
        "training.dose": "4 s",
        "training.release": "1 s",
    },
    "solution_density": {"separation.draws": "500", "dichotomies.draws": "5000", "volume.draws": "100000"},
    "lottery_ticket": {"seeds": "2", "steps": "50", "compared": "5"},
    "network_growth": {
        **{"seeds": "2", "old_steps": "100", "held_steps": "20", "released_steps": "20", "rates": "0.2,0.4,0.8"},
    },
    "copy_pair": {
        "training.settle": "12 s",
        "training.calibrate": "12 s",
        "training.copy_time": "25 s",
        "training.hold": "12 s",
        "training.tune": "8 s",
        "training.silence": "12 s",
        "training.release": "20 s",
        "training.repeats": "2",
        "training.probes": "7",
    },
    "finger_expansion": {
        "sheet.density": "60/mm^2",
        "sheet.pv_density": "12/mm^2",
        "training.settle": "12 s",
        "training.calibrate": "8 s",
        "training.dose": "15 s",
        "training.test": "4 s",
        "training.release": "6 s",
        "mapping.repeats": "1",
        "mapping.probe_spacing": "2.5",
        "training.control": "false",
    },
    "mitosis": {
        "cells.draws": "10",
        "spiking.duration": "0.5 s",
        "pair.training.settle": "12 s",
        "pair.training.calibrate": "12 s",
        "pair.training.copy_time": "25 s",
        "pair.training.tune": "8 s",
        "pair.training.repeats": "2",
        "pair.training.probes": "7",
    },
    "normalization_speed": {
        "training.old": "120",
        "training.copying": "80",
        "training.new": "120",
        "training.repeats": "4",
        "skin.number": "60",
    },
    "release_divergence": {
        "training.old": "120",
        "training.copying": "80",
        "training.new": "240",
        "training.repeats": "4",
        "skin.number": "60",
    },
    "solution_count": {
        "path.draws": "3",
        "search.starts": "2",
        "search.iterations": "20",
        "search.updates": "100",
        "search.steps": "50",
    },
}
"""Values of the short protocol of each scenario."""

PAIR = [
    ({}, NOTHING),
    # contradictions
    ({"pyramidal.leak_potential": "-51 mV", "pyramidal.firing_threshold": "-60 mV"}, REFUSED),
    ({"pyramidal.firing_threshold": "-60 mV"}, REFUSED),
    ({"pyramidal.leak_potential": "-55 mV", "pyramidal.firing_threshold": "-55 mV"}, REFUSED),
    ({"parvalbumin.reset_potential": "-48 mV", "parvalbumin.firing_threshold": "-60 mV"}, REFUSED),
    ({"parvalbumin.leak_potential": "-50 mV", "parvalbumin.firing_threshold": "-52 mV"}, REFUSED),
    ({"pyramidal.inhibitory_reversal": "-55 mV", "pyramidal.firing_threshold": "-56 mV"}, REFUSED),
    ({"pyramidal.excitatory_reversal": "-20 mV", "pyramidal.firing_threshold": "-20 mV"}, REFUSED),
    ({"parvalbumin.excitatory_reversal": "-20 mV", "parvalbumin.firing_threshold": "-20 mV"}, REFUSED),
    ({"pyramidal.capacitance": "20 pF", "pyramidal.leak_conductance": "100 nS"}, REFUSED),
    ({"parvalbumin.capacitance": "20 pF", "parvalbumin.leak_conductance": "50 nS"}, REFUSED),
    ({"normalization.expectation_time_constant": "10 s", "normalization.usual_time_constant": "1 s"}, REFUSED),
    ({"skin.peak_rate": "0 Hz"}, REFUSED),
    ({"skin.background_rate": "20 Hz", "skin.peak_rate": "0 Hz"}, REFUSED),
    ({"skin.background_rate": "20 Hz", "skin.peak_rate": "10 Hz"}, REFUSED),
    ({"skin.stimulated": "50"}, REFUSED),
    ({"skin.stimulated": "50", "skin.length": "1"}, REFUSED),
    ({"skin.length": "1"}, REFUSED),
    ({"skin.bump_width": "0.1", "skin.length": "100"}, REFUSED),
    ({"skin.arbor_width": "0.2", "skin.number": "10"}, REFUSED),
    ({"skin.bump_width": "0.1", "skin.number": "20"}, REFUSED),
    # nothing is felt
    ({"skin.peak_rate": "0 Hz", "skin.background_rate": "0 Hz"}, UNFED),
    (
        {
            "skin.peak_rate": "0 Hz",
            "skin.background_rate": "0 Hz",
            "pyramidal.noise": "0 mV",
            "parvalbumin.noise": "0 mV",
        },
        f"{UNFED}; {SILENT}",
    ),
    ({"skin.peak_rate": "2 Hz"}, UNTOUCHED),
    ({"skin.peak_rate": "20 Hz", "skin.background_rate": "20 Hz"}, UNTOUCHED),
    ({"training.use": "0", "training.use_before": "0"}, UNTOUCHED),
    ({"training.use": "0"}, UNTOUCHED),
    ({"training.use_before": "0"}, UNTOUCHED),
    ({"pyramidal.noise": "0 mV", "skin.background_rate": "0 Hz", "training.use_before": "0"}, UNFED),
    # no cell fires, or all of them without end
    ({"pyramidal.firing_threshold": "-20 mV"}, UNTRAINED),
    ({"copying.weight_conductance": "0.01 nS", "pyramidal.noise": "0 mV"}, SILENT),
    ({"pyramidal.capacitance": "1000 pF", "pyramidal.noise": "0 mV", "copying.weight_conductance": "0.1 nS"}, SILENT),
    (
        {
            "parvalbumin.recurrent_conductance": "0 nS",
            "parvalbumin.feedforward_conductance": "0 nS",
            "parvalbumin.noise": "0 mV",
        },
        SILENT,
    ),
    ({"parvalbumin.firing_threshold": "-20 mV", "parvalbumin.noise": "0 mV"}, NOTHING),
    ({"copying.weight_conductance": "20 nS", "copying.maximum_weight": "100"}, NOTHING),
    (
        {
            "copying.weight_conductance": "20 nS",
            "copying.learning_rate": "0.00001",
            "normalization.enabled": "false",
            "normalization.competition": "0 nS",
        },
        RUNAWAY,
    ),
    ({"recruitment.teacher_conductance": "100 nS", "recruitment.coupling_conductance": "100 nS"}, NOTHING),
    ({"parvalbumin.recurrent_conductance": "100 nS", "parvalbumin.feedforward_conductance": "10 nS"}, RUNAWAY),
    ({"pyramidal.refractory_period": "20 ms", "skin.peak_rate": "200 Hz"}, NOTHING),
    ({"pyramidal.refractory_period": "20 ms", "pyramidal.noise": "10 mV"}, NOTHING),
    # nothing is learned or taught
    ({"copying.learning_rate": "0"}, UNTRAINED),
    ({"recruitment.teacher_conductance": "0 nS"}, UNTRAINED),
    ({"recruitment.use_threshold": "100"}, UNTRAINED),
    # weights at their bounds
    ({"copying.maximum_weight": "0.01"}, BOUND),
    ({"copying.maximum_weight": "0.1"}, BOUND),
    ({"copying.rule": "stdp", "copying.depression": "0.1", "copying.learning_rate": "0.05"}, BOUND),
    ({"skin.peak_rate": "200 Hz", "copying.maximum_weight": "1"}, BOUND),
    # unusual, and all right
    ({"pyramidal.noise": "0 mV"}, NOTHING),
    ({"copying.learning_rate": "0.2", "copying.decay": "5"}, UNTRAINED),
    ({"copying.learning_rate": "0.2", "copying.decay": "20"}, REFUSED),
    ({"copying.covariance": "1"}, NOTHING),
    ({"normalization.conductance": "0 nS"}, NOTHING),
    ({"normalization.kind": "subtractive"}, NOTHING),
    ({"normalization.kind": "affine", "training.touches_as_probes": "true"}, NOTHING),
    ({"normalization.calibration_rate": "0 /s"}, NOTHING),
    ({"normalization.release_residual": "1"}, NOTHING),
    ({"recruitment.selection_rate": "1"}, NOTHING),
    ({"recruitment.use_threshold": "0"}, NOTHING),
    ({"recruitment.set_point_time_constant": "10000 s"}, NOTHING),
    ({"pyramidal.silencing_current": "0 nA"}, NOTHING),
    ({"pyramidal.silencing_current": "10 nA"}, NOTHING),
    ({"pyramidal.slow_decay": "500 ms"}, NOTHING),
    ({"copying.trace_time_constant": "5 ms"}, NOTHING),
    ({"skin.bump_width": "10"}, NOTHING),
    ({"skin.stimulated": "0.1"}, NOTHING),
    ({"training.copy_time": "1 s"}, NOTHING),
    (
        {
            f"training.{name}": "1 s"
            for name in ("settle", "calibrate", "copy_time", "hold", "tune", "silence", "release")
        }
        | {"training.use_before": "1"},
        NOTHING,
    ),
    ({"training.probes": "3", "training.repeats": "1"}, NOTHING),
    ({"copies": "20", "pv_cells": "1"}, NOTHING),
    ({"skin.number": "20"}, NOTHING),
]

FINGER = [
    ({}, NOTHING),
    ({"training.digits": ""}, REFUSED),
    ({"training.digits": "2,2"}, REFUSED),
    ({"training.disc_speed": "500", "training.ridge_period": "0.5"}, REFUSED),
    ({"mapping.probe_spacing": "10"}, REFUSED),
    ({"mapping.probe_spacing": "8.8"}, REFUSED),
    ({"mapping.electrode_radius": "0.01 mm"}, REFUSED),
    ({"mapping.electrode_spacing": "1 mm"}, REFUSED),
    ({"sheet.digit_width": "0.2 mm"}, REFUSED),
    ({"sheet.arbor_radius": "2 mm"}, REFUSED),
    ({"sheet.lateral_radius": "0.05 mm"}, REFUSED),
    ({"sheet.inhibition_radius": "0.05 mm"}, REFUSED),
    ({"pyramidal.leak_potential": "-51 mV", "pyramidal.firing_threshold": "-60 mV", "training.digits": ""}, REFUSED),
    ({"mapping.probe_depth": "0"}, UNTOUCHED),
    ({"training.use": "0"}, UNTOUCHED),
    ({"training.touch_depth": "0"}, UNTOUCHED),
    ({"afferents.sa1_gain": "0 Hz", "afferents.ra_gain": "0"}, UNTOUCHED),
    ({"afferents.background_rate": "0 Hz", "mapping.probe_depth": "0"}, UNFED),
    ({"training.disc_depth": "0"}, UNTRAINED),
    ({"training.contact": "0"}, UNTRAINED),
    ({"copying.learning_rate": "0", "copying.scaling_rate": "0 /s"}, UNTRAINED),
    ({"sheet.idle_fraction": "0"}, "no idle cells"),
    ({"mapping.threshold": "20", "mapping.probe_depth": "0.05"}, NO_SITE),
    ({"pyramidal.firing_threshold": "-20 mV", "pyramidal.noise": "0 mV"}, NO_SITE),
    ({"copying.weight_conductance": "20 nS", "sheet.contacts": "1000"}, RUNAWAY),
    ({"copying.maximum_weight": "0.1"}, BOUND),
    ({"training.digits": "1,2,3,4,5"}, NOTHING),
    ({"training.site": "proximal", "training.digits": "5"}, NOTHING),
    ({"sheet.idle_fraction": "0.5"}, NOTHING),
]

LEARNER = [
    ({}, NOTHING),
    ({"cell.dendritic_threshold": "-50 mV", "cell.slope": "50 Hz/mV"}, REFUSED),
    ({"cell.dendritic_threshold": "0 mV"}, REFUSED),
    ({"skin.peak_rate": "1 Hz"}, REFUSED),
    ({"skin.touch_width": "0.1", "skin.length": "100"}, REFUSED),
    ({"skin.touch_width": "10", "skin.length": "1"}, REFUSED),
    ({"group.targets": "1", "group.teacher": "shuffled"}, REFUSED),
    ({"skin.peak_rate": "0 Hz", "skin.background_rate": "0 Hz"}, UNFED),
    ({"skin.peak_rate": "2 Hz"}, UNTOUCHED),
    ({"learning.rate": "0"}, UNTRAINED),
    ({"learning.old_rate": "0"}, UNTRAINED),
    ({"learning.copying_rate": "0"}, UNTRAINED),
    ({"group.weight": "0"}, NOTHING),
    ({"cell.dendritic_threshold": "50 mV"}, SILENT),
    ({"cell.weight_potential": "0.01 mV", "cell.softness": "0.1 mV", "cell.noise": "0 mV"}, SILENT),
    ({"group.readout_weight": "0", "learning.readout_rate": "0"}, UNTRAINED),
    ({"learning.rate": "1000"}, BOUND),
    ({"learning.maximum_weight": "0.1"}, BOUND),
    ({"cell.slope": "50 Hz/mV", "cell.weight_potential": "20 mV"}, BOUND),
    ({"hold.adaptation": "1", "hold.calibration": "0.5"}, NOTHING),
    ({"cell.noise": "0 mV"}, NOTHING),
    ({"training.old": "1"}, REFUSED),
    ({"training.old": "4", "training.copying": "1", "training.new": "2"}, NOTHING),
    ({"training.repeats": "2", "group.targets": "8"}, NOTHING),
    ({"group.expansion": "cloned", "cell.noise": "0 mV"}, NOTHING),
]

RELEASE = [
    ({}, NOTHING),
    ({"cell.dendritic_threshold": "-1 mV"}, REFUSED),
    ({"skin.peak_rate": "2 Hz"}, UNTOUCHED),
    ({"skin.peak_rate": "0 Hz", "skin.background_rate": "0 Hz"}, UNFED),
    ({"group.weight": "0"}, NOTHING),
    ({"learning.rate": "0"}, UNTRAINED),
    ({"learning.rate": "1000"}, BOUND),
    ({"training.released_at": "0"}, NOTHING),
    ({"training.released_at": "1"}, NOTHING),
    ({"group.expansion": "cloned", "cell.noise": "0 mV"}, NOTHING),
]

ATLAS = (
    "return_without_loss",
    "contact_area",
    "syndactyly",
    "flutter_training",
    "nerve_block",
    "amputation",
    "dose",
    "digit_timing",
    "dystonia",
    "cortical_lesion",
    "misplaced_expansion",
)
"""Experiments on the network of `finger_expansion`."""

UNREAD = {"training.test", "training.release", "training.control"}
BASES |= {atlas: {n: v for n, v in BASES["finger_expansion"].items() if n not in UNREAD} for atlas in ATLAS}

SETTINGS: list[tuple[str, dict[str, str], str]] = [
    (scenario, values, expected)
    for scenario, settings in (
        ("copy_pair", PAIR),
        ("finger_expansion", FINGER),
        ("mitosis", MITOSIS),
        ("normalization_speed", LEARNER),
        ("release_divergence", RELEASE),
        ("trained_finger", FINGERTIP),
        ("finger_learning_speed", SPEED),
        ("overlapping_pools", POOLS),
        ("repeated_expansion", CYCLES),
        ("unequal_shares", SHARES),
        ("double_descent", REGRESSION),
        ("solution_count", SOLUTIONS),
        ("superposition", SUPERPOSITION),
        ("hopfield_capacity", MEMORY),
        ("self_organising_map", HAND_MAP),
        ("solution_density", DENSITY),
        ("lottery_ticket", TICKET),
        ("network_growth", GROWTH),
        *((name, [({"sheet.arbor_radius": "0.61 mm"}, REFUSED)]) for name in ATLAS),
    )
    for values, expected in settings
]
