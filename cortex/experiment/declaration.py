"""What a parameter was declared as: its default, unit and limits, and by these how it is read, checked and written."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self, get_args, get_origin

from brian2.units import Quantity
from brian2.units.fundamentalunits import fail_for_dimension_mismatch
from pydantic.fields import FieldInfo

from cortex.experiment import mistakes, units


@dataclass(frozen=True)
class Row:
    """One parameter as a line of text, for tables."""

    name: str
    value_text: str
    unit_text: str
    bounds_text: str
    sentence: str
    source: str

    @property
    def written(self) -> str:
        """The value with its unit, such as "10 ms" or "5/s"."""
        return f"{self.value_text}{'' if self.unit_text.startswith('/') else ' '}{self.unit_text}".strip()


@dataclass(frozen=True)
class Declaration:
    """A parameter as `cortex.experiment.parameters.parameter` declares it.

    Attributes
    ----------
    kind : type
        As annotated.
    default : Quantity or value
        A quantity is never text here.
    unit : str
        The unit a quantity is shown in; empty for the best one.
    limits : tuple of two values
        Lowest and highest value, of a quantity in SI units; None leaves a side open.
    choices : mapping of str to definition, optional
    details : dict
        What else is declared: bounds as written, source, per_run, constant, later.
    sentence, module : str
        What it is, and where it is declared.
    """

    kind: Any
    default: Any
    unit: str
    limits: tuple[Any, Any]
    choices: Mapping[str, Any] | None
    details: dict[str, Any]
    sentence: str
    module: str

    @classmethod
    def of(cls, field: FieldInfo, module: str) -> Self:
        """Return the declaration in a field; raise DimensionMismatchError if a bound is no such quantity."""
        extra: Any = field.json_schema_extra or {}
        details: dict[str, Any] = {"bounds": (None, None), "source": "", "per_run": True, "later": False}
        details |= {"choices": None, "constant": None} | extra
        default, unit, (low, high) = field.default, "", details["bounds"]
        if field.annotation is Quantity:
            unit = units.split(default)[1] if isinstance(default, str) else ""
            default, low, high = (units.parse(end) if isinstance(end, str) else end for end in (default, low, high))
            for limit in (low, high):
                if limit is not None:
                    fail_for_dimension_mismatch(limit, default)
            low, high = (None if limit is None else float(limit) for limit in (low, high))
        about = (details.pop("choices"), details, field.description or "", module)
        return cls(field.annotation, default, unit, (low, high), *about)

    @property
    def is_constant(self) -> bool:
        """Whether equations hold it as a constant."""
        if self.details["constant"] is not None:
            return bool(self.details["constant"])
        return self.kind in (Quantity, float, int) and self.details["per_run"]

    @property
    def reads(self) -> bool:
        """Whether `read` does anything."""
        return self.kind is Quantity or get_origin(self.kind) is tuple

    @property
    def checks(self) -> bool:
        """Whether `check` does anything."""
        return self.choices is not None or self.limits != (None, None)

    def read(self, value: Any) -> Any:
        """Read a quantity, or a list, from text, and check the dimension of a quantity."""
        if self.kind is Quantity:
            known = isinstance(value, Quantity) and value.dim is self.default.dim and value.size == 1
            return value if known else self._quantity(value)
        return [item.strip() for item in value.split(",") if item.strip()] if isinstance(value, str) else value

    def check(self, value: Any) -> None:
        """Raise ValueError if it is none of the choices, or out of bounds."""
        if self.choices is not None and value not in self.choices:
            raise ValueError(mistakes.none_of(value, list(self.choices)))
        low, high = self.limits
        for item in value if isinstance(value, tuple) else (value,):
            number = float(item) if self.kind is Quantity else item
            if low is not None and number < low:
                raise ValueError(f"{self.text(item)} is below the lower bound {self._bound(0)}")
            if high is not None and number > high:
                raise ValueError(f"{self.text(item)} is above the upper bound {self._bound(1)}")

    def text(self, value: Any) -> str:
        """Write a value."""
        if isinstance(value, Quantity):
            return units.format(value, self.unit)
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, tuple):
            return ",".join(map(str, value))
        return str(value)

    def row(self, name: str, value: Any) -> Row:
        """Describe it, with its value."""
        text = self.text(value)
        number, unit = units.split(text) if isinstance(value, Quantity) else (text, "")
        if choices := self.choices or (get_origin(self.kind) is Literal and get_args(self.kind)):
            bounds = " | ".join(map(str, choices))
        else:
            ends = ["" if end is None else end for end in self.details["bounds"]]
            bounds = f"{ends[0]} .. {ends[1]}" if any(end != "" for end in ends) else ""
        return Row(name, number, unit, bounds.strip(), self.sentence, self.details["source"])

    def _quantity(self, value: Any) -> Quantity:
        """Read a quantity and check its dimension against the default's."""
        try:
            quantity = value if isinstance(value, Quantity) else units.parse(str(value))
        except ValueError as error:
            raise ValueError(f"{error}; {self._example}") from error
        if quantity.dim is not self.default.dim:
            dimension = "has no unit" if quantity.dim.is_dimensionless else f"is {units.dimension_name(quantity)}"
            raise ValueError(f'"{value}" {dimension}; {self._example}')
        if quantity.size != 1:
            raise ValueError(f'"{value}" is not one value; {self._example}')
        return quantity

    def _bound(self, end: int) -> str:
        file = f" ({self.module.replace('.', '/')}.py)" if "." in self.module else ""
        return f"{self.details['bounds'][end]}{file}"

    @property
    def _example(self) -> str:
        return f'give {units.dimension_name(self.default)} such as "{self.text(self.default)}"'
