"""The values a study gives to a parameter."""

import numpy as np
import pytest

from cortex.studies.values import Range, flatten, read, split, text


@pytest.mark.parametrize(
    ("given", "values"),
    [
        ([1, 2.5, "3 ms"], ["1", "2.5", "3 ms"]),
        ([True, False], ["true", "false"]),
        ([[2, 3], [2]], ["2,3", "2"]),
        ("linear(0, 1, 5)", ["0", "0.25", "0.5", "0.75", "1"]),
        ("linear(10 ms, 30 ms, 3)", ["10 ms", "20 ms", "30 ms"]),
        ("linear(0 /s, 0.1 /s, 2)", ["0/s", "0.1/s"]),
        ("log(1e-3, 1e-1, 3)", ["0.001", "0.01", "0.1"]),
    ],
)
def test_values_are_read(given: object, values: list[str]) -> None:
    assert read(given) == values


def test_a_sobol_range_gives_values_at_shares() -> None:
    shares = np.array([0, 0.5, 1])
    linear, logarithmic = read("sobol(10 nS, 20 nS)"), read("sobol(1e-4, 1e-2, log)")
    assert isinstance(linear, Range)
    assert isinstance(logarithmic, Range)
    assert linear.at(shares) == ["10 nS", "15 nS", "20 nS"]
    assert logarithmic.at(shares) == ["0.0001", "0.001", "0.01"]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ([], "empty list"),
        ([1, 2, 1], "1 is given twice"),
        (5, "one value"),
        ("5", "one value"),
        ("linear(0, 1)", "number of values"),
        ("linear(0, 1, 1)", "2 to 99999"),
        ("linear(1, 0, 3)", "goes down"),
        ("linear(1 ms, 1 s, 3)", "two units"),
        ("log(0, 1, 3)", "above 0"),
        ("sobol(0, 1, 8)", "two ends"),
        ("sobol(0, 1, log)", "above 0"),
        ("linear(a, 1, 3)", "does not begin with a number"),
    ],
)
def test_what_will_not_do_is_told(given: object, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        read(given)


def test_typed_values_are_split() -> None:
    assert split("1, 2,3", several=False) == ["1", "2", "3"]
    assert split("2,3", several=True) == "2,3"
    assert split("2,3;2", several=True) == ["2,3", "2"]
    assert split("log(1, 9, 3)", several=False) == "log(1, 9, 3)"
    assert split("20 Hz", several=False) == "20 Hz"


def test_nested_tables_have_dotted_names() -> None:
    assert flatten({"a": {"b": 1, "c": {"d": [2]}}, "e.f": 3}) == {"a.b": 1, "a.c.d": [2], "e.f": 3}
    assert text([True, [1, 2.5]]) == "true,1,2.5"
