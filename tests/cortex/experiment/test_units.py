"""Quantities as text."""

import numpy as np
import pytest
from brian2 import Quantity, cm, mm, ms, mV, nS, second, uF, umetre

from cortex.experiment import units


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("20 ms", 20 * ms),
        ("20ms", 20 * ms),
        ("-70 mV", -70 * mV),
        ("1e-3 s", 1 * ms),
        ("10 nS", 10 * nS),
        ("70/cm^2", 70 / cm**2),
        ("40 mm/s", 40 * mm / second),
        ("2 uF*cm**-2", 2 * uF / cm**2),
        ("2 uF cm^-2", 2 * uF / cm**2),
        ("3 um2", 3 * umetre**2),
        ("5 msecond", 5 * ms),
        ("20 * ms", 20 * ms),
    ],
)
def test_parse(text: str, quantity: Quantity) -> None:
    parsed = units.parse(text)
    assert parsed.dim is quantity.dim
    assert float(parsed) == pytest.approx(float(quantity), rel=1e-15)


def test_a_plain_number_has_no_dimension() -> None:
    assert units.parse("0.5").dim.is_dimensionless


@pytest.mark.parametrize(
    "text",
    [
        *("", "ms", "fast", "20 parsec", "20 ms^", "20 ms^x", "1e999 s", "nan s", "2**3 s", "1/ymetre3^9/ymetre3^9"),
        *("__import__('os')", "20 __import__('os')", "20 ms; 1", "(20) ms"),
    ],
)
def test_what_is_no_quantity_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"number|unit"):
        units.parse(text)


@pytest.mark.parametrize("unit", ["ms", "nS", "Hz", "mm/s", "/cm^2", "uF/cm^2", ""])
def test_format_comes_back_exactly(unit: str) -> None:
    rng = np.random.default_rng(1)
    dimension = units.parse(f"1{unit}").dim
    for value in rng.uniform(-1, 1, 200) * 10.0 ** rng.integers(-12, 6, 200):
        quantity = Quantity(value, dim=dimension, force_quantity=True)
        assert float(units.parse(units.format(quantity, unit))) == value


@pytest.mark.parametrize(
    ("quantity", "unit", "text"),
    [
        (20 * ms, "ms", "20 ms"),
        (20 * ms, "", "20 ms"),
        (70 / cm**2, "/cm^2", "70/cm^2"),
        (40 * mm / second, "mm/s", "40 mm/s"),
        (2 * mm / second, "", "0.002 m s^-1"),
    ],
)
def test_format(quantity: Quantity, unit: str, text: str) -> None:
    assert units.format(quantity, unit) == text


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("20 ms", "a time"),
        ("20 Hz", "a rate"),
        ("1 mm", "a length"),
        ("1 mm^2", "an area"),
        ("3 nS", "a conductance"),
        ("3", "a plain number"),
        ("3 kg m", "a quantity in m kg"),
    ],
)
def test_dimension_name(text: str, name: str) -> None:
    assert units.dimension_name(units.parse(text)) == name
