"""What is wrong with values of parameters, in words: the errors of pydantic, and names that are none of some."""

from typing import Any

from cortex.errors import did_you_mean
from cortex.experiment import units


def dotted(detail: Any) -> str:
    return ".".join(str(part) for part in detail["loc"] if isinstance(part, str)) or "all together"


def none_of(value: Any, choices: list[str]) -> str:
    return f'"{value}" is none of {", ".join(choices)}' + did_you_mean(str(value), choices)


def sentence(detail: Any) -> str:
    """Return the message about an error of pydantic."""
    value, kind = detail["input"], detail["type"]
    if kind == "value_error":
        return str(detail["ctx"]["error"])
    if kind == "literal_error":
        return none_of(value, detail["ctx"]["expected"].replace("'", "").replace(" or ", ", ").split(", "))
    types = {"float": "a number", "int": "a whole number", "bool": "true or false", "finite": "a finite number"}
    name = types.get(kind.split("_")[0])
    if not name:
        return f'"{value}": {detail["msg"]}'
    with_unit = isinstance(value, str) and units.is_quantity(value)
    return f'"{value}" is not {name}' + (
        "; give the number alone, its unit is in the text of the parameter" if with_unit else ""
    )
