"""The numbers of a run: its measures and predictions, why a measure has no value, and what was found in the run."""

import logging
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cortex.errors import UsageError, did_you_mean
from cortex.experiment.findings import Finding, joined
from cortex.experiment.measure import NOT_MEASURED, Measure
from cortex.experiment.parameters import Parameters
from cortex.experiment.record import RESERVED
from cortex.experiment.scenario import Scenario

if TYPE_CHECKING:
    from cortex.experiment.scenario import Recordings

logger = logging.getLogger(__name__)


def measure(
    scenario: Scenario, parameters: Parameters, recordings: "Recordings", found: Sequence[Finding]
) -> dict[str, Any]:
    """Return what ``run.json`` says of the numbers of a run.

    Parameters
    ----------
    scenario : Scenario
    parameters : Parameters
    recordings : dict of str to Recording
        By name of the arm.
    found : sequence of Finding
        What makes the numbers mean little; measures that do not apply then have no value.

    Returns
    -------
    record : dict
        "measures", "predictions", "missing", "watched_seconds" and "warnings".
    """
    try:
        measures, predictions = _analyse(scenario, parameters, recordings)
    except Exception as error:
        for finding in found:
            error.add_note(f"found in this run: {finding}")
        raise
    grave = [finding.what for finding in found if finding.grave]
    declared = {name: scenario.declared.get(name, Measure(name)) for name in measures}
    missing = {name: declared[name].missing(value, parameters) for name, value in measures.items()}
    for name, what in ((name, what) for what in reversed(grave) for name in declared if what in declared[name].unless):
        measures[name], missing[name] = math.nan, f"does not apply: {what}"
    if grave:
        because = f"{NOT_MEASURED}: {joined(grave)}"
        missing |= {name: because for name, reason in missing.items() if reason.startswith(NOT_MEASURED)}
    void = {name for name, reason in missing.items() if reason.startswith("does not apply:")}
    return {
        "measures": measures,
        "predictions": predictions,
        "missing": {name: reason for name, reason in missing.items() if reason},
        "watched_seconds": {name: s for name, s in scenario.limits(parameters).items() if name not in void},
        "warnings": [finding.record for finding in found],
    }


def _analyse(
    scenario: Scenario, parameters: Parameters, recordings: "Recordings"
) -> tuple[dict[str, float], dict[str, float]]:
    """Return measures and predictions, and warn of measures that are not what the scenario declares."""
    analysed = scenario.analyse(parameters, recordings)
    if not (isinstance(analysed, tuple) and len(analysed) == 2 and all(isinstance(half, Mapping) for half in analysed)):
        raise UsageError(
            f"analyse of {scenario.name} returns no pair of dictionaries",
            hint="end it with `return measures, predictions`, both numbers by name; {} where there are none",
        )
    measures, predictions = map(_numbers, analysed)
    if taken := sorted(measures.keys() & {*RESERVED, *parameters.names()}):
        raise UsageError(f"a measure cannot be called {', '.join(taken)}", hint="a column of every table has that name")
    if scenario.measures:
        known = {*measures, *predictions}
        for name, measure in scenario.declared.items():
            if name not in known and measure.applies(parameters):
                logger.warning("the measure %s is declared, but analyse does not return it", name)
        for name in measures.keys() - scenario.declared.keys():
            logger.warning("the measure %s is not declared%s", name, did_you_mean(name, scenario.declared))
    return measures, predictions


def _numbers(values: Mapping[str, float]) -> dict[str, float]:
    numbers: dict[str, float] = {}
    wrong = []
    for name, value in values.items():
        try:
            if not isinstance(name, str) or isinstance(value, str):
                raise TypeError
            numbers[name] = float(value)
        except (TypeError, ValueError):
            wrong.append(f"{name!r}: {value!r:.60}")
    if wrong:
        raise UsageError("analyse returns what is no number by a name", wrong, "give math.nan where there is none")
    return numbers
