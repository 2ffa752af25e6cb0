"""Splitting cells: values that can be written down, and which kinds of cells keep their output."""

import numpy as np
import pytest

from cortex.errors import UsageError
from cortex.experiment.streams import Streams
from models.division import spiking, splits
from models.division.parameters import DivisionParameters, Spiking

P = DivisionParameters()


@pytest.mark.parametrize(
    ("kind", "whole", "halves"),
    [
        ("linear", 2.0, 2.0),
        ("ReLU", 2.0, 2.0),
        ("tanh", np.tanh(2.0), 2 * np.tanh(1.0)),
        ("softplus", np.log(1 + np.e**2), 2 * np.log(1 + np.e)),
    ],
)
def test_half_the_input_to_each_part_gives_what_the_formula_gives(kind: str, whole: float, halves: float) -> None:
    parts = np.ones((2, 1, 1))
    assert splits.KINDS[kind](np.array(2.0)) == pytest.approx(whole, rel=1e-14)
    assert splits.output(kind, parts, np.ones(2))[0, 0] == pytest.approx(halves, rel=1e-14)


def test_the_parts_of_each_split_have_the_shares_that_it_says(seed: int) -> None:
    streams = Streams(seed)
    weights, _ = splits.drawn(P, streams)
    parts = splits.parts(P, weights, streams)
    for name in ("outgoing, halves", "outgoing, unequal"):
        incoming, outgoing = parts[name]
        assert (incoming == weights).all()
        assert outgoing.sum() == 1
    for name in ("incoming, halves", "incoming, unequal", "incoming, beyond", "each synapse by itself"):
        incoming, outgoing = parts[name]
        np.testing.assert_allclose(incoming.sum(axis=0), weights, rtol=1e-12, atol=1e-14)
        assert (outgoing == 1).all()
    assert (parts["new cell without input"][0][1] == 0).all()
    synapse = parts["each synapse by itself"][0][0] / weights
    assert synapse.std() > 1  # no share that all synapses have in common
    jittered = splits.parts(P.override({"split.jitter": 0.1}), weights, streams)["outgoing, halves"][0]
    assert (jittered - weights).std() == pytest.approx(0.1 * weights.std(), rel=0.1)


def test_all_is_positive_where_all_is_excitatory(seed: int) -> None:
    streams, p = Streams(seed), P.override({"cells.excitatory": True})
    weights, stimuli = splits.drawn(p, streams)
    synapse = splits.parts(p, weights, streams)["each synapse by itself"][0]
    assert min(stimuli.min(), synapse.min()) >= 0


def test_an_error_is_a_share_of_the_largest_output() -> None:
    assert splits.error(np.array([1.0, -4.0]), np.array([1.0, -3.0])) == 0.25
    assert splits.error(np.zeros(2), np.array([0.0, 3.0])) == 3


def test_the_loss_is_the_least_of_output_weights_and_the_same_along_the_line(seed: int) -> None:
    p, streams = P.override({"cells.draws": 3, "line.points": 4}), Streams(seed)
    shares, losses = splits.losses(p, *splits.drawn(p, streams), streams)
    assert shares.tolist() == [-1, 0, 1, 2]
    np.testing.assert_allclose(losses[0], 1, rtol=1e-12)
    np.testing.assert_allclose(losses[1, 0], 1, rtol=1e-12)
    np.testing.assert_allclose(losses[1, 1:3, :, 1:3], 1, rtol=1e-12)  # one part has everything
    assert (losses[1, 1:, :, (0, 3)] > 1).all()


@pytest.mark.parametrize(
    ("drive", "threshold", "rate"), [(30, 15, 63.04), (15, 15, 0), (60, 15, 128.97), (15, 7.5, 63.04)]
)
def test_the_rate_of_a_cell_has_a_closed_form(drive: float, threshold: float, rate: float) -> None:
    assert spiking.rate(Spiking(), drive / 1000, threshold / 1000) == pytest.approx(rate, abs=0.01)


def test_spikes_in_common_are_counted() -> None:
    rate = np.zeros((1, 4, 2))
    whole, first, second = 0, 4, 5  # the way "outgoing, halves" stands after the whole cell and another way
    cells = [whole] * 4 + [first] * 3 + [second] * 2
    times = [0.1, 0.2, 0.3, 0.4, 0.1, 0.2, 0.35, 0.1, 0.4]
    assert spiking.in_common({"rate": rate, "cell": np.array(cells), "time": np.array(times)}) == 0.25


@pytest.mark.parametrize(
    "values",
    [
        {"spiking.draws": 51},
        {"spiking.stimuli": 101},
        {"spiking.weak": "15 mV"},
        {"spiking.strong": "30 mV"},
        {"line.cells": 21},
        {"cells.stimuli": 10, "cells.inputs": 20, "line.cells": 10},
    ],
)
def test_what_leaves_nothing_to_split_is_refused(values: dict) -> None:
    from scenarios.mitosis import SCENARIO

    with pytest.raises(UsageError):
        SCENARIO.resolve(values)
