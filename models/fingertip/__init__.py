"""A fingertip and the skin beside it, on groups of spiking cells that copy, are held, learn a task and are released.

Afferents lie evenly on a strip of skin: the trained fingertip, then other skin. Groups of pyramidal cells lie evenly
over both; each has one target, which responds from the start, K - 1 idle neighbours, and PV cells of its own. Two
readouts hear all cells: one is asked the old question about a touch of the tip, the other the new one. No touch comes
twice: place, depth and onset are drawn anew.

The protocol is one run: settle, learn the old task, copy under the hold, learn the new task to its plateau, release.
The map is taken with virtual electrodes, and both tasks are tested with touches never shown, at each stage.
"""

from models.fingertip.network import build, run_inputs
from models.fingertip.parameters import FingertipParameters
from models.fingertip.protocol import protocol

__all__ = ["FingertipParameters", "build", "protocol", "run_inputs"]
