"""Draw how networks learn that are grown in different ways."""

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from cortex.analysis.statistics import mean_interval
from cortex.report.release import mark_release
from cortex.report.style import TWO_COLUMNS, plain_logs, styled
from cortex.report.survival import LOOKS
from cortex.report.text import count


@styled
def figure_growth(
    steps: np.ndarray, curves: Mapping[str, np.ndarray], ends: Mapping[str, np.ndarray], released: float
) -> Figure:
    """Draw the loss of each arm over the steps since the split, and at the end.

    Parameters
    ----------
    steps : array, (step,)
    curves : mapping of str to array, (seed, step)
    ends : mapping of str to array, (seed,)
    released : float
        Step of the release.
    """
    seeds = len(next(iter(ends.values())))
    figure = Figure((TWO_COLUMNS, 3.4), layout="constrained")
    figure.suptitle(
        f"Growing a network (n = {count(seeds, 'seed')}: mean; at the end with its 95 % interval)", x=0.01, ha="left"
    )
    left, right = figure.subplots(1, 2, width_ratios=(2, 1.2))
    for (name, curve), (colour, dashes, _) in zip(curves.items(), LOOKS, strict=False):
        left.plot(steps, curve.mean(axis=0), color=colour, ls=dashes, label=name)
    left.set(xlabel="Steps since the split", ylabel="Loss of all digits", yscale="log")
    plain_logs(left, "y")
    mark_release(left, released)
    for place, (losses, (colour, _, marker)) in enumerate(zip(ends.values(), LOOKS, strict=False)):
        mean, low, high = mean_interval(losses)
        right.errorbar(mean, place, xerr=[[mean - low], [high - mean]], color=colour, marker=marker, ms=4, capsize=2)
    right.set(xlabel="Loss at the end", xlim=(0, None), yticks=range(len(ends)), yticklabels=list(ends))
    right.invert_yaxis()
    figure.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=4, handlelength=3.6)
    return figure
