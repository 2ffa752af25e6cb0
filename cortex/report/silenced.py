"""Draw how well questions are answered while cells fall silent."""

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from cortex.report.style import FAINT, SERIES, TWO_COLUMNS, draw_level, styled

LOOKS = ((SERIES[0], "-"), (SERIES[1], (0, (4, 1.6))), (SERIES[2], "-."), (FAINT, (0, (1, 1))))
"""Colour and line of the ways to silence cells, in order."""


@styled
def figure_silenced(questions: Mapping[str, Mapping[str, np.ndarray]], title: str = "Silenced cells") -> Figure:
    """Draw the share of right answers over the share of cells that are silent.

    Parameters
    ----------
    questions : mapping of str to mapping of str to array
        For each question, by which cells fall silent, the accuracies from no silent cell to all, shape (silent,).
    title : str
    """
    figure = Figure((TWO_COLUMNS, 2.8), layout="constrained")
    figure.suptitle(title, x=0.01, ha="left")
    axes = figure.subplots(1, len(questions), sharey=True, squeeze=False)[0]
    for ax, (question, ways) in zip(axes, questions.items(), strict=True):
        for (name, accuracy), (colour, dashes) in zip(ways.items(), LOOKS, strict=False):
            ax.plot(np.linspace(0, 100, len(accuracy)), accuracy, color=colour, ls=dashes, label=name)
        draw_level(ax, 0.5, "chance" if ax is axes[-1] else "")
        ax.set(title=question, xlabel="Cells of the tip that are silent (%)", ylim=(0.3, 1.02))
    axes[0].set_ylabel("Share of right answers")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=4, handlelength=3.2)
    return figure
