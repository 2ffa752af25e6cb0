"""Declared parameters: each with default, unit, bounds, sentence and source, and read from text in one place."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from functools import cache, reduce
from typing import Any, ClassVar, Self

from brian2.units import Quantity, second
from pydantic import ConfigDict, Field, ValidationError, ValidationInfo, field_validator

from cortex.analysis.reference import Reference
from cortex.errors import UsageError, did_you_mean
from cortex.experiment import mistakes
from cortex.experiment.declaration import Declaration, Row
from cortex.experiment.noted import Noted, noting
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
    later: bool = False,
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
    later : bool
        Whether it came after runs that are kept: the key of a run leaves it out at its default.
    """
    if isinstance(default, Reference):
        default, source = default.text, source or default.citation
    details: dict[str, Any] = {"bounds": bounds or (None, None), "source": source, "per_run": per_run}
    details |= {"choices": choices, "constant": constant, "later": later}
    return Field(default, description=sentence, json_schema_extra=details)


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
        return list(_declared(cls))

    @classmethod
    @cache
    def compiled_names(cls) -> frozenset[str]:
        """Return the names of the parameters that a compiled network cannot take another value of."""
        return frozenset(name for name, declared in _declared(cls).items() if not declared.details["per_run"])

    @classmethod
    @cache
    def later_defaults(cls) -> Mapping[str, str]:
        """Return the defaults, as text, of the parameters that came after runs that are kept, by dotted name."""
        declared = _declared(cls).items()
        return {name: known.text(known.default) for name, known in declared if known.details["later"]}

    @classmethod
    def constants(cls) -> list[str]:
        """Return the names of the section's parameters that equations hold as constants."""
        return [name for name, declared in _own(cls).items() if declared.is_constant]

    @classmethod
    def chosen_names(cls) -> Iterable[str]:
        """Return the names of the parameters that have `definitions`."""
        return _choices(cls).keys()

    def definitions(self) -> dict[str, Any]:
        """Return what the chosen names stand for, by dotted name, where it decides how a network is built."""
        return {name: known[self.get(name)] for name, known in _choices(type(self)).items()}

    def registered(self) -> dict[str, str]:
        """Return the file, or else the module, that registered each of the definitions."""
        choices = _choices(type(self)).items()
        return {name: known.place(self.get(name)) for name, known in choices if isinstance(known, Registry)}

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
        names = _declared(type(self))
        problems = [(name, self._unknown(name)) for name in changes if name not in names]
        try:
            changed = type(self).model_validate(self._with({n: v for n, v in changes.items() if n in names}))
        except ValidationError as error:
            problems += [(mistakes.dotted(detail), mistakes.sentence(detail)) for detail in error.errors()]
        if problems:
            width = max(len(name) for name, _ in problems)
            raise UsageError("these parameters cannot be set", [f"{name:{width}}  {text}" for name, text in problems])
        return changed

    def as_text(self) -> dict[str, str]:
        """Write every parameter as text that `override` reads back exactly."""
        return {name: declared.text(self.get(name)) for name, declared in _declared(type(self)).items()}

    def changes_as_text(self, other: Self) -> dict[str, str]:
        """Write the parameters, as `as_text` does, whose values are not the very ones of another set."""
        changed = {}
        for prefix, section in self.sections(beside=other):
            known = other.get(prefix[:-1]) if prefix else other
            for name, declared in _own(type(section)).items():
                if (value := getattr(section, name)) is not getattr(known, name):
                    changed[prefix + name] = declared.text(value)
        return changed

    def sections(self, prefix: str = "", beside: Self | None = None) -> Iterator[tuple[str, "Parameters"]]:
        """Yield the set itself and all sections in it, each with what stands before the names of its parameters.

        Sections that another set, `beside`, shares are left out: `override` makes anew only those that it changes.
        """
        yield prefix, self
        for name in _sections(type(self)):
            section, known = getattr(self, name), getattr(beside, name, None)
            if section is not known:
                yield from section.sections(f"{prefix}{name}.", known)

    def noting(self) -> AbstractContextManager[set[str]]:
        """Note the dotted names that are read of it meanwhile, see `cortex.experiment.noted.noting`."""
        return noting(self.sections())

    def time_constants(self) -> dict[str, Quantity]:
        """Return the times that equations hold as constants, by name."""
        return {name: getattr(self, name) for name in _times(type(self))}

    def describe(self) -> list[Row]:
        """Describe every parameter, one row each."""
        return [declared.row(name, self.get(name)) for name, declared in _declared(type(self)).items()]

    @field_validator("*", mode="before")
    @classmethod
    def _read(cls, value: Any, info: ValidationInfo) -> Any:
        """Read quantities and lists from text."""
        declared = _reading(cls).get(info.field_name)
        return declared.read(value) if declared else value

    @field_validator("*", mode="after")
    @classmethod
    def _check(cls, value: Any, info: ValidationInfo) -> Any:
        if declared := _checking(cls).get(info.field_name):
            declared.check(value)
        return value

    def _with(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Return all values, with some changed: a section with none of these as it is, which is not checked anew."""
        values = {name: getattr(self, name) for name in _fields(type(self))}
        inside: dict[str, dict[str, Any]] = {}
        for name, value in changes.items():
            section, dot, inner = name.partition(".")
            if dot:
                inside.setdefault(section, {})[inner] = value
            else:
                values[name] = value
        return values | {section: values[section]._with(inner) for section, inner in inside.items()}

    def _unknown(self, name: str) -> str:
        if inside := [known for known in self.names() if known.startswith(f"{name}.")]:
            return f"is a section; it holds {', '.join(inside)}"
        return "no such parameter" + did_you_mean(name, self.names())


def _is_section(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Parameters)


@cache
def _own(section: type[Parameters]) -> dict[str, Declaration]:
    """Return the section's parameters by name, without those of sections in it."""
    fields = section.model_fields.items()
    module = section.__module__
    return {name: Declaration.of(field, module) for name, field in fields if not _is_section(field.annotation)}


@cache
def _fields(section: type[Parameters]) -> tuple[str, ...]:
    """Return the names of the section's parameters and of the sections in it."""
    return tuple(section.model_fields)


@cache
def _reading(section: type[Parameters]) -> dict[str | None, Declaration]:
    """Return the section's parameters that are read from text."""
    return {name: declared for name, declared in _own(section).items() if declared.reads}


@cache
def _checking(section: type[Parameters]) -> dict[str | None, Declaration]:
    """Return the section's parameters that have bounds or choices."""
    return {name: declared for name, declared in _own(section).items() if declared.checks}


@cache
def _sections(section: type[Parameters]) -> dict[str, type[Parameters]]:
    """Return the sections in a section by name."""
    kinds: dict[str, Any] = {name: field.annotation for name, field in section.model_fields.items()}
    return {name: kind for name, kind in kinds.items() if _is_section(kind)}


@cache
def _declared(section: type[Parameters]) -> dict[str, Declaration]:
    """Return all parameters by dotted name."""
    own, inside = _own(section), _sections(section)
    declared: dict[str, Declaration] = {}
    for name in _fields(section):
        if name in own:
            declared[name] = own[name]
        else:
            declared |= {f"{name}.{inner}": found for inner, found in _declared(inside[name]).items()}
    return declared


@cache
def _times(section: type[Parameters]) -> list[str]:
    """Return the names of the section's own times that equations hold as constants."""
    own = _own(section).items()
    return [n for n, d in own if d.is_constant and d.kind is Quantity and d.default.dim is second.dim]


@cache
def _choices(section: type[Parameters]) -> dict[str, Any]:
    """Return the choices of each parameter, by dotted name, where they decide how a network is built."""
    declared = _declared(section).items()
    return {n: d.choices for n, d in declared if d.choices is not None and not d.details["per_run"]}
