"""A protocol: blocks in sequence, each with its gates and stimuli, laid out as one array over equal time slots."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from brian2.units import Quantity


@dataclass(frozen=True)
class Phase:
    """A stretch of a protocol.

    Parameters
    ----------
    name : str
        What happens in it.
    start, duration : Quantity, s
        When.
    """

    name: str
    start: Quantity
    duration: Quantity


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
        """Return start of the first and end of the last block of a name, s."""
        slot = float(self.slot)
        stretches = [(start * slot, block.slots * slot) for block, start in self._starts() if block.name == name]
        (start, _), (last, duration) = stretches[0], stretches[-1]
        return start, last + duration

    def phases(self) -> list[Phase]:
        """List the blocks with their times."""
        return [Phase(block.name, start * self.slot, block.slots * self.slot) for block, start in self._starts()]

    def _starts(self) -> Iterator[tuple[Block, int]]:
        """Return each block and the slot it begins with."""
        return zip(self.blocks, itertools.accumulate((block.slots for block in self.blocks), initial=0), strict=False)
