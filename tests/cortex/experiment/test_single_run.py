"""What a single run says of bands, and which command makes more runs."""

from pathlib import Path
from typing import Any

import pytest

from cortex.experiment import single_run

RECORD = {"scenario": "copy_pair", "null": "", "seed": 0, "unscored": "", "bands": {"rate": [1, 2]}}


@pytest.mark.parametrize(
    ("changes", "file", "command"),
    [
        ({}, None, "cortex run copy_pair --seeds 10"),
        ({"null": "no_hold", "seed": 7}, None, "cortex run copy_pair --null no_hold --seed 7 --seeds 10"),
        ({}, Path("my pair.py"), "cortex run 'my pair.py' --seeds 10"),
    ],
)
def test_a_run_whose_bands_are_scored_tells_how_to_run_more(
    changes: dict[str, Any], file: Path | None, command: str, tmp_path: Path
) -> None:
    told = single_run.note(RECORD | changes, tmp_path, file)
    assert told.startswith("Bands are for means over seeds")
    assert told.endswith(f" 10 runs: {command}")


@pytest.mark.parametrize("changes", [{"unscored": "the quick version"}, {"bands": {}}])
def test_where_nothing_is_scored_nothing_is_told(changes: dict[str, Any], tmp_path: Path) -> None:
    assert single_run.note(RECORD | changes, tmp_path) == ""


def test_a_scenario_of_which_only_a_copy_is_known_is_not_named(tmp_path: Path) -> None:
    (tmp_path / "scenario.py").touch()
    assert "cortex run" not in single_run.note(RECORD, tmp_path)
