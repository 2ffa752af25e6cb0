"""Refractoriness that is calculated where it is used, and stored only where more than that needs it.

In each step the state update says of each cell whether its refractory period is over, and the threshold asks for it. To
compare times once more takes less time than to store truth values, which are narrower than the other numbers of a loop,
and to read them again.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from brian2 import get_device
from brian2.core.functions import Function
from brian2.core.variables import ArrayVariable, Constant
from brian2.utils.stringtools import get_identifiers

from cortex.engine.codegen import own_code, steps
from cortex.engine.codegen.arrays import array_name

BY_TIME = "not_refractory = timestep("
"""How the code of a state update begins if the time since the last spike decides."""

READY = "_is_ready"
"""What a threshold calculates."""

DECLARATION = re.compile(r"^.*\b_ptr\w+ = _array\w+;$", re.MULTILINE)
"""How code names an array, which it may then not use."""


def is_by_time(group: Any) -> bool:
    """Return whether the time since the last spike decides if a cell of a group is refractory."""
    return _statement(group).startswith(BY_TIME)


def calculated(group: Any, code: str, variables: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return the abstract code and the variables of a threshold that also calculates who is refractory, if it can.

    It can if the period depends on numbers and on parameters of the cell, and calls no function of the user's own,
    which may keep a state.
    """
    updater = getattr(getattr(group, "state_updater", None), "codeobj", None)
    if not updater or not is_by_time(group):
        return code, dict(variables)
    names = get_identifiers(_statement(group).partition(" = ")[2])
    used = {name: updater.variables.get(name) for name in names}
    indices = {updater.variable_indices[name] for name, value in used.items() if isinstance(value, ArrayVariable)}
    if "not_refractory" in names or not indices <= {"_idx", "0"} or not all(map(_is_simple, used.values())):
        return code, dict(variables)
    return f"{_statement(group).replace('not_refractory', READY, 1)}\n{code}", used | dict(variables)


def chosen(code: list[str], array: str) -> list[str]:
    """Return C++ of a threshold that reads an array of ``not_refractory``, ``_ptr_array_...``, only if it is kept."""
    text = "\n".join(code)
    calculation = re.search(rf"const char {READY} = (.*);", text)
    if not calculation:
        return code
    text = re.sub(rf".*\bchar not_refractory = {array}\[_idx\];\n", "", text)
    choice = f"char not_refractory = {calculation[1]};\nif ({_kept(array)}) not_refractory = {array}[_idx];"
    return text.replace(calculation[0], choice).splitlines()


def if_kept(array: str, group: Any) -> str:
    """Return C++ before what is done to an array of a group, ``_ptr_array_...``, only if it is kept."""
    state = group.variables.get("not_refractory") if is_by_time(group) else None
    return f"if ({_kept(array)}) " if state and array == f"_ptr{array_name(state)}" else ""


def constants(recorded: Collection[str] | None) -> str:
    """Return C++ that says which arrays of ``not_refractory`` are kept.

    Parameters
    ----------
    recorded : collection of str, optional
        The arrays that are read after the simulation; by default all.
    """
    device = get_device()
    pieces = device.code_objects.values()
    code = {f"_run_{piece.name}": str(getattr(piece.code, "cpp_file", "")) for piece in pieces}
    runs = [[name for block in run for name in block.functions] for run in steps.calls(device.main_queue)]
    groups = {piece.owner.name: piece.owner for piece in pieces if piece.template_name == "stateupdate"}
    lines = ""
    for group in filter(is_by_time, groups.values()):
        array = array_name(group.variables["not_refractory"])
        is_kept = recorded is None or array in recorded or not _is_private(group, code, runs)
        lines += f"constexpr bool {_kept(array)} = {'true' if is_kept else 'false'};\n"
    return lines


def _is_private(group: Any, code: Mapping[str, str], runs: Sequence[list[str]]) -> bool:
    """Return whether only a state update, and the threshold after it, need to know who is refractory.

    Nothing that decides it may change between the two. What is called outside of runs, and C++ of the user's own, is
    taken not to look at it.

    Parameters
    ----------
    group : NeuronGroup
    code : mapping of str to str
        C++ by the name of its function.
    runs : sequence of list of str
        The functions of a step, in their order, for each run.
    """
    thresholder = group.thresholder.get("spike")
    pair = [f"_run_{runner.codeobj.name}" for runner in (group.state_updater, thresholder) if runner and runner.codeobj]
    if len(pair) < 2 or not all([name for name in run if name in pair] == pair for run in runs):
        return False
    updater, threshold = map(code.__getitem__, pair)
    variables = group.state_updater.codeobj.variables
    used = map(variables.get, get_identifiers(_statement(group)) - {"t", "dt"})
    arrays = "|".join(array_name(variable) for variable in used if isinstance(variable, ArrayVariable))
    state = array_name(group.variables["not_refractory"])
    others = {code[name] for run in runs for name in run if name in code and name not in pair}
    return (
        f"if ({_kept(state)}) not_refractory" in threshold
        and not re.search(rf"\b_ptr(?:{arrays})\[(?!_idx\]|0\])", updater + threshold)  # of other cells
        and {*re.findall(rf"\b_ptr({arrays})\[\w+\] = ", updater)} <= {state}
        and not any(re.search(rf"\b(?:_ptr)?(?:{arrays})\b", DECLARATION.sub("", text)) for text in others)
    )


def _statement(group: Any) -> str:
    """Return the first line of the code of a group's state update."""
    return str(getattr(getattr(group, "state_updater", None), "abstract_code", None) or "").partition("\n")[0]


def _kept(array: str) -> str:
    """Return the name of the constant in C++ that says whether an array is kept."""
    return f"kept{array.removeprefix('_ptr')}"


def _is_simple(value: Any) -> bool:
    is_pure = isinstance(value, Function) and value.stateless and not own_code.is_own(value)
    return isinstance(value, Constant | ArrayVariable) or is_pure
