"""Finding step counts in a model's equations that rounding can move by one."""

import ast
from collections.abc import Iterator
from typing import Any

from brian2 import Network

ROUNDING = ("int", "floor", "ceil")


def rounded_times(network: Network) -> Iterator[str]:
    """Tell which equations and code take the integer part, or the remainder, of a quotient or product of the time.

    Whether such a quotient lies just below or just above an integer depends on the order of the operations, which
    differs between Brian2's backends, and neither is right at all steps. ``timestep(t, dt)`` is exact on all.
    """
    for entry in network.sorted_objects:
        for text in _texts(entry):
            for line in text.splitlines():
                yield from (f"{entry.name}  {found}" for found in _found(line.strip()))


def _texts(entry: Any) -> Iterator[str]:
    """Yield the equations, conditions and code of an object."""
    equations = getattr(entry, "equations", None) or {}
    yield from (equation.expr.code for equation in equations.values() if equation.expr is not None)
    codes = [code for name in ("events", "event_codes") for code in (getattr(entry, name, None) or {}).values()]
    codes += [getattr(entry, name, None) for name in ("abstract_code", "code")]
    yield from (code for code in codes if isinstance(code, str))  # events of a SpikeGeneratorGroup have no code


def _found(line: str) -> Iterator[str]:
    """Yield the parts of a line of code that round the time."""
    try:
        tree = ast.parse(line)
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ROUNDING:
            inner: list[ast.AST] = list(node.args)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.FloorDiv | ast.Mod):
            inner = [node.left]
        else:
            continue
        if any(map(_has_time, inner)):
            yield ast.unparse(node)


def _has_time(node: ast.AST) -> bool:
    """Return whether an expression is made of the time by arithmetic, with nothing added that keeps it off integers."""
    if isinstance(node, ast.Name):
        return node.id == "t"
    if not isinstance(node, ast.BinOp | ast.UnaryOp):
        return False
    operands = list(ast.iter_child_nodes(node))
    constants = [operand.value for operand in operands if isinstance(operand, ast.Constant)]
    guarded = any(isinstance(value, float) and value % 1 for value in constants)
    if guarded and isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        return False
    return any(map(_has_time, operands))
