"""The verdict on learning speed, generated from the numbers, and the tables that it rests on, in Markdown."""

import math
from collections.abc import Sequence

import numpy as np

from cortex.analysis.comparison import UNKNOWN
from cortex.analysis.statistics import Interval, mean_interval
from cortex.report.text import interval, markdown, number, plain
from scenarios.conclusions.learning_speed import attribution
from scenarios.conclusions.learning_speed.attribution import EQUAL, FEWEST, Answer, Ratio, Sweep
from scenarios.conclusions.learning_speed.causes import ON_OFF, attribute, measurable

SAID: dict[Answer, str] = {
    "slower": "made learning slower",
    "faster": "made learning faster",
    "equal": f"made no difference of more than {EQUAL:.0%}",
    "unclear": "made no difference that these runs can show",
    "unknown": "cannot be judged, for no run got to the criterion",
}
"""The verdict, by what the interval of the ratio tells."""


def conclusion(found: Sweep, rate: float, copies: int) -> str:
    """Write the verdict, what it is due to, and what else was measured.

    Parameters
    ----------
    found : Sweep
    rate : float
        The common rate.
    copies : int
        Size K of a group.
    """
    parts = [
        "# Does holding the total make new learning faster?",
        verdict(found, rate),
        f"## What the difference is due to (K = {copies}, {found.rates.size} rates, {found.limits.shape[2]} seeds)",
        causes(found, rate, copies),
        "## Hold against no hold at every rate",
        every_rate(found),
        "## Speed at equal rate, measured and predicted",
        speeds(found),
        on_off(found, copies),
        "## Copying and the hold, before anything new was learned",
        expansion(found, copies),
        "## Each arm by itself",
        arms(found),
    ]
    return "\n\n".join(part for part in parts if part)


def verdict(found: Sweep, rate: float) -> str:
    """Say in a sentence whether the hold made learning faster, and in another whether it beats a single cell."""
    sentences = [
        f"{subject} {_judged(found, arm, against, rate)}"
        for subject, arm, against in (
            ("Compared with copies that are not held, holding the total", "hold", "no_hold"),
            ("Compared with a single cell, copies under the hold", "hold", "single"),
        )
        if {arm, against} <= set(found.arms)
    ]
    sentences.insert(1, _over_rates(found))
    if sentences[0] and found.limits.shape[2] < FEWEST:
        sentences.append(f"With fewer than {FEWEST} seeds nothing is called slower, faster or equal.")
    return "\n".join(filter(None, sentences)) or "There are no arms with and without a hold to compare."


def _judged(found: Sweep, arm: str, against: str, rate: float) -> str:
    equal = attribution.compare(found, arm, rate, against, rate)
    best = attribution.compare_best(found, arm, against)
    places = ", ".join(f"{plain(one)} {_rate(found, one)}" for one in (arm, against))
    at_equal = f"at the equal rate {rate:g} ({ratio(equal)} times the trials to criterion)"
    at_best = f"with each at its own best rate ({places}: {ratio(best)} times)"
    if equal.answer == best.answer:
        return f"{SAID[equal.answer]} both {at_equal} and {at_best}."
    return f"{SAID[equal.answer]} {at_equal}, and {SAID[best.answer]} {at_best}."


def _over_rates(found: Sweep) -> str:
    """Say at which rates a hold made learning slower and at which faster, where it did both."""
    if not {"hold", "no_hold"} <= set(found.arms):
        return ""
    answers = {f"{rate:g}": attribution.compare(found, "hold", rate, "no_hold", rate).answer for rate in found.rates}
    told = [
        f"{answer} at {', '.join(rate for rate, one in answers.items() if one == answer)}"
        for answer in ("slower", "faster")
        if answer in answers.values()
    ]
    return f"Rate by rate, learning under the hold was {' and '.join(told)}." if told else ""


def causes(found: Sweep, rate: float, copies: int) -> str:
    """Set each cause beside its two ratios."""
    rows = [
        ("cause", "arms", "each at its best rate", "log-rank p", f"at equal rate {rate:g}", "log-rank p", "1 means")
    ]
    for one in attribute(found, rate, copies):
        cause = one.cause
        rows.append(
            (
                cause.name,
                f"{plain(cause.arm)} / {plain(cause.against)}",
                ratio(one.best),
                _p(one.best),
                ratio(one.equal) + (f" at {rate:g} / {rate / copies:.3g}" if cause.same_speed else ""),
                _p(one.equal),
                cause.tells,
            )
        )
    notes = (
        "Ratios of mean trials to criterion [95 % over paired seeds]; above 1 the first arm is slower. A run that did "
        "not get there counts with all its trials: >= and <= mark a ratio that would be larger or smaller had it been "
        "watched on, ~ one that is drawn towards 1. Best rates are chosen from the same runs."
    )
    return f"{markdown(rows)}\n\n{notes}"


def every_rate(found: Sweep) -> str:
    """Compare hold and no hold at each rate."""
    if not {"hold", "no_hold"} <= set(found.arms):
        return ""
    rows: list[Sequence[str]] = [
        ("rate", "hold / no hold", "log-rank p", "hold got there", "no hold got there", "holding the total")
    ]
    for place, rate in enumerate(found.rates):
        one = attribution.compare(found, "hold", rate, "no_hold", rate)
        shares = [_reached(found, arm, place) for arm in ("hold", "no_hold")]
        rows.append((f"{rate:g}", ratio(one), _p(one), *shares, SAID[one.answer]))
    return markdown(rows)


def speeds(found: Sweep) -> str:
    """Set speeds relative to a single cell at the same rate beside what was predicted."""
    rows: list[Sequence[str]] = [
        ("arm", "rates", "times as fast as single", "predicted", "measured / predicted", "theory")
    ]
    for arm in found.arms:
        chosen = measurable(found, arm, "single")
        measured, predicted, nominal = (
            found.of(arm, name) for name in ("speed_ratio", "predicted.speed_ratio", "predicted.speed_ratio_nominal")
        )
        shown = [attribution.geometric_mean(v, chosen) for v in (measured, predicted, measured / predicted, nominal)]
        means = [interval(shown[0]), number(shown[1].mean), interval(shown[2])]
        rows.append((plain(arm), str(int(chosen.sum())), *means, number(shown[3].mean)))
    notes = (
        "Geometric means over the rates at which learning is, by prediction, slow enough to be measured. Predicted: "
        "the rate model, from what was measured before learning. Theory: linear copies."
    )
    return f"{markdown(rows)}\n\n{notes}"


def on_off(found: Sweep, copies: int) -> str:
    """Set the ratio of speeds with and without a hold beside 1/K and 1/K^2."""
    rows: list[Sequence[str]] = [("form of the rule", "speed with / without hold", "predicted", "theory")]
    for on, off, form, order in ON_OFF:
        if {on, off} <= set(found.arms):
            chosen = measurable(found, on, off)
            measured, predicted = (
                attribution.geometric_mean(found.of(on, name) / found.of(off, name), chosen)
                for name in ("learning_speed", "predicted.learning_speed")
            )
            theory = f"1/K{'^2' if order == 2 else ''} = {copies**-order:.3g}"
            rows.append((form, interval(measured), number(predicted.mean), theory))
    return markdown(rows) if len(rows) > 1 else ""


def expansion(found: Sweep, copies: int) -> str:
    """Tell what growing did in each arm, at all rates alike, beside what was demanded of the hold."""
    demanded = {
        "copy_similarity": ("similarity of weights", ""),
        "signal_correlation": ("signal correlation", ">= 0.9"),
        "gain": ("gain", f"1/K = {1 / copies:.3f}"),
        "total_ratio": ("total after / before", "0.95 to 1.05"),
        "settling_rate": ("return of the total, per trial", "predicted +- 25 %"),
        "decoding_ratio": ("d' after / before", "0.85 to 1.10"),
        "old_kept_expanded": ("old task kept", ">= 0.95"),
        "old_error_expanded": ("old error after / before", ""),
        "noise_correlation": ("noise correlation of copies", ""),
    }
    rows: list[Sequence[str]] = [("arm", *(title for title, _ in demanded.values()))]
    rows.append(("demanded of the hold", *(band for _, band in demanded.values())))
    for arm in found.arms:
        values = (_mean(attribution.mean_of_known(found.of(arm, name).T)) for name in demanded)
        rows.append((plain(arm), *(interval(value) for value in values)))
    return "\n\n".join([markdown(rows), *disturbance(found)])


def disturbance(found: Sweep) -> list[str]:
    """Say whether the old task was kept at expansion with a hold, and disturbed without."""
    sentences = []
    for arm, demanded in (("hold", "kept"), ("no_hold", "disturbed")):
        if arm in found.arms:
            kept = _mean(attribution.mean_of_known(found.of(arm, "old_kept_expanded").T))
            as_demanded = kept.mean >= 0.95 if demanded == "kept" else kept.high < 0.95
            sentences.append(
                f"Growing with {plain(arm)} left {interval(kept)} of the old task; that it is {demanded} "
                f"{'holds' if as_demanded else 'does not hold'}."
            )
    return [" ".join(sentences)] if sentences else []


def arms(found: Sweep) -> str:
    """Tell of each arm its best rate and what happens there, its largest stable rate, floor, and the old task."""
    speed, floors = attribution.floors_at_matched_speed(found, found.arms)
    head = ("arm", "best rate", "trials there", "got there", "spikes there", "largest stable rate", "floor")
    rows: list[Sequence[str]] = [(*head, "old kept by growing", "old kept by learning")]
    for arm in found.arms:
        best = found.best(arm)
        numbers = [UNKNOWN, UNKNOWN, UNKNOWN]
        if best is not None:
            values = (found.restricted(arm), found.of(arm, "spikes"), found.of(arm, "old_kept_learning"))
            numbers = [_mean(value[best]) for value in values]
        largest = found.largest_stable(arm)
        grown = _mean(attribution.mean_of_known(found.of(arm, "old_kept_expanded").T))
        rows.append(
            (
                plain(arm),
                _rate(found, arm),
                interval(numbers[0]),
                "" if best is None else _reached(found, arm, best),
                interval(numbers[1]),
                f"{'>= ' if largest == found.rates[-1] else ''}{largest:g}",
                interval(floors[arm]) if arm in floors else "",
                interval(grown),
                interval(numbers[2]),
            )
        )
    matched = "no speed is reached by all arms" if math.isnan(speed) else f"at a speed of {speed:.3g} per trial"
    notes = (
        f"Rates with >= or <= are at an end of the grid: the best, or the largest stable one, may lie beyond. Trials "
        f"and spikes: to the criterion, or all where it was not reached. Floor: mean squared error after learning, "
        f"{matched}, of the arms that have learned at two rates or more. Old kept: accuracy above chance of "
        f"the old task, relative to that before, after growing (all rates) and after learning the new task (best rate)."
    )
    return f"{markdown(rows)}\n\n{notes}"


def ratio(one: Ratio) -> str:
    """Write a ratio with its interval and bound."""
    return f"{one.bound} {interval(one.interval)}".strip()


def _mean(seeds: np.ndarray) -> Interval:
    known = seeds[~np.isnan(seeds)]
    return mean_interval(known) if len(known) else UNKNOWN


def _reached(found: Sweep, arm: str, place: int) -> str:
    times, limits = (values[place] for values in found.times(arm))
    return f"{int(np.sum(times <= limits))} of {int(np.sum(~np.isnan(limits)))}"


def _rate(found: Sweep, arm: str) -> str:
    """Write the best rate of an arm; at an end of the grid it may lie beyond."""
    best = found.best(arm)
    if best is None:
        return "none"
    end = {0: "<= ", len(found.rates) - 1: ">= "}.get(best, "")
    return f"{end}{found.rates[best]:g}"


def _p(one: Ratio) -> str:
    return "" if math.isnan(one.logrank) else f"{one.logrank:.2g}"
