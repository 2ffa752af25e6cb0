"""What ``cortex show NAME --equations`` prints: the network of a scenario or model as papers describe one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cortex.experiment.parameters import Parameters
    from cortex.experiment.scenario import Scenario


def of_scenario(scenario: Scenario) -> dict[str, Any]:
    """Describe the network of a scenario, its contacts counted in the first arm of seed 0.

    Raises
    ------
    UsageError
        If it is calculated without a network.
    """
    from cortex.errors import UsageError
    from cortex.experiment.streams import Streams

    if scenario.calculate:
        raise UsageError(
            f"{scenario.name} is calculated by a function of its own and has no network",
            hint=f"its formulas stand in scenarios/{scenario.name}.py and on its page",
        )
    arm = next(iter(scenario.arms(scenario.parameters, Streams(0)).values()))
    return describe(scenario.build, scenario.parameters, arm.inputs)


def of_model(name: str, parameters: Parameters) -> dict[str, Any]:
    """Describe the network of a model at its default parameters.

    Raises
    ------
    UsageError
        If the model builds no network.
    """
    import importlib
    import importlib.util

    from cortex.errors import UsageError

    for module in (f"models.{name}", f"models.{name}.network"):
        build = getattr(importlib.import_module(module), "build", None) if importlib.util.find_spec(module) else None
        if build:
            return describe(build, parameters, {})
    raise UsageError(f"the model {name} builds no network of Brian2", hint=f"its formulas stand in models/{name}")


def describe(build: Any, parameters: Parameters, inputs: dict[str, Any]) -> dict[str, Any]:
    """Build a network and describe its populations, projections and recordings as plain values."""
    from dataclasses import asdict

    from brian2 import BrianLogger, prefs

    from cortex.mechanisms import description

    BrianLogger.suppress_name("unused_brian_object")
    target, prefs.codegen.target = prefs.codegen.target, "numpy"  # nothing is simulated, so nothing need be compiled
    try:
        model = build(parameters)
    finally:
        prefs.codegen.target = target
    return {
        "time_step_s": float(model.dt),
        "duration_s": float(model.duration),
        "populations": [asdict(group) for group in description.populations(model, parameters)],
        "projections": [asdict(synapses) for synapses in description.projections(model, inputs)],
        "recorded": description.recorded(model),
    }


def lines(title: str, described: dict[str, Any]) -> list[str]:
    """Write a described network as text: tables of populations, projections and recordings, then all equations."""
    from cortex.report.text import columns

    populations = [("population", "cells"), *((row["name"], str(row["size"])) for row in described["populations"])]
    projections = [("synapses", "from", "to", "contacts", "delay")]
    for row in described["projections"]:
        contacts = "set by each run" if row["contacts"] is None else str(row["contacts"])
        projections.append((row["name"], row["source"], row["target"], contacts, row["delay"]))
    text = [
        title,
        "",
        f"{described['duration_s']:g} s of biological time in steps of {1000 * described['time_step_s']:g} ms",
        "",
        *columns(populations).splitlines(),
        "",
        *columns(projections).splitlines(),
        "",
        "recorded",
        *(f"  {row}" for row in described["recorded"]),
    ]
    for row in (*described["populations"], *described["projections"]):
        ends = f", from {row['source']} to {row['target']}" if "source" in row else ""
        text += ["", f"{row['name']}{ends}", *(f"  {line}".rstrip() for line in row["lines"])]
    return text
