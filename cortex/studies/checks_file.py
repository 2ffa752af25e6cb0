"""The file of the checks: what each measures, in which band, and which null models must miss it."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from os.path import isfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from cortex.analysis.published import REFERENCES
from cortex.analysis.reference import ANY
from cortex.errors import did_you_mean
from cortex.experiment import catalogue
from cortex.studies.argument_file import Named
from cortex.studies.checks import Checks, Line
from cortex.studies.checks_model import ChecksFile, Part, Reduced, read_band
from cortex.studies.study_file import mistakes, read_text, read_toml

if TYPE_CHECKING:
    from cortex.experiment.scenario import Scenario

LISTS = ("checks", "refuted_if")  # parts of the file of which one item may be wrong


def load(path: Path | None = None, reduced: bool = False) -> Checks:
    """Read the file of the checks, and find what its names stand for.

    Parameters
    ----------
    path : Path, optional
        By default that of the shipped scenarios. Scenarios are the files beside it.
    reduced : bool
        Whether the reduced version is asked for.

    Raises
    ------
    UsageError
        With one line for each mistake.
    """
    path = path or catalogue.checks()
    written = read_toml(read_text(path), path.name)
    file, problems = _well_formed(written, path.name)
    every = (*file.checks, *file.refuted_if)
    names = dict.fromkeys(part.measure.partition(".")[0] for check in every for part in check.parts if part.measure)
    found = {name: path.parent / f"{name}.py" for name in names}
    scenarios = {name: catalogue.find(str(place)) for name, place in found.items() if isfile(place)}
    listed = _items(written.get("checks"))
    problems += _problems(file, scenarios, [check.get("name") for check in listed])
    lines = {
        check.name: [
            _line(part, scenarios, path.parent) for part in check.parts if not list(_part_problems(part, scenarios))
        ]
        for check in every
    }
    known = {line.key for some in lines.values() for line in some}
    if problems:  # a band may be of a part that is wrong itself
        known |= {str(part.get("measure")) for check in listed for part in _items(check.get("parts"))}
    if problems := [*problems, *_reduced_problems(file.reduced, scenarios, known)]:
        raise mistakes(path.name, problems)
    digest = _digest(lines, file.reduced)
    if reduced:
        checked = {check.name for check in file.checks}  # what would refute the theory keeps the bands of the full one
        lines = {name: [_shorter(line, file.reduced, name in checked) for line in some] for name, some in lines.items()}
    return Checks(file, scenarios, lines, digest, reduced)


def _well_formed(written: dict[str, Any], title: str) -> tuple[ChecksFile, list[tuple[str, str]]]:
    """Return what of a file has the right form, and place and sentence of each mistake in the form of the rest."""
    try:
        return ChecksFile.model_validate(written), []
    except ValidationError as error:
        details = error.errors()
    wrong = [(".".join(map(str, detail["loc"])), detail["msg"]) for detail in details]
    broken = {detail["loc"][: 2 if detail["loc"][0] in LISTS else 1] for detail in details}
    rest = {
        name: [item for place, item in enumerate(value) if (name, place) not in broken] if name in LISTS else value
        for name, value in written.items()
        if (name,) not in broken
    }
    try:
        return ChecksFile.model_validate({"title": title, "checks": []} | rest), wrong
    except ValidationError:
        raise mistakes(title, wrong) from None


def _items(value: Any) -> list[dict[str, Any]]:
    """Return the tables of a list in a file that may have another form."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _line(part: Part, scenarios: "dict[str, Scenario]", folder: Path) -> Line:
    """Return a part with what its names stand for."""
    reference = REFERENCES[part.source] if part.source else None
    band = read_band(part.band) if part.band else ANY
    if not part.measure:
        awaited = f"there is no scenario {part.scenario} yet" if part.scenario else "no scenario measures it yet"
        if isfile(folder / f"{part.scenario}.py"):
            awaited = f"{part.scenario} does not measure it yet"
        return Line(part.what, None, "", band, reference, (), awaited)
    named = Named.read(part.measure)
    scenario, declared = scenarios[named.study], scenarios[named.study].declared[named.measure]
    by_itself = not (part.condition or named.against or part.band)
    declaring = [name for name, null in scenario.settings.items() if named.measure in null.misses and by_itself]
    return Line(
        part.what or declared.sentence,
        named,
        part.condition,
        named.band or (band if part.band else declared.band),
        reference or (declared.reference if by_itself else None),
        tuple(dict.fromkeys([*declaring, *part.nulls])),
        "",
        part.less,
    )


def _shorter(line: Line, reduced: Reduced, may_differ: bool) -> Line:
    """Return a line as it is in the reduced version: with a band of its own, or with any value if it needs one."""
    nulls = tuple(name for name in line.must_miss if name in reduced.conditions.get(line.scenario, line.must_miss))
    line = replace(line, must_miss=nulls)
    if may_differ and (own := reduced.bands.get(line.key, "")):
        return replace(line, band=read_band(own), reference=None, is_own=True)
    return replace(line, band=ANY, reference=None) if line.scenario in reduced.fixed else line


def _digest(lines: dict[str, list[Line]], reduced: Reduced) -> str:
    frozen = {
        name: [[line.scenario, line.measure or line.what, line.band, sorted(line.must_miss)] for line in some]
        for name, some in lines.items()
    }
    text = json.dumps([frozen, reduced.model_dump()], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _problems(file: ChecksFile, scenarios: "dict[str, Scenario]", known: list[Any]) -> Iterator[tuple[str, str]]:
    """Yield place and sentence of each name or band that means nothing; `known` are the names of all checks."""
    every = (*file.checks, *file.refuted_if)
    names = [check.name for check in every]
    yield from ((name, "stands there twice") for name in dict.fromkeys(names) if names.count(name) > 1)
    for check in every:
        yield from ((check.name, problem) for part in check.parts for problem in _part_problems(part, scenarios))
        yield from ((check.name, f"{name}  is no check") for name in check.checks if name not in known)


def _reduced_problems(reduced: Reduced, scenarios: "dict[str, Scenario]", known: set[str]) -> Iterator[tuple[str, str]]:
    for name, text in reduced.bands.items():
        if name not in known or _wrong(text):
            yield "[reduced.bands]", f"{name}  needs the measure of a part, and a band such as 0.8 .. 1.2"
    for name, conditions in reduced.conditions.items():
        settings = scenarios[name].settings if name in scenarios else {}
        yield from (("[reduced.conditions]", f"{name}  has no {one}") for one in conditions if one not in settings)
    unknown = [name for name in reduced.fixed if name not in scenarios]
    yield from (("[reduced.fixed]", f"{name}  carries no check") for name in unknown)


def _wrong(band: str) -> str:
    """Return what is wrong with the text of a band; empty if nothing is."""
    try:
        read_band(band)
    except ValueError as error:
        return str(error)
    return ""


def _part_problems(part: Part, scenarios: "dict[str, Scenario]") -> Iterator[str]:
    label = part.measure or part.what
    if part.band and (wrong := _wrong(part.band)):
        yield f"{label}  {wrong}"
        return
    if part.source and part.source not in REFERENCES:
        yield f"{label}  no published number {part.source}{did_you_mean(part.source, REFERENCES)}"
    if not part.measure:
        if not part.what:
            yield "has neither `measure` nor `what`"
        return
    try:
        named = Named.read(part.measure)
    except ValueError as error:
        yield str(error)
        return
    scenario = scenarios.get(named.study)
    if scenario is None:
        yield f"{label}  no scenario {named.study} beside the file; give `what` of what is not measured yet"
        return
    for name in filter(None, (named.measure, part.less)):
        if name not in scenario.declared:
            yield f"{label}  no such measure{did_you_mean(name, scenario.declared)}"
            return
    if part.less and named.against:
        yield f"{label}  is a ratio: nothing can be taken off it"
    own = ANY if part.less else scenario.declared[named.measure].band
    if part.band and (named.band or read_band(part.band) == own):
        yield f"{label}  has this band already: leave it out"
    if own == ANY and not (part.band or named.band):
        yield f"{label}  has no band"
    for name in [*part.nulls, part.condition, named.against]:
        if name and name not in scenario.settings:
            yield f"{label}  {named.study} has no condition {name}{did_you_mean(name, scenario.settings)}"


if __name__ == "__main__":
    print(load().digest)
