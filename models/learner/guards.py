"""What leaves nothing to measure in the learner: no touch, no input, tasks of which nothing is learned."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from cortex.engine.recording import Recording
from cortex.experiment.findings import DIVERGING, UNFED, UNTOUCHED, UNTRAINED, Finding, joined
from models.learner.network import SNAPSHOT
from models.learner.observe import Observed
from models.learner.parameters import LearnerParameters

LEARNED = {"old": "learning.old_rate", "copying": "learning.copying_rate", "new": "learning.rate"}
"""The phases in which afferent weights change, with the parameter that says how fast; "new" goes on in "released"."""


FAR = 1000.0
"""Error of a readout that learning drives away: answers are -1 or 1, and weights that oscillate at their bounds stay
far below."""


def guards(
    p: LearnerParameters, inputs: Mapping[str, Mapping[str, Any]], recordings: Mapping[str, Recording]
) -> list[Finding]:
    """Find a skin that feels no touch, and phases in which no weight changes; see `Scenario.guards`."""
    found, skin = [], p.skin
    if not skin.peak_rate > skin.background_rate:
        what = UNTOUCHED if skin.background_rate > 0 else UNFED
        where = f"afferents, all arms; a touch leaves them at {skin.background_rate}"
        found.append(Finding(what, "all the time", where, "raise skin.peak_rate above skin.background_rate"))
    for arm, run in recordings.items():
        fixed = [phase for phase in unlearned(p, run) if phase != "copying" or arm != "single"]
        if fixed:
            rates = joined(LEARNED[phase] for phase in fixed)
            next_ = f"raise {rates}, and see that cells fire and the readout hears them"
            where = f"afferent weights, arm {arm}: none changes"
            found.append(Finding(UNTRAINED, joined(fixed), where, next_, grave="new" in fixed))
        errors = Observed(p, run).errors
        if (first := diverging(errors)) is not None:
            most = np.nanmax(np.abs(errors), initial=0)
            where = f"readout, arm {arm}: errors up to {most:.3g}, where answers are -1 or 1"
            next_ = "lower learning.rate, learning.old_rate, learning.readout_rate or learning.bias_rate"
            found.append(Finding(DIVERGING, f"from trial {first} on", where, next_))
    return found


def diverging(errors: np.ndarray) -> int | None:
    """Return the first trial, of shape (trial,), from which learning drives the readout away; None if it never does."""
    far = ~(np.abs(errors) <= FAR)
    return int(np.argmax(far)) if far.any() else None


def unlearned(p: LearnerParameters, run: Recording) -> list[str]:
    """List the phases in which weights should change, by the records around them, and none does."""
    trials = Observed(p, run).trials
    spans = {"old": trials["old"], "new": slice(trials["new"].start, trials["released"].stop)}
    if p.group.expansion == "hebbian":
        spans["copying"] = trials["copying"]
    fixed = []
    for phase, span in spans.items():
        first, last = span.start // SNAPSHOT, min(-(-span.stop // SNAPSHOT), len(run["weights.w"]) - 1)
        if span.stop > span.start and np.array_equal(run["weights.w"][first], run["weights.w"][last]):
            fixed.append(phase)
    return fixed
