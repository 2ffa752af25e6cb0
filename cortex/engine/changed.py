"""Global names whose values the text of their module does not tell: changed since its import, or come from elsewhere.

A caller may set ``scenario.FACTOR = 2`` in an imported module, and what runs is then not what stands in the file. What
the functions of the module write themselves, such as counters and caches, is left out, and so are objects that are no
numbers, texts, arrays or functions.
"""

import ast
import inspect
from collections.abc import Iterable
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np

from cortex.engine import given, modules
from cortex.engine.canonical import digest, is_plain
from cortex.engine.given import UNKNOWN, Imported
from cortex.engine.reach import Reached
from cortex.errors import UsageError

FUNCTIONS = (FunctionType, BuiltinFunctionType, type, np.ufunc)
COUNTED = (*FUNCTIONS, ModuleType)


def values(reached: Reached) -> tuple[dict[str, str], dict[str, str]]:
    """Return the names, with digests, that differ from what the text tells, and those of which it tells nothing."""
    changed: dict[str, str] = {}
    untold: dict[str, str] = {}
    for module in reached.modules:
        told = given.names(module)
        for name in sorted(reached.names & vars(module).keys()):
            value, text = vars(module)[name], told.get(name, UNKNOWN)
            full, counts = f"{module.__name__}.{name}", is_plain(value) or isinstance(value, COUNTED)
            if name.startswith("__") or getattr(value, "__name__", "") == full:
                continue
            known = text is not UNKNOWN and not (isinstance(text, Imported) and is_plain(value))
            if known and _is_as_told(value, text, name, module):
                continue
            if not isinstance(value, COUNTED) and name in given.written(module):
                continue
            if not known:
                if not modules.is_own(module) and counts and (is_plain(value) or name not in told):
                    untold[full] = written(value)
            elif counts:
                changed[full] = written(value)
            else:
                raise UsageError(
                    f"{full} was changed to a {type(value).__name__}: runs with two of them cannot be told apart",
                    hint="make it a parameter of the model, or a number, text, array or function",
                )
    return changed, untold


def of(functions: Iterable[Any]) -> str:
    """Return all that the texts of modules do not tell of some functions; empty if they tell everything."""
    return "\n".join(f"{name} {text}" for group in values(Reached(functions)) for name, text in sorted(group.items()))


def _is_as_told(value: Any, text: Any, name: str, module: ModuleType) -> bool:
    if isinstance(text, Imported):
        text = text.value
    if text is value:
        return True
    if isinstance(text, ast.AST):
        if isinstance(value, ModuleType):
            return False
        return not is_plain(value) and (not isinstance(value, FUNCTIONS) or _stands(value, text, name, module))
    if is_plain(text):
        return is_plain(value) and digest(text) == digest(value)
    return False


def _stands(value: Any, text: ast.AST, name: str, module: ModuleType) -> bool:
    """Return whether a function or class is the one that stands in the text of a module."""
    if isinstance(text, ast.Lambda):
        code = getattr(value, "__code__", None)
        return value.__module__ == module.__name__ and code is not None and code.co_firstlineno == text.lineno
    if getattr(text, "decorator_list", ()) and not hasattr(value, "__wrapped__"):
        other = given.names(module).get(value.__qualname__)
        return other is text or not isinstance(other, ast.AST)  # a decorator may return anything
    value = inspect.unwrap(value)
    return (value.__module__, value.__qualname__) == (module.__name__, name)


def written(value: Any) -> str:
    """Return a value or a function as text: the same only for the same."""
    if is_plain(value):
        return f"{value!r:.100} {digest(value)}" if isinstance(value, bool | int | float | str) else digest(value)
    if isinstance(value, ModuleType):
        return value.__name__
    if not isinstance(value, FunctionType):
        return f"{getattr(value, '__module__', '')}.{getattr(value, '__qualname__', type(value).__name__)}"
    name = f"{value.__module__}.{value.__qualname__}"
    closure = [cell.cell_contents for cell in value.__closure__ or ()]
    bound = [part for part in (*closure, value.__defaults__, value.__kwdefaults__) if is_plain(part)]
    return f"{name} {bytecode(value.__code__)} {digest(bound)}"


def bytecode(code: CodeType) -> str:
    """Write a piece of code, and those inside it, as text."""
    constants = [bytecode(const) if isinstance(const, CodeType) else repr(const) for const in code.co_consts]
    return f"{code.co_code.hex()} {code.co_names} {constants}"
