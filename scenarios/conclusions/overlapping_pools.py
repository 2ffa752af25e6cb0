"""Which pools of PV cells part copies, over their reach and strength and over how finely touches are told apart."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from cortex.analysis.ratios import mean
from cortex.experiment.result import Conclusion, Result
from cortex.report.text import count

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.figure import Figure

REACH, SOFTNESS = "normalization.reach", "normalization.softness"
STRENGTH, PLACES = "normalization.conductance", "skin.places"
SHOWN = ("groups_parted", "similarity_after", "total_over_before", "old_kept", "second_answer", "groups_told")
KEPT = {"total_over_before": (0.85, 1.1), "old_kept": (0.85, np.inf)}
"""What has to be so for a circuit to count as one that parts copies and keeps what is held."""


def conclude(runs: Sequence[Result]) -> Conclusion | None:
    """Conclude which groups part in each setting, measured and predicted; None unless pools are varied."""
    pools = sorted({(int(run.parameters[REACH]), softness(run)) for run in runs}, key=overlap)
    columns = sorted({(int(run.parameters[PLACES]), run.parameters[STRENGTH]) for run in runs}, key=column)
    if len(pools) < 2 or any(run.null for run in runs):
        return None
    grid = {(pool, setting): of(runs, pool, setting) for pool in pools for setting in columns}

    def draw() -> "Mapping[str, Figure]":
        from cortex.report.pools import figure_boundary

        measured, predicted = (
            np.array([[parted(grid[pool, setting], what) for setting in columns] for pool in pools])
            for what in ("measures", "predictions")
        )
        keeps = np.array([[kept(grid[pool, setting]) for setting in columns] for pool in pools])
        names = [f"{places} places\n{strength}" for places, strength in columns]
        return {"boundary": figure_boundary(measured, predicted, keeps, [named(*pool) for pool in pools], names)}

    return Conclusion(text(grid), draw)


def softness(run: Result) -> float:
    """Return the softness of the pools of a run; of pools that reach no other group there is none."""
    return float(run.parameters[SOFTNESS]) if int(run.parameters[REACH]) else 0.0


def overlap(pool: tuple[int, float]) -> tuple[int, float]:
    """Order pools by how much they reach other groups."""
    return pool[0], -pool[1]


def column(setting: tuple[int, str]) -> tuple[int, float]:
    """Order settings by places, then strength."""
    return setting[0], float(setting[1].split()[0])


def named(reach: int, soft: float) -> str:
    """Return a name of pools: by how much they reach the group beside their own, as a share of their own."""
    if not reach:
        return "own group only"
    return f"{reach} on either side, {np.exp(-soft):.2g} of own"


def of(runs: Sequence[Result], pool: tuple[int, float], setting: tuple[int, str]) -> list[Result]:
    """Return the runs of a setting."""
    return [
        run
        for run in runs
        if (int(run.parameters[REACH]), softness(run)) == pool
        and (int(run.parameters[PLACES]), run.parameters[STRENGTH]) == setting
    ]


def parted(runs: Sequence[Result], what: str) -> float:
    """Return the share of groups that parted, or were to part, mean over runs; nan without runs."""
    return mean([getattr(run, what)["groups_parted"] for run in runs])


def kept(runs: Sequence[Result]) -> bool:
    """Return whether total and old task are kept, in the mean over runs."""
    return all(low <= mean([run.measures[name] for run in runs]) <= high for name, (low, high) in KEPT.items())


def text(grid: dict[tuple[tuple[int, float], tuple[int, str]], list[Result]]) -> str:
    """Return a table of all settings: means over runs."""
    head = "| pools | places | hold before it adapts | runs | parted: predicted | " + " | ".join(SHOWN) + " |"
    lines = [head, "|" + "---|" * (5 + len(SHOWN))]
    for (pool, (places, strength)), runs in grid.items():
        values = [f"{mean([run.measures[name] for run in runs]):.2f}" for name in SHOWN]
        row = [named(*pool), str(places), strength, str(len(runs)), f"{parted(runs, 'predictions'):.2f}", *values]
        lines.append("| " + " | ".join(row) + " |")
    every = [run for runs in grid.values() for run in runs]
    told = mean([run.measures["groups_told"] for run in every])
    return "\n".join(
        [*lines, "", f"Whether a group parts was told for {told:.0%} of the groups in {count(len(every), 'run')}."]
    )
