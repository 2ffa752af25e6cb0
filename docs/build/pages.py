"""Write the pages that are made from the code each time the documentation is built: scenarios, measures, models.

They are reStructuredText in folders that git ignores, so that nobody edits them.
"""

import inspect
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from cortex.commands import equations
from cortex.errors import UsageError
from cortex.experiment import catalogue
from cortex.experiment.scenario import Scenario
from cortex.report.text import band, plain

ATLAS = (
    "amputation",
    "contact_area",
    "cortical_lesion",
    "digit_timing",
    "dose",
    "dystonia",
    "flutter_training",
    "misplaced_expansion",
    "nerve_block",
    "return_without_loss",
    "syndactyly",
)

FOUND = {
    **{name: ("atlas", f"atlas_{name}") for name in ATLAS},
    "copy_pair": ("evidence", ""),
    "finger_expansion": ("findings", "sheet"),
    "finger_learning_speed": ("finger_speed", "finger_speed_trials"),
    "normalization_speed": ("learning", "normalization_arms_trials"),
    "release_divergence": ("learning", "release_controls_parting"),
    "overlapping_pools": ("finger", "overlapping_pools"),
    "repeated_expansion": ("repeated_expansion", "repeated_expansion"),
    "self_organising_map": ("self_organising_map", "self_organising_map"),
    "trained_finger": ("finger", "trained_finger"),
    "unequal_shares": ("unequal_shares", "unequal_shares"),
}
"""Where it is written what a scenario found, and its figure; by default the page and the figure of its name."""


def write_all(docs: Path) -> None:
    """Write all generated pages below the folder of the documentation."""
    scenarios = [catalogue.installed(name) for name in catalogue.titles("scenarios")]
    for scenario in scenarios:
        _write(docs / "scenarios" / f"{scenario.name}.rst", scenario_page(docs, scenario))
    _write(docs / "scenarios" / "index.rst", _index("Scenarios", SCENARIOS, [each.name for each in scenarios]))
    _write(docs / "reference" / "measures.rst", measures_page(scenarios))
    models = {name: title for name, title in catalogue.titles("models").items() if _network(name)}
    for name, title in models.items():
        _write(docs / "models" / f"{name}.rst", model_page(name, title))
    _write(docs / "models" / "index.rst", _index("Models", MODELS, list(models)))


SCENARIOS = "An experiment each: what is done, what is measured, which null models must fail. Made from the code."
MODELS = (
    "The networks as papers describe them, after Nordlie, Gewaltig & Plesser 2009 (doi:10.1371/journal.pcbi.1000456). "
    "The same in a terminal: ``cortex show NAME --equations``. How they work together: :doc:`/model`."
)


def scenario_page(docs: Path, scenario: Scenario) -> str:
    """Return the page of a scenario: what it is, its figure, phases, measures, null models and values of its own."""
    module = inspect.getdoc(sys.modules[f"scenarios.{scenario.name}"]) or ""
    page, figure = FOUND.get(scenario.name, (f"essay/{scenario.name}", scenario.name))
    parts = [_heading(scenario.title, "="), f"``cortex run {scenario.name}``", _prose(module)]
    if scenario.citation:
        parts.append(f"*{_escape(scenario.citation)}*")
    if (docs / "figures" / f"{figure}.png").is_file():
        parts.append(f".. image:: /figures/{figure}.png\n   :alt: {_escape(scenario.title)}")
    if (docs / f"{page}.md").is_file():
        parts.append(f"**What was found**: :doc:`/{page}`.")
    phases = [(each.name, f"{float(each.start):g}", f"{float(each.duration):g}") for each in _phases(scenario)]
    if phases:
        parts += [_heading("Protocol", "-"), _table(("phase", "start (s)", "duration (s)"), phases)]
    rows = [
        (f"``{measure.name}``", measure.unit, band(measure.band), _escape(_with_source(measure)))
        for measure in scenario.declared.values()
    ]
    parts += [_heading("Measures", "-"), _table(("measure", "unit", "band", "what it is"), rows)]
    settings = {**scenario.nulls, **scenario.conditions}
    if settings:
        rows = [_condition(scenario, name) for name in settings]
        parts += [_heading("Null models and other conditions", "-"), _table(("--null", "what", "must miss"), rows)]
    own = _own_parameters(scenario)
    if own:
        parts += [_heading("Values of its own", "-"), _table(("parameter", "value", "meaning", "source"), own)]
    return "\n\n".join(parts)


def measures_page(scenarios: Iterable[Scenario]) -> str:
    """Return an index of all measures."""
    rows = [
        (f"``{measure.name}``", f":doc:`{scenario.name} </scenarios/{scenario.name}>`", _escape(measure.sentence))
        for scenario in scenarios
        for measure in scenario.declared.values()
    ]
    return "\n\n".join([_heading("All measures", "="), _table(("measure", "scenario", "what it is"), sorted(rows))])


def model_page(name: str, title: str) -> str:
    """Return the description of a model: populations, connections, equations, recordings, parameters."""
    described = _network(name)
    assert described is not None
    populations = [(f"``{row['name']}``", str(row["size"])) for row in described["populations"]]
    projections = [
        (
            f"``{row['name']}``",
            f"``{row['source']}``",
            f"``{row['target']}``",
            "set by each run" if row["contacts"] is None else str(row["contacts"]),
            row["delay"],
        )
        for row in described["projections"]
    ]
    parts = [
        _heading(plain(name), "="),
        _escape(title),
        f"{described['duration_s']:g} s of biological time in steps of {1000 * described['time_step_s']:g} ms.",
        _heading("Populations", "-"),
        _table(("population", "cells"), populations),
        _heading("Connections", "-"),
        _table(("synapses", "from", "to", "contacts", "delay"), projections),
        _heading("Equations", "-"),
        "``_pre`` and ``_post`` are variables of the source and of the target of a synapse; names followed by ``(t)`` "
        "are gates and stimuli.",
    ]
    for row in (*described["populations"], *described["projections"]):
        code = "\n".join(f"   {line}".rstrip() for line in row["lines"]).strip("\n")
        parts += [f"``{row['name']}``", f".. code-block:: text\n\n{code}" if code.strip() else "No equations."]
    parts += [_heading("Recorded", "-"), "\n".join(f"* {_escape(each)}" for each in described["recorded"])]
    rows = [_parameter(row) for row in catalogue.model_parameters(name).describe()]
    parts += [_heading("Parameters", "-"), _table(("parameter", "value", "bounds", "meaning", "source"), rows)]
    return "\n\n".join(parts)


def _network(name: str) -> dict[str, Any] | None:
    """Describe the network of a model; None if it builds none."""
    try:
        return equations.of_model(name, catalogue.model_parameters(name))
    except UsageError:
        return None


def _phases(scenario: Scenario) -> Sequence[Any]:
    return scenario.phases(scenario.parameters)


def _with_source(measure: Any) -> str:
    return " ".join(part for part in (measure.sentence, measure.source and f"[{measure.source}]") if part)


def _condition(scenario: Scenario, name: str) -> tuple[str, str, str]:
    condition = scenario.settings[name]
    values = ", ".join(f"``{parameter} = {value}``" for parameter, value in condition.items())
    what = " ".join(part for part in (_escape(condition.sentence), values) if part)
    return f"``{name}``", what, ", ".join(f"``{each}``" for each in condition.misses)


def _own_parameters(scenario: Scenario) -> list[tuple[str, ...]]:
    default = type(scenario.parameters)().as_text()
    rows = scenario.parameters.describe()
    return [
        (name, value, meaning, source)
        for name, value, _, meaning, source in map(_parameter, rows)
        if default[name.strip("`")] != scenario.parameters.as_text()[name.strip("`")]
    ]


def _parameter(row: Any) -> tuple[str, ...]:
    return f"``{row.name}``", _escape(row.written), _escape(row.bounds_text), _escape(row.sentence), _escape(row.source)


def _index(title: str, sentence: str, names: Sequence[str]) -> str:
    entries = "\n".join(f"   {name} <{name}>" for name in names)
    return f"{_heading(title, '=')}\n\n{sentence}\n\n.. toctree::\n   :maxdepth: 1\n\n{entries}"


def _heading(text: str, line: str) -> str:
    return f"{_escape(text)}\n{line * len(_escape(text))}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table as lists in a list, whose cells may be of any length."""
    lines = [".. list-table::", "   :header-rows: 1", ""]
    for row in (head, *rows):
        lines += [f"   {'*' if first else ' '} - {cell}".rstrip() for first, cell in _first(row)]
    return "\n".join(lines)


def _first(row: Sequence[str]) -> Iterable[tuple[bool, str]]:
    return ((number == 0, cell) for number, cell in enumerate(row))


def _prose(text: str) -> str:
    """Return a docstring without its first line, which is the title of the page; its code stays as it is."""
    return text.partition("\n\n")[2]


def _escape(text: str) -> str:
    """Write text so that reStructuredText takes none of it for markup, but for code in backticks."""
    parts = re.split(r"(``?[^`]+``?)", text)
    return "".join(
        f"``{part.strip('`')}``" if part.startswith("`") else re.sub(r"([*_|\\`])", r"\\\1", part) for part in parts
    )


def _write(path: Path, text: str) -> None:
    """Write a page if it has changed, so that Sphinx reads it again only then."""
    path.parent.mkdir(exist_ok=True)
    if not path.is_file() or path.read_text(encoding="utf-8") != text + "\n":
        path.write_text(text + "\n", encoding="utf-8")
