"""What a virtual experiment declares: parameters, network or calculation, measures with bands, null models, figures."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cortex.analysis.reference import ANY, Band
from cortex.engine.model import Arm
from cortex.errors import UsageError, did_you_mean
from cortex.experiment.coordinates import Coordinates
from cortex.experiment.measure import Condition, Measure, condition
from cortex.experiment.own_values import OTHER, Changed
from cortex.experiment.parameters import Parameters
from cortex.experiment.protocol import Phase
from cortex.experiment.relation import Relation, contradictions
from cortex.experiment.streams import Streams
from cortex.report.text import count

if TYPE_CHECKING:
    from matplotlib.animation import FuncAnimation
    from matplotlib.figure import Figure

    from cortex.engine.model import Model
    from cortex.engine.recording import Recording
    from cortex.experiment.findings import Finding
    from cortex.experiment.result import Conclusion, Result

    Recordings = dict[str, Recording]
    Numbers = dict[str, float]

__all__ = ["Phase", "Scenario"]

ARM_NAME = re.compile(r"(?!\.\.?$)[^/\0]+")


NETWORK = ("build", "arms", "coordinates", "phases")
"""What is declared of a network alone."""


def no_network(parameters: Any) -> "Model":
    """Stand for the network of a scenario that has none."""
    raise UsageError("this scenario is calculated, and has no network")


def one_arm(parameters: Any, streams: Streams) -> dict[str, Arm]:
    """Return a single simulation, "run", that sets no input."""
    return {"run": Arm({}, streams.network_seed)}


@dataclass(frozen=True)
class Scenario:
    """A virtual experiment.

    Parameters
    ----------
    name : str
        As typed after ``cortex run``.
    title, citation : str
        What it is about, and which work it follows.
    parameters : Parameters
        The model's defaults with the scenario's own values in place.
    build : callable
        ``build(parameters)`` describes the network.
    arms : callable
        ``arms(parameters, streams)`` returns the simulations of one run by name; by default one that sets no input.
    calculate : callable
        In the place of `build` and `arms`: ``calculate(parameters, streams)`` returns the numbers of a scenario without
        a network, for each arm a mapping of names to arrays. As a `cortex.experiment.coordinates.Variable` an array has
        a unit and names of its axes; without, its unit is 1.
    analyse : callable
        ``analyse(parameters, recordings)`` returns measures and predictions, two dictionaries of numbers by name.
    measures : tuple of Measure
        What the numbers mean, and what is expected of them.
    figures : callable
        ``figures(parameters, recordings)`` draws figures by file name.
    animate : callable, optional
        ``animate(parameters, recordings)`` returns the film of a run, a `matplotlib.animation.FuncAnimation`.
    main_figure : str
        Name of the figure that answers the scenario's question.
    phases : callable
        ``phases(parameters)`` lists the phases of the protocol.
    quick : mapping
        Parameter values, as text, of the short version.
    nulls : mapping of str to Condition
        Null models: each removes one mechanism, and only that.
    conditions : mapping of str to Condition
        Other named settings that a run or a study may take.
    coordinates : callable, optional
        ``coordinates(parameters, inputs)`` returns what the recorded arrays of an arm with these inputs refer to:
        places, kinds, sources and targets, stimuli.
    guards : callable, optional
        ``guards(parameters, inputs, recordings)`` returns what makes the numbers of a run mean little and only the
        scenario knows, such as that nothing touched the skin; `inputs` is what each arm set, by its name. Silent cells,
        runaway rates and weights at their bounds are found without it.
    conclude : callable, optional
        ``conclude(runs)`` returns what all complete runs of a study mean together, or None.
    relations : tuple of Relation
        What must hold between parameters in this scenario, beside what the model asks; names are dotted.
    file : Path, optional
        Where it was read from, if it is not a shipped one.
    source : bytes
        The content of that file as it was read, whatever becomes of the file meanwhile.
    measure, predict, bands, watched : optional
        As files written for version 0.1 declare them: the two halves of `analyse`, the bands of measures, and how long
        a run waits for each time to a criterion. They go with version 0.3.
    """

    name: str
    title: str
    citation: str
    parameters: Parameters
    build: "Callable[[Any], Model]" = no_network
    arms: "Callable[[Any, Streams], dict[str, Arm]]" = one_arm
    analyse: "Callable[[Any, Recordings], tuple[Numbers, Numbers]]" = lambda parameters, recordings: ({}, {})
    measures: tuple[Measure, ...] = ()
    figures: "Callable[[Any, Recordings], dict[str, Figure]]" = lambda parameters, recordings: {}
    main_figure: str = ""
    phases: Callable[[Any], list[Phase]] = lambda parameters: []
    quick: Mapping[str, str] = field(default_factory=dict)
    nulls: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    conditions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    conclude: "Callable[[Sequence[Result]], Conclusion | None] | None" = None
    relations: tuple[Relation, ...] = ()
    file: Path | None = None
    source: bytes = field(default=b"", repr=False)
    measure: "Callable[[Any, Recordings], Numbers] | None" = None
    predict: "Callable[[Any, Recordings], Numbers] | None" = None
    bands: Mapping[str, Band] = field(default_factory=dict)
    watched: Callable[[Any], Mapping[str, float]] = lambda parameters: {}
    coordinates: "Callable[[Any, dict[str, Any]], Coordinates]" = lambda parameters, inputs: Coordinates()
    guards: "Callable[[Any, Mapping[str, Mapping[str, Any]], Recordings], list[Finding]]" = lambda p, inputs, recs: []
    calculate: "Callable[[Any, Streams], Mapping[str, Mapping[str, Any]]] | None" = None
    animate: "Callable[[Any, Recordings], FuncAnimation] | None" = None

    def __post_init__(self) -> None:
        """Take `measure` and `predict` where they are set, and offer them where only `analyse` is."""
        if self.file and not self.source:
            object.__setattr__(self, "source", self.file.read_bytes())
        network = [one.name for one in fields(self) if one.name in NETWORK and getattr(self, one.name) != one.default]
        if self.calculate and network:
            raise UsageError(f"{self.name} has both calculate and {', '.join(network)}", hint="leave out one of them")
        if not (self.calculate or "build" in network):
            raise UsageError(f"{self.name} has neither build nor calculate", hint="declare one of them")
        halves = [self.measure, self.predict]
        if any(half is not None and not isinstance(half, Half) for half in halves):
            measure, predict = (half or Half(self.analyse, number) for number, half in enumerate(halves))
            object.__setattr__(self, "analyse", lambda p, recordings: (measure(p, recordings), predict(p, recordings)))
        names = [measure.name for measure in self.measures]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise UsageError(f"{self.name} declares a measure twice: {', '.join(twice)}", hint="take another name")
        object.__setattr__(self, "measure", Half(self.analyse, 0))
        object.__setattr__(self, "predict", Half(self.analyse, 1))

    def named_arms(self, parameters: Any, streams: Streams) -> dict[str, Arm]:
        """Return the simulations of a run by name."""
        return self.checked_arms("arms", self.arms(parameters, streams), Arm)

    def checked_arms(self, function: str, value: Any, item: type) -> dict[str, Any]:
        """Return what a function returned for each arm; raise UsageError if that is nothing, or no group of data.nc."""
        arms: dict[str, Any] = self.returned(function, value, Mapping, item)
        if not arms:
            raise UsageError(f"{function} of {self.name} returns no arm")
        if wrong := [repr(name) for name in arms if not isinstance(name, str) or not ARM_NAME.fullmatch(name)]:
            hint = 'an arm is a group of the file data.nc: give it a name without "/"'
            raise UsageError(f"arms of {self.name} cannot be called", wrong, hint)
        return arms

    def returned(self, function: str, value: Any, kind: type, item: type = object) -> Any:
        """Return what a function of the scenario returned; raise UsageError if it is of another kind."""
        items = value.values() if isinstance(value, Mapping) else value if isinstance(value, Sequence) else ()
        if isinstance(value, kind) and all(isinstance(inner, item) for inner in items):
            return value
        found = type(value).__name__ if not isinstance(value, kind) else f"other things than {item.__name__}"
        wanted = f"{kind.__name__} of {item.__name__}" if item is not object else kind.__name__
        hint = f"end it with a `return` of a {wanted}"
        raise UsageError(f"{function} of {self.name} returns {found}", hint=hint)

    def derive(self, name: str, title: str, parameters: Mapping[str, Any], **changes: Any) -> "Scenario":
        """Return a scenario of one's own that begins with this one.

        Parameters
        ----------
        name, title : str
        parameters : mapping of str to value
            Values that differ, by dotted name. They win over those of the quick version, and the bands of this
            scenario, which hold for its own values, are left out where there are any.
        **changes
            Other fields of `Scenario`, such as `analyse` or `nulls`.
        """
        own = self.parameters.override(parameters)
        quick = {name: value for name, value in self.quick.items() if name not in parameters}
        changed = {"name": name, "title": title, "parameters": own, "quick": quick, **changes}
        if own != self.parameters:
            measures = changed.get("measures", self.measures)
            changed["measures"] = tuple(
                replace(measure, expected=ANY) if measure in self.measures else measure for measure in measures
            )
            changed.setdefault("bands", {})
        return replace(self, **changed)

    @cached_property
    def declared(self) -> dict[str, Measure]:
        """Every measure by its name; those of `bands` and `watched` too."""
        known = {measure.name: measure for measure in self.measures}
        for name, band in self.bands.items():
            known[name] = replace(known.get(name, Measure(name)), expected=band)
        for name in self.watched(self.parameters):
            unit = "s" if known.get(name, Measure(name)).unit == "1" else known[name].unit
            limit = lambda p, name=name: self.watched(p).get(name, math.nan)  # noqa: E731
            known[name] = replace(known.get(name, Measure(name)), limit=limit, unit=unit)
        return known

    @property
    def functions(self) -> list[Any]:
        """What decides the numbers of a run beside its parameters."""
        made_by = [self.calculate] if self.calculate else [self.build, self.arms]
        return [*made_by, self.analyse, type(self.parameters)]

    @property
    def expected(self) -> dict[str, Band]:
        """Band of each measure that has one."""
        return {name: measure.band for name, measure in self.declared.items() if measure.band != ANY}

    def limits(self, parameters: Any) -> dict[str, float]:
        """Return how long a run waits for each time to a criterion, in the unit of the measure."""
        timed = {measure.name: measure.limit for measure in self.measures if measure.limit}
        waited = {name: float(limit(parameters)) for name, limit in timed.items()}
        return waited | {name: float(limit) for name, limit in self.watched(parameters).items()}

    @cached_property
    def settings(self) -> dict[str, Condition]:
        """Null models and other conditions by name."""
        return {name: condition(values) for name, values in {**self.nulls, **self.conditions}.items()}

    def resolve(self, overrides: Mapping[str, Any], *, quick: bool = False, null: str = "") -> Parameters:
        """Return the parameters of a run: the scenario's own, changed by quick, a null model or condition, overrides.

        Raises
        ------
        UsageError
            With one line for each mistake.
        """
        if null and null not in self.settings:
            known = ", ".join(self.settings) or "none"
            raise UsageError(
                f'{self.name} has no null model or condition "{null}"{did_you_mean(null, self.settings)}',
                hint=f"null models: {', '.join(self.nulls) or 'none'}; other conditions: {', '.join(self.conditions)}"
                if self.conditions
                else f"null models: {known}",
            )
        chosen = self.settings[null] if null else {}
        settings = {**(self.quick if quick else {}), **chosen, **overrides}
        problems = [f"{name}  is set by {null}" for name in overrides if name in chosen]
        try:
            changed = self.parameters.override(settings)
            problems += contradictions(changed, also=self.relations)
        except UsageError as error:
            problems += error.problems
        if problems:
            title = f"{self.name}, {count(len(problems), 'problem')}"
            raise UsageError(title, problems, f"nothing was run; cortex show {self.name} lists all parameters")
        return changed

    def changed(self, values: Mapping[str, str], *, quick: bool = False, null: str = "") -> list[Changed]:
        """Return which values of a run, as text, are not the scenario's own; what it knows no more is left out."""
        own = self.resolve({}, quick=quick, null=null if null in self.settings else "").as_text()
        return [Changed(name, value, own[name]) for name, value in values.items() if own.get(name, value) != value]

    def unscored(self, parameters: Parameters, *, quick: bool = False, null: str = "") -> str:
        """Return why the bands say nothing about a run; "" if they apply: full version, the scenario's own values."""
        if quick:
            return "the quick version"
        if null and null not in self.settings:
            return f"{null} is unknown"
        changed = self.changed(parameters.as_text(), null=null)
        return OTHER + ", ".join(one.name for one in changed) if changed else ""


@dataclass(frozen=True)
class Half:
    """Measures alone, or predictions alone, of an analysis."""

    analyse: "Callable[[Any, Recordings], tuple[Numbers, Numbers]]"
    number: int

    def __call__(self, parameters: Any, recordings: "Recordings") -> "Numbers":
        return self.analyse(parameters, recordings)[self.number]


def __getattr__(name: str) -> Any:
    """Return `cortex.main` under its old name, which files written for version 0.1 import from here."""
    if name == "main":
        import importlib

        return importlib.import_module("cortex").main
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
