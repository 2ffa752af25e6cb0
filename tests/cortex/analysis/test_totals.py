"""Totals against hand counts and the equations that they solve."""

from math import isnan

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from cortex.analysis.totals import hold_total, no_hold_total, recovery, total_ratio


def test_ratios_are_formed_per_stimulus_and_then_averaged() -> None:
    assert total_ratio([10, 30], [10, 10], minimum=5) == pytest.approx(2)
    assert total_ratio([20, 20], [10, 40], minimum=5) == pytest.approx((2 + 0.5) / 2)  # not 40 / 50


def test_stimuli_that_hardly_drive_the_reference_are_left_out() -> None:
    assert total_ratio([20, 100, 12], [10, 1, 12], minimum=10) == pytest.approx((2 + 1) / 2)
    assert isnan(total_ratio([1, 1], [1, 1], minimum=2))


def test_repeats_are_averaged_before_the_ratio() -> None:
    group, reference = [[10, 30], [5, 7]], [[5, 15], [6, 6]]
    assert total_ratio(group, reference, minimum=1) == pytest.approx((2 + 1) / 2)


def test_repeats_of_group_and_reference_may_differ_in_number() -> None:
    assert total_ratio([[10, 20, 30]], [10], minimum=1) == pytest.approx(2)


def test_recovery_looks_at_the_last_third_of_the_time_allowed() -> None:
    t = np.arange(0, 30)
    total = np.select([t < 10, t < 14, t < 16], [100, 50, 90], default=7)
    assert recovery(t, total, reference=100, silenced_at=10, within=6) == pytest.approx(0.9)


def test_hold_total_solves_the_equation_of_the_pooled_gain() -> None:
    members, tau, t = 3, 2.0, np.linspace(0, 4, 20)
    gain = solve_ivp(lambda _, g: (1 - members * g) / tau, (0, 4), [1.0], t_eval=t, rtol=1e-9, atol=1e-12).y[0]
    assert hold_total(members, t, tau) == pytest.approx(members * gain, rel=1e-7)


@pytest.mark.parametrize("members", [1, 2, 5])
@pytest.mark.parametrize("strength", [0, 0.7, 9])
def test_no_hold_total_solves_the_linear_circuit(members: int, strength: float) -> None:
    def total(cells: int) -> float:
        return float(np.linalg.solve(np.eye(cells) + strength * np.ones((cells, cells)), np.ones(cells)).sum())

    assert no_hold_total(members, strength) == pytest.approx(total(members) / total(1))
