"""Where a study comes from: a study file, a ready-made study, or a sweep over a scenario as typed."""

from dataclasses import dataclass
from pathlib import Path

from cortex.errors import UsageError, did_you_mean
from cortex.experiment import catalogue
from cortex.experiment.scenario import Scenario
from cortex.studies import environment, plan, study_file, values
from cortex.studies.study_file import Study

FILE = "study.toml"
"""Name of the study in its folder of results."""


@dataclass(frozen=True)
class Typed:
    """What was typed beside the name: it makes a study, or changes one.

    Attributes
    ----------
    changes : tuple of str
        ``NAME=VALUES`` each.
    nulls : tuple of str
        Null models to compare with.
    seed, seeds, points : int, optional
    quick : bool
    """

    changes: tuple[str, ...] = ()
    nulls: tuple[str, ...] = ()
    seed: int | None = None
    seeds: int | None = None
    points: int | None = None
    quick: bool = False


@dataclass(frozen=True)
class Found:
    """A study with what its names stand for.

    Attributes
    ----------
    study : Study
    text : str
        Its file.
    scenario : Scenario
    name : str
    out : Path
        Folder of results.
    """

    study: Study
    text: str
    scenario: Scenario
    name: str
    out: Path


def find(name: str, typed: Typed, out: Path | None) -> Found:
    """Find a study by name; what was typed beside it gives another one.

    Parameters
    ----------
    name : str
        A study file, a ready-made study, or a scenario.
    typed : Typed
    out : Path, optional
        Folder of results.

    Raises
    ------
    UsageError
        If there is no such study, or with one line for each mistake in it.
    """
    ready = catalogue.studies()
    path = Path(name) if name.endswith(".toml") else ready.get(name.replace("-", "_"))
    if path is None:
        return _sweep(name, typed, out)
    text = study_file.read_text(path)
    given, problems = study_file.parse(text, path.name)
    if given is None:
        raise study_file.told(path.name, problems)
    try:
        scenario = _scenario(given.scenario, path)
    except UsageError as error:
        raise study_file.told(path.name, [*problems, ("scenario", error.title)]) from None
    if typed != Typed():
        given = _changed(given, scenario, typed)
        text = study_file.write(given.model_copy(update={"scenario": str(scenario.file or scenario.name)}))
    problems += study_file.check(given, scenario)
    if problems:
        raise study_file.told(path.name, problems)
    kept = path.name == FILE and (path.parent / plan.PLAN).exists() and typed == Typed()
    label = path.stem + ("_quick" if typed.quick else "")
    return Found(given, text, scenario, label, out or (path.parent if kept else Path("results") / label))


def _sweep(name: str, typed: Typed, out: Path | None) -> Found:
    """Make a study of what is typed after the name of a scenario."""
    scenarios = [*catalogue.titles("scenarios"), *catalogue.plugins()]
    if name.replace("-", "_") not in scenarios and not name.endswith(".py"):
        hint = "give a study file, a ready-made study, or a scenario to sweep; `cortex list` shows all"
        raise UsageError(f'no study "{name}"{did_you_mean(name, [*catalogue.studies(), *scenarios])}', hint=hint)
    scenario = catalogue.find(name)
    given = _changed(Study(scenario=str(scenario.file or scenario.name)), scenario, typed)
    if not given.vary and not given.conditions and given.seeds == 1:
        raise UsageError(
            f"nothing varies in this study of {scenario.name}",
            hint='vary a parameter with -p NAME=a,b,c or -p "NAME=log(1e-3,1e-1,5)", or add --seeds N or --null NAME',
        )
    if problems := study_file.check(given, scenario):
        raise study_file.told("the study", problems)
    label = f"{scenario.name}_study"
    return Found(given, study_file.write(given), scenario, label, out or Path("results") / label)


def _changed(given: Study, scenario: Scenario, typed: Typed) -> Study:
    """Change a study by what was typed."""
    if wrong := [f"-p {change}  has no value" for change in typed.changes if "=" not in change]:
        raise UsageError("options", wrong, "give a parameter as -p name=value, or -p name=a,b,c to vary it")
    fixed, vary, conditions = dict(given.fixed), dict(given.vary), dict(given.conditions)
    lists = [name for name in scenario.parameters.names() if isinstance(scenario.parameters.get(name), tuple)]
    for name, text in (change.split("=", 1) for change in typed.changes):
        name = name.strip()
        value = values.split(text.strip(), name in lists)
        fixed.pop(name, None)
        vary.pop(name, None)
        varies = isinstance(value, list) or values.is_call(value)
        (vary if varies else fixed)[name] = value
    if typed.nulls:
        conditions = (conditions or {"full": {}}) | {null: {"null": null} for null in typed.nulls}
    changed = {
        "fixed": fixed,
        "vary": vary,
        "conditions": conditions,
        "seed": given.seed if typed.seed is None else typed.seed,
        "seeds": given.seeds if typed.seeds is None else typed.seeds,
        "points": given.points if typed.points is None else typed.points,
        "quick": given.quick or typed.quick,
    }
    return given.model_copy(update=changed)


def _scenario(name: str, path: Path) -> Scenario:
    """Find the scenario of a study file; a path counts from that file, or is as it was when the file was kept."""
    if not name.endswith(".py"):
        return catalogue.find(name)
    kept = environment.load(path.parent)
    beside = path.parent / name
    return catalogue.find(str(beside) if beside.exists() or not kept else kept["scenario_file"])
