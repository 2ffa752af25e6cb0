"""Solutions are counted as in closed form; a spare cell leads round the barrier; losses and gradients are right."""

from math import comb, factorial

import numpy as np
import pytest
from scipy.special import stirling2

from cortex.errors import UsageError
from cortex.experiment.streams import Streams
from models.landscape import counts, network, path, search
from models.landscape.parameters import LandscapeParameters

P = LandscapeParameters()


@pytest.mark.parametrize(
    ("r", "m", "number"), [(1, 2, 3), (1, 3, 10), (2, 3, 12), (2, 4, 62), (3, 4, 60), (3, 5, 450), (2, 5, 320)]
)
def test_solutions_are_as_many_as_published(r: int, m: int, number: int) -> None:
    assert counts.minima(r, m) == number


@pytest.mark.parametrize("r", range(1, 7))
@pytest.mark.parametrize("spare", range(4))
def test_formulas_agree_with_other_forms_of_themselves(r: int, spare: int) -> None:
    m = r + spare
    assert counts.surjections(r, m) == factorial(r) * stirling2(m, r, exact=True)
    by_groups = sum(stirling2(m, k, exact=True) * factorial(k) // factorial(k - r) for k in range(r, m + 1))
    assert counts.minima(r, m) == by_groups
    assert counts.minima(r, r + 1) / counts.minima(r, r) == counts.first_spare(r) == comb(r + 2, 2)
    assert counts.saddles(r, r) == (r - 1) / 2


@pytest.mark.parametrize(
    ("r", "spare", "ratio"), [(4, 1, 0.417), (4, 5, 0.0075), (10, 2, 0.89), (30, 0, 14.5), (30, 10, 0.49)]
)
def test_saddles_for_each_solution(r: int, spare: int, ratio: float) -> None:
    assert counts.saddles(r, r + spare) == pytest.approx(ratio, rel=0.02)


def test_every_pattern_comes_once() -> None:
    every = list(counts.patterns(2, 3))
    assert len(every) == len(set(every))
    assert sum(len(set(owner) - {-1}) == 2 for _, owner in every) == counts.minima(2, 3)


@pytest.mark.parametrize(("r", "m"), [(1, 1), (1, 3), (2, 3), (3, 4)])
def test_what_is_found_one_by_one_is_what_the_formula_says(r: int, m: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    (incoming,), (outgoing,) = network.teachers(rng, 1, r, 1.5)
    free = rng.standard_normal((m, network.INPUTS))
    found = counts.enumerate_solutions(network.stimuli(rng, 100), (incoming, outgoing), m, free)
    assert found == (counts.minima(r, m), counts.surjections(r, m), 0, m - r)


def test_the_way_round_keeps_all_answers_and_ends_with_two_cells_exchanged(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, teacher = network.stimuli(rng, 100), network.teachers(rng, 5, 3, 1.5)
    corners = path.round_by_spare(*teacher)
    assert len(corners) == 6
    w, a = corners[-1]
    changed = path.exchanged(*teacher)
    np.testing.assert_allclose(w[:, :-1], changed[0])
    np.testing.assert_allclose(a, np.concatenate([changed[1], np.zeros((5, 1))], axis=1))
    assert path.losses(x, corners, 5).max() < 1e-28
    straight = path.losses(x, [teacher, changed], 5)
    assert straight.shape == (5, 5)
    assert straight[:, [0, -1]].max() < 1e-28 < 1e-4 < straight[:, 2].min()


def test_narrow_networks_begin_with_the_cells_of_wide_ones_and_lbfgs_goes_down(seed: int) -> None:
    task = search.task(P, Streams(seed))
    assert task.starts.shape == (20, 15, 4)
    assert task.answers.var() == pytest.approx(1)
    few = task._replace(starts=task.starts[:3])
    before = [
        ((network.answers(task.stimuli, cells[:5, :3], cells[:5, 3]) - task.answers) ** 2).mean()
        for cells in few.starts
    ]
    (once,), (often,) = (search.by_lbfgs(few, (5,), iterations) for iterations in (1, 100))
    assert (once < before).all()
    assert (often < 0.2 * once).all()


def test_descent_and_walk_know_the_loss_of_networks_of_every_width(seed: int) -> None:
    pytest.importorskip("jax")
    p = P.override({"search.starts": 2, "search.steps": 10, "search.updates": 10})
    task = search.task(p, Streams(seed))
    networks = search._Networks(task, p.search.widths)
    known = np.asarray(networks.losses(networks.begin)).reshape(networks.shape)
    expected = [
        [((network.answers(task.stimuli, w[:m, :3], w[:m, 3]) - task.answers) ** 2).mean() for w in task.starts]
        for m in p.search.widths
    ]
    np.testing.assert_allclose(known, expected, rtol=1e-4)
    walked = search.by_walk(task, p.search, 1)
    assert walked.shape == (5, 2)
    assert (walked <= known).all()
    assert (walked < known).any()
    assert (search.by_walk(task, p.override({"search.directed": False}).search, 1) > known).any()
    assert np.median(search.by_descent(task, p.search, 1) / known) < 1


def test_silent_cells_stay_silent_in_descent(seed: int) -> None:
    pytest.importorskip("jax")
    p = P.override({"search.starts": 2, "search.updates": 200})
    task = search.task(p, Streams(seed))
    alone = p.override({"search.widths": "4,5,7"})
    wide = search.by_descent(task, p.search, 3)[:3]
    narrow = search.by_descent(task._replace(starts=task.starts[:, :7]), alone.search, 3)
    np.testing.assert_allclose(wide, narrow, rtol=1e-2)


@pytest.mark.parametrize(
    "values",
    [
        {"search.widths": "5,7,10"},
        {"search.widths": "4,5,10"},
        {"search.widths": "5,4,7"},
        {"count.teacher": 4, "count.width": 4},
        {"search.batch": 201},
        {"search.starts": 1},
        {"path.draws": 1},
    ],
)
def test_what_cannot_be_compared_is_refused(values: dict) -> None:
    from scenarios.solution_count import SCENARIO

    with pytest.raises(UsageError):
        SCENARIO.resolve(values)
