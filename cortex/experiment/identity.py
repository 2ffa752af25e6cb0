"""What is run, and the key that names its folder: a hash of all that decides its numbers."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from cortex.engine.model import Precision
from cortex.engine.reach import Reached
from cortex.engine.seed import check_seed
from cortex.errors import UsageError
from cortex.experiment import run_folder
from cortex.experiment.code import chosen, own_rules, text, user_code
from cortex.experiment.parameters import Parameters
from cortex.experiment.relation import contradictions
from cortex.experiment.scenario import Scenario
from cortex.files import to_json


@dataclass(frozen=True)
class Run:
    """What is run: a scenario with all its parameters, and the seed.

    Attributes
    ----------
    scenario : Scenario
    parameters : Parameters
        As resolved: they alone decide, whatever `quick` and `null` say.
    seed, replicate : int
        Root seed, and number of the replicate.
    quick : bool
        Whether this is the short version.
    null : str
        Name of the null model, empty for none.
    precision : {"double", "single"}
        Of all variables without a type of their own.
    code : mapping, optional
        What `identity` returned for the scenario, where many runs of it are planned.

    Raises
    ------
    UsageError
        If seed or replicate is no whole number from 0 to 2^63 - 1, or a calculation is asked for in single precision.
    """

    scenario: Scenario
    parameters: Parameters
    seed: int = 0
    replicate: int = 0
    quick: bool = False
    null: str = ""
    precision: Precision = "double"
    code: Mapping[str, str | None] | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        for name in ("seed", "replicate"):
            object.__setattr__(self, name, check_seed(getattr(self, name), name))
        if self.scenario.calculate and self.precision != "double":
            problem = f"{self.scenario.name} is calculated, without a network: it has no precision"
            raise UsageError(problem, hint="leave out --precision")

    @property
    def id(self) -> str:
        """Name of the run's folder: its key and the replicate."""
        return run_folder.run_name(self.key, self.replicate)

    @cached_property
    def key(self) -> str:
        """A hash of the scenario, its parameters and the root seed."""
        return hashlib.sha256(self._hashed.encode()).hexdigest()[:10]

    @cached_property
    def _hashed(self) -> str:
        """What the key is a hash of."""
        code = identity(self.scenario) if self.code is None else self.code
        later = type(self.parameters).later_defaults()
        key = {
            "scenario": self.scenario.name,
            "file": code["file"],
            "parameters": {name: text for name, text in self.written.items() if later.get(name) != text},
            "seed": self.seed,
            "quick": self.quick,
            "null": self.null,
        }
        if self.precision != "double":
            key["precision"] = self.precision
        if code["code"]:
            key["code"] = code["code"]
        if self._rules:
            key["rules"] = self._rules
        return to_json(key)

    @cached_property
    def _rules(self) -> dict[str, str]:
        return own_rules(self.parameters, self.scenario.file)

    @cached_property
    def written(self) -> dict[str, str]:
        """All parameters as text."""
        return self.parameters.as_text()

    def with_values(self, values: Mapping[str, Any]) -> "Run":
        """Return the run with other values of some parameters, which alone are checked and written anew.

        The parameters of this run are taken to be free of contradictions, as `Scenario.resolve` returns them.

        Raises
        ------
        UsageError
            With one line for each value that cannot be taken, and for each contradiction.
        """
        parameters = self.parameters.override(values)
        if problems := contradictions(parameters, self.parameters, self.scenario.relations):
            raise UsageError("these parameters contradict each other", problems)
        run = replace(self, parameters=parameters)
        changed = parameters.changes_as_text(self.parameters)
        run.__dict__["written"] = self.written | changed
        as_listed = changed.keys().isdisjoint(type(parameters).later_defaults())
        if as_listed and (changed.keys().isdisjoint(parameters.chosen_names()) or run._rules == self._rules):
            hashed = self._hashed
            for name, text in changed.items():
                hashed = hashed.replace(_line(name, self.written[name]), _line(name, text), 1)
            run.__dict__["_hashed"] = hashed
        return run

    @property
    def marks(self) -> list[str]:
        """What its figures must say: that it is the quick version, or in single precision."""
        return ["quick version"] * self.quick + ["single precision"] * (self.precision == "single")

    @property
    def description(self) -> dict[str, Any]:
        """What is needed to repeat the run."""
        return {
            "scenario": self.scenario.name,
            "run": self.id,
            "quick": self.quick,
            "null": self.null,
            "seed": self.seed,
            "replicate": self.replicate,
            "precision": self.precision,
            "parameters": self.written,
        }

    def folder(self, out: Path) -> Path:
        """Where the run is kept below the folder of results."""
        return out / "runs" / self.id


_quoted = json.JSONEncoder(ensure_ascii=False).encode


def _line(name: str, text: str) -> str:
    """Return the line of a parameter in what the key of a run is a hash of, without the comma after it."""
    return f"\n    {_quoted(name)}: {_quoted(text)}"


def identity(scenario: Scenario) -> dict[str, str | None]:
    """Return the text of a scenario's file, and the code of a user that it is made of beside it."""
    file = text(scenario.source) if scenario.file else None
    reached = Reached(scenario.functions)
    code = (user_code(reached, scenario.file), chosen(scenario, reached))
    return {"file": file, "code": "\n".join(filter(None, code))}
