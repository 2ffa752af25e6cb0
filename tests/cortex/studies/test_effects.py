"""How much each parameter matters, from the runs of a study."""

import itertools
import math

import numpy as np
import pytest

from cortex.studies.effects import effects, grid
from cortex.studies.plan import PlannedRun
from cortex.studies.table import RunTable


def runs(
    values: dict[tuple[str, ...], list[float]], names: tuple[str, ...], points: bool = False
) -> tuple[RunTable, list[PlannedRun]]:
    """Make a table and a plan of a measure at points, each with a value for every seed."""
    plan, rows = [], {}
    for number, (point, seeds) in enumerate(values.items()):
        for seed, value in enumerate(seeds):
            run = f"{number}-r{seed:03d}"
            plan.append(PlannedRun(run, "", seed, dict(zip(names, point, strict=True)), str(number) if points else ""))
            rows[run] = {"y": str(value)}
    return RunTable(rows), plan


def test_a_grid_has_an_axis_for_each_parameter_and_one_for_the_seeds() -> None:
    trials, plan = runs({(a, b): [float(a) + float(b), 0.0] for a in "12" for b in "345"}, ("a", "b"))
    trials.rows.pop("0-r000")
    found = grid(trials, plan, "y")
    assert found is not None
    assert (found.names, found.labels) == (["a", "b"], [["1", "2"], ["3", "4", "5"]])
    assert found.values.shape == (2, 3, 2)
    assert math.isnan(found.values[0, 0, 0])
    assert found.values[1, 2, 0] == 7


def test_shares_of_a_sum_are_those_of_its_terms() -> None:
    values = {(str(a), str(b)): [3 * a + b + seed for seed in range(5)] for a in (0, 1) for b in (0, 1)}
    trials, plan = runs(values, ("a", "b"))
    found = effects(trials, plan, "y", indices=False)
    assert (found.kind, found.names) == ("share of variance", ["a", "b", "interactions"])
    assert [share.mean for share in found.first] == pytest.approx([0.9, 0.1, 0.0])


def test_one_parameter_has_a_rank_correlation_for_each_seed() -> None:
    trials, plan = runs({(f"{a} ms",): [a**2, -a, math.nan] for a in (1, 2, 10)}, ("tau",))
    found = effects(trials, plan, "y", indices=False)
    assert found.kind == "rank correlation"
    assert found.first[0].mean == pytest.approx(0.0)
    trials, plan = runs({(name,): [1.0, 2.0] for name in ("step", "never")}, ("release",))
    assert math.isnan(effects(trials, plan, "y", indices=False).first[0].mean)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ([[2.0, 3.0], [1.0, 1.5]], "a rank correlation over 2 values tells little but the sign; at least 5 are needed"),
        ([[5 - a + b for b in (0.0, 1.0)] for a in range(5)], "all seeds have the same correlation"),
        ([[float(a)] for a in range(5)], "there is one seed"),
        ([[float(a), float(a == 3)] for a in range(5)], ""),
    ],
)
def test_a_rank_correlation_has_no_interval_where_that_means_nothing(values: list[list[float]], why: str) -> None:
    trials, plan = runs({(str(a),): seeds for a, seeds in enumerate(values)}, ("a",))
    found = effects(trials, plan, "y", indices=False)
    assert math.isnan(found.first[0].low) == math.isnan(found.first[0].high) == bool(why)
    assert found.no_interval == ({"a": why} if why else {})


@pytest.mark.parametrize("order", [1, -1])
def test_a_seed_counts_though_a_value_is_missing(order: int) -> None:
    trials, plan = runs({(str(a),): [float(a), a + 10.0] for a in (1, 2, 3, 4)}, ("a",))
    for run in ("0-r000", "3-r001"):
        trials.rows.pop(run)
    plan = plan[::order]
    found = effects(trials, plan, "y", indices=False)
    assert found.first[0].mean == pytest.approx(1)
    half = [trial for trial in plan if trial.run in trials.rows]
    assert effects(trials, half, "y", indices=False).first[0].mean == pytest.approx(1)


def test_sobol_indices_of_a_sum() -> None:
    from scipy.stats.qmc import Sobol

    drawn = Sobol(4, rng=np.random.default_rng(1)).random(256)
    a, b = drawn[:, :2], drawn[:, 2:]
    matrices = [a, b, np.stack([b[:, 0], a[:, 1]], 1), np.stack([a[:, 0], b[:, 1]], 1)]
    values = {(repr(float(x)), repr(float(y))): [2 * x + y] for x, y in itertools.chain(*matrices)}
    trials, plan = runs(values, ("x", "y"), points=True)
    found = effects(trials, plan, "y", indices=True)
    assert found.kind == "Sobol index"
    assert [index.mean for index in found.first] == pytest.approx([0.8, 0.2], abs=0.03)
    assert found.total is not None
    assert [index.mean for index in found.total] == pytest.approx([0.8, 0.2], abs=0.03)
    missing = RunTable({run: row for run, row in trials.rows.items() if run != "700-r000"})
    assert math.isnan(effects(missing, plan, "y", indices=True).first[0].mean)
    assert math.isnan(effects(trials, plan[:512], "y", indices=True).first[0].mean)
    correlated = effects(trials, plan, "y", indices=False)
    assert correlated.first[0].mean > correlated.first[1].mean > 0.2
