"""Where normalization makes learning faster: over learning rate, private noise and group size."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cortex.analysis.comparison import fewest_pairs
from cortex.analysis.statistics import known_interval
from cortex.analysis.survival import restricted
from cortex.experiment.result import Conclusion, Result

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RATE, NOISE, COPIES = "learning.rate", "cell.noise", "group.copies"
TRIALS = "trials_to_criterion"


@dataclass(frozen=True)
class RatioGrid:
    """How many times as long learning takes with normalization as without, measured and predicted.

    Attributes
    ----------
    rates : array, (rate,)
    noises : list of str
        Standard deviations of the private noise, rising.
    copies : list of int
        Group sizes K.
    trials, spikes : array, (2, size, noise, rate)
        Ratios on/off of mean restricted trials, and spikes, to the criterion: measured, then predicted. Nan where
        neither reached the criterion in any run.
    clear : array of bool, (2, size, noise, rate)
        Where the 95 % interval over seeds of the measured ratio of trials, then of spikes, excludes 1; nowhere with
        fewer seeds than can tell a difference.
    seeds : int
        The most that a place of the grid has.
    """

    rates: np.ndarray
    noises: list[str]
    copies: list[int]
    trials: np.ndarray
    spikes: np.ndarray
    clear: np.ndarray
    seeds: int


def conclude(runs: Sequence[Result]) -> Conclusion | None:
    """Conclude where copies with normalization (condition ``on``) learn faster than those without (``off``).

    Returns
    -------
    Conclusion or None
        None for any other study.
    """
    if {run.condition for run in runs} != {"on", "off"}:
        return None
    places = {(run.condition, *(run.parameters[name] for name in (RATE, NOISE, COPIES)), run.pair) for run in runs}
    if len(places) < len(runs):
        return None  # something else varies too
    ratios = phases(runs)

    def draw() -> "Mapping[str, Figure]":
        from cortex.report.phase_diagram import Panel, figure_phases

        rows = {
            "Trials to criterion": (ratios.trials, ratios.clear[0]),
            "Spikes to criterion": (ratios.spikes, ratios.clear[1]),
        }
        panels = {
            name: {
                f"K = {k}": Panel(np.log2(values[0, n]), np.log2(values[1, n]), clear[n])
                for n, k in enumerate(ratios.copies)
            }
            for name, (values, clear) in rows.items()
        }
        x, y = ("Learning rate", [f"{rate:.3g}" for rate in ratios.rates]), ("Private noise (s.d.)", ratios.noises)
        title = "Where normalization makes learning faster"
        return {"phase_diagram": figure_phases(panels, x, y, "with / without normalization", title)}

    return Conclusion(text(ratios), draw)


def phases(runs: Sequence[Result]) -> RatioGrid:
    """Arrange the runs of the study."""
    rates = np.array(sorted({float(run.parameters[RATE]) for run in runs}))
    noises = sorted({run.parameters[NOISE] for run in runs}, key=_number)
    copies = sorted({int(run.parameters[COPIES]) for run in runs})
    cells: dict[tuple[str, int, str, float], list[Result]] = {}
    for run in runs:
        p = run.parameters
        cells.setdefault((run.condition, int(p[COPIES]), p[NOISE], float(p[RATE])), []).append(run)

    shape = len(copies), len(noises), len(rates)

    def on_off(place: tuple[int, ...]) -> tuple[list[Result], list[Result]]:
        key = copies[place[0]], noises[place[1]], float(rates[place[2]])
        return cells.get(("on", *key), []), cells.get(("off", *key), [])

    def divide(value: Callable[[Result], float], reached: Callable[[Result], bool]) -> np.ndarray:
        table = np.full(shape, math.nan)
        for place in np.ndindex(*shape):
            on, off = on_off(place)
            if any(map(reached, on + off)) and on and off:
                table[place] = np.mean([value(run) for run in on]) / np.mean([value(run) for run in off])
        return table

    def clear(value: Callable[[Result], float]) -> np.ndarray:
        table = np.zeros(shape, dtype=bool)
        for place in np.ndindex(*shape):
            on, off = ({run.pair: value(run) for run in side} for side in on_off(place))
            logs = [math.log(on[seed] / off[seed]) for seed in on.keys() & off.keys()]
            interval = known_interval(logs)
            table[place] = len(logs) >= fewest_pairs() and (interval.low > 0 or interval.high < 0)
        return table

    trials = [divide(measured, learned), divide(predicted, expected_to_learn)]
    spent = [
        divide(spikes, learned),
        divide(lambda run: predicted(run) * run.predictions["total_ratio"], expected_to_learn),
    ]
    return RatioGrid(
        rates,
        noises,
        copies,
        np.array(trials),
        np.array(spent),
        np.array([clear(measured), clear(spikes)]),
        len({run.pair for run in runs}),
    )


def measured(run: Result) -> float:
    """Return the trials to the criterion, or all where it was not reached."""
    return float(restricted(run.measures[TRIALS], run.limits[TRIALS]))


def predicted(run: Result) -> float:
    """Return the predicted trials to the criterion, or all."""
    return float(restricted(run.predictions[TRIALS], run.limits[TRIALS]))


def expected_to_learn(run: Result) -> bool:
    """Return whether the criterion should be reached."""
    return _known(run.predictions[TRIALS])


def learned(run: Result) -> bool:
    """Return whether the criterion was reached."""
    return _known(run.measures[TRIALS])


def spikes(run: Result) -> float:
    """Return the spikes to the criterion, in trials of one cell: those of a trial after growing, times the trials.

    Spikes while learning would not do, for cells that are killed by too large steps are cheap and learn nothing.
    """
    return measured(run) * run.measures["total_ratio"]


def text(ratios: RatioGrid) -> str:
    """Write in how much of the plane normalization learns faster, and where theory and measurement agree."""
    title = "# Where normalization learns faster"
    if ratios.seeds < fewest_pairs():
        return f"{title}\n\nThere are too few seeds to tell: of {ratios.seeds}, at least {fewest_pairs()} are needed."
    lines = []
    for name, values, sure in (("trials", ratios.trials, ratios.clear[0]), ("spikes", ratios.spikes, ratios.clear[1])):
        known = ~np.isnan(values).any(axis=0)
        faster, expected = sure & (values[0] < 1), known & (values[1] < 1)
        slower = sure & (values[0] > 1)
        judged = known & sure & (np.abs(np.log2(values[1])) > math.log2(1.1))
        agree = np.mean((values[0] < 1)[judged] == (values[1] < 1)[judged]) if judged.any() else math.nan
        lines.append(
            f"* Counted in **{name}** to the criterion, copies with normalization are clearly faster than without in "
            f"{int(faster.sum())} of {int(known.sum())} places of the grid and clearly slower in {int(slower.sum())} "
            f"(predicted: faster in {int(expected.sum())}). Where it is clear, and more than 10 % were predicted, "
            f"prediction and measurement name the same winner in {agree:.0%} of {int(judged.sum())} places."
        )
        slowest, fastest = (np.nanmedian(values[0][..., place]) for place in (0, -1))
        lines.append(
            f"  At the smallest rate, {ratios.rates[0]:g}, they take {slowest:.2g} times as many {name}, "
            f"at the largest, {ratios.rates[-1]:g}, {fastest:.2g} times (median over noise and group sizes)."
        )
    return "\n".join([title, "", *lines])


def _known(trials: float) -> bool:
    return not math.isnan(trials)


def _number(quantity: str) -> float:
    return float(quantity.split()[0])
