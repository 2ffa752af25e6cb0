"""The study file: what is varied, held fixed and compared, over which seeds. All its mistakes are told at once."""

import difflib
import itertools
import re
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomli_w
from pydantic import ValidationError

from cortex.errors import UsageError, did_you_mean
from cortex.files import text_of
from cortex.report.text import count
from cortex.studies import values
from cortex.studies.study_model import Limits, Primary, Section, Study
from cortex.studies.values import Range

if TYPE_CHECKING:
    from cortex.experiment.scenario import Scenario

FILE = "study.toml"
"""Name of the study in its folder of results."""

DEEPEST = 20
"""Levels of tables and lists inside each other."""

LONGEST = 128
"""Bits of a whole number; a root seed may have so many."""

TRIED = 1000
"""Values of a list whose mistakes are told with all others; those of the rest are told when the study is planned."""

SHOWN = 200
"""Letters of a name or value that a message repeats."""

UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
"""Control characters but for tab and line end, and halves of characters that cannot be written."""

Problem = tuple[str, str]
"""Where a mistake is, and what it is."""


def load(path: Path) -> tuple[Study, str]:
    """Read a study file.

    Returns
    -------
    study : Study
        Its form is checked; its names and values are checked by `check`.
    text : str
        The file as it is.

    Raises
    ------
    UsageError
        With one line for each mistake of form.
    """
    text = read_text(path)
    study, problems = parse(text, path.name)
    if study is None or problems:
        raise mistakes(path.name, problems)
    return study, text


def kept(path: Path) -> Study | None:
    """Read the study file of a folder of results; None if it cannot be read."""
    try:
        return load(path)[0]
    except UsageError:
        return None


def description(text: str) -> str:
    """Return what a study file says of itself in the comments that it begins with, as one paragraph."""
    lines = itertools.takewhile(lambda line: line.startswith("#"), text.lstrip().splitlines())
    return " ".join(line.lstrip("#").strip() for line in lines)


def read_text(path: Path) -> str:
    """Read a file; raise UsageError if it cannot be read."""
    try:
        return text_of(path)
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be read: {error}", hint="`cortex list` shows ready-made studies") from None


def parse(text: str, title: str) -> tuple[Study | None, list[Problem]]:
    """Read the text of a study file, as far as its form allows.

    Returns
    -------
    study : Study, optional
        Of what is well formed; None if that is too little.
    problems : list of tuple of str
        Place and sentence of each mistake of form.

    Raises
    ------
    UsageError
        If it is no TOML.
    """
    content = read_toml(text, title)
    try:
        return Study.model_validate(content), []
    except ValidationError as error:
        details = error.errors()
    problems = [_problem(detail) for detail in details]
    wrong = {detail["loc"][0] for detail in details}
    try:
        return Study.model_validate({name: value for name, value in content.items() if name not in wrong}), problems
    except ValidationError:
        return None, problems


def read_toml(text: str, title: str) -> dict[str, Any]:
    """Read TOML, of which a study needs neither deep tables, nor large whole numbers, nor control characters.

    Raises
    ------
    UsageError
        If it is no TOML, or has any of these.
    """
    hint = "nothing was run"
    try:
        content = tomllib.loads(text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{title} is no TOML: {error}", hint=hint) from None
    except RecursionError:
        raise UsageError(f"{title} is nested too deeply: at most {DEEPEST} levels are allowed", hint=hint) from None
    except ValueError as error:  # a number with more digits than Python reads
        raise UsageError(f"{title} cannot be read: {str(error).split(';')[0]}", hint=hint) from None
    inside: list[tuple[int, str, Any]] = [(0, "", content)]
    while inside:
        depth, place, value = inside.pop()
        name = place[:60]
        if depth > DEEPEST:
            raise UsageError(f"{title}, {name}: nested too deeply; at most {DEEPEST} levels are allowed", hint=hint)
        if isinstance(value, int) and value.bit_length() > LONGEST:
            raise UsageError(f"{title}, {name}: a whole number of more than {LONGEST} bits", hint=hint)
        if isinstance(value, str) and (wrong := UNPRINTABLE.search(value)):
            raise UsageError(f"{title}, {name}: holds the control character {wrong[0]!r}; leave it out", hint=hint)
        if isinstance(value, dict):
            inside += [(depth + 1, f"{place}.{key}".lstrip("."), part) for key, part in value.items()]
            inside += [(0, f"the name {key!r}", key) for key in value]
        elif isinstance(value, list):
            inside += [(depth + 1, place, part) for part in value]
    return content


def write(study: Study) -> str:
    """Write a study as a file that `parse` reads back."""
    return tomli_w.dumps(study.model_dump(exclude_defaults=True))


def differences(before: str, now: str) -> list[str]:
    """Return the lines in which two study files differ; the same value written in another way is no difference."""
    try:
        then, after = (parse(text, FILE)[0] for text in (before, now))
    except UsageError:  # it was damaged, and is compared as it is
        then = after = None
    if then and after:
        written = then.model_dump(exclude_defaults=True)
        before = tomli_w.dumps(written)
        now = tomli_w.dumps(_as_in(written, after.model_dump(exclude_defaults=True)))
    lines = difflib.unified_diff(before.splitlines(), now.splitlines(), lineterm="", n=0)
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


def _as_in(then: Any, now: Any) -> Any:
    """Return what is written now, with each value that is the same as then as it was written then."""
    if isinstance(then, dict) and isinstance(now, dict):
        return {name: _as_in(then.get(name), value) for name, value in now.items()}
    if isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        return [_as_in(*pair) for pair in zip(then, now, strict=True)]
    same = then is not None and values.canonical(values.text(then)) == values.canonical(values.text(now))
    return then if same else now


def check(study: Study, scenario: "Scenario") -> list[Problem]:
    """Check every name and value against the scenario; return place and sentence of each mistake."""
    problems: list[Problem] = []

    def attempt(place: str, action: Callable[[], object]) -> None:
        try:
            action()
        except UsageError as error:
            problems.extend((place, problem) for problem in error.problems or [error.title])
        except ValueError as error:
            problems.append((place, str(error)))

    attempt("[fixed]", lambda: scenario.parameters.override({n: values.text(v) for n, v in study.fixed.items()}))
    for name, written in study.vary.items():
        problems += [("[vary]", problem) for problem in _value_problems(scenario, name, written)]
        if name in study.fixed:
            problems.append(("[vary]", f"{name}  is in [fixed] too"))
    for condition, setting in study.conditions.items():
        place = f"[conditions.{condition}]"
        settings = {name: values.text(value) for name, value in setting.items()}
        null = settings.pop("null", "")
        attempt(place, lambda s=settings, n=null: scenario.resolve(s, null=n))  # type: ignore[misc]
        decided = {*settings, *scenario.settings.get(null, {})} & study.vary.keys()
        problems += [(place, f"{name}  is in [vary] too") for name in sorted(decided)]
    problems += _sobol_problems(study)
    primary = study.primary.measure if study.primary else ""
    if primary and primary not in scenario.declared:
        hint = did_you_mean(primary, scenario.declared)
        if hint or scenario.measures:  # else others are known once a run is done
            problems.append(("[primary]", f"{primary}  no known measure{hint}"))
    return problems


def mistakes(title: str, problems: Sequence[Problem]) -> UsageError:
    """Put the mistakes of a study, each with its place, in one message."""
    lines = [f"{place} {text}" for place, text in dict.fromkeys(problems)]
    return UsageError(f"{title}, {count(len(lines), 'problem')}", lines, "nothing was run")


def _value_problems(scenario: "Scenario", name: str, written: Any) -> list[str]:
    """Return what is wrong with the values of a varied parameter."""

    def attempt(value: str) -> tuple[str, Sequence[str]]:
        try:
            return scenario.parameters.override({name: value}).as_text()[name], ()
        except UsageError as error:
            return "", error.problems

    if name not in scenario.parameters.names():
        return list(attempt("")[1])
    try:
        varied = values.read(written)
    except ValueError as error:
        return [f"{name}  {error}"]
    problems: list[str] = []
    seen: dict[str, str] = {}
    for value in varied.at(values.ENDS) if isinstance(varied, Range) else varied[:TRIED]:
        resolved, wrong = attempt(value)
        problems += wrong
        if resolved in seen and not wrong:
            problems.append(f"{name}  {seen[resolved]} and {value} are the same")
        seen[resolved] = value
    return problems


def _sobol_problems(study: Study) -> list[Problem]:
    try:
        ranges = study.ranges
    except ValueError:
        return []  # told already
    if not ranges:
        needless = [name for name in ("points", "indices") if getattr(study, name)]
        return [(name, "is for Sobol points; nothing in [vary] asks for them") for name in needless]
    if study.indices and (len(ranges) < 2 or len(ranges) < len(study.vary)):
        return [("indices", "needs two or more parameters, all of them Sobol ranges")]
    if study.points is None:
        return [("points", f"is missing: how many Sobol points {', '.join(ranges)} get, such as 64")]
    if study.points & (study.points - 1):
        power = 2 ** study.points.bit_length()
        return [
            ("points", f"{study.points} is no power of 2; Sobol points are even only then: {power // 2} or {power}")
        ]
    return []


def _problem(detail: Any) -> Problem:
    """Return where a mistake is, and what it is, of an error of pydantic."""
    *sections, name = (str(part)[:SHOWN] for part in detail["loc"])
    place = f"[{'.'.join(sections)}]" if sections else ""
    kind, value = detail["type"], str(detail["input"])[:SHOWN]
    parts: dict[str, type[Section]] = {"limits": Limits, "primary": Primary}
    section = parts.get(sections[0] if sections else "", Study)
    known = section.model_fields
    sentences = {
        "extra_forbidden": f"no such key{did_you_mean(name, known)}; known: {', '.join(known)}",
        "missing": "is missing",
        "string_pattern_mismatch": f'"{value}" is no criterion; give one such as ">= 1.5" or "<= 60"',
        "dict_type": f'"{value}" is no table; write it as a section [{".".join([*sections, name])}]',
        "value_error": str(detail.get("ctx", {}).get("error", "")),
    }
    expected = {"float": "a number", "int": "a whole number", "bool": "true or false", "string": "a text"}
    text = sentences.get(kind) or f'"{value}" is not {expected.get(kind.split("_")[0], detail["msg"])}'
    if kind.startswith(("greater", "less")):
        text = f"{value}: {detail['msg'].lower().replace('input ', '')}"
    return (place or name, f"{name}  {text}" if place else text)
