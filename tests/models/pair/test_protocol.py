"""The protocol of the pair."""

import numpy as np

from models import pair
from models.pair.parameters import PairParameters
from models.pair.protocol import SLOT, probe_order, probe_places


def test_every_place_is_probed_equally_often_in_the_same_order() -> None:
    p = PairParameters()
    order = probe_order(p)
    np.testing.assert_array_equal(order, probe_order(PairParameters()))
    assert (np.bincount(order) == p.training.repeats).all()
    assert len(probe_places(p)) == p.training.probes


def test_touches_of_training_may_be_those_of_probes() -> None:
    p = PairParameters().override({"training.touches_as_probes": "true", "training.use": "0.5"})
    run = pair.protocol(p, np.random.default_rng(0), "step")
    start, end = (round(time / float(SLOT)) for time in run.interval("copy"))
    centre, pressure = (run.array(name)[start:end].reshape(-1, 5) for name in ("centre", "pressure"))
    assert (np.diff(centre, axis=1) == 0).all() and len(np.unique(centre)) == p.training.probes
    touched = pressure[:, 0] == 1
    assert 0.4 < touched.mean() < 0.6
    np.testing.assert_array_equal(pressure[touched], np.tile([1, 1, 1, 0, 0], (touched.sum(), 1)))
    assert not pressure[~touched].any()


def test_plasticity_is_closed_in_every_probe() -> None:
    p = PairParameters()
    protocol = pair.protocol(p, np.random.default_rng(0), "step")
    gates = {name: protocol.array(name) for name in ("plasticity", "hold_plasticity", "calibration", "silencing")}
    for phase in protocol.phases():
        if phase.name.startswith("probe"):
            first = round(float(phase.start / SLOT))
            inside = slice(first, first + round(float(phase.duration / SLOT)))
            assert not any(gate[inside].any() for gate in gates.values()), phase.name


def test_times_are_those_of_the_protocol_and_no_stimulus_is_drawn_for_them() -> None:
    p = PairParameters()
    drawn, times = pair.protocol(p, np.random.default_rng(0), "step"), pair.layout(p)
    assert times.phases() == drawn.phases()
    assert not any(block.values for block in times.blocks)
