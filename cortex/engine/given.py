"""What the text of a module says its names are, read off without executing it.

Known are numbers, texts, units and arrays that a module makes of literals, of its own earlier names, and of functions
of numpy, math and Brian2; functions by their definitions. What comes from elsewhere, such as from a file, the command
line or a module beside it, is not.
"""

import ast
import sys
from functools import cache
from types import ModuleType
from typing import Any, NamedTuple, TypeAlias

from cortex.engine import modules
from cortex.engine.canonical import is_plain

UNKNOWN = object()

PURE = ("numpy", "math", "cmath", "brian2.units", "fractions", "operator")
"""Packages whose functions return the same for the same arguments, apart from `IMPURE`."""

IMPURE = ("rand", "load", "open", "from", "genfrom", "memmap", "seed", "set_", "empty", "tofile", "dump", "save")
"""Beginnings of names, in those packages, of what does not."""

BUILTINS = {
    function.__name__: function
    for function in (abs, bool, complex, dict, divmod, enumerate, float, frozenset, int, len, list, max, min, pow)
} | {function.__name__: function for function in (range, reversed, round, set, slice, sorted, str, sum, tuple, zip)}

WRITING = {
    *("append", "extend", "insert", "add", "update", "setdefault", "pop", "popitem", "clear", "remove", "discard"),
    *("sort", "reverse", "fill", "put", "resize", "appendleft", "shuffle"),
}
"""Methods that change what they belong to."""

EXPRESSION = (
    *(ast.Constant, ast.Name, ast.Load, ast.Store, ast.Tuple, ast.List, ast.Set, ast.Dict, ast.UnaryOp, ast.BinOp),
    *(ast.BoolOp, ast.Compare, ast.IfExp, ast.Call, ast.keyword, ast.Attribute, ast.Subscript, ast.Slice, ast.Starred),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.comprehension, ast.JoinedStr, ast.FormattedValue),
    *(ast.operator, ast.unaryop, ast.boolop, ast.cmpop),
)

Definition: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


class Imported(NamedTuple):
    """What a module imports from where it may change from one process to the next, or an object of this project."""

    value: Any


def names(module: ModuleType) -> dict[str, Any]:
    """Return what each global name of a module is by its text: a value, a definition, or `UNKNOWN`."""
    path = modules.file(module)
    if path is None:
        return {}
    kept = vars(module.__spec__) if module.__spec__ else {}
    if "cortex_given" not in kept:
        found: dict[str, Any] = {}
        kept["cortex_given"] = found  # which a module that imports it in a circle sees
        found |= _read(module, modules.tree(modules.source(module, path)))
    given: dict[str, Any] = kept["cortex_given"]
    return given


def written(module: ModuleType) -> frozenset[str]:
    """Return the global names that a module's own functions write to, such as counters and caches."""
    path = modules.file(module)
    return _written(modules.source(module, path)) if path else frozenset()


@cache
def _written(source: bytes) -> frozenset[str]:
    found: set[str] = set()
    for node in ast.walk(modules.tree(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            for inner in ast.walk(node):
                found |= set(inner.names) if isinstance(inner, ast.Global) else _changed(inner)
    return frozenset(found)


def _read(module: ModuleType, text: ast.Module) -> dict[str, Any]:
    known: dict[str, Any] = {"__name__": UNKNOWN, "__file__": UNKNOWN}
    for statement in text.body:
        if isinstance(statement, ast.Assign | ast.AnnAssign):
            _assign(statement, known, str(modules.file(module)))
        elif isinstance(statement, Definition):
            known[statement.name] = statement
        elif isinstance(statement, ast.Import | ast.ImportFrom):
            known |= _imported(statement, module)
        elif not (_is_skipped(statement, module) or isinstance(statement, ast.Pass)):
            for node in ast.walk(statement):
                known |= dict.fromkeys(_stored(node) | _changed(node, known), UNKNOWN)
    return known


def _assign(statement: ast.Assign | ast.AnnAssign, known: dict[str, Any], file: str) -> None:
    if statement.value is None:
        return
    value = _value(statement.value, known, file)
    for target in statement.targets if isinstance(statement, ast.Assign) else [statement.target]:
        if isinstance(target, ast.Name):
            known[target.id] = value
        elif (
            isinstance(target, ast.Tuple) and value is not UNKNOWN and all(isinstance(e, ast.Name) for e in target.elts)
        ):
            known |= zip([e.id for e in target.elts if isinstance(e, ast.Name)], value, strict=False)
        else:
            for node in ast.walk(target):
                known |= dict.fromkeys(_stored(node) | _changed(node), UNKNOWN)


def _value(node: ast.expr, known: dict[str, Any], file: str) -> Any:
    """Return what an expression gives; `UNKNOWN` unless it can do nothing else and depends on nothing else."""
    if isinstance(node, ast.Lambda):
        return node
    local = {name for part in ast.walk(node) for name in _stored(part)}
    for part in ast.walk(node):
        if not isinstance(part, EXPRESSION) or (isinstance(part, ast.Call) and not _is_pure(part.func, known)):
            return UNKNOWN
        if isinstance(part, ast.Name) and part.id not in local:
            value = known.get(part.id, BUILTINS.get(part.id, UNKNOWN))
            if value is UNKNOWN or isinstance(value, ast.AST | Imported):
                return UNKNOWN
            if isinstance(value, ModuleType) and not _has_units(value):
                return UNKNOWN
    try:
        return eval(compile(ast.Expression(node), file, "eval"), {"__builtins__": BUILTINS, **known})
    except Exception:
        return UNKNOWN


def _is_pure(function: ast.expr, known: dict[str, Any]) -> bool:
    """Return whether a function returns the same for the same arguments, and does nothing else."""
    value = _callee(function, known)
    if value is UNKNOWN:  # a method of a value
        return isinstance(function, ast.Attribute) and not function.attr.startswith(IMPURE)
    if isinstance(function, ast.Name) and value is BUILTINS.get(function.id, UNKNOWN):
        return True
    home = getattr(value, "__module__", None) or type(value).__module__
    name = getattr(value, "__name__", "rand")
    return _is_pure_module(home) and not name.startswith(IMPURE)


def _callee(function: ast.expr, known: dict[str, Any]) -> Any:
    """Return the function that is called by its name, or as a part of a module; else `UNKNOWN`."""
    if isinstance(function, ast.Name):
        return known.get(function.id, BUILTINS.get(function.id))
    if isinstance(function, ast.Attribute):
        home = _callee(function.value, known)
        return getattr(home, function.attr, None) if isinstance(home, ModuleType) else UNKNOWN
    return UNKNOWN


def _is_pure_module(name: str) -> bool:
    return f"{name}.".startswith(tuple(f"{package}." for package in PURE))


def _has_units(module: ModuleType) -> bool:
    """Return whether the parts of a module are the same in every process: those of pure ones, and of Brian2."""
    return _is_pure_module(module.__name__) or module.__name__.split(".")[0] == "brian2"


def _imported(statement: ast.Import | ast.ImportFrom, module: ModuleType) -> dict[str, Any]:
    """Return what is imported from installed packages and this project; `UNKNOWN` from elsewhere."""
    if isinstance(statement, ast.Import):
        return {
            alias.asname or alias.name.split(".")[0]: _loaded(alias.name if alias.asname else alias.name.split(".")[0])
            for alias in statement.names
        }
    home = modules.home(statement, module)
    origin = _loaded(home)
    found: dict[str, Any] = {}
    if not isinstance(origin, ModuleType):
        return {alias.asname or alias.name: UNKNOWN for alias in statement.names}
    for alias in statement.names:
        public = getattr(origin, "__all__", [name for name in vars(origin) if not name.startswith("_")])
        for name in public if alias.name == "*" else [alias.name]:
            found[alias.asname or name] = _of(origin, name)
    return found


def _of(origin: ModuleType, name: str) -> Any:
    """Return what a module has: of an installed package, and of this project; of a user's no value."""
    value = getattr(origin, name, UNKNOWN)
    if isinstance(value, ModuleType):
        return value
    if modules.is_foreign(origin):
        return value if _has_units(origin) else Imported(value)
    if not is_plain(value):
        return Imported(value)
    return names(origin).get(name, UNKNOWN) if modules.is_own(origin) else UNKNOWN


def _loaded(name: str) -> Any:
    return sys.modules.get(name, UNKNOWN)


def _is_skipped(statement: ast.stmt, module: ModuleType) -> bool:
    """Return whether a block is not executed: what is only for type checking, or for a program."""
    if not isinstance(statement, ast.If):
        return False
    condition = ast.unparse(statement.test)
    return "TYPE_CHECKING" in condition or ("__name__" in condition and module.__name__ != "__main__")


def _stored(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
        return {node.id}
    if isinstance(node, Definition):
        return {node.name}
    if isinstance(node, ast.alias):
        return {node.asname or node.name.split(".")[0]}
    return set()


def _changed(node: ast.AST, known: dict[str, Any] | None = None) -> set[str]:
    """Return the names whose values a piece of code changes in place; with `known` also those that a call may."""
    found: set[str] = set()
    if isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del):
        found |= _root(node)
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute) and node.func.attr in WRITING:
            found |= _root(node.func)
        arguments = [part.id for part in node.args if isinstance(part, ast.Name)]
        found |= {name for name in arguments if known and hasattr(known.get(name), "__setitem__")}
    return found


def _root(node: ast.expr) -> set[str]:
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    return {node.id} if isinstance(node, ast.Name) else set()
