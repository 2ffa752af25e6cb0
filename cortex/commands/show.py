"""The commands ``cortex list`` and ``cortex show``: what there is, and what can be set and is measured."""

import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from cortex.commands import options
from cortex.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from cortex.experiment.parameters import Parameters, Row
    from cortex.experiment.scenario import Scenario


@click.command("list", epilog=options.examples("cortex list", "cortex list --json"))
@options.as_json
def list_(as_json: bool) -> None:
    """Show scenarios, studies and models, one line each."""
    from cortex.commands.tables import print_table
    from cortex.experiment.catalogue import plugins, study_titles, titles
    from cortex.files import to_json

    kinds = {"scenarios": titles("scenarios") | plugins(), "studies": study_titles(), "models": titles("models")}
    if as_json:
        click.echo(to_json(kinds))
        return
    for title, known in kinds.items():
        click.echo(title)
        print_table(known.items(), indent="  ")


@click.command(
    epilog=options.examples(
        "cortex show finger_expansion", "cortex show copy_pair copying", "cortex show copy_pair --equations"
    )
)
@click.argument(
    "name", metavar="SCENARIO|MODEL|STUDY", shell_complete=options.completing(options.study_names, files=True)
)
@click.argument("section", default="", shell_complete=options.completing(options.parameter_names))
@click.option("--equations", is_flag=True, help="Populations, synapses and equations instead, as papers list them.")
@options.as_json
def show(name: str, section: str, equations: bool, as_json: bool) -> None:
    """Show parameters, measures and null models of a scenario.

    With SECTION, such as ``training`` or ``copying.rule``, only these parameters. Of a model, all parameters with their
    defaults; of a ready-made study, its file.
    """
    from cortex.experiment import catalogue
    from cortex.files import to_json

    plain = name.replace("-", "_")
    plain = catalogue.FORMER_NAMES.get(plain, plain)
    if equations:
        _show_equations(name, plain, section, as_json)
    elif file := catalogue.studies().get(plain):
        text = file.read_text(encoding="utf-8").rstrip()
        click.echo(to_json({"study": plain, "file": text}) if as_json else text)
    elif plain in catalogue.titles("models"):
        parameters = catalogue.model_parameters(plain)
        rows = _chosen(parameters, section)
        about = {"model": plain, "title": catalogue.titles("models")[plain]}
        if as_json:
            click.echo(to_json(about | {"parameters": [asdict(row) for row in rows]}))
        else:
            _print([about["title"], "", *_parameter_lines("parameters", rows)])
    else:
        scenario = catalogue.find(name)
        rows = _chosen(scenario.parameters, section)
        if as_json:
            click.echo(to_json(_as_plain(scenario, rows)))
        else:
            _print(_parameter_lines("parameters", rows) if section else _scenario_lines(scenario, rows))


def _show_equations(name: str, plain: str, section: str, as_json: bool) -> None:
    """Show the network of a scenario or model."""
    from cortex.commands import equations
    from cortex.experiment import catalogue
    from cortex.files import to_json

    if section:
        raise UsageError("--equations are those of the whole network", hint=f"leave out {section}")
    if plain in catalogue.studies():
        raise UsageError(f"{plain} is a study, which has no equations", hint="name its scenario")
    if plain in catalogue.titles("models"):
        title, described = (
            catalogue.titles("models")[plain],
            equations.of_model(plain, catalogue.model_parameters(plain)),
        )
    else:
        scenario = catalogue.find(name)
        title, described = scenario.title, equations.of_scenario(scenario)
    click.echo(to_json({"name": plain} | described) if as_json else "\n".join(equations.lines(title, described)))


def _print(lines: Iterable[str]) -> None:
    """Print lines, wrapped at 80 columns below their own indentation."""
    for line in lines:
        indent = " " * (len(line) - len(line.lstrip()))
        click.echo("\n".join(textwrap.wrap(line, 80, subsequent_indent=indent, break_on_hyphens=False)) or "")


def _chosen(parameters: "Parameters", section: str) -> "list[Row]":
    """Return the parameters of a section, or all."""
    rows = parameters.describe()
    chosen = [row for row in rows if not section or row.name == section or row.name.startswith(f"{section}.")]
    if not chosen:
        sections = dict.fromkeys(row.name.split(".")[0] for row in rows)
        hint = f"sections: {', '.join(sections)}"
        raise UsageError(f'no section "{section}"{did_you_mean(section, [*sections, *parameters.names()])}', hint=hint)
    return chosen


def _scenario_lines(scenario: "Scenario", rows: "list[Row]") -> list[str]:
    """Describe a scenario: its own values first, then measures, null models, phases, and all other parameters."""
    own = _own_values(scenario)
    first, rest = [row for row in rows if row.name in own], [row for row in rows if row.name not in own]
    lines = [
        scenario.title,
        scenario.citation,
        *(["calculated by a function of its own (`calculate`)"] if scenario.calculate else []),
    ]
    if first:
        lines += ["", *_parameter_lines("parameters whose value is this scenario's own", first)]
    lines += ["", *_measure_lines(scenario)]
    for title, conditions in (("null models", scenario.nulls), ("other conditions", scenario.conditions)):
        if conditions:
            lines += ["", f"{title} (--null NAME)", *_condition_lines(scenario, conditions)]
    lines += ["", "the quick version (--quick)", *(f"  {name} = {value}" for name, value in scenario.quick.items())]
    if phases := _phase_lines(scenario):
        lines += ["", *phases]
    return [*lines, "", *_parameter_lines("parameters at the model's default", rest)]


def _own_values(scenario: "Scenario") -> set[str]:
    """Return the names of the parameters whose value is not the model's default."""
    default = type(scenario.parameters)().as_text()
    return {name for name, value in scenario.parameters.as_text().items() if value != default[name]}


def _parameter_lines(title: str, rows: "Iterable[Row]") -> list[str]:
    lines = [title]
    for row in rows:
        bounds = f"   ({row.bounds_text})" if row.bounds_text else ""
        source = f" [{row.source}]" if row.source else ""
        lines += [f"  {row.name} = {row.written}{bounds}", f"      {row.sentence}{source}"]
    return lines


def _measure_lines(scenario: "Scenario") -> list[str]:
    from cortex.report.text import band as band_text

    lines = ["measures, with the band in which the mean over seeds is expected"]
    for measure in scenario.declared.values():
        unit = f" ({measure.unit})" if measure.unit != "1" else ""
        band = f"   {band_text(measure.band)}".rstrip()
        lines.append(f"  {measure.name}{unit}{band}")
        text = " ".join(part for part in (measure.sentence, measure.source and f"[{measure.source}]") if part)
        lines += [f"      {text}"] if text else []
    return lines


def _condition_lines(scenario: "Scenario", conditions: Mapping[str, Any]) -> list[str]:
    lines = []
    for name in conditions:
        condition = scenario.settings[name]
        lines.append(f"  {name}")
        if condition.sentence:
            lines.append(f"      {condition.sentence}")
        if condition.misses:
            lines.append(f"      must miss the band of {', '.join(condition.misses)}")
        lines += [f"      {parameter} = {value}" for parameter, value in condition.items()]
    return lines


def _phase_lines(scenario: "Scenario") -> list[str]:
    from cortex.report.text import columns

    listed = scenario.phases(scenario.parameters)
    rows = [(phase.name, f"{float(phase.start):g} s", f"{float(phase.duration):g} s") for phase in listed]
    return ["phases", *columns([("phase", "start", "duration"), *rows], "  ").splitlines()] if listed else []


def _as_plain(scenario: "Scenario", rows: "list[Row]") -> dict[str, Any]:
    """Return the description of a scenario as plain values."""
    return {
        "scenario": scenario.name,
        "title": scenario.title,
        "citation": scenario.citation,
        "parameters": [asdict(row) for row in rows],
        "measures": [
            {
                "name": measure.name,
                "sentence": measure.sentence,
                "unit": measure.unit,
                "band": list(measure.band),
                "source": measure.source,
            }
            for measure in scenario.declared.values()
        ],
        "nulls": {name: _plain_condition(scenario, name) for name in scenario.nulls},
        "conditions": {name: _plain_condition(scenario, name) for name in scenario.conditions},
        "quick": dict(scenario.quick),
        "phases": [
            {"name": phase.name, "start_s": float(phase.start), "duration_s": float(phase.duration)}
            for phase in scenario.phases(scenario.parameters)
        ],
    }


def _plain_condition(scenario: "Scenario", name: str) -> dict[str, Any]:
    condition = scenario.settings[name]
    return {"sentence": condition.sentence, "settings": dict(condition), "misses": list(condition.misses)}
