"""An experiment on the finger area as data: what is done to each animal, step by step, and the maps taken.

A scenario says for each animal, such as the trained one and its control, the steps of its protocol; what a `Scenario`
needs of a network follows from them. All animals of an experiment have steps of the same names and lengths. What cannot
be done raises UsageError before anything is run.
"""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

import numpy as np
from brian2.units import Quantity, have_same_dimensions, second

from cortex.engine.model import Arm, Model
from cortex.engine.recording import Recording
from cortex.errors import UsageError
from cortex.experiment.coordinates import Coordinates
from cortex.experiment.findings import Finding
from cortex.experiment.protocol import Block, Phase, Protocol
from cortex.experiment.streams import Streams
from cortex.mechanisms import mechanism
from models.finger_area import allowed
from models.finger_area.coordinates import coordinates
from models.finger_area.guards import of_maps, of_skin
from models.finger_area.mapping import CorticalMap, electrodes
from models.finger_area.network import build, inputs
from models.finger_area.parameters import FingerParameters
from models.finger_area.protocol import (
    PAUSE_SLOTS,
    PROBE_SLOTS,
    SLOT,
    contacts,
    depth_order,
    learning,
    pressing,
    probe_order,
    probing,
)
from models.finger_area.touches import Stimulus, Touches

MAP = "map "
"""How the phases begin in which maps are taken."""


@dataclass(frozen=True)
class Use:
    """The hand is used.

    Attributes
    ----------
    name : str
    duration : Quantity, s
    touches : tuple of Stimulus
        What is laid over normal use.
    gates : mapping of str to float
        Those that are open beside the hold.
    """

    name: str
    duration: Quantity
    touches: tuple[Stimulus, ...] = ()
    gates: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        named = isinstance(self.name, str) and self.name != "" and not self.name.startswith(MAP)
        timed = have_same_dimensions(self.duration, second) and SLOT / 2 < self.duration < np.inf * second
        rules = {
            "name": (named, f'a text that does not begin with "{MAP}"'),
            "duration": (timed, f"a time of at least one slot, {SLOT}, such as 10*second"),
            "touches": several(self.touches),
        }
        allowed.check(self, rules)

    def block(self, p: FingerParameters, rng: np.random.Generator | None) -> Block:
        """Draw what touches the digits; without a generator the block has its length alone."""
        slots = round(float(self.duration / SLOT))
        if rng is None:
            return Block(self.name, slots)
        same = copy.deepcopy(rng)
        touches: Touches = contacts(p, rng, slots, disc=False)
        for stimulus in self.touches:  # which draw nothing from `rng`: later steps are the same in all animals
            touches = stimulus(p, same, touches)
        settling = "calibration" in self.gates  # which is before the first map
        gates = self.gates if settling else learning(p, self.gates)
        return Block(self.name, slots, {"hold": float(p.normalization.enabled), **touches, **gates})


@dataclass(frozen=True)
class Map:
    """A map is taken: every place of the skin is probed, without plasticity.

    Attributes
    ----------
    name : str
        By which it is asked for.
    touches : tuple of Stimulus
        What is laid over the probes, such as nothing on a digit that is lost.
    gates : mapping of str to float
        Those that are open beside the hold.
    """

    name: str
    touches: tuple[Stimulus, ...] = ()
    gates: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        allowed.check(self, {"touches": several(self.touches)})

    def block(self, p: FingerParameters, rng: np.random.Generator | None) -> Block:
        """Return what touches the digits; without a generator the block has its length alone."""
        order = probe_order(p)
        name, slots = MAP + self.name, len(order) * (PROBE_SLOTS + PAUSE_SLOTS)
        if rng is None:
            return Block(name, slots)
        touches: Touches = {name: np.asarray(values) for name, values in probing(p, order).items()}
        for stimulus in self.touches:
            touches = stimulus(p, rng, touches)
        return Block(name, slots, {"hold": float(p.normalization.enabled), **touches, **self.gates})


@dataclass(frozen=True)
class Depths:
    """The disc is pressed on some tips lightly and deeply, without plasticity.

    Attributes
    ----------
    name : str
    digits : tuple of int, optional
        By default the trained ones.
    presentations : int, optional
        Of each depth; by default as `mapping` says.
    """

    name: str
    digits: tuple[int, ...] = ()
    presentations: int = 0

    def __post_init__(self) -> None:
        several = (allowed.whole(self.presentations, 0, 10**6), "a whole number, or 0 for those of mapping.depths")
        allowed.check(self, {"digits": allowed.digits(self.digits, default=True), "presentations": several})

    def shown(self, p: FingerParameters) -> FingerParameters:
        """Return the parameters with the digits and presentations of this test."""
        digits, presentations = self.digits or p.training.digits, self.presentations or p.mapping.depths
        return p.override({"training.digits": digits, "mapping.depths": presentations})

    def block(self, p: FingerParameters, rng: np.random.Generator | None) -> Block:
        """Return what touches the digits; without a generator the block has its length alone."""
        own = self.shown(p)
        order = depth_order(own)
        slots = len(order) * (PROBE_SLOTS + PAUSE_SLOTS)
        values = {"hold": float(p.normalization.enabled), **pressing(own, order)}
        return Block(self.name, slots, values if rng else {})


def several(touches: Any) -> allowed.Rule:
    """Return the rule of what is laid over normal use."""
    holds = isinstance(touches, tuple) and all(callable(stimulus) for stimulus in touches)
    return holds, "a tuple, such as (Disc(),)"


Step: TypeAlias = Use | Map | Depths


@dataclass(frozen=True)
class Animal:
    """What is done to one animal.

    Attributes
    ----------
    steps : tuple of Step
    silenced : bool array, shape (cell,), optional
        Cells that are dead in steps with the gate `silencing`.
    """

    steps: tuple[Step, ...]
    silenced: np.ndarray | None = None

    def protocol(self, p: FingerParameters, rng: np.random.Generator | None = None) -> Protocol:
        """Lay the steps out in time; without a generator with their times alone."""
        known = mechanism.gate_names(p)
        for step in self.steps:
            if unknown := [name for name in getattr(step, "gates", {}) if name not in known]:
                raise UsageError(
                    f"step {step.name} has no gate {', '.join(unknown)}", hint=f"gates: {', '.join(known)}"
                )
        blocks = tuple(step.block(p, rng) for step in self.steps)
        names = [block.name for block in blocks]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise UsageError(f"two steps of an animal are called {', '.join(twice)}", hint="give each its own name")
        return Protocol(SLOT, blocks)


@dataclass(frozen=True)
class Experiment:
    """An experiment.

    Attributes
    ----------
    animals : callable
        ``animals(parameters)`` returns what is done to each animal, by name.
    """

    animals: Callable[[FingerParameters], Mapping[str, Animal]]

    def layout(self, p: FingerParameters) -> Protocol:
        """Return the protocol with its times, without stimuli."""
        first, *others = [animal.protocol(p) for animal in self.animals(p).values()]
        if any(other.phases() != first.phases() for other in others):
            hint = "give all animals of an experiment steps of the same names and lengths"
            raise UsageError("the steps of the animals differ", hint=hint)
        return first

    def build(self, p: FingerParameters) -> Model:
        """Build the network."""
        return build(p, self.layout(p))

    def arms(self, p: FingerParameters, streams: Streams) -> dict[str, Arm]:
        """Return what a run sets in each animal; all have the same cells and use their hands alike."""
        arms = {}
        for name, animal in self.animals(p).items():
            values = inputs(p, streams, animal.protocol(p, streams.stimuli))
            if animal.silenced is not None:
                values["pyramidal.silenced"] = animal.silenced.astype(float)
            arms[name] = Arm(values, streams.network_seed)
        return arms

    def phases(self, p: FingerParameters) -> list[Phase]:
        """List the phases."""
        return self.layout(p).phases()

    def coordinates(self, p: FingerParameters, inputs: Mapping[str, Any]) -> Coordinates:
        """Label what is recorded."""
        return coordinates(p, inputs, self.phases(p))

    def guards(
        self, p: FingerParameters, inputs: Mapping[str, Mapping[str, Any]], recordings: Mapping[str, Recording]
    ) -> list[Finding]:
        """Find what was not touched or mapped; see `Scenario.guards`."""
        found = of_skin(p, inputs, self.phases(p))
        for name, run in recordings.items():
            found += of_maps(name, {"map before": self.maps(p, run)["before"]})
        return found

    def maps(self, p: FingerParameters, run: Recording) -> dict[str, CorticalMap]:
        """Return the maps of one animal by name."""
        if run not in MAPS:
            placed, times = electrodes(p), self.layout(p)
            names = [phase.name for phase in times.phases() if phase.name.startswith(MAP)]
            MAPS[run] = {name.removeprefix(MAP): CorticalMap(p, run, name, placed, times) for name in names}
        return MAPS[run]


MAPS: "WeakKeyDictionary[Recording, dict[str, CorticalMap]]" = WeakKeyDictionary()
"""The maps of each recording: guards, measures and figures need the same."""


def settled(p: FingerParameters) -> tuple[Step, ...]:
    """Return how every experiment begins: the normal map settles, set points are learned, the first map is taken."""
    t = p.training
    return (
        Use("settle", t.settle, gates={"plasticity": 1.0, "calibration": 5.0}),
        Use("calibrate", t.calibrate, gates={"calibration": 1.0}),
        Map("before"),
    )
