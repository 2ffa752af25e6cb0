"""How many solutions a network has as it gets wider, how they hang together, and how often a search ends in one.

The essay holds that a larger network has so many equivalent solutions that even a directed random walk finds one. They
can be counted (Simsek et al. 2021, arXiv:2105.12221): one spare cell joins all of them, which differed in the order of
their cells, to one connected set. That they are connected does not make them easy to find: with few spare cells flat
spaces of saddles outnumber them (Fukumizu & Amari 2000, doi:10.1016/S0893-6080(00)00009-5). So it is tried out: by
L-BFGS, by stochastic gradient descent, and by the walk itself, at several widths.
"""

from typing import TYPE_CHECKING

import numpy as np

from cortex import main
from cortex.experiment.coordinates import Variable
from cortex.experiment.measure import Condition, Measure
from cortex.experiment.scenario import Scenario
from cortex.experiment.streams import Streams
from models.landscape import counts, network, path, search
from models.landscape.parameters import SPARE, LandscapeParameters

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cortex.engine.recording import Recording

FOUND = 1e-6
"""Loss, over the variance of the answers, below which L-BFGS has found a solution; a looser one is `NEARLY`."""

NEARLY = 1e-5
"""The same for descent and the walk, in single precision and in steps of a fixed size."""

WAYS = ("L-BFGS", "stochastic descent", "directed random walk")

SHOWN = (4, 10, 30)
MOST_SPARE = 10
"""Teachers, by their numbers of cells, and spare cells for which the figure shows saddles for each solution."""


def calculate(p: LandscapeParameters, streams: Streams) -> dict[str, dict[str, Variable]]:
    """Count solutions, go from one to another, and look for some."""
    return {"count": counted(p, streams), "path": joined(p, streams), "search": searched(p, streams)}


def counted(p: LandscapeParameters, streams: Streams) -> dict[str, Variable]:
    """Count the solutions of all small networks by formula and one by one."""
    rng = streams.weights
    stimuli = network.stimuli(streams.stimuli, p.teacher.stimuli)
    sizes = [(r, m) for r in range(1, p.count.teacher + 1) for m in range(r, p.count.width + 1)]
    found = []
    for r, m in sizes:
        incoming, outgoing = network.teachers(rng, 1, r, p.teacher.size)
        free = p.teacher.size * rng.standard_normal((m, network.INPUTS))
        found.append(counts.enumerate_solutions(stimuli, (incoming[0], outgoing[0]), m, free))
    formulas = [(counts.minima(r, m), counts.surjections(r, m)) for r, m in sizes]
    named = {
        "teacher": ([r for r, _ in sizes], "cells of the teacher"),
        "width": ([m for _, m in sizes], "cells of the network"),
        "minima": ([one.minima for one in found], "flat spaces of solutions, one by one"),
        "copies": ([one.copies for one in found], "those of them with copies alone"),
        "minima_formula": ([t for t, _ in formulas], "flat spaces of solutions, by formula"),
        "copies_formula": ([g for _, g in formulas], "those of them with copies alone, by formula"),
        "wrong_dimensions": ([one.wrong for one in found], "flat spaces with other dimensions than the formula says"),
        "least_dimensions": ([one.least for one in found], "least dimensions of a flat space of solutions"),
    }
    spare = range(MOST_SPARE + 1)
    ratios = np.array([[counts.saddles(r, r + h) for h in spare] for r in SHOWN])
    return {name: Variable(("size",), np.array(values), "1", meaning) for name, (values, meaning) in named.items()} | {
        "spare": Variable(("spare",), np.array(spare), "1", "spare cells"),
        "large_teacher": Variable(("large",), np.array(SHOWN), "1", "cells of a larger teacher"),
        "saddles": Variable(("large", "spare"), ratios, "1", "flat spaces of saddles for each one of solutions"),
    }


def joined(p: LandscapeParameters, streams: Streams) -> dict[str, Variable]:
    """Go from each teacher to itself with two cells exchanged: straight on, and round by a spare cell."""
    stimuli = network.stimuli(streams.stimuli, p.teacher.stimuli)
    teacher = network.teachers(streams.weights, p.path.draws, p.path.teacher, p.teacher.size)
    straight = [teacher, path.exchanged(*teacher)]
    way = path.round_by_spare(*teacher) if p.path.spare else straight
    named = {"straight": straight, "path": way}
    return {
        name: Variable(("draw", f"{name}_point"), path.losses(stimuli, corners, p.path.points), "1", f"loss, {name}")
        for name, corners in named.items()
    }


def searched(p: LandscapeParameters, streams: Streams) -> dict[str, Variable]:
    """Look for solutions at every width, from the same starts in three ways."""
    task, s, seed = search.task(p, streams), p.search, streams.network_seed
    losses = [
        search.by_lbfgs(task, s.widths, s.iterations),
        search.by_descent(task, s, seed),
        search.by_walk(task, s, seed),
    ]
    return {
        "width": Variable(("width",), np.array(s.widths), "1", "cells of the network"),
        "way": Variable(("way",), np.array(WAYS), "1", "how solutions are looked for"),
        "loss": Variable(("way", "width", "start"), np.array(losses), "1", "loss at the end over that of no answer"),
    }


def found(losses: np.ndarray) -> np.ndarray:
    """Return the share of starts that end in a solution, shape (way, width), from losses, (way, width, start)."""
    return (losses < np.array([FOUND, NEARLY, NEARLY])[:, None, None]).mean(axis=2)


def analyse(p: LandscapeParameters, recordings: "dict[str, Recording]") -> "tuple[dict[str, float], dict[str, float]]":
    """Compare counts with formulas; measure the barrier, the way round it, and how often solutions are found."""
    count, ways, looked = recordings["count"], recordings["path"], recordings["search"]
    size = {(r, m): t for r, m, t in zip(count["teacher"], count["width"], count["minima"], strict=True)}
    r = p.count.teacher
    narrow, exact, spare = (p.search.widths.index(p.search.teacher + more) for more in (-1, 0, SPARE))
    share = found(looked["loss"])
    nearly = (looked["loss"] < NEARLY).mean(axis=2)[0]
    measures = {
        "count_errors": float(
            (count["minima"] != count["minima_formula"]).sum() + (count["copies"] != count["copies_formula"]).sum()
        ),
        "dimension_errors": float(count["wrong_dimensions"].sum()),
        "dimensions_beyond_spare": float((count["least_dimensions"] - count["width"] + count["teacher"]).min()),
        "first_spare_factor": float(size[r, r + 1] / size[r, r]),
        "saddles_for_each_solution": counts.saddles(p.search.teacher, p.search.teacher),
        "saddles_with_two_spare": counts.saddles(p.search.teacher, p.search.teacher + SPARE),
        "path_loss": float(ways["path"].max()),
        "line_barrier": float(ways["straight"].max(axis=1).mean()),
        "lbfgs_narrow": float(share[0, narrow]),
        "lbfgs_exact": float(share[0, exact]),
        "lbfgs_two_spare": float(share[0, spare]),
        "lbfgs_gain": float(share[0, spare] - share[0, exact]),
        "lbfgs_gain_nearly": float(nearly[spare] - nearly[exact]),
        "lbfgs_widest": float(share[0, -1]),
        "descent_narrow": float(share[1, narrow]),
        "descent_exact": float(share[1, exact]),
        "descent_two_spare": float(share[1, spare]),
        "descent_widest": float(share[1, -1]),
        "descent_gain": float(share[1, -1] - share[1, exact]),
        "walk_loss": float(np.median(looked["loss"][2, spare])),
        "walk_found": float(share[2].max()),
    }
    return measures, {
        "first_spare_factor": counts.first_spare(r),
        "saddles_for_each_solution": (p.search.teacher - 1) / 2,
    }


def figures(p: LandscapeParameters, recordings: "dict[str, Recording]") -> "dict[str, Figure]":
    """Draw the counts, the ways from one solution to another, and how often each search finds one."""
    from cortex.report.landscape import figure_counts, figure_found, figure_path

    count, ways, looked = (recordings[name] for name in ("count", "path", "search"))
    return {
        "counts": figure_counts(count),
        "path": figure_path(
            ways["straight"], ways["path"], "round by a spare cell" if p.path.spare else "no spare cell"
        ),
        "found": figure_found(looked["width"], found(looked["loss"]), looked["loss"], WAYS, p.search.teacher),
    }


NO_LOSS = 1e-20
OF_STARTS = "Share of starts from which"

SCENARIO = Scenario(
    name="solution_count",
    title="How many solutions has a network that is wider than need be, and who finds one?",
    citation="Simsek et al. 2021, arXiv:2105.12221; Fukumizu & Amari 2000, doi:10.1016/S0893-6080(00)00009-5",
    parameters=LandscapeParameters(),
    calculate=calculate,
    analyse=analyse,
    figures=figures,
    quick={
        "path.draws": "10",
        "search.starts": "6",
        "search.iterations": "300",
        "search.updates": "3000",
        "search.steps": "600",
    },
    nulls={
        "no_spare": Condition(
            "There is no spare cell to go round the barrier by.", {"path.spare": "false"}, misses=("path_loss",)
        ),
        "redundant": Condition(
            "One of the teacher's cells is a copy of another: a network with one cell less is wide enough.",
            {"search.redundant": "true"},
            misses=("lbfgs_narrow", "descent_narrow"),
        ),
        "undirected": Condition(
            "The random walk takes every step, whatever becomes of the loss.",
            {"search.directed": "false"},
            misses=("walk_loss",),
        ),
    },
    conditions={
        "teacher_of_eight": Condition(
            "A teacher of eight cells, whose solutions are harder to find.",
            {"search.teacher": "8", "search.widths": "7,8,10,12,16"},
        )
    },
    measures=(
        Measure("count_errors", "Sizes whose number of solutions is not that of the formula.", expected=(0, 0)),
        Measure(
            "dimension_errors",
            "Flat spaces of solutions whose dimensions are not those of the formula.",
            expected=(0, 0),
        ),
        Measure(
            "dimensions_beyond_spare",
            "Least dimensions of a flat space of solutions, less the spare cells.",
            expected=(0, None),
        ),
        Measure("first_spare_factor", "By how much the first spare cell multiplies the number of solutions."),
        Measure("saddles_for_each_solution", "Flat spaces of saddles for each one of solutions, without a spare cell."),
        Measure("saddles_with_two_spare", f"The same with {SPARE} spare cells."),
        Measure(
            "path_loss",
            "Largest loss, over the variance of the answers, on the way round by a spare cell.",
            expected=(None, NO_LOSS),
        ),
        Measure(
            "line_barrier",
            "Largest loss on the straight line between both solutions, over that variance, mean over teachers.",
            expected=(0.1, None),
        ),
        Measure(
            "lbfgs_narrow", f"{OF_STARTS} L-BFGS ends in a solution, one cell less than the teacher.", expected=(0, 0)
        ),
        Measure("lbfgs_exact", "The same with as many cells."),
        Measure("lbfgs_two_spare", f"The same with {SPARE} more."),
        Measure("lbfgs_gain", f"What {SPARE} spare cells add to that share.", expected=(0.2, None)),
        Measure("lbfgs_gain_nearly", f"The same, counting every loss below {NEARLY:g}."),
        Measure("lbfgs_widest", "The same share in the widest networks."),
        Measure(
            "descent_narrow",
            f"{OF_STARTS} stochastic descent ends in a solution, one cell less than the teacher.",
            expected=(0, 0),
        ),
        Measure("descent_exact", "The same with as many cells."),
        Measure("descent_two_spare", f"The same with {SPARE} more."),
        Measure("descent_widest", "The same in the widest networks."),
        Measure("descent_gain", "What all their spare cells add to that share.", expected=(0.2, None)),
        Measure(
            "walk_loss",
            f"Median loss after the directed random walk, over the answers' variance, {SPARE} spare cells.",
            expected=(None, 0.05),
        ),
        Measure("walk_found", f"{OF_STARTS} it ends in a solution, at the width where most do.", expected=(None, 0.05)),
    ),
    main_figure="found",
)

if __name__ == "__main__":
    main(SCENARIO)
