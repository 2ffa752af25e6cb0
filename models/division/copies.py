"""Splitting in spikes: an idle cell copies the input of a busy one, and a hold on their total halves the output."""

import numpy as np

from cortex.engine.simulation import Arm, Recipe, simulate
from cortex.experiment.coordinates import Variable
from cortex.experiment.streams import Streams
from models import pair
from models.pair.observe import ratios, responses, similarity
from models.pair.parameters import PairParameters
from models.pair.protocol import PROBE_SLOTS, SLOT, layout, probe_places


def copied(p: PairParameters, streams: Streams) -> dict[str, Variable]:
    """Let an idle cell copy a busy one under a hold on their total."""
    arm = Arm(pair.run_inputs(p, streams, p.normalization.release), streams.network_seed)
    run = simulate(Recipe(pair.build, (p,)), {"pair": arm}).recordings["pair"]
    copied_at = int(np.searchsorted(run["weights.t"], layout(p).interval("copy")[1]))
    seconds = PROBE_SLOTS * float(SLOT)
    rates = {
        name: responses(p, run, f"{when} {probe}").mean(axis=1) / seconds
        for name, when, probe in (
            ("alone", "before", "gain 1"),
            ("held", "held", "gain 1"),
            ("alone_no_hold", "before", "no hold"),
            ("no_hold", "held", "no hold"),
        )
    }
    return {
        "place": Variable(("place",), probe_places(p), "mm", "where the skin is touched"),
        "similarity": Variable((), similarity(p, run)[:, copied_at].mean(), "1", "cosine of the weights of the pair"),
        **{
            f"ratio_{name}": Variable(
                (f"driving_{name}",), ratios(p, run, probe), "1", "spikes of both over those of one before, by stimulus"
            )
            for name, probe in (("no_hold", "no hold"), ("trained", "gain 1"), ("unseen", "unseen"))
        },
        **{
            name: Variable(("place", "member"), values, "Hz", f"rate of each cell: {name.replace('_', ' ')}")
            for name, values in rates.items()
        },
    }
