"""Declared parameters: each with default, unit, bounds, sentence and source, and read from text in one place."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, reduce
from typing import Any, ClassVar, Literal, Self, get_args, get_origin

from brian2.units import Quantity, second
from pydantic import ConfigDict, Field, ValidationError, ValidationInfo, field_validator
from pydantic.fields import FieldInfo

from cortex.analysis.reference import Reference
from cortex.errors import UsageError, did_you_mean
from cortex.experiment import mistakes, units
from cortex.experiment.noted import Noted
from cortex.experiment.registry import Registry
from cortex.experiment.relation import Relation

__all__ = ["Parameters", "Quantity", "Row", "parameter"]

Bounds = tuple[Any, Any]


def parameter(
    default: Any,
    sentence: str,
    *,
    bounds: Bounds | None = None,
    source: str = "",
    per_run: bool = True,
    choices: Mapping[str, Any] | None = None,
    constant: bool | None = None,
) -> Any:
    """Declare one parameter of a `Parameters` section.

    Parameters
    ----------
    default : float, int, bool, str, tuple or Reference
        The default; a quantity as text, such as ``"20 ms"``. Its unit is the one the parameter is shown in. A published
        number from `cortex.analysis.published` brings its source with it.
    sentence : str
        What the parameter is, in one sentence.
    bounds : tuple of two values, optional
        Lowest and highest value allowed, written like the default; None leaves a side open.
    source : str
        Where the default comes from.
    per_run : bool
        Whether a compiled network can take another value, or must be built again.
    choices : mapping of str to definition, optional
        What a text can be, by name: a `Registry`, to which a user's own file can add.
    constant : bool, optional
        Whether the equations of a mechanism hold it as a constant; by default a number that is `per_run`.
    """
    if isinstance(default, Reference):
        default, source = default.text, source or default.citation
    details: dict[str, Any] = {"bounds": bounds or (None, None), "source": source, "per_run": per_run}
    details |= {"choices": choices, "constant": constant}
    return Field(default, description=sentence, json_schema_extra=details)


@dataclass(frozen=True)
class Row:
    """One parameter as a line of text, for tables."""

    name: str
    value_text: str
    unit_text: str
    bounds_text: str
    sentence: str
    source: str


class Parameters(Noted):
    """A section of declared parameters, or a model's whole set: a section made of sections.

    Names of nested parameters are dotted, as in ``copying.rate``.

    Attributes
    ----------
    RELATIONS : tuple of Relation
        What must hold between its parameters.
    TIME_STEP : Quantity, s, optional
        Of a model's whole set: its time step, below which no time constant may lie.
    """

    RELATIONS: ClassVar[tuple[Relation, ...]] = ()
    TIME_STEP: ClassVar[Quantity | None] = None

    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_default=True, arbitrary_types_allowed=True, allow_inf_nan=False
    )

    @classmethod
    def names(cls) -> list[str]:
        """List the dotted names of all parameters."""
        return [name for name, _ in _fields_of(cls)]

    @classmethod
    def compiled_names(cls) -> set[str]:
        """Return the names of the parameters that a compiled network cannot take another value of."""
        return {name for name, field in _fields_of(cls) if not _details(field).get("per_run", True)}

    @classmethod
    def constants(cls) -> list[str]:
        """Return the names of the section's parameters that equations hold as constants."""
        return [name for name, field in cls.model_fields.items() if _is_constant(field)]

    def definitions(self) -> dict[str, Any]:
        """Return what the chosen names stand for, by dotted name, where it decides how a network is built."""
        return {name: known[self.get(name)] for name, known in self._choices().items()}

    def registered(self) -> dict[str, str]:
        """Return the file, or else the module, that registered each of the definitions."""
        choices = self._choices().items()
        return {name: known.place(self.get(name)) for name, known in choices if isinstance(known, Registry)}

    def _choices(self) -> dict[str, Any]:
        known = {name: _details(field) for name, field in _fields_of(type(self))}
        return {
            n: d["choices"] for n, d in known.items() if d.get("choices") is not None and not d.get("per_run", True)
        }

    def get(self, name: str) -> Any:
        """Return the value of a parameter by its dotted name."""
        return reduce(getattr, name.split("."), self)

    def override(self, changes: Mapping[str, Any]) -> Self:
        """Change parameters.

        Parameters
        ----------
        changes : mapping of str to str or value
            New values by dotted name; text is read as the command line reads it.

        Returns
        -------
        parameters : Parameters
            A new set; this one stays as it is.

        Raises
        ------
        UsageError
            With one line for each unknown name and each value that cannot be taken.
        """
        names = self.names()
        problems = [(name, self._unknown(name)) for name in changes if name not in names]
        try:
            changed = type(self).model_validate(self._nested({n: v for n, v in changes.items() if n in names}))
        except ValidationError as error:
            problems += [(mistakes.dotted(detail), mistakes.sentence(detail)) for detail in error.errors()]
        if problems:
            width = max(len(name) for name, _ in problems)
            raise UsageError("these parameters cannot be set", [f"{name:{width}}  {text}" for name, text in problems])
        return changed

    def as_text(self) -> dict[str, str]:
        """Write every parameter as text that `override` reads back exactly."""
        return {name: _as_text(self.get(name), field) for name, field in _fields_of(type(self))}

    def time_constants(self) -> dict[str, Quantity]:
        """Return the times that equations hold as constants, by name."""
        values = {name: getattr(self, name) for name in self.constants()}
        return {name: value for name, value in values.items() if getattr(value, "dim", None) is second.dim}

    def describe(self) -> list[Row]:
        """Describe every parameter, one row each."""
        return [_row(name, self.get(name), field) for name, field in _fields_of(type(self))]

    @field_validator("*", mode="before")
    @classmethod
    def _read(cls, value: Any, info: ValidationInfo) -> Any:
        """Read quantities and lists from text."""
        field = cls.model_fields[info.field_name or ""]
        if field.annotation is Quantity:
            return _quantity(value, field)
        if get_origin(field.annotation) is tuple and isinstance(value, str):
            return [item.strip() for item in value.split(",") if item.strip()]
        return value

    @field_validator("*", mode="after")
    @classmethod
    def _check_choice(cls, value: Any, info: ValidationInfo) -> Any:
        choices = _details(cls.model_fields[info.field_name or ""]).get("choices")
        if choices is not None and value not in choices:
            raise ValueError(mistakes.none_of(value, list(choices)))
        return value

    @field_validator("*", mode="after")
    @classmethod
    def _check_bounds(cls, value: Any, info: ValidationInfo) -> Any:
        field = cls.model_fields[info.field_name or ""]
        low, high = _bounds(field)
        place = f" ({cls.__module__.replace('.', '/')}.py)" if "." in cls.__module__ else ""
        for item in value if isinstance(value, tuple) else (value,):
            if low is not None and item < _limit(low):
                raise ValueError(f"{_as_text(item, field)} is below the lower bound {low}{place}")
            if high is not None and item > _limit(high):
                raise ValueError(f"{_as_text(item, field)} is above the upper bound {high}{place}")
        return value

    def _nested(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """All values as nested dictionaries, with some of them changed."""
        nested: dict[str, Any] = {}
        for name in self.names():
            *sections, last = name.split(".")
            place = nested
            for section in sections:
                place = place.setdefault(section, {})
            place[last] = changes[name] if name in changes else self.get(name)
        return nested

    def _unknown(self, name: str) -> str:
        if inside := [known for known in self.names() if known.startswith(f"{name}.")]:
            return f"is a section; it holds {', '.join(inside)}"
        return "no such parameter" + did_you_mean(name, self.names())


@cache
def _fields_of(section: type[Parameters]) -> tuple[tuple[str, FieldInfo], ...]:
    """Return all fields by dotted name."""
    fields: dict[str, FieldInfo] = {}
    for name, field in section.model_fields.items():
        if isinstance(kind := field.annotation, type) and issubclass(kind, Parameters):
            fields |= {f"{name}.{inner}": found for inner, found in _fields_of(kind)}
        else:
            fields[name] = field
    return tuple(fields.items())


def _details(field: FieldInfo) -> dict[str, Any]:
    """Return what `parameter` declares besides default and sentence."""
    details: Any = field.json_schema_extra or {}
    return dict(details)


def _bounds(field: FieldInfo) -> Bounds:
    bounds: Bounds = _details(field).get("bounds", (None, None))
    return bounds


def _is_constant(field: FieldInfo) -> bool:
    details = _details(field)
    if details.get("constant") is not None:
        return bool(details["constant"])
    return field.annotation in (Quantity, float, int) and details.get("per_run", True)


_parsed = cache(units.parse)


def _limit(written: Any) -> Any:
    """Return a bound or default as a value that is only read."""
    return _parsed(written) if isinstance(written, str) else written


def _quantity(value: Any, field: FieldInfo) -> Quantity:
    """Read a quantity and check its dimension against the default's."""
    default = _limit(field.default)
    try:
        quantity = value if isinstance(value, Quantity) else units.parse(str(value))
    except ValueError as error:
        raise ValueError(f"{error}; {_example(default, field)}") from error
    if quantity.dim is not default.dim:
        dimension = "has no unit" if quantity.dim.is_dimensionless else f"is {units.dimension_name(quantity)}"
        raise ValueError(f'"{value}" {dimension}; {_example(default, field)}')
    return quantity


def _example(default: Quantity, field: FieldInfo) -> str:
    return f'give {units.dimension_name(default)} such as "{_as_text(default, field)}"'


def _as_text(value: Any, field: FieldInfo) -> str:
    if isinstance(value, Quantity):
        return units.format(value, units.split(field.default)[1] if isinstance(field.default, str) else "")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return str(value)


def _row(name: str, value: Any, field: FieldInfo) -> Row:
    details = _details(field)
    text = _as_text(value, field)
    number, unit = units.split(text) if isinstance(value, Quantity) else (text, "")
    if choices := details.get("choices") or (get_origin(field.annotation) is Literal and get_args(field.annotation)):
        bounds = " | ".join(map(str, choices))
    else:
        ends = ["" if end is None else end for end in _bounds(field)]
        bounds = f"{ends[0]} .. {ends[1]}" if any(end != "" for end in ends) else ""
    return Row(name, number, unit, bounds.strip(), field.description or "", details.get("source", ""))
