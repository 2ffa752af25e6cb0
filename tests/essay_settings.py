"""Settings of the scenarios without a network, each with what must be told of it; see `tests.physics_settings`."""

from cortex.experiment.findings import UNTOUCHED

REFUSED, NOTHING = "refused", "nothing"

REGRESSION = [
    ({"widths": "20,40,60"}, REFUSED),
    ({"widths": "20,39,60"}, REFUSED),
    ({"widths": "20,41,60"}, REFUSED),
    ({"widths": "20,30"}, REFUSED),
    ({"widths": "50,60"}, REFUSED),
    ({"widths": "60,20"}, REFUSED),
    ({"widths": "20,20,60"}, REFUSED),
    ({"widths": "20,70"}, REFUSED),
    ({"samples": "100"}, REFUSED),
    ({"widths": "20,40,60", "ridge": "true", "noise": "0", "well_specified": "true"}, REFUSED),
    ({"widths": "20,39,40,41,60", "ridge": "true"}, NOTHING),
    ({"widths": "20,39,40,41,60", "ridge": "true", "noise": "0"}, NOTHING),
    ({"widths": "38,42"}, NOTHING),
    ({"widths": "20,70", "well_specified": "true"}, NOTHING),
    ({"noise": "0", "ridge": "true", "well_specified": "true"}, NOTHING),
    ({"noise": "0"}, NOTHING),
    ({"noise": "100"}, NOTHING),
    ({"decay": "10"}, NOTHING),
    ({"samples": "4", "widths": "1,2,6,60"}, NOTHING),
]

MITOSIS = [
    ({}, NOTHING),
    ({"spiking.draws": "11"}, REFUSED),
    ({"spiking.stimuli": "101"}, REFUSED),
    ({"spiking.weak": "15 mV"}, REFUSED),
    ({"spiking.strong": "30 mV"}, REFUSED),
    ({"line.cells": "30"}, REFUSED),
    ({"cells.stimuli": "10", "line.cells": "12"}, REFUSED),
    ({"pair.pyramidal.firing_threshold": "-60 mV"}, REFUSED),
    ({"cells.inputs": "2", "line.cells": "2"}, NOTHING),
    ({"cells.size": "0.1"}, "silent whole cells"),
    ({"spiking.gain": "0.1 mV"}, "silent whole cells"),
    ({"pair.skin.peak_rate": "2 Hz"}, NOTHING),
]

SOLUTIONS = [
    ({}, NOTHING),
    ({"search.widths": "5,7,10"}, REFUSED),
    ({"search.widths": "4,5,5,7"}, REFUSED),
    ({"count.teacher": "4", "count.width": "4"}, REFUSED),
    ({"search.batch": "300"}, REFUSED),
    ({"search.teacher": "2", "search.widths": "1,2,4"}, NOTHING),
    ({"count.teacher": "1", "count.width": "2"}, NOTHING),
    ({"path.teacher": "2", "path.points": "3"}, NOTHING),
    ({"teacher.stimuli": "50", "search.batch": "50"}, NOTHING),
]

SUPERPOSITION = [
    ({"silenced": "20"}, REFUSED),
    ({"regression.decay": "0.5"}, REFUSED),
    ({"regression.ridge": "true"}, REFUSED),
    ({"regression.widths": "20,40,60"}, REFUSED),
    ({"descent.widths": "20,45"}, REFUSED),
    ({"descent.widths": "20,41,60"}, REFUSED),
    ({"descent.widths": "20,60,45"}, REFUSED),
    ({"descent.widths": "20,45,500"}, REFUSED),
    ({"descent.batch": "41"}, REFUSED),
    ({"features.widths": "50,100,200"}, REFUSED),
    ({"features.widths": "200,50"}, REFUSED),
    ({"features.copied": "100"}, REFUSED),
    ({"features.widths": ""}, REFUSED),
    ({"regression.widths": ""}, REFUSED),
    ({"descent.widths": ""}, REFUSED),
    ({"silenced": "19"}, NOTHING),
    ({"silenced": "1", "regression.widths": "38,42"}, NOTHING),
    ({"regression.noise": "0", "regression.well_specified": "true", "features.noise": "0"}, NOTHING),
    ({"descent.learning": "least_squares", "features.redrawn": "false", "features.parted": "1"}, NOTHING),
    ({"descent.batch": "1"}, NOTHING),
    ({"features.widths": "300"}, NOTHING),
]

MEMORY = [
    ({"pairs": "100"}, REFUSED),
    ({"pairs": "100,50"}, REFUSED),
    ({"quadruples": "12,12"}, REFUSED),
    ({"errors": "0.01"}, REFUSED),
    ({"errors": "0.05,0.01"}, REFUSED),
    ({"wrong": "0.1"}, REFUSED),
    ({"loads": "0.01,0.2"}, REFUSED),
    ({"loads": ""}, REFUSED),
    ({"errors": ""}, REFUSED),
    ({"triples": ""}, REFUSED),
    ({"highest": "2"}, NOTHING),
    ({"bias": "0.9"}, NOTHING),
    ({"recalled": "2"}, NOTHING),
    ({"steps": "1", "loads": "0.02"}, NOTHING),
    ({"errors": "0.0001,0.2"}, NOTHING),
]

DENSITY = [
    ({"separation.widths": "1,2"}, REFUSED),
    ({"separation.widths": "2,1,4"}, REFUSED),
    ({"dichotomies.deep": "2", "dichotomies.shallow": "2"}, REFUSED),
    ({"volume.widths": "4"}, REFUSED),
    ({"volume.widths": ""}, REFUSED),
    ({"separation.widths": ""}, REFUSED),
    ({"volume.small": "0.1", "volume.large": "0.01"}, REFUSED),
    ({"cells": "20", "largest": "20"}, REFUSED),
    ({"separation.widths": "2,4,8"}, NOTHING),
    ({"separation.correlation": "-1"}, NOTHING),
    ({"separation.correlation": "0.99"}, NOTHING),
    ({"separation.rectified": "false"}, NOTHING),
    ({"separation.deepest": "20", "separation.draws": "20"}, NOTHING),
    ({"dichotomies.points": "2"}, NOTHING),
    ({"dichotomies.points": "8", "dichotomies.inputs": "2"}, NOTHING),
    ({"volume.small": "1e-12"}, NOTHING),
    ({"cells": "1", "largest": "2"}, NOTHING),
]

TICKET = [
    ({"compared": "1"}, REFUSED),
    ({"compared": "6,5"}, REFUSED),
    ({"compared": "5,5"}, REFUSED),
    ({"pruned_hidden": "0.9"}, REFUSED),
    ({"steps": "205"}, REFUSED),
    ({"training_samples": "50"}, REFUSED),
    ({"criterion": "1"}, NOTHING),
    ({"learning_rate": "1e-6"}, NOTHING),
    ({"batch": "1"}, NOTHING),
]

GROWTH = [
    ({"rates": "0.2,0.4"}, REFUSED),
    ({"rates": "0.4,0.2,0.8"}, REFUSED),
    ({"rates": "0.2,0.2,0.4"}, REFUSED),
    ({"noise": "0"}, NOTHING),
    ({"hidden": "1"}, NOTHING),
    ({"copies": "10"}, NOTHING),
]

HAND_MAP = [
    ({"sheet.pv_density": "50/mm^2"}, REFUSED),
    ({"mapping.blanks": "5"}, REFUSED),
    ({"sheet.arbor_radius": "0.61 mm"}, REFUSED),
    ({"sheet.density": "2000/mm^2"}, REFUSED),
    ({"training.use": "0"}, UNTOUCHED),
    ({"learning.felt": "500 Hz"}, UNTOUCHED),
    ({"learning.competition": "false", "afferents.background_rate": "0 Hz"}, NOTHING),
    ({"learning.rate": "0", "learning.answer": "0.9"}, NOTHING),
    ({"learning.neighbours": "false", "learning.radius": "1 mm"}, NOTHING),
    ({"training.digits": "1,5", "training.site": "proximal", "training.pause": "0 s"}, NOTHING),
]
