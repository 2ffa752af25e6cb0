"""What leaves nothing to measure in the pair: no touch, no input, no copy."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from cortex.engine.recording import Recording
from cortex.experiment.findings import UNFED, UNTOUCHED, UNTRAINED, Finding, joined, untouched
from models.pair.parameters import PairParameters
from models.pair.protocol import SLOT, layout


def guards(
    p: PairParameters, inputs: Mapping[str, Mapping[str, Any]], recordings: Mapping[str, Recording]
) -> list[Finding]:
    """Find phases without a touch, and idle cells that no target taught; see `Scenario.guards`."""
    phases, skin = layout(p).phases(), p.skin
    if skin.peak_rate > skin.background_rate:
        quiet = joined(name for arm in inputs.values() for name in untouched(phases, arm["pressure"], float(SLOT)))
        seen, next_ = "no bump presses the skin", "raise training.use or training.use_before"
    else:
        quiet, seen = "all the time", f"a touch leaves afferents at {skin.background_rate}"
        next_ = "raise skin.peak_rate above skin.background_rate"
    what = UNTOUCHED if skin.background_rate > 0 else UNFED
    found = [Finding(what, quiet, f"afferents, all arms; {seen}", next_)] if quiet else []
    start, end = layout(p).interval("copy")
    for arm, run in recordings.items():
        copying = (run["spikes.t"] >= start) & (run["spikes.t"] < end)
        untaught = np.setdiff1d(np.arange(1, p.copies), run["spikes.i"][copying])
        if len(untaught):
            where = f"arm {arm}: idle cells {', '.join(map(str, untaught))} fire no spike"
            next_ = "strengthen recruitment.teacher_conductance or training.use, or lower recruitment.use_threshold"
            found.append(Finding(UNTRAINED, "copy", where, next_, grave=len(untaught) == p.copies - 1))
    return found
