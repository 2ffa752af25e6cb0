"""Which runs are compared, and what else differs between them."""

from typing import Any

import pytest

from cortex.experiment import catalogue
from cortex.studies import selection
from cortex.studies.table import RunTable, pivot


def runs(**levels: dict[str, str]) -> RunTable:
    """Make a table of two seeds for each null model, with its parameters."""
    rows: dict[str, dict[str, Any]] = {}
    for null, parameters in levels.items():
        for replicate in ("0", "1"):
            about = {"scenario": "tiny", "quick": "false", "null": null.strip("_"), "seed": "0", "replicate": replicate}
            rows[f"{null}-{replicate}"] = about | parameters
    table = RunTable(rows)
    table.measures, table.parameters = [], ["cell.drive", "jitter"]
    return table


@pytest.mark.parametrize(
    ("jitter", "warning"),
    [("0.1", []), ("0.2", ["jitter differs too (0.1, 0.2): its effect cannot be told from that of null"])],
)
def test_what_differs_beside_the_null_model_is_told(
    tiny: Any, monkeypatch: pytest.MonkeyPatch, jitter: str, warning: list[str]
) -> None:
    monkeypatch.setattr(catalogue, "installed", lambda name: catalogue.read_file(tiny))
    full = {"cell.drive": "20 mV", "jitter": "0.1"}
    table = runs(_=full, no_drive={"cell.drive": "0 mV", "jitter": jitter})  # the null model itself sets the drive
    assert selection.confounded(table, selection.levels(table, [], table.rows, "null")) == warning


def test_what_varies_within_levels_is_no_matter() -> None:
    table = runs(a={"cell.drive": "20 mV", "jitter": "0.1"}, b={"cell.drive": "30 mV", "jitter": "0.2"})
    table.rows["a-0"]["jitter"] = "0.2"
    table.rows["b-0"]["jitter"] = "0.1"
    compared = selection.levels(table, [], table.rows, "cell.drive")
    assert not any(line.startswith("jitter") for line in selection.confounded(table, compared))


@pytest.mark.parametrize(
    ("text", "number"), [("20 ms", 20.0), ("70/cm^2", 70.0), ("-1e-3", -0.001), ("1e3 Hz", 1000.0)]
)
def test_a_value_begins_with_its_number(text: str, number: float) -> None:
    assert selection.leading(text) == number


def test_values_are_arranged_by_their_keys() -> None:
    labels, array = pivot([("b", 0), ("a", 0), ("b", 1)], [1.0, 2.0, 3.0])
    assert labels == [["b", "a"], [0, 1]]
    assert array[0].tolist() == [1.0, 3.0]
    assert array[1, 0] == 2.0
    assert array[1, 1] != array[1, 1]
