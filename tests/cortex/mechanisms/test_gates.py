"""Gates and the ways of release."""

import numpy as np
import pytest
from brian2 import ms

from cortex.mechanisms.circuit import CircuitParameters
from cortex.mechanisms.gates import RELEASES, after_release, gates
from cortex.mechanisms.mechanism import gate_names


def test_gates_are_closed_until_a_run_sets_them() -> None:
    names = gate_names(CircuitParameters())
    made = gates(names, 3, 50 * ms)
    assert list(made) == names
    assert all(gate.values.tolist() == [0, 0, 0] and gate.dt == 50e-3 for gate in made.values())
    assert len({gate.name for gate in made.values()}) == len(names)


@pytest.mark.parametrize("slots", [2, 11, 400])
@pytest.mark.parametrize("residual", [0.0, 0.2])
def test_release_leaves_the_residual_of_the_hold_and_nothing_of_the_coupling(slots: int, residual: float) -> None:
    released = {way: after_release(way, slots, residual) for way in RELEASES}
    step, gradual, never = (released[way] for way in ("step", "gradual", "never"))
    assert all(gates["released"].shape == gates["coupling"].shape == (slots,) for gates in released.values())
    np.testing.assert_allclose(step["released"], 1 - residual)
    np.testing.assert_array_equal(step["coupling"], 0)
    np.testing.assert_array_equal(never["released"], 0)
    np.testing.assert_array_equal(never["coupling"], 1)
    assert (gradual["released"][0], gradual["released"][-1]) == pytest.approx((0, 1 - residual))
    assert (gradual["coupling"][0], gradual["coupling"][-1]) == pytest.approx((1, 0))


def test_gradual_release_is_even_over_the_first_half() -> None:
    released = after_release("gradual", 101, 0.0)["released"]
    np.testing.assert_allclose(released[:51], np.linspace(0, 1, 51), atol=1e-12)
    np.testing.assert_array_equal(released[51:], 1)


@pytest.mark.parametrize(("way", "adapts"), [("step", 0), ("gradual", 0), ("never", 1)])
def test_the_hold_adapts_only_if_it_is_never_released_and_learning_goes_on(way: str, adapts: float) -> None:
    gates = after_release(way, 10, 0.2)
    assert gates["hold_plasticity"] == adapts
    assert gates["plasticity"] == 1
