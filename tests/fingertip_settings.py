"""Settings of the scenarios on the fingertip, each with what must be told of it; see `tests.physics_settings`."""

from cortex.experiment.findings import DIVERGING, UNFED, UNTOUCHED, UNTRAINED
from tests.essay_settings import NOTHING, REFUSED

BASES = {
    "trained_finger": {
        "training.settle": "40",
        "training.old": "60",
        "training.copying": "60",
        "training.tune": "10",
        "training.new": "30",
        "training.release": "10",
        "training.repeats": "3",
        "training.probes": "1",
    },
    "repeated_expansion": {
        "training.settle": "40",
        "training.old": "60",
        "training.rest": "40",
        "training.copying": "80",
        "training.tune": "10",
        "training.new": "30",
        "training.release": "10",
        "training.repeats": "3",
        "group.tip": "3",
        "group.copies": "4",
    },
    "unequal_shares": {
        "training.settle": "40",
        "training.old": "60",
        "training.copying": "60",
        "training.tune": "10",
        "training.split": "20",
        "training.new": "30",
        "training.repeats": "3",
        "group.tip": "3",
    },
    "overlapping_pools": {
        "training.settle": "40",
        "training.old": "60",
        "training.copying": "60",
        "training.tune": "10",
        "training.release": "10",
        "training.repeats": "3",
    },
    "finger_learning_speed": {
        "training.settle": "40",
        "training.old": "60",
        "training.copying": "60",
        "training.tune": "10",
        "training.new": "60",
        "training.repeats": "3",
    },
}

FINGERTIP = [
    ({}, NOTHING),
    ({"skin.tip": "30"}, REFUSED),
    ({"skin.touch_width": "0.1", "skin.number": "20"}, REFUSED),
    ({"skin.peak_rate": "0.1 Hz"}, REFUSED),
    ({"group.teacher_distance": "6"}, REFUSED),
    ({"skin.peak_rate": "0.5 Hz"}, UNTOUCHED),
    ({"skin.peak_rate": "0 Hz", "skin.background_rate": "0 Hz"}, UNFED),
    ({"recruitment.teacher_conductance": "0 nS"}, UNTRAINED),
    ({"training.new_rate": "10"}, DIVERGING),
    ({"group.copies": "2", "group.tip": "1", "group.other": "1"}, NOTHING),
    ({"copying.eligibility": "dendrite", "training.afferent_rate": "0.1", "training.release": "1"}, NOTHING),
    ({"skin.place_jitter": "0", "skin.depth_jitter": "0", "skin.onset_jitter": "0 ms"}, NOTHING),
]

SPEED = [
    ({}, NOTHING),
    ({"learning.rule": "afferents", "learning.rate": "2"}, NOTHING),
    ({"learning.rule": "afferents", "learning.hold_adapts": "true", "group.expansion": "independent"}, NOTHING),
    ({"learning.rate": "0"}, NOTHING),
    ({"learning.rate": "10"}, DIVERGING),
    ({"skin.peak_rate": "0.5 Hz"}, UNTOUCHED),
    ({"learning.rule": "afferents", "skin.peak_rate": "0 Hz", "skin.background_rate": "0 Hz"}, UNFED),
    ({"group.teacher_distance": "6"}, REFUSED),
]

POOLS = [
    ({}, NOTHING),
    ({"skin.places": "4"}, REFUSED),
    ({"skin.places": "3", "normalization.reach": "0"}, NOTHING),
    ({"normalization.reach": "10", "normalization.softness": "0", "group.other": "1"}, NOTHING),
    ({"group.teacher_distance": "6"}, REFUSED),
    ({"skin.peak_rate": "0.5 Hz"}, UNTOUCHED),
]

CYCLES = [
    ({}, NOTHING),
    ({"group.copies": "6"}, REFUSED),
    ({"group.copies": "2", "training.task": "first_edge"}, NOTHING),
    ({"skin.peak_rate": "0.5 Hz"}, UNTOUCHED),
    ({"training.new_rate": "10"}, DIVERGING),
]

SHARES = [
    ({}, NOTHING),
    ({"shares.by": "nothing", "shares.cut": "1"}, NOTHING),
    ({"shares.cut": "1", "shares.less_current": "1000 pA"}, NOTHING),
    ({"skin.peak_rate": "0.5 Hz"}, UNTOUCHED),
    ({"recruitment.teacher_conductance": "0 nS"}, UNTRAINED),
]
