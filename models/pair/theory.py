"""What is predicted of the pair: how fast copies and the hold are, and the total at which the hold rests."""

import numpy as np

from cortex.analysis.copying import time_constant
from cortex.analysis.ratios import quotient
from cortex.engine.simulation import Recording
from models.pair.network import places
from models.pair.observe import copying_onset, responses
from models.pair.parameters import PairParameters
from models.pair.protocol import PAUSE_SLOTS, PROBE_SLOTS, layout


def predict(p: PairParameters, run: Recording) -> dict[str, float]:
    """Predict from quantities measured beside the effect: spike counts and the strength of inhibition.

    Under the Hebbian rule the copy's distance to its target falls by ``learning_rate*decay`` at each of its spikes;
    for the other rules there is no prediction. The hold relaxes
    with its learning rate times the share of the total that inhibition takes away, which is the slope of the
    logarithm of the total over the logarithm of the strength.
    """
    start, end = layout(p).interval("copy")
    seconds = np.arange(start, end)
    spikes = np.searchsorted(run["spikes.t"][run["spikes.i"] > 0], seconds) / (p.copies - 1)
    relaxed = np.exp(-p.copying.learning_rate * p.copying.decay * (spikes - spikes[0]))
    free, held = responses(p, run, "held coupled").sum(), responses(p, run, "held gain 1").sum()
    speed = float(p.normalization.learning_rate) * (1 - held / free) if free else 0.0
    onset = copying_onset(p, run)
    hebbian = p.copying.rule == "hebbian"
    return {
        "total_ratio_in_training": rule_total(p) if has_hold(p) else float("nan"),
        "copy_time_constant_s": time_constant(seconds[onset:], relaxed[onset:])[0] if hebbian else float("nan"),
        "hold_time_constant_s": float(1 / speed) if speed > 0 else float("nan"),
    }


def has_hold(p: PairParameters) -> bool:
    """Return whether a hold adapts, so that its speed and its total are predicted."""
    return p.normalization.enabled and float(p.normalization.learning_rate) > 0


def rule_total(p: PairParameters) -> float:
    """Return the total for which the rule of the hold asks in training, see `held_total`; 1 if a line is expected."""
    if p.normalization.kind == "affine":
        return 1.0
    skin, training = p.skin, p.training
    touch = float(skin.peak_rate - skin.background_rate) * np.exp(-((places(p) / skin.bump_width) ** 2) / 2).sum()
    touched = PROBE_SLOTS / (PROBE_SLOTS + PAUSE_SLOTS) if training.touches_as_probes else 1.0
    background = p.skin.number * float(skin.background_rate)
    return held_total(background, touch, touched * training.use_before, touched * training.use)


def held_total(background: float, touch: float, before: float, now: float) -> float:
    """Return the total at which the hold rests, over what the target alone would fire, for any K.

    The hold keeps the ratio of pyramidal to afferent spikes; background fires PV cells, not the target, so the ratio
    that was learned where a share `before` of the time is touched asks for another total where it is `now`.

    Parameters
    ----------
    background, touch : float
        Afferent spikes per time without a touch, and what a touch adds.
    """
    return quotient(before / now * (background + now * touch), background + before * touch)
