"""What a study asks, in words: its file's own, what is compared, and which measure was chosen beforehand."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cortex.errors import UsageError
from cortex.experiment import catalogue
from cortex.pages.page import Items, Part, Text
from cortex.report import text
from cortex.studies import study_file, values

if TYPE_CHECKING:
    from cortex.studies.study_model import Study
    from cortex.studies.table import RunTable

SHOWN = 12
"""Most values of a parameter that are listed."""


def title(study: "Study", scenarios: str) -> str:
    """Return the title of a study, or else the question that what varies asks."""
    names = [*list(study.conditions)[1:], *study.vary]
    if study.title or not names:
        return study.title or f"Runs of {scenarios}"
    several = " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
    return f"What {'does' if len(names) == 1 else 'do'} {several} change in {scenarios}?"


def parts(study: "Study", written: str, runs: "RunTable") -> list[Part]:
    """Return what a study asks.

    Parameters
    ----------
    study : Study
    written : str
        Its file.
    runs : RunTable
        Its complete runs, which say what a measure is.
    """
    about = study_file.description(written)
    return [*([Text([about])] if about else []), Items(list(_lines(study, runs)))]


def _lines(study: "Study", runs: "RunTable") -> Iterator[str]:
    yield _primary(study, runs)
    sentences = _sentences(study)
    for name, setting in study.settings.items() if study.conditions else ():
        null = setting.get("null", "")
        told = [f"{key} = {value}" for key, value in setting.items() if key != "null"]
        told = [sentences.get(null) or f"{null} of the scenario", *told] if null else told
        yield f"Condition {name}: {'; '.join(told) or 'own values of the scenario'}"
    for name, value in study.vary.items():
        yield f"Varied: {name} = {_listed(value) if isinstance(value, list) else value}"
    if study.fixed:
        yield f"In all runs: {', '.join(f'{name} = {values.text(value)}' for name, value in study.fixed.items())}"
    yield f"{text.count(study.seeds, 'seed')} of each, from the root seed {study.seed}"


def _primary(study: "Study", runs: "RunTable") -> str:
    if not study.primary:
        return "No measure was chosen beforehand as the primary one"
    name, unit = study.primary.measure, runs.units.get(study.primary.measure, "1")
    sentence = runs.sentences.get(name, "").rstrip(".")
    meaning = f": {sentence[:1].lower()}{sentence[1:]}" if sentence else ""
    met = f"; met at {study.primary.criterion}" if study.primary.criterion else ""
    return f"Primary measure, chosen beforehand: {name}{f' ({unit})' if unit != '1' else ''}{meaning}{met}"


def _listed(several: list[Any]) -> str:
    """Write values, the first few of many."""
    first = ", ".join(map(values.text, several[:SHOWN]))
    return f"{first}, ... ({len(several)} values)" if len(several) > SHOWN else first


def _sentences(study: "Study") -> dict[str, str]:
    """Return what the null models and conditions of the scenario are; nothing of one that is not installed."""
    try:
        settings = catalogue.installed(study.scenario).settings
    except UsageError:
        return {}
    return {name: condition.sentence.rstrip(".") for name, condition in settings.items()}
