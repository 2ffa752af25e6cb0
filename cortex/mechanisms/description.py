"""What a network is made of, as papers describe a model: populations, connections, equations, input, what is recorded.

The tables are those of Nordlie, Gewaltig & Plesser 2009, PLoS Comput Biol 5:e1000456, doi:10.1371/journal.pcbi.1000456.
Everything is read from the network that is simulated and from the mechanisms that it is made of; nothing is set here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import brian2
import numpy as np
from brian2 import NeuronGroup, Synapses, ms
from brian2.groups.group import CodeRunner

from cortex.engine.model import Model
from cortex.experiment.parameters import Parameters
from cortex.mechanisms.mechanism import mechanisms

CONSTANTS = {"shared", "constant"}
"""Flags of the variables of equations that are parameters, which have a table of their own."""


@dataclass(frozen=True)
class Population:
    """A group of cells.

    Attributes
    ----------
    name : str
    size : int
        Number of cells.
    lines : tuple of str
        Its equations, then what happens at its events and at regular intervals.
    """

    name: str
    size: int
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Projection:
    """Synapses from one group to another.

    Attributes
    ----------
    name, source, target : str
    contacts : int or None
        Number of synapses; None if a run sets them and none was given.
    delay : str
        Of the spikes of the source, such as "1.5 ms", or "1 to 3 ms" of all contacts if a run sets them.
    lines : tuple of str
        Equations, then what happens at spikes and at regular intervals.
    """

    name: str
    source: str
    target: str
    contacts: int | None
    delay: str
    lines: tuple[str, ...]


def populations(model: Model, values: Parameters) -> list[Population]:
    """List the groups of cells, in the order of their names."""
    groups = [item for item in _objects(model) if isinstance(item, NeuronGroup)]
    return [Population(group.name, len(group), tuple(_group(group, values))) for group in groups]


def projections(model: Model, inputs: Mapping[str, Any] | None = None) -> list[Projection]:
    """List the synapses, in the order of their names.

    Parameters
    ----------
    model : Model
    inputs : mapping of str to value, optional
        What one run sets, from which the number of contacts is known.
    """
    return [_projection(item, inputs or {}) for item in _objects(model) if isinstance(item, Synapses)]


def recorded(model: Model) -> list[str]:
    """List what the monitors of a network record, each as "name: variables of group"."""
    monitors = [item for item in _objects(model) if isinstance(item, (brian2.StateMonitor, brian2.SpikeMonitor))]
    return [
        f"{item.name}: spikes of {item.source.name}"
        if isinstance(item, brian2.SpikeMonitor)
        else f"{item.name}: {', '.join(item.record_variables)} of {item.source.name}"
        for item in monitors
    ]


def _objects(model: Model) -> list[Any]:
    return sorted(model.network.objects, key=lambda item: item.name)


def _group(group: NeuronGroup, values: Parameters) -> list[str]:
    """Describe a group: what the model itself says of it, then what each mechanism adds."""
    lines, known = [], set()
    for section in mechanisms(values):
        added = section.equations().get(group.name, "")
        own = [line for line in written(added) if "(shared, constant)" not in line]
        known |= {line.strip().split()[0].removesuffix("/dt").removeprefix("d") for line in own}
        known |= {line.strip().split()[0] for line in own}
        lines += ["", f"# {(type(section).__doc__ or '').splitlines()[0]}", *own] if own else []
    rest = [eq for eq in group.user_equations.ordered if eq.varname not in known and not set(eq.flags) >= CONSTANTS]
    at = {f"when {group.events[name]}": code for name, code in group.event_codes.items()}
    return [*(str(eq) for eq in rest), *lines, *events(at | _regular(group))]


def _projection(synapses: Synapses, inputs: Mapping[str, Any]) -> Projection:
    own = [eq for eq in synapses.equations.ordered if not set(eq.flags) >= CONSTANTS]
    at, delay = {}, "0 ms"
    for pathway in synapses._pathways:
        late = float(pathway.delay / ms) if pathway.variables["delay"].scalar else 0.0
        when = f"{late:g} ms after" if late else "at"
        at[f"{when} a {pathway.prepost}synaptic spike"] = pathway.code
        delay = f"{late:g} ms" if late else delay
    if (drawn := inputs.get(f"{synapses.name}.delay")) is not None:
        low, high = np.min(drawn / ms), np.max(drawn / ms)
        delay = f"{low:.3g} ms" if low == high else f"{low:.3g} to {high:.3g} ms"
    contacts = inputs.get(f"{synapses.name}.contacts")
    known = len(synapses) if contacts is None else np.shape(contacts)[1]
    lines = [*(str(eq) for eq in own), *events(at | _regular(synapses))]
    return Projection(synapses.name, synapses.source.name, synapses.target.name, known or None, delay, tuple(lines))


def _regular(owner: NeuronGroup | Synapses) -> dict[str, str]:
    """Return the code of a group or of synapses that runs at regular intervals."""
    runners = [item for item in owner.contained_objects if type(item) is CodeRunner]
    return {f"every {float(item.clock.dt / ms):g} ms ({item.name})": item.abstract_code for item in runners}


def events(code: Mapping[str, str | None]) -> list[str]:
    """Write what happens when, each event as a title and indented lines."""
    lines: list[str] = []
    for title, text in code.items():
        if text and text.strip():
            lines += ["", f"{title}:", *(f"    {line}" for line in written(text))]
    return lines


def written(code: str) -> list[str]:
    """Return the lines of equations or code that say something."""
    return [line.rstrip() for line in code.splitlines() if line.strip()]
