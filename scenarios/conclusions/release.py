"""What release adds, over seeds, and in which of its controls; when it should come."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from cortex.analysis.comparison import fewest_pairs
from cortex.analysis.statistics import Interval, known_interval, mean_interval
from cortex.experiment.result import Conclusion, Result
from cortex.report import text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RELEASED, NO_GAIN, SHUFFLED = "released", "no_residual_error", "shuffled_answers"
NAIVE, ONE_NOISE = "naive_release", "shared_noise"
WHEN = "training.released_at"
PREDICTED = ("plateau", "error_at_release", "loss_never_released", "loss_after_release", "divergence_rate")
BANDS = {"plateau": 0.10, "error_at_release": 0.10, "divergence_rate": 0.25}
"""How far the measured mean may be from the prediction, as a share of it; other predictions have no band."""

NULL_GAIN = 0.03
"""Spike-matched gain that answers drawn at random may show."""

ALIKE = 0.9
"""Similarity of copies from which on they have not parted."""

Curves = Callable[[Result], Mapping[str, tuple[np.ndarray, np.ndarray, np.ndarray]]]
"""Reads, for each arm of a run: trials since the new task began, similarity of copies, and mean squared error."""


def conclude(runs: Sequence[Result], curves: Curves) -> Conclusion | None:
    """Conclude whether copies part after release, as fast as predicted, and what it is good for.

    Returns
    -------
    Conclusion or None
        None for a study that varies something else than the condition or the time of release.
    """
    if len({(run.condition, run.parameters[WHEN], run.pair) for run in runs}) < len(runs):
        return None
    times = sorted({float(run.parameters[WHEN]) for run in runs})
    conditions = list(dict.fromkeys(run.condition or RELEASED for run in runs))
    if len(times) > 1 and len(conditions) == 1:
        return _when(runs, times)
    if len(times) > 1 or RELEASED not in conditions:
        return None
    by_condition = {name: [run for run in runs if (run.condition or RELEASED) == name] for name in conditions}
    released = by_condition[RELEASED]

    def draw() -> "Mapping[str, Figure]":
        from cortex.report.agreement import Agreement, figure_agreement
        from cortex.report.release import figure_parting
        from cortex.report.survival import LOOKS

        panels = {}
        for name in PREDICTED:
            pair = np.array(_pairs(released, name))
            panels[text.plain(name)] = {
                RELEASED: Agreement(known_interval(pair[0]), known_interval(pair[1]), seeds=pair)
            }
        bands = {text.plain(name): band for name, band in BANDS.items()}
        title = "Measured against predicted, before anything was released"
        return {
            "parting": figure_parting([curves(run) for run in released], "Copies part after release"),
            "agreement": figure_agreement(panels, {RELEASED: LOOKS[0]}, bands, title, log=False),
        }

    parts = [
        "# Do copies part when released, and does performance pass its plateau?",
        verdict(by_condition),
        f"## Every control ({text.count(len(released), 'seed')})",
        controls(by_condition),
        "## Measured and predicted",
        agreement(by_condition),
    ]
    return Conclusion("\n\n".join(parts), draw)


def verdict(by_condition: Mapping[str, Sequence[Result]]) -> str:
    """Write the answer in sentences made from the numbers."""
    gain, removed = (values(by_condition[RELEASED], name) for name in ("spike_matched_gain", "loss_removed"))
    kept = values(by_condition[RELEASED], "loss_never_released").mean
    if few(by_condition[RELEASED], "loss_removed"):
        what = "cannot be judged, for there are too few seeds to tell"
    elif removed.low > 0:
        what = "carried performance past the plateau"
    elif removed.high < 0:
        what = "made performance worse"
    else:
        what = "made no difference to performance that these runs can show"
    sentences = [
        f"Release {what}: it took {text.interval(removed)} off a systematic error of {kept:.3g} that copies keep if "
        f"they are never released, and d' at matched spikes changed by {_percent(gain)}."
    ]
    if NO_GAIN in by_condition:
        none = values(by_condition[NO_GAIN], "loss_removed")
        alike = values(by_condition[NO_GAIN], "least_similarity_after_release")
        held = "as theory demands" if none.low <= 0 and alike.mean >= ALIKE else "against theory"
        if few(by_condition[NO_GAIN], "loss_removed"):
            held = "which too few seeds are there to tell from theory"
        sentences.append(
            f"Where one cell of each sign makes no error, {held}, it took {text.interval(none)} off, and copies "
            f"stayed alike to {text.interval(alike)}."
        )
    if SHUFFLED in by_condition:
        usual = values(by_condition[RELEASED], "d_prime_never_released").mean
        null = mean_interval([gained(run) / usual for run in by_condition[SHUFFLED]])
        fit = "within" if abs(null.mean) <= NULL_GAIN else "beyond"
        if few(by_condition[SHUFFLED], "d_prime_after_release"):
            fit = "too few seeds to tell whether within"
        sentences.append(
            f"With answers drawn at random it changed by {_percent(null)} of its usual value, {fit} the "
            f"{NULL_GAIN:.0%} allowed."
        )
    return " ".join(sentences)


def few(runs: Sequence[Result], name: str) -> bool:
    """Return whether too few runs have a measure to tell a difference."""
    return sum(math.isfinite(run.measures[name]) for run in runs) < fewest_pairs()


def gained(run: Result) -> float:
    """Return the change of d' by release."""
    return run.measures["d_prime_after_release"] - run.measures["d_prime_never_released"]


def controls(by_condition: Mapping[str, Sequence[Result]]) -> str:
    """Set all conditions side by side."""
    columns = {
        "similarity before release": "similarity_held",
        "least similarity after": "least_similarity_after_release",
        "plateau": "plateau",
        "error never released": "loss_never_released",
        "error after release": "loss_after_release",
        "removed by release": "loss_removed",
        "d' never released": "d_prime_never_released",
        "d' after release": "d_prime_after_release",
    }
    rows: list[Sequence[str]] = [("condition", *columns)]
    for name, runs in by_condition.items():
        rows.append((text.plain(name), *(text.interval(values(runs, column)) for column in columns.values())))
    notes = (
        "Errors are systematic: the mean square of the mean error of each touch. d' of the readout, with as many "
        "spikes in both arms. Intervals: 95 %, bootstrap over seeds."
    )
    return f"{text.markdown(rows)}\n\n{notes}"


def agreement(by_condition: Mapping[str, Sequence[Result]]) -> str:
    """Set what was predicted beside what was measured."""
    compared = [(text.plain(name), name, by_condition[RELEASED]) for name in PREDICTED]
    if NAIVE in by_condition:
        compared.append(("error at a naive release", "error_at_release", by_condition[NAIVE]))
    if ONE_NOISE in by_condition:  # noise of their own drives copies apart beside the instability
        compared.append(("divergence rate, one noise for a group", "divergence_rate", by_condition[ONE_NOISE]))
    rows: list[Sequence[str]] = [("quantity", "measured", "predicted", "measured / predicted", "band", "inside")]
    for title, name, runs in compared:
        measured, predicted = _pairs(runs, name)
        ratio = mean_interval((measured / predicted)[np.isfinite(measured / predicted)])
        band = BANDS.get(name, math.nan)
        inside = "" if math.isnan(band) else "yes" if abs(ratio.mean - 1) <= band else "no"
        inside = "too few seeds" if inside and few(runs, name) else inside
        means = [text.interval(mean_interval(side)) for side in (measured, predicted)]
        rows.append((title, *means, text.interval(ratio), "" if not inside else f"{band:.0%}", inside))
    return text.markdown(rows)


def _when(runs: Sequence[Result], times: Sequence[float]) -> Conclusion:
    """Conclude how the time of release matters."""
    by_time = {time: [run for run in runs if float(run.parameters[WHEN]) == time] for time in times}
    names = ("loss_after_release", "spike_matched_gain", "least_similarity_after_release")
    rows: list[Sequence[str]] = [("released after this share of the new task", *(text.plain(n) for n in names))]
    for time, runs_then in by_time.items():
        rows.append((f"{time:g}", *(text.interval(values(runs_then, name)) for name in names)))
    never = values(runs, "loss_never_released")
    rest = f"Error of copies that are never released: {text.interval(never)}."
    answer = f"# When should the hold be released?\n\n{text.markdown(rows)}\n\n{rest}"

    def draw() -> "Mapping[str, Figure]":
        from cortex.report.release import figure_when

        losses = np.array([[run.measures["loss_after_release"] for run in runs_then] for runs_then in by_time.values()])
        return {"when": figure_when(np.array(times), losses, never, "When the hold is released")}

    return Conclusion(answer, draw)


def values(runs: Sequence[Result], name: str) -> Interval:
    """Average a measure over the runs in which it is finite."""
    measured = np.array([run.measures[name] for run in runs])
    return known_interval(measured[np.isfinite(measured)])


def _pairs(runs: Sequence[Result], name: str) -> tuple[np.ndarray, np.ndarray]:
    return np.array([run.measures[name] for run in runs]), np.array([run.predictions[name] for run in runs])


def _percent(interval: Interval) -> str:
    mean, low, high = (100 * value for value in interval)
    return "undefined" if math.isnan(mean) else f"{mean:+.0f} % [{low:+.0f}, {high:+.0f}]"
