"""The key of a run."""

from dataclasses import replace
from pathlib import Path

import pytest

from cortex.experiment import catalogue
from cortex.experiment.identity import Run
from cortex.experiment.parameters import Parameters, parameter
from cortex.experiment.scenario import Scenario


class Before(Parameters):
    """As runs that are kept have it."""

    size: int = parameter(1, "Size.")


class Now(Before):
    """With a parameter that came later."""

    strict: bool = parameter(False, "Whether it is strict.", later=True)


@pytest.fixture
def scenario(tiny: Path) -> Scenario:
    return catalogue.find(str(tiny))


def test_a_parameter_that_came_later_leaves_the_key_as_it_was_at_its_default(scenario: Scenario) -> None:
    before, now = (Run(replace(scenario, parameters=kind()), kind()) for kind in (Before, Now))
    assert now.key == before.key
    assert now.written["strict"] == "false"


def test_another_value_of_it_makes_another_run_however_it_is_set(scenario: Scenario) -> None:
    default, strict = (Run(replace(scenario, parameters=Now()), Now(strict=value)) for value in (False, True))
    changed = default.with_values({"strict": True})
    assert changed.key == strict.key != default.key
    assert changed.with_values({"strict": False}).key == default.key
    assert changed.with_values({"size": 2}).key == replace(strict, parameters=Now(strict=True, size=2)).key
