"""The parts that others do: studies killed again and again, Brian2's own tests, and settings that make no sense."""

import tempfile
from functools import partial
from importlib import import_module
from pathlib import Path
from types import ModuleType

from benchmarks.resilience import SHORT, SWEEP, resilience
from benchmarks.trust.command import warm_up
from benchmarks.trust.kit import TINY
from benchmarks.trust.pool import Task, forked
from benchmarks.trust.result import Effort, Failure, Result

QUICK = 0.5
"""Below this share of the full effort, small forms are taken."""


def killed_studies(effort: Effort) -> Result:
    """A study is killed at random moments until it is complete; see `benchmarks.resilience`."""
    group, runs, kills = "killed studies", 200, 10
    study = ["copy_pair", *SWEEP, *SHORT, "--seeds", str(runs // 4), "-j", "2"]
    if effort.share < QUICK:
        runs, kills = 12, 3
        study = [str(TINY), "-p", "duration=20 s", "--null", "no_drive", "--seeds", str(runs // 2), "-j", "2"]
    result = Result()
    repeat = f"python -m benchmarks.resilience --runs {runs} --kills {kills} --seed {effort.seed}"
    with tempfile.TemporaryDirectory() as folder:
        try:
            report = resilience(study, Path(folder), kills, effort.seed)
        except RuntimeError as error:
            result.tried[group] += 1
            result.failures.append(Failure(group, "tracebacks", "a killed study", str(error)[-300:], repeat))
            return result
    result.tried[group] += len(report.kills)
    kinds = {"lost": report.runs - report.committed + report.failed, "wrong": len(report.different + report.repeated)}
    for kind, count in kinds.items():
        told = f"{report.committed} of {report.runs} runs, {report.failed} failed, {len(report.different)} differ"
        result.failures += [Failure(group, kind, f"run {n}", told, f"{repeat}  # {n}") for n in range(count)]
    return result


def brian_tests(effort: Effort) -> Result:
    """Brian2's own tests with our templates, and those that fail with Brian2's templates for comparison."""
    group, result = "Brian2's own tests", Result()
    if not (suite := _found("benchmarks.brian_suite", result)):
        return result
    quick = effort.share < QUICK
    outcomes = suite.run_suite("cpp", FEW if quick else (), optimised=not quick, jobs=effort.processes)
    failed = {test: outcome for test, outcome in outcomes.items() if outcome.result == "failed"}
    unlike = failed.keys() - suite.BY_DESIGN
    plain = suite.run_suite("plain", sorted(unlike), jobs=effort.processes) if unlike else {}
    result.tried[group] += sum(outcome.result != "skipped" for outcome in outcomes.values())
    if len(outcomes) < (len(FEW) if quick else 190):
        result.failures.append(Failure(group, "lost", "all", f"only {len(outcomes)} tests were found", "-"))
    for test in sorted(unlike):
        if test in plain and plain[test].result == "passed":
            repeat = f"python -m benchmarks.brian_suite cpp {test}"
            result.failures.append(Failure(group, "wrong", test, failed[test].message[-300:], repeat))
        else:
            result.notes.append(f"{test} fails with Brian2's own templates too")
    result.notes += [f"{test}: {suite.BY_DESIGN[test]}" for test in sorted(failed.keys() & suite.BY_DESIGN.keys())]
    return result


def settings(effort: Effort) -> Result:
    """Settings inside the bounds: those that make no sense are refused, or told with the numbers."""
    group, result = "physics settings", Result()
    if not (listed := _found("tests.physics_settings", result)):
        return result
    warm_up()
    alone = effort.case.rpartition(":")[2]
    numbers = [int(alone)] if alone else effort.numbers(len(listed.SETTINGS))
    tasks = [Task(str(n), partial(_setting, listed, n), 600.0) for n in numbers]
    for ended in forked(tasks, effort.processes):
        result.tried[group] += 1
        scenario, values, expected = listed.SETTINGS[int(ended.task.name)]
        kind, told = ended.value or ("hung" if ended.trouble == "hung" else "tracebacks", ended.trouble[-300:])
        if kind:
            words = " ".join(f'-p "{name}={value}"' for name, value in values.items())
            repeat = f'python -m benchmarks.trust --part settings --case "{group}:{ended.task.name}"'
            told = f"expected {expected}, got {told}"
            result.failures.append(Failure(group, kind, f"{scenario} {words}", told, repeat))
            effort.show(f"{scenario} {words}: {kind}: {told}")
    return result


def _setting(listed: ModuleType, number: int) -> tuple[str, str]:
    """Run one setting; return what is not as promised, empty if all is."""
    import cortex
    from cortex.errors import CortexError, UsageError

    scenario, values, expected = listed.SETTINGS[number]
    with tempfile.TemporaryDirectory() as folder:
        try:
            run = cortex.run(scenario, listed.BASES[scenario] | values, seed=1, output=folder, jobs=1, figures=False)
            found = {str(warning["what"]) for warning in run.record.get("warnings", ())}
        except UsageError:
            found = {listed.REFUSED}
        except CortexError as error:
            return "tracebacks", str(error)
    wanted = set() if expected == listed.NOTHING else set(expected.split("; "))
    right = wanted <= found if wanted else not found
    return ("", "") if right else ("wrong", "; ".join(sorted(found)) or listed.NOTHING)


def _found(name: str, result: Result) -> ModuleType | None:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if not name.startswith(error.name or "-"):
            raise
        result.notes.append(f"{name} is not there; left out")
        return None


FEW = (
    "test_neurongroup.py::test_linked_subexpression_3",
    "test_spikegenerator.py::test_spikegenerator_period",
    "test_synapses.py::test_event_driven",
    "test_synapses.py::test_synapses_to_synapses_different_sizes",
)
"""Some of Brian2's tests, each of which compiles quickly."""
