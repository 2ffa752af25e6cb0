"""What a virtual experiment declares: its parameters, network, arms, measures, null models and bands."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from brian2 import Quantity

from cortex.analysis.reference import Band
from cortex.errors import UsageError, did_you_mean
from cortex.experiment.coordinates import Coordinates
from cortex.experiment.parameters import Parameters
from cortex.experiment.streams import Streams

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cortex.engine.simulation import Arm, Model, Recording
    from cortex.studies.conclusion import Conclusion, Finished


@dataclass(frozen=True)
class Phase:
    """A stretch of a protocol.

    Parameters
    ----------
    name : str
        What happens in it.
    start, duration : Quantity, s
        When.
    """

    name: str
    start: Quantity
    duration: Quantity


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
        ``arms(parameters, streams)`` gives the simulations of one run by name: conditions and controls.
    measure, predict : callable
        ``measure(parameters, recordings)`` and ``predict(parameters, recordings)`` give numbers by name.
    figures : callable
        ``figures(parameters, recordings)`` draws figures by file name.
    phases : callable
        ``phases(parameters)`` lists the phases of the protocol.
    quick : mapping
        Parameter values, as text, of the short version.
    nulls : mapping
        For each null model the parameter values, as text, that remove a mechanism.
    bands : mapping
        For each measure the lowest and highest value expected; None leaves a side open.
    watched : callable
        ``watched(parameters)`` gives, for each measure that is a time to a criterion, for how long a run waits for it,
        s or trials as the measure; the measure is nan where the criterion was not reached by then.
    coordinates : callable, optional
        ``coordinates(parameters, inputs)`` says what the recorded arrays of an arm with these inputs refer to: places,
        kinds, sources and targets, stimuli.
    conclude : callable, optional
        ``conclude(runs)`` says what all complete runs of a study mean together, which ``cortex compare`` tells and
        keeps, or None.
    file : Path, optional
        Where it was read from, if it is not a shipped one.
    """

    name: str
    title: str
    citation: str
    parameters: Parameters
    build: "Callable[[Any], Model]"
    arms: "Callable[[Any, Streams], dict[str, Arm]]"
    measure: "Callable[[Any, dict[str, Recording]], dict[str, float]]"
    predict: "Callable[[Any, dict[str, Recording]], dict[str, float]]"
    figures: "Callable[[Any, dict[str, Recording]], dict[str, Figure]]"
    phases: Callable[[Any], list[Phase]]
    quick: Mapping[str, str] = field(default_factory=dict)
    nulls: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    bands: Mapping[str, Band] = field(default_factory=dict)
    watched: Callable[[Any], Mapping[str, float]] = lambda parameters: {}
    coordinates: "Callable[[Any, dict[str, Any]], Coordinates]" = lambda parameters, inputs: Coordinates()
    conclude: "Callable[[Sequence[Finished]], Conclusion | None] | None" = None
    file: Path | None = None

    def resolve(self, overrides: Mapping[str, Any], *, quick: bool = False, null: str = "") -> Parameters:
        """Resolve the parameters of a run: the scenario's own, changed by quick, a null model, and overrides.

        Raises
        ------
        UsageError
            With one line for each mistake.
        """
        if null and null not in self.nulls:
            known = ", ".join(self.nulls) or "none"
            raise UsageError(
                f'{self.name} has no null model "{null}"{did_you_mean(null, self.nulls)}', hint=f"null models: {known}"
            )
        removed = self.nulls[null] if null else {}
        settings = {**(self.quick if quick else {}), **removed, **overrides}
        problems = [f"{name}  is set by the null model {null}" for name in overrides if name in removed]
        try:
            changed = self.parameters.override(settings)
        except UsageError as error:
            problems += error.problems
        if problems:
            title = f"{self.name}, {len(problems)} problem" + ("s" if len(problems) > 1 else "")
            raise UsageError(title, problems, f"nothing was run; cortex show {self.name} lists all parameters")
        return changed


def __getattr__(name: str) -> Any:
    """Return `cortex.main` under its old name, which files written for version 0.1 import from here."""
    if name == "main":
        import importlib

        return importlib.import_module("cortex").main
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
