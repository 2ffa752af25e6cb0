"""What the arrays of a recording refer to: places and kinds of cells, ends of synapses, times, what was set."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cortex.report.text import count

if TYPE_CHECKING:
    from cortex.experiment.protocol import Phase


class Variable(NamedTuple):
    """An array with the names of its dimensions.

    Attributes
    ----------
    dimensions : tuple of str
        A name for each axis, such as ``("slot", "digit")``.
    values : array
        Numbers, truth values or texts.
    unit : str
        As Brian2 writes it, such as "mm" or "Hz"; "1" for numbers without a unit, truth values and texts.
    meaning : str
        A sentence without a full stop: the ``long_name`` in the file.
    """

    dimensions: tuple[str, ...]
    values: np.ndarray
    unit: str
    meaning: str


@dataclass(frozen=True)
class Coordinates:
    """What the arrays recorded in one arm refer to.

    Attributes
    ----------
    labels : mapping of str to Variable
        Each describes the elements of one dimension: ``pyramidal_x``, ``pyramidal_kind``, ``afferent_synapse_source``.
    inputs : mapping of str to Variable
        What the arm set over time: gates and stimuli.
    elements : mapping of str to str
        For a monitor, or an output of the model, the dimension of its elements: ``{"weights": "afferent_synapse"}``.
    dimensions : mapping of str to tuple of str
        For a recorded array the names of all its axes, where they do not follow from `elements`.
    meanings : mapping of str to str
        For a recorded array a sentence without a full stop: ``{"weights.w": "weight of the synapse"}``.

    Raises
    ------
    ValueError
        If a name has a blank, a slash or a dot in it, a variable is named twice, or a dimension has two sizes.

    Examples
    --------
    >>> place = Variable(("cell",), np.array([0.1, 0.3]), "mm", "distance of the cell from the midline")
    >>> Coordinates({"cell_x": place}, elements={"spikes": "cell"}).sizes
    {'cell': 2}
    """

    labels: Mapping[str, Variable] = field(default_factory=dict)
    inputs: Mapping[str, Variable] = field(default_factory=dict)
    elements: Mapping[str, str] = field(default_factory=dict)
    meanings: Mapping[str, str] = field(default_factory=dict)
    dimensions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check names and sizes, before anything is simulated."""
        if both := set(self.labels) & set(self.inputs):
            raise ValueError(f"{', '.join(sorted(both))}: a label and an input have the same name")
        for name in (*self.labels, *self.inputs):
            if "." in name or "/" in name or name.split() != [name]:
                raise ValueError(f'"{name}": a name of a label or an input has no blank, no slash and no dot')
        sizes: dict[str, int] = {}
        for name, variable in self.variables.items():
            shape = np.shape(variable.values)
            if len(shape) != len(variable.dimensions):
                raise ValueError(
                    f"{name} has {count(len(shape), 'axis', 'axes')}, and names for {len(variable.dimensions)}"
                )
            for dimension, size in zip(variable.dimensions, shape, strict=True):
                if "/" in dimension or dimension.split() != [dimension]:
                    raise ValueError(f'"{dimension}" of {name}: a name of an axis has no blank and no slash')
                if sizes.setdefault(dimension, size) != size:
                    raise ValueError(f"{name} has {size} elements along {dimension}, others have {sizes[dimension]}")

    @property
    def variables(self) -> dict[str, Variable]:
        """Labels and inputs."""
        return {**self.labels, **self.inputs}

    @property
    def sizes(self) -> dict[str, int]:
        """Size of each dimension of labels and inputs."""
        return {
            dimension: size
            for variable in self.variables.values()
            for dimension, size in zip(variable.dimensions, np.shape(variable.values), strict=True)
        }


def synapses(name: str, source: np.ndarray, target: np.ndarray, cells: tuple[str, str]) -> dict[str, Variable]:
    """Label the synapses of a projection with their ends.

    Parameters
    ----------
    name : str
        Of the projection; the dimension is ``NAME_synapse``.
    source, target : array of int, shape (synapse,)
        Index of the cell on either side.
    cells : tuple of str
        Dimensions of the sources and of the targets.
    """
    dimension = f"{name}_synapse"
    return {
        f"{dimension}_{end}": Variable((dimension,), np.asarray(index, np.int32), "1", f"index of its {end} in {cell}")
        for end, index, cell in (("source", source, cells[0]), ("target", target, cells[1]))
    }


def phase_labels(phases: "Sequence[Phase]") -> dict[str, Variable]:
    """Label the phases of a protocol with their names and times."""
    start, duration = (np.array([float(getattr(phase, name)) for phase in phases]) for name in ("start", "duration"))
    names = np.array([phase.name for phase in phases], dtype=object)
    return {
        "phase": Variable(("phase",), names, "1", "name of the phase of the protocol"),
        "phase_start": Variable(("phase",), start, "s", "beginning of the phase"),
        "phase_duration": Variable(("phase",), duration, "s", "duration of the phase"),
    }


def times(dimension: str, number: int, step: float) -> dict[str, Variable]:
    """Label equal stretches of time, such as the slots of a protocol, with their beginnings, `step` in s."""
    start = np.arange(number) * step
    return {f"{dimension}_start": Variable((dimension,), start, "s", f"beginning of the {dimension}")}
