"""Values as they are sorted and arranged."""

import pytest

from cortex.studies import selection
from cortex.studies.table import pivot


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
