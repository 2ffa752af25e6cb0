"""One target cell and its idle neighbours on a strip of skin: copy, hold, release in the smallest circuit.

Afferents lie evenly on a strip of skin that a bump of pressure visits at random. One pyramidal cell, the target,
responds to the middle of the strip; the others are idle: their afferent synapses are nearly silent. All hear the
same afferents, the target reaches the idle cells, and PV cells reach everybody.

The protocol is one run: the target settles under its own learning rule, set points are calibrated, it is probed,
use rises and the idle cells copy it, the group is probed with and without hold, learns on under the hold, one
member is silenced, the hold is released. Stimuli are the same in every arm and null model of a seed.
"""

from models.pair.network import build, run_inputs
from models.pair.parameters import PairParameters
from models.pair.protocol import layout, protocol

__all__ = ["PairParameters", "build", "layout", "protocol", "run_inputs"]
