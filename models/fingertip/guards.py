"""What leaves nothing to measure in the fingertip: no touch, no input, no copy, a readout that learning drives away."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from cortex.engine.recording import Recording
from cortex.experiment.findings import DIVERGING, UNFED, UNTOUCHED, UNTRAINED, Finding
from models.fingertip.observe import Observed
from models.fingertip.parameters import FingertipParameters

FAR = 100.0
"""Output of a readout that learning drives away; answers are -1 or 1."""


def guards(
    p: FingertipParameters,
    inputs: Mapping[str, Mapping[str, Any]],
    recordings: Mapping[str, Recording],
    new_rate: str = "training.new_rate",
) -> list[Finding]:
    """Find a skin that feels no touch, idle cells that no target taught, and diverging readouts.

    `new_rate` is the name of the learning rate of the new task.
    """
    found, skin = [], p.skin
    if not skin.peak_rate > skin.background_rate:
        what = UNTOUCHED if skin.background_rate > 0 else UNFED
        where = f"afferents, all arms; a touch leaves them at {skin.background_rate}"
        found.append(Finding(what, "all the time", where, "raise skin.peak_rate above skin.background_rate"))
    for arm, run in recordings.items():
        observed = Observed(p, run)
        copying = np.concatenate([np.r_[at] for name, at in observed.trials.items() if name.startswith("copy")])
        tip = np.arange(p.tip_cells)
        idle = tip[(tip % p.group.copies > 0) & ~(np.asarray(inputs[arm]["pyramidal.established"])[tip] > 0)]
        taught = np.any(np.asarray(inputs[arm]["gate.coupling"])[copying])
        untaught = idle[observed.counts[copying][:, idle].sum(axis=0) == 0]
        if taught and len(untaught):
            where = f"arm {arm}: idle cells {', '.join(map(str, untaught))} fire no spike"
            next_ = "strengthen recruitment.teacher_conductance, or lower recruitment.use_threshold"
            found.append(Finding(UNTRAINED, "copy", where, next_, grave=len(untaught) == len(idle)))
        far = ~(np.abs(observed.outputs).max(axis=1) <= FAR)
        if far.any():
            where = f"readout, arm {arm}: outputs beyond {FAR:g}, where answers are -1 or 1"
            next_ = f"lower {new_rate}, training.old_rate or training.bias_rate"
            found.append(Finding(DIVERGING, f"from trial {int(np.argmax(far))} on", where, next_))
    return found
