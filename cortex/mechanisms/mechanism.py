"""A mechanism of a circuit: a section of parameters with the equations, synapses and gates that use them.

A model's parameters list the mechanisms of its circuit: each is one line there, and the equations of the groups, the
synapses, the gates and the inputs of a run follow from it. So a user's own file adds one by a section of its own::

    class Fatigue(Mechanism):
        fatigue: Quantity = parameter("0.5 nS", "Slow inhibition of a cell by its own spike.")

        def reset(self):
            return {"pyramidal": "g_slow += fatigue"}

    class TiredPair(PairParameters):
        fatigue: Fatigue = Fatigue()
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

import brian2
from brian2.units import Quantity

from cortex.experiment.parameters import Parameters
from cortex.experiment.units import parse

if TYPE_CHECKING:
    from cortex.mechanisms.wiring import Beginning

Groups: TypeAlias = "Mapping[str, brian2.NeuronGroup]"

BASE_UNITS = ("metre", "kilogram", "second", "amp", "kelvin", "mole", "candle")

NO_STATE = ("lastspike", "not_refractory")
"""Variables of Brian2's own, which no run sets."""


class Mechanism(Parameters):
    """A section of parameters with the equations, synapses and gates that use them.

    Attributes
    ----------
    GROUP : str
        Whose equations hold the parameters as constants: "pyramidal", "pv" or "afferents".
    GATES : mapping of str to str
        What a protocol opens and closes in it, each with a sentence; equations use them as functions of time.
    """

    GROUP: ClassVar[str] = "pyramidal"
    GATES: ClassVar[Mapping[str, str]] = {}

    def equations(self) -> Mapping[str, str]:
        """Return what it adds to the equations of each group: by default its parameters, to `GROUP`."""
        return {self.GROUP: constants(type(self))}

    def reset(self) -> Mapping[str, str]:
        """Return what it changes in a cell of each group that fires."""
        return {}

    def connect(self, groups: Groups) -> list[brian2.Synapses]:
        """Make its synapses, which are connected as the wiring says of their names, and what else runs in groups."""
        return []

    def values(self) -> dict[str, Any]:
        """Return the values of the constants in the equations, by names such as "pyramidal.learning_rate"."""
        return values(self, self.GROUP)

    def begin(self, p: Parameters, beginning: Beginning) -> dict[str, Any]:
        """Return what its variables begin with, by names such as "afferent.w"; those not named begin with 0.

        Parameters
        ----------
        p : Parameters
            All parameters of the model.
        beginning : Beginning
            What was drawn for the run.
        """
        return {}


def constants(section: type[Parameters], *names: str) -> str:
    """Write parameters as constants of a group's equations, one line each, in the unit of their defaults.

    Parameters
    ----------
    section : type of Parameters
    *names : str
        Which of them; by default those that are declared as constants.
    """
    lines = [f"{name} : {_unit(section.model_fields[name].default)} (shared, constant)" for name in names]
    return "\n".join(lines) + "\n" if names else constants(section, *section.constants()) if section.constants() else ""


def values(section: Parameters, group: str, *names: str) -> dict[str, Any]:
    """Return the values of the constants that `constants` writes, by names such as "pyramidal.learning_rate"."""
    read = {name: section.get(name) for name in names or type(section).constants()}
    return {f"{group}.{name}": float(value) if isinstance(value, bool) else value for name, value in read.items()}


def mechanisms(p: Parameters) -> list[Mechanism]:
    """List the mechanisms among the sections of a model's parameters."""
    sections = (getattr(p, name) for name in type(p).model_fields)
    return [section for section in sections if isinstance(section, Mechanism)]


def equations(p: Parameters, group: str) -> str:
    """Join what the mechanisms of a model add to the equations of a group."""
    return "\n".join(section.equations().get(group, "") for section in mechanisms(p))


def reset(p: Parameters, group: str) -> str:
    """Join what the mechanisms of a model change in a cell of a group that fires."""
    return "\n".join(code for section in mechanisms(p) if (code := section.reset().get(group, "")))


def gate_names(p: Parameters) -> list[str]:
    """List the gates of a model's mechanisms."""
    return list(dict.fromkeys(name for section in mechanisms(p) for name in section.GATES))


def inputs(objects: Iterable[brian2.NeuronGroup | brian2.Synapses]) -> dict[str, brian2.core.variables.VariableView]:
    """List all variables of groups and synapses that a run may set, by names such as "pyramidal.v"."""
    variables = {}
    for item in objects:
        for name, variable in item.variables.items():
            own = (
                isinstance(variable, brian2.core.variables.ArrayVariable)
                and variable.owner is not None
                and variable.owner.name == item.name
                and variable.name == name  # not what is linked to another variable of the group
            )
            if own and not variable.read_only and not name.startswith("_") and name not in NO_STATE:
                variables[f"{item.name}.{name}"] = getattr(item, name)
        pathway = getattr(item, "pre", None)
        if pathway is not None and not pathway.variables["delay"].scalar:
            variables[f"{item.name}.delay"] = pathway.delay
    return variables


def _unit(default: Any) -> str:
    """Write the unit of a declared default in base units, as equations read it."""
    quantity = parse(default) if isinstance(default, str) else default
    exponents = zip(BASE_UNITS, quantity.dim._dims, strict=True) if isinstance(quantity, Quantity) else ()
    return "*".join(unit if power == 1 else f"{unit}**{power:g}" for unit, power in exponents if power) or "1"
