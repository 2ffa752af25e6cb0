"""Are wide networks dense in solutions, and does depth make them sparse?

The essay says that width multiplies the good networks, that wide networks are dense in solutions, and that depth makes
them sparse. Networks with random weights are looked through: what share of them tells two inputs apart, labels points
in a given way, or has a small error. In the limit of many cells the first two follow from the arc-cosine kernel (Cho &
Saul 2009); how the last one falls with the error is the learning coefficient (Aoyagi & Watanabe 2005), and how many
subspaces of exact solutions there are is known (Simsek et al. 2021, arXiv:2105.12221). All widths, depths and errors
are random networks before any learning: a share says nothing of what learning finds.
"""

from typing import TYPE_CHECKING

import numpy as np

from cortex import main
from cortex.analysis.ratios import quotient
from cortex.experiment.coordinates import Variable
from cortex.experiment.measure import Condition, Measure
from cortex.experiment.scenario import Scenario
from cortex.experiment.streams import Streams
from models.random_networks import separation, volume
from models.random_networks.parameters import DensityParameters
from models.random_networks.separation import Floats

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cortex.engine.recording import Recording

CERTAIN = 3
"""Standard errors by which a share must differ to count as raised or lowered."""

DEPTH = 2
"""Hidden layers at which growth with width is measured."""


def calculate(p: DensityParameters, streams: Streams) -> dict[str, dict[str, Variable]]:
    """Look through random networks, and count solutions."""
    return {
        "separation": separation.separated(p.separation, streams),
        "dichotomies": separation.labelled(p.dichotomies, streams),
        "volume": volume.volume(p.volume, streams),
        "counts": volume.counts(p),
    }


def analyse(p: DensityParameters, recordings: "dict[str, Recording]") -> tuple[dict[str, float], dict[str, float]]:
    """Measure how shares grow with width and depth, and compare them with their limits."""
    density = recordings["separation"]["density"]
    solutions = recordings["counts"]["solutions"]
    slopes = slopes_of(p, recordings["volume"])
    grown = solutions[1:] / solutions[:-1]
    measures = {
        **separated(p, density),
        **labelled(p, recordings["dichotomies"]),
        "slope_least_step": float(np.diff(slopes).min()),
        "slope_share": float(slopes[-1] / p.volume.widths[-1]),
        "count_growth_first": float(grown[0]),
        "count_growth_last": float(grown[-1] / p.largest),
        "count_growth_bend": float(grown[-1] / grown.min()),
    }
    theory = np.array([volume.learning_coefficient(width) for width in p.volume.widths])
    limits = limit(p)
    return measures, {
        "depth_growth_greatest": float((limits[1:] / limits[:-1]).max()),
        "slope_least_step": float(np.diff(theory).min()),
        "slope_share": float(theory[-1] / p.volume.widths[-1]),
        "count_growth_first": (p.cells + 1) * (p.cells + 2) / 2,
    }


def limit(p: DensityParameters) -> Floats:
    """Return the share of networks without end that separate the two inputs, for each depth."""
    depths = range(1, p.separation.deepest + 1)
    return np.array([separation.limit(p.separation.correlation, depth) for depth in depths])


def separated(p: DensityParameters, density: Floats) -> dict[str, float]:
    """Return measures of the share of networks, shape (width, depth), that tell two inputs apart."""
    widths, widest = p.separation.widths, density[-1]
    spread = density * (1 - density) + 1 / p.separation.draws
    steps = np.diff(density, axis=0) / np.sqrt((spread[1:] + spread[:-1]) / p.separation.draws)
    first, second = [number for number, width in enumerate(widths) if width > 1][:2]
    at = density[:, DEPTH - 1]
    return {
        "separated_one": float(density[0].max()) if widths[0] == 1 else float("nan"),
        "width_least_step": float(steps.min()),
        "width_growth_first": growth(at[first], at[second], widths[second] - widths[first]),
        "width_growth_last": quotient(float(at[-1]), float(at[-2])),
        "depth_growth_greatest": float(max(map(quotient, widest[1:], widest[:-1]))),
        "widest_deviation": float(np.abs(widest / limit(p) - 1).max()),
    }


def growth(before: float, after: float, units: int) -> float:
    """Return the share after over the share before, for each unit."""
    return float(quotient(after, before) ** (1 / units))


def labelled(p: DensityParameters, run: "Recording") -> dict[str, float]:
    """Return what share of the ways to label points, but for all alike, depth makes more likely, and less."""
    shallow, deep = (run[name][:, :-1].ravel() for name in ("shallow", "deep"))
    spread = shallow * (1 - shallow) + deep * (1 - deep) + 1 / p.dichotomies.draws
    steps = (deep - shallow) / np.sqrt(spread / p.dichotomies.draws)
    raised, lowered = steps > CERTAIN, steps < -CERTAIN
    both = raised.any() and lowered.any()
    return {
        "labels_raised": float(raised.mean()),
        "labels_lowered": float(lowered.mean()),
        "raised_over_lowered": float(np.median(shallow[raised]) / np.median(shallow[lowered])) if both else np.nan,
    }


def slopes_of(p: DensityParameters, run: "Recording") -> Floats:
    """Return the power of the error with which the share of networks falls, for each width; nan without networks."""
    v = p.volume
    small, large = (run["share"][:, np.searchsorted(run["error"], level)] for level in (v.small, v.large))
    ratios = [quotient(a, b) for a, b in zip(large, small, strict=True)]
    return np.log(ratios) / np.log(v.large / v.small)


def figures(p: DensityParameters, recordings: "dict[str, Recording]") -> "dict[str, Figure]":
    """Draw shares over width and depth, and how they fall with the error."""
    from cortex.report.density import figure_density, figure_solutions

    limits = limit(p) if p.separation.rectified else None
    coefficients = [volume.learning_coefficient(width) for width in p.volume.widths]
    depths = (p.dichotomies.shallow, p.dichotomies.deep)
    return {
        "density": figure_density(recordings["separation"], limits, recordings["dichotomies"], depths),
        "solutions": figure_solutions(recordings["volume"], coefficients, recordings["counts"]),
    }


SEPARATED = "share of networks that give two inputs different signs"
LABELS = "Ways to label the points, but for all alike, that"

SCENARIO = Scenario(
    name="solution_density",
    title="Are wide networks dense in solutions, and does depth make them sparse?",
    citation="Cho & Saul 2009, Kernel methods for deep learning; Aoyagi & Watanabe 2005,"
    " doi:10.1016/j.neunet.2005.03.014; Simsek et al. 2021, arXiv:2105.12221",
    parameters=DensityParameters(),
    calculate=calculate,
    analyse=analyse,
    figures=figures,
    quick={"separation.draws": "2000", "dichotomies.draws": "20000", "volume.draws": "200000"},
    nulls={
        "linear": Condition(
            "Cells are not rectified: layers only multiply.",
            {"separation.rectified": "false", "dichotomies.rectified": "false"},
            misses=("separated_one", "widest_deviation", "depth_growth_greatest", "labels_raised", "labels_lowered"),
        ),
    },
    measures=(
        Measure(
            "separated_one",
            f"Largest {SEPARATED}, with one cell in each layer, over all depths.",
            expected=(0, 0),
            undefined="no network has one cell in each layer",
        ),
        Measure(
            "width_least_step",
            f"Least growth of the {SEPARATED} from one width to the next, in standard errors, over all depths.",
            expected=(-3.5, None),
        ),
        Measure(
            "width_growth_first",
            f"The {SEPARATED} after over before, for the unit of width after the second cell; {DEPTH} hidden layers.",
            expected=(1.5, None),
            undefined="no network of the smaller width separates them",
        ),
        Measure(
            "width_growth_last",
            "The same from the second largest width to the largest one, for all units together.",
            expected=(0.9, 1.1),
            undefined="no network of the smaller width separates them",
        ),
        Measure(
            "depth_growth_greatest",
            f"The {SEPARATED} after over before, for a unit of depth, the greatest one; widest networks.",
            expected=(None, 1),
        ),
        Measure(
            "widest_deviation",
            f"Largest distance of the {SEPARATED} from its limit of many cells, as a share of it; widest networks.",
            expected=(None, 0.07),
        ),
        Measure("labels_raised", f"{LABELS} deep networks choose more often than shallow ones.", expected=(0.1, None)),
        Measure("labels_lowered", f"{LABELS} deep networks choose less often.", expected=(0.1, None)),
        Measure(
            "raised_over_lowered",
            "Median share of shallow networks for the former ways over that for the latter.",
            expected=(None, 0.5),
            undefined="depth does not both raise and lower",
        ),
        Measure(
            "slope_least_step",
            "Least growth, from one width to the next, of the power of the error with which the share of networks"
            " falls.",
            expected=(0, None),
            undefined="no network has so small an error",
        ),
        Measure(
            "slope_share",
            "That power over half the number of parameters, with the most cells.",
            expected=(None, 0.5),
            undefined="no network has so small an error",
        ),
        Measure(
            "count_growth_first",
            "Subspaces of exact solutions after over before, for the first unit of width that is not needed.",
            expected=(66, 66),
        ),
        Measure(
            "count_growth_last",
            "The same for the last unit, over what a factorial grows by, the number of cells.",
            expected=(None, 1),
        ),
        Measure("count_growth_bend", "The same for the last unit over its least value.", expected=(1.05, None)),
    ),
    main_figure="density",
)

if __name__ == "__main__":
    main(SCENARIO)
