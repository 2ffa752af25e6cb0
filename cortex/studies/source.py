"""Where a study comes from: a study file, a ready-made study, or a sweep over a scenario."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self, get_args

from cortex.engine.model import Precision
from cortex.engine.seed import check_seed
from cortex.errors import UsageError, did_you_mean
from cortex.experiment import catalogue
from cortex.experiment.scenario import Scenario
from cortex.studies import environment, plan, study_file, values
from cortex.studies.study_model import Study

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Changes:
    """What makes a study of a scenario, or changes one.

    Attributes
    ----------
    typed : mapping of str to str
        Values by parameter as typed after ``-p``: several, or ``log(...)`` and the like, vary it; one fixes it.
    vary, fixed : mapping of str to value
        Values that vary, and that all runs share, as in a study file.
    settings : tuple of str
        Null models and other conditions of the scenario to compare with.
    seed, seeds, points : int, optional
    quick : bool
    precision : {"double", "single"}, optional
    """

    typed: Mapping[str, str] = field(default_factory=dict)
    vary: Mapping[str, Any] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)
    settings: tuple[str, ...] = ()
    seed: int | None = None
    seeds: int | None = None
    points: int | None = None
    quick: bool = False
    precision: Precision | None = None

    def __post_init__(self) -> None:
        if self.precision not in (None, *get_args(Precision)):
            raise UsageError(f'no precision "{self.precision}"', hint=f"precisions: {', '.join(get_args(Precision))}")
        for name, least in (("seed", 0), ("seeds", 1), ("points", 2)):
            if (value := getattr(self, name)) is not None:
                object.__setattr__(self, name, check_seed(value, name, least))

    @classmethod
    def of(
        cls,
        vary: Mapping[str, Any],
        fixed: Mapping[str, Any],
        settings: Sequence[str],
        seed: int | None,
        seeds: int | None,
        points: int | None,
        quick: bool,
        precision: Precision | None = None,
    ) -> Self:
        """Return changes given as Python values: numbers, texts, quantities, and sequences of these."""
        return cls(
            vary={name: values.plain(value) for name, value in vary.items()},
            fixed={name: values.plain(value) for name, value in fixed.items()},
            settings=tuple(settings),
            seed=seed,
            seeds=seeds,
            points=points,
            quick=quick,
            precision=precision,
        )


@dataclass(frozen=True)
class NamedStudy:
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


def find(name: str, changes: Changes = Changes(), out: Path | None = None) -> NamedStudy:
    """Return a study by name; with changes, another one.

    Parameters
    ----------
    name : str
        A study file, a ready-made study, or a scenario.
    changes : Changes
    out : Path, optional
        Folder of results.

    Raises
    ------
    UsageError
        If there is no such study, or with one line for each mistake in it.
    """
    path = Path(name) if name.endswith(".toml") else catalogue.studies().get(_current(name))
    out = out or _former_folder(name)
    if path is None:
        return _sweep(name, changes, out)
    text = study_file.read_text(path)
    study, problems = study_file.parse(text, path.name)
    if study is None:
        raise study_file.mistakes(path.name, problems)
    if study.scenario.endswith(".py") and _is_kept(path):
        raise UsageError(
            f"{path} names {study.scenario}, and no file is executed that only a folder of results names",
            hint=f"put a copy of {path.name} beside your scenario file, and give it: "
            f"cortex study COPY.toml -o {out or path.parent}",
        )
    try:
        scenario = scenario_of(study.scenario, path)
    except UsageError as error:
        raise study_file.mistakes(path.name, [*problems, ("scenario", error.title)]) from None
    if changes != Changes():
        study = _changed(study, scenario, changes)
        text = study_file.write(study.model_copy(update={"scenario": str(scenario.file or scenario.name)}))
    plan.check_size(study)
    problems += study_file.check(study, scenario)
    if problems:
        raise study_file.mistakes(path.name, problems)
    kept = _is_kept(path) and changes == Changes()
    label = path.stem + "_quick" * changes.quick + "_single" * (changes.precision == "single")
    return NamedStudy(study, text, scenario, label, out or (path.parent if kept else Path("results") / label))


def _current(name: str) -> str:
    """Return the name that a ready-made study has now."""
    plain = name.replace("-", "_")
    if plain in catalogue.FORMER_NAMES:
        logger.warning("the study %s is called %s now", plain, catalogue.FORMER_NAMES[plain])
    return catalogue.FORMER_NAMES.get(plain, plain)


def _former_folder(name: str) -> Path | None:
    """Return the folder that a study wrote under a former name; None if there is none."""
    folder = Path("results") / name.replace("-", "_")
    return folder if folder.name in catalogue.FORMER_NAMES and (folder / plan.PLAN).exists() else None


def _sweep(name: str, changes: Changes, out: Path | None) -> NamedStudy:
    """Make a study of a scenario."""
    scenarios = [*catalogue.titles("scenarios"), *catalogue.plugins()]
    if name.replace("-", "_") not in scenarios and not name.endswith(".py"):
        hint = "give a study file, a ready-made study, or a scenario to sweep; `cortex list` shows all"
        raise UsageError(f'no study "{name}"{did_you_mean(name, [*catalogue.studies(), *scenarios])}', hint=hint)
    scenario = catalogue.find(name)
    study = _changed(Study(scenario=str(scenario.file or scenario.name)), scenario, changes)
    plan.check_size(study)
    if problems := study_file.check(study, scenario):
        raise study_file.mistakes("the study", problems)
    if not study.vary and not study.conditions and study.seeds == 1:
        raise UsageError(
            f"nothing varies in this study of {scenario.name}",
            hint='vary a parameter with -p NAME=a,b,c or -p "NAME=log(1e-3,1e-1,5)", or add --seeds N or --null NAME',
        )
    label = f"{scenario.name}_study" + "_single" * (changes.precision == "single")
    return NamedStudy(study, study_file.write(study), scenario, label, out or Path("results") / label)


def _changed(study: Study, scenario: Scenario, changes: Changes) -> Study:
    """Change a study."""
    lists = [name for name in scenario.parameters.names() if isinstance(scenario.parameters.get(name), tuple)]
    typed = {name: values.split(text, name in lists) for name, text in changes.typed.items()}
    varied = {name: value for name, value in typed.items() if isinstance(value, list) or values.is_call(value)}
    vary = dict(changes.vary) | varied
    fixed = dict(changes.fixed) | {name: value for name, value in typed.items() if name not in varied}
    conditions = dict(study.conditions)
    if changes.settings:
        conditions = (conditions or {"full": {}}) | {name: {"null": name} for name in changes.settings}
    changed = {
        "fixed": {name: value for name, value in study.fixed.items() if name not in vary and name not in fixed} | fixed,
        "vary": {name: value for name, value in study.vary.items() if name not in vary and name not in fixed} | vary,
        "conditions": conditions,
        "seed": study.seed if changes.seed is None else changes.seed,
        "seeds": study.seeds if changes.seeds is None else changes.seeds,
        "points": study.points if changes.points is None else changes.points,
        "quick": study.quick or changes.quick,
        "precision": changes.precision or study.precision,
    }
    study = study.model_copy(update=changed)
    study_file.read_toml(study_file.write(study), "the study")
    return study


def _is_kept(path: Path) -> bool:
    """Return whether a study file is the one that a folder of results keeps, not a user's own."""
    marks = (plan.PLAN, environment.ENVIRONMENT, "runs")
    return path.name == study_file.FILE and any((path.parent / mark).exists() for mark in marks)


def scenario_of(name: str, path: Path) -> Scenario:
    """Return the scenario that a file of a study or argument names; a path counts from that file."""
    return catalogue.find(str(path.parent / name) if name.endswith(".py") else name)
