"""Totals against hand counts and the equations that they solve."""

import numpy as np
import pytest

from cortex.analysis.totals import no_hold_total, normalization_fit, recovery, total_ratios, variation_ratio


def test_ratios_are_formed_per_stimulus_from_means_over_repeats() -> None:
    assert total_ratios([[10, 30], [5, 7]], [[5, 15], [6, 6]], minimum=1) == pytest.approx([2, 1])


def test_stimuli_that_hardly_drive_the_reference_are_left_out() -> None:
    assert total_ratios([[20], [100], [12]], [[10], [1], [12]], minimum=10) == pytest.approx([2, 1])
    assert total_ratios([[1], [1]], [[1], [1]], minimum=2).size == 0


def test_repeats_of_group_and_reference_may_differ_in_number() -> None:
    assert total_ratios([[10, 20, 30]], [[10]], minimum=1) == pytest.approx([2])


def test_recovery_looks_at_the_last_third_of_the_time_allowed() -> None:
    t = np.arange(0, 30)
    total = np.select([t < 10, t < 14, t < 16], [100, 50, 90], default=7)
    assert recovery(t, total, reference=100, silenced_at=10, within=6) == pytest.approx(0.9)


@pytest.mark.parametrize("members", [1, 2, 5])
@pytest.mark.parametrize("strength", [0, 0.7, 9])
def test_no_hold_total_solves_the_linear_circuit(members: int, strength: float) -> None:
    def total(cells: int) -> float:
        return float(np.linalg.solve(np.eye(cells) + strength * np.ones((cells, cells)), np.ones(cells)).sum())

    assert no_hold_total(members, strength) == pytest.approx(total(members) / total(1))


def test_a_group_that_was_silent_before_or_is_watched_too_briefly_does_not_recover() -> None:
    assert np.isnan(recovery([0, 1, 2], [5, 5, 5], 0.0, 0.0, 3.0))
    assert np.isnan(recovery([0], [5], 5.0, 0.0, 1.0))


@pytest.mark.parametrize("shared", [0, 0.4, 1])
def test_a_group_varies_less_than_its_members_by_how_far_they_are_independent(shared: float) -> None:
    rng = np.random.default_rng(0)
    own, common = rng.normal(size=(20000, 5)), rng.normal(size=(20000, 1))
    counts = 10 + np.sqrt(1 - shared) * own + np.sqrt(shared) * common
    assert variation_ratio(counts) == pytest.approx(np.sqrt((1 + 4 * shared) / 5), rel=0.02)
    silent = np.concatenate([counts, np.zeros((20000, 3))], axis=1)
    assert variation_ratio(silent) == pytest.approx(variation_ratio(counts)), "cells that never fire are no members"
    assert np.isnan(variation_ratio(np.ones((4, 3))))


def test_a_normalization_equation_fits_itself_and_nothing_that_falls() -> None:
    drive = np.geomspace(1, 200, 40)
    response = 7 * drive**2 / (30**2 + drive**2)
    assert normalization_fit(drive, response) == pytest.approx(1, abs=1e-3)
    noise = np.random.default_rng(0).normal(0, 1, 40)
    share = 1 - noise.var() / (response + noise).var()
    assert normalization_fit(drive, response + noise) == pytest.approx(share, abs=0.03)
    assert normalization_fit(drive, response[::-1]) < 0
    assert np.isnan(normalization_fit(drive, np.ones(40)))
    assert np.isnan(normalization_fit(np.zeros(40), response))
