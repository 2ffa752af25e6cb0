"""What the recorded arrays of the finger area refer to: a map can be drawn from them and these alone."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from cortex.experiment.coordinates import Coordinates, Variable, times
from cortex.experiment.protocol import Phase
from cortex.mechanisms.coordinates import circuit_labels, gate_variables
from cortex.mechanisms.mechanism import gate_names
from cortex.mechanisms.skin import DIGITS, STIMULUS, receptors
from models.finger_area.anatomy import DRAWN, Anatomy
from models.finger_area.parameters import FingerParameters
from models.finger_area.protocol import PAUSE_SLOTS, PROBE_SLOTS, SLOT, layout, probe_order, probe_places
from models.pair.coordinates import ELEMENTS, MEANINGS

LATERAL, CAUDAL = "distance from the lateral border of the sheet (D1)", "distance from its caudal border (digit bases)"
ACROSS, ALONG = "across the digit, 0 in the middle", "along the digit, from its base"

STIMULI = {
    "depth": ("1", "indentation of the skin, in ridges of the disc"),
    "radius": ("mm", "radius (standard deviation) of the contact"),
    "contact_x": ("mm", f"place of the contact {ACROSS}"),
    "contact_y": ("mm", f"place of the contact {ALONG}"),
    "velocity_x": ("mm/s", "velocity of the contact across the digit"),
    "velocity_y": ("mm/s", "velocity of the contact along the digit"),
    "ridged": ("1", "whether the surface is ridged"),
    "wave_x": ("rad/mm", "wave vector of the ridges across the digit"),
    "wave_y": ("rad/mm", "wave vector of the ridges along the digit"),
    "wave_frequency": ("rad/s", "frequency at which ridges pass"),
    "wave_phase": ("rad", "phase of the ridges at the beginning of the slot"),
    "severed": ("1", "whether the digit's nerve is severed"),
}
"""Unit and meaning of each of `STIMULUS`, whose arrays are (slot, digit)."""

AT_THE_END = {
    "lateral.source": "index of the source of each contact in pyramidal",
    "lateral.target": "index of the target of each contact in pyramidal",
    "lateral.affinity": "share of the drive that the idle target gets through this contact at the end",
}


def coordinates(p: FingerParameters, inputs: Mapping[str, Any], phases: Sequence[Phase] | None = None) -> Coordinates:
    """Label cells, receptors, synapses, slots and probes of an arm.

    Parameters
    ----------
    p : FingerParameters
    inputs : mapping of str to value
        What the arm sets.
    phases : sequence of Phase, optional
        Of its protocol; by default those of the disc.
    """
    anatomy, skin = Anatomy(p), receptors(p.afferents)
    gates = gate_variables(inputs, gate_names(p), "slot", "gate.")
    kind = np.where(skin.slowly_adapting > 0, "SA1", "RA")
    shown = probes(p, inputs, layout(p).phases() if phases is None else phases)
    wired = anatomy.fixed | {name: inputs[f"{name}.contacts"] for name in DRAWN}
    labels = {
        **places("pyramidal", anatomy.pyramidal, (LATERAL, CAUDAL)),
        **places("pv", anatomy.pv, (LATERAL, CAUDAL)),
        **places("afferent_arbor", anatomy.afferents, (f"arbor's {LATERAL}", f"arbor's {CAUDAL}"), "afferent"),
        **places("afferent", np.stack([skin.x, skin.y], axis=1), (f"place {ACROSS}", f"place {ALONG}")),
        "afferent_digit": Variable(
            ("afferent",), (skin.digit + 1).astype(np.int8), "1", "digit of the receptor, thumb 1"
        ),
        "afferent_kind": Variable(("afferent",), kind, "1", "kind of receptor: slowly (SA1) or rapidly adapting (RA)"),
        "digit": Variable(("digit",), np.arange(1, DIGITS + 1, dtype=np.int8), "1", "digit, thumb 1"),
        **circuit_labels(wired, inputs),
        **times("slot", len(inputs["depth"]), float(SLOT)),
        "gate": gates.pop("gate"),
    }
    touches = {"probe_touches": shown.pop("probe_touches")}
    stimuli = {
        f"stimulus_{name}": Variable(("slot", "digit"), np.asarray(inputs[name], np.float32), *STIMULI[name])
        for name in STIMULUS
    }
    elements, meanings = ELEMENTS | {"lateral": "lateral_synapse"}, MEANINGS | AT_THE_END
    return Coordinates(labels | shown, gates | stimuli | touches, elements, meanings)


def places(name: str, points: np.ndarray, meanings: tuple[str, str], dimension: str = "") -> dict[str, Variable]:
    """Label elements with two coordinates, mm; points have the shape (element, 2)."""
    return {
        f"{name}_{axis}": Variable((dimension or name,), column, "mm", meaning)
        for axis, column, meaning in zip("xy", points.T, meanings, strict=True)
    }


def probes(p: FingerParameters, inputs: Mapping[str, Any], phases: Sequence[Phase]) -> dict[str, Variable]:
    """Label each presentation of a probe with its phase, times, place and digits; blanks have no place.

    Digits that are probed at the same time are so far apart that no cell has synapses from two of them.
    """
    order, slot, length = probe_order(p), float(SLOT), PROBE_SLOTS + PAUSE_SLOTS
    phases = [phase for phase in phases if phase.name.startswith("map ")]
    start = np.concatenate([float(phase.start) + length * slot * np.arange(len(order)) for phase in phases])
    blank = order[:, 0] < 0
    place = np.where(blank[:, None], np.nan, probe_places(p)[order[:, 0]])
    touches = np.asarray(inputs["depth"])[np.rint(start / slot).astype(int)] > 0
    return {
        "probe_phase": Variable(
            ("probe",),
            np.repeat([phase.name for phase in phases], len(order)),
            "1",
            "phase in which the probe is presented",
        ),
        "probe_start": Variable(("probe",), start, "s", "beginning of the presentation"),
        "probe_stop": Variable(("probe",), start + PROBE_SLOTS * slot, "s", "end of the presentation; a pause follows"),
        **places("probe", np.tile(place, (len(phases), 1)), (f"place {ACROSS}", f"place {ALONG}")),
        "probe_touches": Variable(("probe", "digit"), touches, "1", "whether the probe touches the digit"),
    }
