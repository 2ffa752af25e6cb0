"""In which parameters a run differs from what its scenario sets."""

from typing import TYPE_CHECKING, NamedTuple

from cortex.errors import UsageError

if TYPE_CHECKING:
    from cortex.experiment.result import Result
    from cortex.experiment.scenario import Scenario


class Changed(NamedTuple):
    """A parameter whose value is not the scenario's own."""

    name: str
    value: str
    own: str
    """What the scenario sets."""

    def __str__(self) -> str:
        return f"{self.name} = {self.value} instead of {self.own}"


def changed(run: "Result", scenario: "Scenario") -> list[Changed]:
    """Return the parameters of a run that were changed, beyond what its version and its null model or condition set.

    Parameters
    ----------
    run : Result
    scenario : Scenario
        What made the run, or a later version of it: what that does not know any more is left out.
    """
    try:
        own = scenario.resolve({}, quick=run.quick, null=run.null).as_text()
    except UsageError:  # a condition that there is no more
        own = scenario.parameters.as_text()
    values = run.parameters.items()
    return [Changed(name, value, own[name]) for name, value in values if own.get(name, value) != value]
