"""The verdict on learning speed, generated from the numbers, and the tables that it rests on, in Markdown."""

import math
from collections.abc import Sequence

import numpy as np

from cortex.analysis.reference import ANY
from cortex.analysis.statistics import UNKNOWN, known_interval
from cortex.report.text import band, count, interval, markdown, number, plain
from scenarios.conclusions.learning_speed.summary import Attribution, Summary
from scenarios.conclusions.learning_speed.sweep import EQUAL, FEWEST, Answer, Ratio

VERDICT: dict[Answer, str] = {
    "slower": "made learning slower",
    "faster": "made learning faster",
    "equal": f"made no difference of more than {EQUAL:.0%}",
    "unclear": "made no difference that these runs can show",
    "few": "cannot be judged, for there are too few seeds to tell",
    "unknown": "cannot be judged, for no run got to the criterion",
}
"""The verdict, by the answer of a ratio."""

SUBJECTS = {
    "no_hold": "Compared with copies that are not held, holding the total",
    "single": "Compared with a single cell, copies under the hold",
    "independent": "Compared with as many cells of their own, copies under the hold",
}
"""How the sentence of the verdict begins, by what the hold is compared with."""

EXPANSION = {
    "copy_similarity": "similarity of weights",
    "signal_correlation": "signal correlation",
    "gain": "gain",
    "total_ratio": "total",
    "settling_rate": "return of the total, per trial",
    "decoding_ratio": "d' after / before",
    "old_kept_expanded": "old task kept",
    "old_error_expanded": "old error after / before",
    "noise_correlation": "noise correlation of copies",
}
"""Titles of what growing did, by measure."""


def conclusion(summary: Summary) -> str:
    """Write the verdict, what it is due to, and what else was measured."""
    rates, seeds = summary.sweep.rates.size, summary.sweep.limits.shape[2]
    parts = [
        "# Does holding the total make new learning faster?",
        verdict(summary),
        f"## What the difference is due to (K = {summary.copies}, {count(rates, 'rate')}, {count(seeds, 'seed')})",
        causes(summary),
        *(part for against in summary.every_rate for part in every_rate(summary, against)),
        "## Speed at equal rate, measured and predicted",
        speeds(summary),
        on_off(summary),
        "## Copying and the hold, before anything new was learned",
        expansion(summary),
        "## Each arm by itself",
        conditions(summary),
    ]
    return "\n\n".join(part for part in parts if part)


def verdict(summary: Summary) -> str:
    """Write whether copies under a hold learn faster than without, than a single cell, and than cells of their own."""
    sentences = []
    for pair in summary.verdict:
        against = pair.cause.against
        sentences += [f"{SUBJECTS[against]} {_judged(summary, pair)}", _over_rates(summary, against)]
    if sentences and summary.sweep.limits.shape[2] < FEWEST:
        sentences.append(f"With fewer than {FEWEST} seeds nothing is called slower, faster or equal.")
    return "\n".join(filter(None, sentences)) or "There are no arms with and without a hold to compare."


def _judged(summary: Summary, pair: Attribution) -> str:
    equal, best = pair.equal, pair.best
    places = ", ".join(f"{plain(name)} {_rate(summary, name)}" for name in (pair.cause.condition, pair.cause.against))
    at_equal = f"at the equal rate {summary.rate:g} ({ratio(equal)} times the trials to criterion)"
    at_best = f"with each at its own best rate ({places}: {ratio(best)} times)"
    if equal.answer == best.answer:
        return f"{VERDICT[equal.answer]} both {at_equal} and {at_best}."
    return f"{VERDICT[equal.answer]} {at_equal}, and {VERDICT[best.answer]} {at_best}."


def _over_rates(summary: Summary, against: str) -> str:
    """Write at which rates a hold made learning slower and at which faster, and where the other cannot learn."""
    rates, stable = summary.sweep.rates, summary.sweep.stable(against)
    at = {
        answer: [place for place, ratio in enumerate(summary.every_rate[against]) if ratio.answer == answer]
        for answer in ("slower", "faster")
    }
    parts = [
        f"{answer} at {', '.join(f'{rates[place]:g}' for place in places)}" for answer, places in at.items() if places
    ]
    lost = [f"{rates[place]:g}" for place in at["faster"] if not stable[place]]
    unstable = f" ({plain(against)} is unstable at {', '.join(lost)})" if lost else ""
    return f"Rate by rate, learning under the hold was {' and '.join(parts)}{unstable}." if parts else ""


def causes(summary: Summary) -> str:
    """Set each cause beside its two ratios."""
    rate = summary.rate
    rows = [
        ("cause", "arms", "each at its best rate", "log-rank p", f"at equal rate {rate:g}", "log-rank p", "1 means")
    ]
    for pair in summary.causes:
        cause = pair.cause
        rows.append(
            (
                cause.name,
                f"{plain(cause.condition)} / {plain(cause.against)}",
                ratio(pair.best),
                _p(pair.best),
                ratio(pair.equal) + (f" at {rate:g} / {rate / summary.copies:.3g}" if cause.same_speed else ""),
                _p(pair.equal),
                cause.meaning,
            )
        )
    notes = (
        "Ratios of mean trials to criterion [95 % over paired seeds]; above 1 the first arm is slower. A run that did "
        "not get there counts with all its trials: >= and <= mark a ratio that would be larger or smaller had it been "
        "watched on, ~ one that is drawn towards 1. Best rates are chosen from the same runs."
    )
    return f"{markdown(rows)}\n\n{notes}"


def every_rate(summary: Summary, against: str) -> tuple[str, str]:
    """Compare copies under the hold with another condition at each rate: heading and table."""
    other = plain(against)
    rows: list[Sequence[str]] = [
        ("rate", f"hold / {other}", "log-rank p", "hold got there", f"{other} got there", "copies under the hold")
    ]
    for place, (rate, at_rate) in enumerate(zip(summary.sweep.rates, summary.every_rate[against], strict=True)):
        shares = [_reached(summary, name, place) for name in ("hold", against)]
        rows.append((f"{rate:g}", ratio(at_rate), _p(at_rate), *shares, VERDICT[at_rate.answer]))
    return f"## Hold against {other} at every rate", markdown(rows)


def speeds(summary: Summary) -> str:
    """Set speeds relative to a single cell at the same rate beside what was predicted."""
    rows: list[Sequence[str]] = [
        ("arm", "rates", "times as fast as single", "predicted", "measured / predicted", "theory")
    ]
    for name, condition in summary.conditions.items():
        measured, predicted, share = condition.speeds["speed_ratio"]
        means = [interval(measured), number(predicted.mean), interval(share)]
        rows.append((plain(name), str(int(condition.measurable.sum())), *means, number(condition.nominal)))
    notes = (
        "Geometric means over the rates at which learning is, by prediction, slow enough to be measured. Predicted: "
        "the rate model, from what was measured before learning. Theory: linear copies."
    )
    return f"{markdown(rows)}\n\n{notes}"


def on_off(summary: Summary) -> str:
    """Set the ratio of speeds with and without a hold beside 1/K and 1/K^2."""
    rows: list[Sequence[str]] = [("form of the rule", "speed with / without hold", "predicted", "theory")]
    for form, order, measured, predicted in summary.on_off:
        theory = f"1/K{'^2' if order == 2 else ''} = {summary.copies**-order:.3g}"
        rows.append((form, interval(measured), number(predicted.mean), theory))
    return markdown(rows) if len(rows) > 1 else ""


def expansion(summary: Summary) -> str:
    """Set what growing did in each condition, at all rates alike, beside what was demanded of the hold."""
    theory = {"gain": f"1/K = {1 / summary.copies:.3f}", "settling_rate": "predicted +- 25 %"}
    demanded = theory | {name: band(limits) for name, limits in summary.bands.items()}
    titles = {name: title for name, title in EXPANSION.items() if name in summary.sweep.numbers}
    rows: list[Sequence[str]] = [("arm", *titles.values())]
    rows.append(("demanded of the hold", *(demanded.get(name, "") for name in titles)))
    for name in summary.conditions:
        rows.append((plain(name), *(interval(summary.over_rates(name, measure)) for measure in titles)))
    return "\n\n".join([markdown(rows), *disturbance(summary)])


def disturbance(summary: Summary) -> list[str]:
    """Write how much of the old task growing left, and whether it was kept with a hold and disturbed without.

    Kept is what the band of the measure says; without a band nothing is judged.
    """
    lowest, _ = summary.bands.get("old_kept_expanded", ANY)
    few = summary.sweep.limits.shape[2] < FEWEST
    sentences = []
    for name, demanded in (("hold", "kept"), ("no_hold", "disturbed")):
        if name not in summary.conditions:
            continue
        kept = summary.over_rates(name, "old_kept_expanded")
        judged = ""
        if lowest is not None:
            as_demanded = kept.mean >= lowest if demanded == "kept" else kept.high < lowest
            found = "cannot be told from so few seeds" if few else "holds" if as_demanded else "does not hold"
            judged = f"; that it is {demanded} ({band((lowest, None))} is kept) {found}"
        sentences.append(f"Growing with {plain(name)} left {interval(kept)} of the old task{judged}.")
    return [" ".join(sentences)] if sentences else []


def conditions(summary: Summary) -> str:
    """Set the best rate of each condition, what happens there, its largest stable rate, floor and the old task."""
    head = ("arm", "best rate", "trials there", "got there", "spikes there", "largest stable rate", "floor")
    rows: list[Sequence[str]] = [(*head, "old kept by growing", "old kept by learning")]
    for name, condition in summary.conditions.items():
        best, numbers = condition.best, [UNKNOWN, UNKNOWN, UNKNOWN]
        if best is not None:
            spikes, kept = (summary.sweep.of(name, measure)[best] for measure in ("spikes", "old_kept_learning"))
            numbers = [known_interval(seeds) for seeds in (condition.trials[best], spikes, kept)]
        trials, spent, learned = (interval(value) for value in numbers)
        reached = "" if best is None else _reached(summary, name, best)
        end = ">= " if condition.largest_stable == summary.sweep.rates[-1] else ""
        floor = "" if math.isnan(condition.floor.mean) else interval(condition.floor)
        grown = interval(summary.over_rates(name, "old_kept_expanded"))
        at_best = (_rate(summary, name), trials, reached, spent)
        rows.append((plain(name), *at_best, f"{end}{condition.largest_stable:g}", floor, grown, learned))
    speed = summary.matched_speed
    matched = "no speed is reached by all arms" if math.isnan(speed) else f"at a speed of {speed:.3g} per trial"
    notes = (
        f"Rates with >= or <= are at an end of the grid: the best, or the largest stable one, may lie beyond. Trials "
        f"and spikes: to the criterion, or all where it was not reached. Floor: mean squared error after learning, "
        f"{matched}, of the arms that have learned at two rates or more. Old kept: accuracy above chance of "
        f"the old task, relative to that before, after growing (all rates) and after learning the new task (best rate)."
    )
    return f"{markdown(rows)}\n\n{notes}"


def ratio(value: Ratio) -> str:
    """Write a ratio with its interval and bound."""
    return f"{value.bound} {interval(value.interval)}".strip()


def _reached(summary: Summary, condition: str, place: int) -> str:
    times, limits = (values[place] for values in summary.sweep.times(condition))
    return f"{(times <= limits).sum()} of {np.isfinite(limits).sum()}"


def _rate(summary: Summary, condition: str) -> str:
    """Write the best rate of a condition; at an end of the grid the best may lie beyond."""
    best, rates = summary.conditions[condition].best, summary.sweep.rates
    if best is None:
        return "none"
    end = {0: "<= ", len(rates) - 1: ">= "}.get(best, "")
    return f"{end}{rates[best]:g}"


def _p(value: Ratio) -> str:
    return "" if math.isnan(value.logrank) else f"{value.logrank:.2g}"
