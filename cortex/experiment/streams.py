"""Random streams of one run: named, independent, and the same for every condition compared."""

import numpy as np

from cortex.engine.seed import check_seed


class Streams:
    """The random streams of one replicate.

    The condition is no part of the key, so runs that are compared see the same stimuli.

    Parameters
    ----------
    seed : int
        Root seed, shared by all replicates.
    replicate : int
        Number of the replicate.
    """

    def __init__(self, seed: int, replicate: int = 0) -> None:
        self.seed = check_seed(seed)
        self.replicate = check_seed(replicate, "replicate")
        root = np.random.SeedSequence(self.seed, spawn_key=(self.replicate,))
        self._stimuli, self._weights, self._noise = root.spawn(3)

    @property
    def stimuli(self) -> np.random.Generator:
        """A generator for stimuli, from its beginning at each access."""
        return np.random.default_rng(self._stimuli)

    @property
    def weights(self) -> np.random.Generator:
        """A generator for initial weights, from its beginning at each access."""
        return np.random.default_rng(self._weights)

    @property
    def noise(self) -> np.random.Generator:
        """A generator for noise, from its beginning at each access."""
        return np.random.default_rng(self._noise)

    @property
    def network_seed(self) -> int:
        """The 32-bit seed of the simulator's own generators."""
        return int(self._noise.generate_state(1)[0])
