"""Gates and the ways of release."""

import numpy as np
import pytest
from brian2 import ms

from cortex.mechanisms.gates import GATES, gates, released_fraction


def test_gates_are_closed_until_a_run_sets_them() -> None:
    made = gates(3, 50 * ms)
    assert set(made) == set(GATES)
    assert all(gate.values.tolist() == [0, 0, 0] and gate.dt == 50e-3 for gate in made.values())
    assert len({gate.name for gate in made.values()}) == len(GATES)


@pytest.mark.parametrize("slots", [2, 11, 400])
@pytest.mark.parametrize("residual", [0.0, 0.2])
def test_release_leaves_the_residual(slots: int, residual: float) -> None:
    step, gradual, never = (released_fraction(way, slots, residual) for way in ("step", "gradual", "never"))
    assert step.shape == gradual.shape == never.shape == (slots,)
    np.testing.assert_allclose(step, 1 - residual)
    np.testing.assert_array_equal(never, 0)
    assert (gradual[0], gradual[-1]) == pytest.approx((0, 1 - residual))


def test_gradual_release_is_even_over_the_first_half() -> None:
    released = released_fraction("gradual", 101, 0.0)
    np.testing.assert_allclose(released[:51], np.linspace(0, 1, 51), atol=1e-12)
    np.testing.assert_array_equal(released[51:], 1)
