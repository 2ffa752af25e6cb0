"""What is written as text is read back as exactly the same: quantities, parameters, JSON."""

import json
import math

from brian2 import Hz, Quantity, mm, ms, mV, nS, second
from hypothesis import given, settings
from hypothesis import strategies as st

from cortex.experiment import units
from cortex.experiment.parameters import Parameters, parameter
from cortex.files import to_json, to_plain

UNITS = [ms, second, mV, nS, Hz, mm, 1 / mm**2, Hz / mV]
numbers = st.floats(min_value=-1e9, max_value=1e9, allow_nan=False).filter(lambda x: x == 0 or abs(x) > 1e-9)


class Everything(Parameters):
    """A section with a parameter of each kind."""

    time: Quantity = parameter("10 ms", "A time.", bounds=("-1e9 s", "1e9 s"))
    number: float = parameter(1.0, "A number.")
    whole: int = parameter(3, "A whole number.")
    switch: bool = parameter(True, "A switch.")
    digits: tuple[int, ...] = parameter((2, 3), "A list.")


@given(number=numbers, unit=st.sampled_from(UNITS))
def test_a_quantity(number: float, unit: Quantity) -> None:
    quantity = number * unit
    again = units.parse(units.format(quantity))
    assert float(again) == float(quantity)
    assert again.dim is quantity.dim


@settings(max_examples=50)
@given(
    time=numbers,
    number=st.floats(allow_nan=False, allow_infinity=False),
    whole=st.integers(-(10**12), 10**12),
    switch=st.booleans(),
    digits=st.lists(st.integers(0, 9), max_size=5).map(tuple),
)
def test_parameters(time: float, number: float, whole: int, switch: bool, digits: tuple[int, ...]) -> None:
    values = {"time": time * ms, "number": number, "whole": whole, "switch": switch, "digits": digits}
    changed = Everything().override(values)
    again = Everything().override(changed.as_text())
    assert again.as_text() == changed.as_text()
    for name in ("number", "whole", "switch", "digits"):
        assert again.get(name) == values[name]
    assert float(again.time) == float(changed.time)


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(value=plain)
def test_json_is_plain_with_null_for_what_is_no_number(value: object) -> None:
    read = json.loads(to_json(value))
    assert read == to_plain(value)
    assert "NaN" not in to_json([x for x in (value,) if isinstance(x, float) and not math.isfinite(x)])
