"""Is a big network a superposition of small ones, in which each part matters little, and why is there a peak?

The essay says that the peak of the test error arises because descent treats all neurons equally, that a big network is
a superposition of many small ones, and that what happens to one of them hurts a critical network (as many weights as
samples) and not an over-complete one. Least squares on random features answers each in closed form or by drawing:
a fixed part holds q/p of the squared weights (Belkin, Hsu, Xu, arXiv:1903.07571, gives their norm); the peak is there
without descent; members with features of their own average it away (d'Ascoli et al. 2020, arXiv:2003.01054), exact
copies do not.
"""

from typing import TYPE_CHECKING

import numpy as np

from cortex import main
from cortex.analysis.ratios import quotient
from cortex.experiment.coordinates import Variable
from cortex.experiment.measure import Condition, Measure
from cortex.experiment.scenario import Scenario
from cortex.experiment.streams import Streams
from models.regression.parameters import above
from models.regression.theory import Floats
from models.superposition import descent, ensemble, silencing
from models.superposition.parameters import SuperpositionParameters

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cortex.engine.recording import Recording

FAR = 15
"""Distance of a width from the number of samples from which on the change of the output is compared with theory."""

ALLOWED = 0.15
"""Share by which its mean may be off there."""

ROUNDING = 1e-6
"""Share by which the error of exact copies may differ from that of their originals."""


def calculate(p: SuperpositionParameters, streams: Streams) -> dict[str, dict[str, Variable]]:
    """Silence a part of fitted networks, learn by descent, and average members; each draws data of its own."""
    return {
        "silence": silencing.silence(p, streams),
        "descent": descent.learn(p, streams),
        "ensemble": ensemble.ensembles(p.features, streams),
    }


def analyse(
    p: SuperpositionParameters, recordings: "dict[str, Recording]"
) -> tuple[dict[str, float], dict[str, float]]:
    """Measure shares, what silence does to a critical and an over-complete network, and what cures the peak."""
    r = p.regression
    widths = np.array(r.widths)
    critical, complete = r.widths.index(above(r)[0]), len(widths) - 1
    silenced = {name: values.mean(axis=0) for name, values in recordings["silence"].items() if name != "width"}
    expected = silencing.expected(p, widths)
    off = np.abs(silenced["changed"] / expected["changed"] - 1)[np.abs(widths - r.samples) >= FAR]
    answers = 1 + r.noise
    learned, error, added = silenced["added_learned"], silenced["error"], silenced["added_new"]
    ways = {name: recordings["descent"][name].mean(axis=0) for name in ("test_error", "least_squares")}
    peaks = {name: quotient(errors[1], max(errors[0], errors[2])) for name, errors in ways.items()}
    gains, doubled = gain(recordings["ensemble"]), recordings["ensemble"]["doubled"].mean(axis=0)
    near = np.argsort(np.abs(np.array(p.features.widths) - p.features.samples), kind="stable")[:2]
    measures = {
        "share_deviation": float(np.abs(silenced["share"] - expected["share"]).max()),
        "change_deviation": float(off.max() / ALLOWED) if len(off) else float("nan"),
        "hurt_critical": float(learned[critical] / answers),
        "hurt_complete": float(learned[complete] / answers),
        "new_error_critical": float(added[critical] / error[critical]),
        "new_error_complete": float(added[complete] / error[complete]),
        "peak": float(peaks["test_error"]),
        "peak_over_least_squares": quotient(peaks["test_error"], peaks["least_squares"])
        if by_descent(p)
        else float("nan"),
        "ensemble_gain_critical": float(gains[near].min()),
        "ensemble_gain_complete": float(gains[-1]),
        "copies_gain": float(doubled[0] / doubled[1]),
        "redrawn_gain": float(doubled[0] / doubled[2]),
    }
    errors = silencing.errors(p, widths)
    return measures, {
        name: float(expected["added_new"][at] / errors[at])
        for name, at in (("new_error_critical", critical), ("new_error_complete", complete))
    }


def gain(run: "Recording") -> Floats:
    """Return the error of single members over that of their mean, for each width."""
    return np.asarray(run["single"].mean(axis=0) / run["ensemble"].mean(axis=0))


def figures(p: SuperpositionParameters, recordings: "dict[str, Recording]") -> "dict[str, Figure]":
    """Draw what silence does to each width, and the peak of members, of their mean, and of descent."""
    from cortex.report.superposition import figure_peak, figure_silence

    every = np.arange(min(p.regression.widths), max(p.regression.widths) + 1)
    silent, learned, members = (recordings[name] for name in ("silence", "descent", "ensemble"))
    return {
        "silence": figure_silence(
            silent, every, silencing.expected(p, every), p.regression.samples, p.silenced, 1 + p.regression.noise
        ),
        "peak": figure_peak(members, p.features.samples, p.features.copied, learned, p.regression.samples),
    }


def by_descent(p: SuperpositionParameters) -> bool:
    """Return whether weights are learned by descent."""
    return p.descent.learning == "descent"


SILENT = "as a part of q features falls silent, which learns nothing again"

SCENARIO = Scenario(
    name="superposition",
    title="Does one small part matter in a critical network and not in an over-complete one, and what is the peak?",
    citation="Belkin, Hsu, Xu, arXiv:1903.07571; Geiger et al. 2020, arXiv:1901.01608; d'Ascoli et al. 2020,"
    " arXiv:2003.01054",
    parameters=SuperpositionParameters(),
    calculate=calculate,
    analyse=analyse,
    figures=figures,
    quick={
        "regression.draws": "100",
        "descent.draws": "20",
        "descent.steps": "400",
        "features.members": "5",
        "features.draws": "3",
    },
    nulls={
        "no_descent": Condition(
            "Weights are found in closed form, without descent. The essay's cause of the peak: it must vanish.",
            {"descent.learning": "least_squares"},
            misses=("peak",),
        ),
        "no_noise": Condition(
            "Nothing is left unexplained: no noise, and answers depend on just the features that are fitted.",
            {"regression.noise": "0", "regression.well_specified": "true"},
            misses=("peak", "hurt_critical", "new_error_critical"),
        ),
        "same_features": Condition(
            "All members of an ensemble have the same features.",
            {"features.redrawn": "false"},
            misses=("ensemble_gain_critical",),
        ),
        "copies_part": Condition(
            "Half the variance of a copy's input weights is not its original's.",
            {"features.parted": "0.5"},
            misses=("copies_gain",),
        ),
    },
    measures=(
        Measure(
            "share_deviation",
            "Largest distance of a part's mean share of the squared weights from q/p, over all widths.",
            expected=(None, 0.02),
        ),
        Measure(
            "change_deviation",
            f"Largest distance of the mean change of the output, {SILENT}, from its formula, as a share of it, over"
            f" {ALLOWED}; widths {FAR} or more from n.",
            expected=(None, 1),
            undefined=f"no width is {FAR} or more from n",
        ),
        Measure(
            "hurt_critical",
            f"Error added on what was learned {SILENT}, over the variance of answers; first width above n.",
            expected=(0.5, None),
        ),
        Measure("hurt_complete", "The same at the most features.", expected=(None, 0.05)),
        Measure(
            "new_error_critical",
            f"Error added on new samples {SILENT}, over the error before; first width above n. Below 0 it is a gain.",
            expected=(None, 0),
        ),
        Measure("new_error_complete", "The same at the most features.", expected=(-0.01, 0.01)),
        Measure(
            "peak",
            "Error on new samples just above n over the larger of those far below and above, learned by descent.",
            expected=(2, None),
        ),
        Measure(
            "peak_over_least_squares",
            "The peak by descent over that of least squares on the same data.",
            expected=(None, 1.05),
            applies=by_descent,
        ),
        Measure(
            "ensemble_gain_critical",
            "Error of single members over that of their mean; the smaller one of the two widths nearest to n.",
            expected=(5, None),
        ),
        Measure("ensemble_gain_complete", "The same at the most features.", expected=(None, 1.5)),
        Measure(
            "copies_gain",
            "Error of a member over that of the same with each feature doubled by an exact copy.",
            expected=(1 - ROUNDING, 1 + ROUNDING),
        ),
        Measure(
            "redrawn_gain", "Error of a member over that of one with as many features drawn anew.", expected=(5, None)
        ),
    ),
    main_figure="silence",
)

if __name__ == "__main__":
    main(SCENARIO)
