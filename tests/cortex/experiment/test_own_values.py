"""What was changed of a scenario is told apart from what its quick version and its conditions set."""

from pathlib import Path

import pytest

from cortex.experiment import catalogue


@pytest.mark.parametrize(("quick", "null"), [(False, ""), (True, ""), (False, "no_drive"), (True, "gone")])
def test_changed_values_are_named_with_the_own_ones(tiny: Path, quick: bool, null: str) -> None:
    scenario = catalogue.find(str(tiny))
    known = null if null in scenario.settings else ""
    values = scenario.resolve({"cell.tau": "20 ms"}, quick=quick, null=known).as_text()
    changed = scenario.changed(values | {"removed": "1"}, quick=quick, null=null)
    assert list(map(str, changed)) == ["cell.tau = 20 ms instead of 10 ms"]
