"""A protocol: blocks in sequence, each with its gates and stimuli, laid out as one array over equal time slots."""

from dataclasses import dataclass, field

import numpy as np
from brian2 import Quantity

from cortex.experiment.scenario import Phase


@dataclass(frozen=True)
class Block:
    """A stretch of a protocol.

    Attributes
    ----------
    name : str
        What happens in it.
    slots : int
        Its length.
    values : dict of str to float or array, shape (slot, ...)
        What each gate and stimulus variable is in it; 0 where nothing is said.
    """

    name: str
    slots: int
    values: dict[str, float | np.ndarray] = field(default_factory=dict)


@dataclass(frozen=True)
class Protocol:
    """Blocks in sequence.

    Attributes
    ----------
    slot : Quantity, s
        Duration of a slot.
    blocks : tuple of Block
    """

    slot: Quantity
    blocks: tuple[Block, ...]

    @property
    def slots(self) -> int:
        """Length of the protocol."""
        return sum(block.slots for block in self.blocks)

    @property
    def duration(self) -> Quantity:
        """Length of the protocol, s."""
        return self.slots * self.slot

    def array(self, name: str, shape: tuple[int, ...] = ()) -> np.ndarray:
        """Lay out one gate or stimulus variable over all slots, shape (slot, *shape)."""
        parts = [np.broadcast_to(block.values.get(name, 0.0), (block.slots, *shape)) for block in self.blocks]
        return np.concatenate(parts).astype(float)

    def interval(self, name: str) -> tuple[float, float]:
        """Give start of the first and end of the last block of a name, s."""
        found = [phase for phase in self.phases() if phase.name == name]
        return float(found[0].start), float(found[-1].start + found[-1].duration)

    def phases(self) -> list[Phase]:
        """List the blocks with their times."""
        starts = np.cumsum([0] + [block.slots for block in self.blocks])
        return [
            Phase(block.name, start * self.slot, block.slots * self.slot)
            for block, start in zip(self.blocks, starts[:-1].tolist(), strict=True)
        ]
