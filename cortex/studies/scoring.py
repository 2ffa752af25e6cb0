"""Score checks by the runs that folders of results have."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from cortex.analysis.statistics import UNKNOWN
from cortex.studies import evidence, values
from cortex.studies.checks import Checks, Line
from cortex.studies.evidence import Evidence, Runs
from cortex.studies.selection import is_quick
from cortex.studies.table import RunTable
from cortex.studies.validation import FULL, Finding, Taken, Validation

if TYPE_CHECKING:
    from cortex.experiment.scenario import Scenario


def score(checks: Checks, folders: Iterable[Path], out: Path, only: str = "", seed: int | None = None) -> Validation:
    """Score all checks by the runs that folders of results have.

    Parameters
    ----------
    checks : Checks
    folders : iterable of Path
        Folders of results; nothing is written there.
    out : Path
        Where page, table and figure are to be kept.
    only : str
        Name of a scenario: only checks that it measures.
    seed : int, optional
        Root seed; by default of each model the one with the most runs, of as many that of the checks.
    """
    kept = evidence.tables(folders)
    runs = {name: dict(_runs(checks, scenario, kept, seed)) for name, scenario in checks.scenarios.items()}
    findings, refutations = (
        [
            Finding(check, [Taken(line, dict(_models(checks, line, runs))) for line in checks.lines[check.name]])
            for check in some
        ]
        for some in (checks.file.checks, checks.file.refuted_if)
    )
    if only:
        findings, refutations = ([f for f in some if only in f.carriers] for some in (findings, refutations))
    full = {name: found[FULL].table.folder for name, found in runs.items() if FULL in found and only in ("", name)}
    places = {name: place for name, place in full.items() if place}
    return Validation(checks, findings, refutations, out, (), places, _not_counted(kept, runs, only))


def _runs(checks: Checks, scenario: "Scenario", kept: list[RunTable], seed: int | None) -> Iterator[tuple[str, Runs]]:
    """Yield the complete runs of the full model and of each null model and condition that has some."""
    fixed = {name: values.text(value) for name, value in checks.fixed(scenario.name).items()}
    for condition in (FULL, *scenario.settings):
        parameters = scenario.resolve(fixed, null=condition)
        if found := evidence.stored(scenario, parameters, condition, kept, seed, checks.file.seed):
            yield condition, found


def _not_counted(kept: list[RunTable], runs: Mapping[str, Mapping[str, Runs]], only: str) -> dict[str, int]:
    """Count the runs of scenarios with checks that do not count."""
    counted = {(some.table.folder, name) for found in runs.values() for some in found.values() for name in some.names}
    rest = [
        row
        for table in kept
        for name, row in table.rows.items()
        if row["scenario"] in runs and only in ("", row["scenario"]) and (table.folder, name) not in counted
    ]
    quick = sum(is_quick(row) for row in rest)
    return {"quick": quick, "changed": len(rest) - quick}


def _models(checks: Checks, line: Line, runs: Mapping[str, Mapping[str, Runs]]) -> Iterator[tuple[str, Evidence]]:
    """Yield what each model says of a part: the full one, then the null models of the scenario."""
    if line.named is None:
        return
    scenario, of_scenario = checks.scenarios[line.scenario], runs[line.scenario]
    nulls = [] if line.condition else dict.fromkeys([*line.must_miss, *scenario.nulls])
    for model in (FULL, *nulls):
        condition = line.condition or model
        itself = model and condition == line.named.against
        if condition in of_scenario and not itself and (found := _evidence(checks, line, condition, of_scenario)):
            yield model, found


def _evidence(checks: Checks, line: Line, condition: str, runs: Mapping[str, Runs]) -> Evidence | None:
    """Return what the runs of a condition say of a part; None if they do not tell, or lack its other half."""
    assert line.named
    scenario, named, own = checks.scenarios[line.scenario], line.named, runs[condition]
    declared = scenario.declared[named.measure]
    fixed = {name: values.text(value) for name, value in checks.fixed(scenario.name).items()}
    if not declared.applies(scenario.resolve(fixed, null=condition)):
        return None
    if not own.know(named.measure):
        return None
    measured, number, unit = own.measured(named.measure, line.less), len(own.names), declared.unit
    if named.against:
        against = runs.get(named.against)
        measured, number = own.over(against, named.measure) if against else (UNKNOWN, 0)
        unit = "1"
    if not number:
        return None
    about, lacking = (scenario.name, condition, line.measure, line.band, unit), own.lacking(named.measure)
    return Evidence(*about, measured, number, own.seed, False, lacking)
