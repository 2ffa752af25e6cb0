"""Random streams."""

import numpy as np

from cortex.experiment.streams import Streams


def test_each_access_starts_at_the_beginning() -> None:
    streams = Streams(5)
    assert streams.stimuli.random(3).tolist() == streams.stimuli.random(3).tolist()


def test_streams_differ_by_purpose_seed_and_replicate() -> None:
    drawn = [
        generator.random()
        for streams in (Streams(5), Streams(6), Streams(5, 1))
        for generator in (streams.stimuli, streams.weights, streams.noise)
    ]
    assert len(set(drawn)) == 9


def test_streams_are_those_of_a_seed_sequence() -> None:
    stimuli, weights, noise = np.random.SeedSequence(5, spawn_key=(2,)).spawn(3)
    streams = Streams(5, 2)
    assert streams.stimuli.random() == np.random.default_rng(stimuli).random()
    assert streams.weights.random() == np.random.default_rng(weights).random()
    assert streams.noise.random() == np.random.default_rng(noise).random()


def test_the_network_seed_has_32_bits() -> None:
    seeds = {Streams(seed, replicate).network_seed for seed in range(5) for replicate in range(5)}
    assert len(seeds) == 25
    assert all(0 <= seed < 2**32 for seed in seeds)
