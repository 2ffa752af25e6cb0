"""What leaves nothing to measure in the finger area: no touch, no input, no disc, no idle cell, no responsive site."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from cortex.engine.recording import Recording
from cortex.experiment.findings import NO_SITE, UNFED, UNTOUCHED, UNTRAINED, Finding, joined, untouched
from cortex.experiment.protocol import Phase
from models.finger_area.mapping import STAGES, CorticalMap, session_maps
from models.finger_area.parameters import FingerParameters
from models.finger_area.protocol import SLOT, layout


def guards(
    p: FingerParameters, inputs: Mapping[str, Mapping[str, Any]], recordings: Mapping[str, Recording]
) -> list[Finding]:
    """Find what was not touched, trained, recruited or mapped; see `Scenario.guards`."""
    found, phases = of_skin(p, inputs, layout(p).phases()), layout(p).phases()
    digits = np.array(p.training.digits) - 1
    if "trained" in inputs:
        values = inputs["trained"]
        on_disc = (np.asarray(values["depth"]) * np.asarray(values["ridged"]))[:, digits]
        if "train" in untouched(phases, on_disc, float(SLOT)):
            where = f"digits {', '.join(map(str, p.training.digits))}, arm trained: never on the disc"
            found.append(Finding(UNTRAINED, "train", where, "raise training.contact or training.disc_depth"))
    for arm, run in recordings.items():
        found += of_maps(arm, {STAGES[stage]: drawn for stage, drawn in session_maps(p, run).items()})
    return found


def of_skin(p: FingerParameters, inputs: Mapping[str, Mapping[str, Any]], phases: Sequence[Phase]) -> list[Finding]:
    """Find what was not touched in some phase, or has no idle cells."""
    found = []
    what = UNTOUCHED if p.afferents.background_rate > 0 else UNFED
    if not (p.afferents.sa1_gain > 0 or p.afferents.ra_gain > 0):
        next_ = "raise afferents.sa1_gain or afferents.ra_gain"
        found.append(Finding(what, "all the time", "afferents, all arms; they do not answer to touch", next_))
    for arm, values in inputs.items():
        if quiet := untouched(phases, values["depth"], float(SLOT)):
            next_ = "raise training.use, training.touch_depth or, for maps, mapping.probe_depth"
            found.append(Finding(what, joined(quiet), f"skin of all digits, arm {arm}", next_))
        if np.all(values["pyramidal.established"]):
            next_ = "raise sheet.idle_fraction"
            found.append(Finding("no idle cells", "all the time", f"pyramidal, arm {arm}", next_, grave=False))
    return found


def of_maps(arm: str, maps: Mapping[str, CorticalMap]) -> list[Finding]:
    """Find the maps of an arm, by name, in which no site responds."""
    mute = [name for name, drawn in maps.items() if not (drawn.winner >= 0).any()]
    next_ = "lower mapping.threshold, or raise mapping.probe_depth or mapping.repeats"
    return [Finding(NO_SITE, joined(mute), f"all sites, arm {arm}", next_)] if mute else []
