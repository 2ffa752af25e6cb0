"""Pools of PV cells that reach other groups, and sites that can be pressed in several places."""

import numpy as np
import pytest

from cortex.experiment.streams import Streams
from models import fingertip
from models.fingertip.anatomy import distances, sites, wiring
from models.fingertip.parameters import FingertipParameters
from models.fingertip.pool_observe import felt_rates
from models.fingertip.pool_theory import group_gain, least_felt, parting_ratio, weaker_answer
from models.fingertip.pools import PoolParameters
from models.fingertip.protocol import TRIAL, protocol
from models.fingertip.theory import gain_to_part, pools, settled
from models.learner.tasks import PATTERNS
from tests.models.fingertip.conftest import SHORT


def overlapping(**changes: object) -> PoolParameters:
    return PoolParameters().override({name.replace("__", "."): value for name, value in changes.items()})


def test_a_run_sets_all_constants(unset) -> None:
    p = PoolParameters().override({name: value for name, value in SHORT.items() if name in PoolParameters().as_text()})
    assert unset(fingertip.build(p), fingertip.run_inputs(p, Streams(0))) == set()


def test_pools_without_reach_are_those_of_the_fingertip() -> None:
    own, plain = overlapping(normalization__reach=0), FingertipParameters()
    for name, contacts in vars(wiring(plain)).items():
        np.testing.assert_array_equal(contacts, vars(wiring(own))[name], err_msg=name)
    inputs = fingertip.run_inputs(own, Streams(0))
    assert set(inputs["recurrent.weight"]) == {1.0}
    np.testing.assert_array_equal(inputs["inhibition.share"], 1 / own.group.pv_cells)


def test_pools_reach_neighbours_of_the_same_skin_by_less_and_a_cell_gets_as_much_of_all() -> None:
    p = overlapping(normalization__reach=2, normalization__softness=1)
    inputs, wired = fingertip.run_inputs(p, Streams(0)), wiring(p)
    cell, pv = wired.recurrent
    group, pool = cell // p.group.copies, pv // p.group.pv_cells
    assert np.abs(group - pool).max() == 2
    np.testing.assert_array_equal(group < p.group.tip, pool < p.group.tip)
    np.testing.assert_allclose(inputs["recurrent.weight"], np.exp(-np.abs(group - pool)))
    assert {*zip(cell, pv, strict=True)} == {*zip(*wired.inhibition[::-1], strict=True)}
    pv, cell = wired.inhibition
    np.testing.assert_allclose(np.bincount(cell, weights=inputs["inhibition.share"]), 1)
    assert np.isinf(distances(p)[p.group.tip - 1, p.group.tip])


def test_sites_are_pressed_in_all_their_places_and_one_place_is_the_fingertip_as_it_was() -> None:
    p = overlapping(skin__places=12)
    inputs = fingertip.run_inputs(p, Streams(1))
    run = protocol(p, Streams(1).stimuli)
    shift = run.array("shift")
    off = inputs["place_1"] - shift - sites(p)[1]
    np.testing.assert_allclose(np.unique(off[run.array("code") > 0].round(6)), [-1.25, -0.416667, 0.416667, 1.25])
    assert abs(np.corrcoef(off, inputs["place_0"] - shift)[0, 1]) < 0.1
    one, plain = (protocol(q, Streams(1).stimuli) for q in (overlapping(skin__places=3), FingertipParameters()))
    first = slice(0, 300)
    for name in ("code", "shift", "depth", "onset"):
        np.testing.assert_array_equal(one.array(name)[first], plain.array(name)[first])


def test_the_rates_of_a_touch_are_those_that_the_skin_feels() -> None:
    p = overlapping(skin__places=12, training__repeats=3)
    observed = type("Animal", (), {"parameters": p, "layout": protocol(p, None)})()
    rates = felt_rates(observed, "test after")
    run = protocol(p, Streams(0).stimuli)
    start = round(run.interval("test after")[0] / float(TRIAL))
    inputs = fingertip.run_inputs(p, Streams(0))
    depth = np.stack([inputs[f"depth_{site}"].reshape(run.slots, -1).sum(axis=1) for site in range(3)])[:, start] / 4
    place = np.array([inputs[f"place_{site}"][start] for site in range(3)])
    bumps = depth[:, None] * np.exp(-((inputs["afferents.place"] - place[:, None]) ** 2) / (2 * 0.8**2))
    np.testing.assert_allclose(rates[0], 0.5 + 59.5 * bumps.sum(axis=0))


def test_members_of_a_group_of_two_touches_part_from_a_known_gain_on() -> None:
    k = 0.3
    traces = np.array([[1.0, 0.0], [k, np.sqrt(1 - k**2)]])
    assert parting_ratio(traces, np.ones(2), np.ones(2), float(gain_to_part(k))) == pytest.approx(1)
    assert parting_ratio(traces, np.array([1.0, 0.0]), np.ones(2), 100.0) == pytest.approx(0)
    assert parting_ratio(traces, np.zeros(2), np.ones(2), 100.0) == 0


def test_a_group_answers_beside_its_site_from_a_known_drive_on() -> None:
    """Two groups at each of three sites: the middle pair is touched, its neighbours are driven by a little."""
    inhibition, s = pools(6, 1, 1, softness=2.0), 5.0
    least = float(weaker_answer(s, *inhibition[2, 2:5]))
    for factor, answers in ((0.98, False), (1.02, True)):
        drive = np.array([[0, factor * least, 1, 1, factor * least, 0]])
        fired = settled(drive, np.full(6, s), inhibition, steps=20_000)[0]
        assert (fired[1] > 1e-6) == answers, factor


def test_what_pools_do_not_feel_grows_as_the_difference_of_members() -> None:
    assert least_felt(pools(6, 0, 0)) == 1
    assert abs(least_felt(pools(6, 1, 1))) < 0.02  # flat pools with sharp edges
    assert least_felt(pools(6, 1, 1, softness=3.0)) > 0.6
    rho, s, step = 0.4, 3.0, 1e-4
    two = np.array([[1, rho], [rho, 1]])
    fired = settled(np.array([[1 + step, 1 - step]]), np.full(2, s), two, steps=20_000)[0]
    gain = (fired[0] - fired[1]) / fired.sum() / step
    assert gain == pytest.approx(group_gain(1 + s * (1 + rho), least_felt(two)), rel=1e-3)
    assert group_gain(6.0, 0.0) == 6
    assert group_gain(6.0, 1.0) == 1


DISTANCE = np.abs(np.subtract.outer(np.arange(6), np.arange(6)))
FLAT = (DISTANCE <= 1).astype(float)


def least_drive(inhibition: np.ndarray) -> float:
    """Return the drive from which a group answers beside its site, in pools as strong as a hold of three copies is."""
    strength = 8 / np.linalg.eigvals(inhibition).real.max()
    return float(weaker_answer(strength, *inhibition[2, 2:5]))


def test_pv_cells_that_inhibit_each_other_restore_nothing_that_they_do_not_hear() -> None:
    among = np.linalg.inv(np.eye(6) + 0.3 * (DISTANCE == 1))
    assert abs(least_felt(FLAT / FLAT.sum(axis=1, keepdims=True) @ among @ FLAT)) < 0.05


def test_pv_cells_that_learn_whom_to_inhibit_by_firing_together_narrow_nothing() -> None:
    """Those that fire together are the two groups of a site, and those are the ones that compete."""
    answers = np.repeat(PATTERNS, 2, axis=1)
    together = answers.T @ (answers @ FLAT) * FLAT
    learned = together / together.sum(axis=1, keepdims=True) @ FLAT
    flat = pools(6, 1, 1)
    assert least_drive(learned) >= least_drive(flat)
    assert least_felt(learned) < 0.02
    narrow = 0.2 * flat + 0.8 * np.eye(6)  # as much comes from a pool of the group's own
    assert least_drive(narrow) < 0.4 * least_drive(flat)
