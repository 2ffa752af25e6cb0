"""The network of the pair: what a run sets, what its arms share, and exact copies."""

import numpy as np
import pytest
from brian2 import mV, second

from cortex.experiment.streams import Streams
from cortex.mechanisms.mechanism import gate_names
from models import pair
from models.pair.network import wiring
from models.pair.parameters import PairParameters
from models.pair.protocol import SLOT
from scenarios.copy_pair import SCENARIO

STIMULI = ("centre", "pressure")


@pytest.mark.parametrize("rule", ["hebbian", "stdp", "error_correcting"])
@pytest.mark.parametrize("teacher", ["target", "shuffled"])
@pytest.mark.parametrize("kind", ["divisive", "subtractive", "affine"])
def test_a_run_sets_all_constants(short, unset, rule, teacher, kind) -> None:
    p = short.override({"copying.rule": rule, "recruitment.teacher": teacher, "normalization.kind": kind})
    values = pair.run_inputs(p, Streams(0), "step")
    assert unset(pair.build(p), values) == set()
    assert ("lateral.delay" in values) == (teacher == "shuffled")


@pytest.mark.parametrize("rule", ["hebbian", "stdp", "error_correcting"])
def test_every_rule_can_be_simulated(short, start, rule) -> None:
    p = short.override({"copying.rule": rule, "recruitment.teacher": "shuffled"})
    run = start(lambda: pair.build(p), pair.run_inputs(p, Streams(0), "step"), 0.2 * second)
    assert np.isfinite(run["weights.w"]).all()


def test_the_network_lasts_as_long_as_the_protocol(short) -> None:
    model, protocol = pair.build(short), pair.protocol(short, np.random.default_rng(0), "step")
    assert float(model.duration) == pytest.approx(float(protocol.duration))
    inputs = pair.run_inputs(short, Streams(0), "step")
    for name in [f"gate.{gate}" for gate in gate_names(short)] + list(STIMULI):
        assert inputs[name].shape == model.inputs[name].values.shape == (protocol.slots,)


def test_the_ways_of_release_share_everything_before_it(seed) -> None:
    p, streams = PairParameters(), Streams(seed)
    released, never = (pair.run_inputs(p, streams, way) for way in ("step", "never"))
    start = round(pair.protocol(p, np.random.default_rng(0), "step").interval("release")[0] / float(SLOT))
    changed = set()
    for name in released:
        one, other = np.asarray(released[name]), np.asarray(never[name])
        if not np.array_equal(one, other):
            changed.add(name)
            np.testing.assert_array_equal(one[:start], other[:start], err_msg=name)
    assert changed == {"gate.released", "gate.coupling", "gate.hold_plasticity"}


@pytest.mark.parametrize("null", SCENARIO.nulls)
def test_null_models_share_stimuli_and_initial_weights(null) -> None:
    full, without = (pair.run_inputs(SCENARIO.resolve({}, null=name), Streams(3), "step") for name in ("", null))
    for name in (*STIMULI, "afferent.w", "afferent.arbor", "lateral.affinity", "gate.silencing"):
        np.testing.assert_array_equal(full[name], without[name], err_msg=name)


def test_seeds_differ_in_stimuli_and_weights() -> None:
    p = PairParameters()
    one, other = (pair.run_inputs(p, Streams(seed), "step") for seed in (0, 1))
    assert all((one[name] != other[name]).mean() > 0.3 for name in ("centre", "afferent.w"))


def test_only_the_target_responds_and_reaches_others() -> None:
    p = PairParameters(copies=4)
    connections, inputs = wiring(p), pair.run_inputs(p, Streams(0), "step")
    assert list(zip(*connections.lateral, strict=True)) == [(0, 1), (0, 2), (0, 3)]
    assert inputs["lateral.affinity"].tolist() == [1, 1, 1]
    assert inputs["pyramidal.established"].tolist() == [1, 0, 0, 0]
    weights = inputs["afferent.w"].reshape(p.skin.number, 4)
    assert weights[:, 0].max() > 0.8
    assert weights[:, 1:].max() <= 0.05
    assert inputs["pyramidal.silenced"].tolist() == [0, 0, 0, 1]


def test_inhibition_of_a_cell_is_shared_among_its_pv_cells() -> None:
    p = PairParameters(pv_cells=7)
    inputs = pair.run_inputs(p, Streams(0), "step")
    sums = np.bincount(wiring(p).inhibition[1], weights=inputs["inhibition.share"])
    np.testing.assert_allclose(sums, 1)


@pytest.mark.parametrize("noise", [0, 2])
def test_cells_with_the_same_weights_are_identical_without_private_noise(start, seed, noise) -> None:
    """Swap symmetry: same weights, same input, no coupling. With noise of their own they part at once."""
    p = PairParameters(copies=3, pyramidal={"noise": noise * mV})
    inputs = pair.run_inputs(p, Streams(seed), "step")
    weights = 2 * np.repeat(inputs["afferent.w"].reshape(-1, 3)[:, :1], 3, axis=1)
    inputs["afferent.w"] = weights.ravel()
    inputs["pyramidal.silenced"] = np.zeros(3)
    inputs["lateral.affinity"] = np.zeros(2)
    run = start(lambda: pair.build(p), inputs, 3 * second)
    trains = [run["spikes.t"][run["spikes.i"] == cell] for cell in range(3)]
    w = run["weights.w"][-1].reshape(-1, 3)
    assert len(trains[0]) > 10
    assert not np.array_equal(w, weights)  # they learn
    same = [np.array_equal(trains[0], other) for other in trains[1:]]
    assert same == [noise == 0] * 2
    assert np.array_equal(w[:, 0], w[:, 2]) == (noise == 0)
