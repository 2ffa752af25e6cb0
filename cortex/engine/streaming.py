"""What monitors record goes to their files in blocks while the program runs: its memory does not grow with time."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from brian2 import get_device
from brian2.core.variables import ArrayVariable

from cortex.engine.codegen.arrays import array_name
from cortex.engine.model import Model
from cortex.engine.network import recorded_variables

BLOCK = 2**20
"""Bytes that a monitor holds in memory, or a little more, before they go to its files."""

APPEND = """
// Adds values to a file, or rows of values, and forgets them
template <class Value> void write_values(std::ostream& file, std::vector<Value>& values) {
    file.write(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(Value));
    values.clear();
}
template <class Value> void write_values(std::ostream& file, DynamicArray2D<Value>& rows) {
    for (int row = 0; row < int(rows.n); row++) {
        const std::vector<Value>& values = rows(row);  // of Brian2 2.10 and later, a copy
        file.write(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(Value));
    }
    rows.resize(0, int(rows.m));
}
template <class Values> void append(const char* name, Values& values, bool begins) {
    Checked<std::ofstream> file;
    file.open(brian::results_dir + name, std::ios::binary | (begins ? std::ios::trunc : std::ios::app));
    write_values(file, values);
    file.close();
}
"""


def recorders(model: Model) -> list[list[ArrayVariable]]:
    """Return what each monitor of a network records, which grows together; not what anything else in the network reads.

    The code of the network must have been generated.
    """
    found = []
    for monitor in model.network.sorted_objects:
        recorded = [monitor.variables[name] for name in recorded_variables(monitor) if name != "count"]
        if recorded and not _is_read(monitor, [*recorded, monitor.variables["N"]], model):
            found.append(recorded)
    return found


def source(recorders: Sequence[Sequence[ArrayVariable]]) -> str:
    """Return the C++ that stores what monitors have recorded, if it fills a block, or at the end."""
    return f"{APPEND}\nstatic void store_recordings(bool at_the_end) {{{''.join(map(_store, recorders))}}}\n"


def _store(recorded: Sequence[ArrayVariable]) -> str:
    names = [f"brian::{array_name(variable)}" for variable in recorded]
    files = [get_device().get_array_filename(variable) for variable in recorded]
    appends = [f'append("{file}", {name}, begins);' for file, name in zip(files, names, strict=True)]
    rows = max(1, BLOCK // max(1, sum(map(_bytes_per_row, recorded))))
    return f"""
    if (at_the_end || {names[0]}.size() >= {rows}) {{
        static bool begins = true;
        {" ".join(appends)}
        begins = false;
    }}"""


def _is_read(monitor: Any, variables: Sequence[ArrayVariable], model: Model) -> bool:
    """Return whether variables of a monitor are used by anything but its own code."""
    device, own = get_device(), set(map(id, variables))
    others = [code_object for code_object in device.code_objects.values() if code_object is not monitor.codeobj]
    used = [variable for code_object in others for variable in code_object.variables.values()]
    used += [view.variable for view in model.outputs.values()]
    inserted = "\n".join(line for lines in device.code_lines.values() for line in lines)
    return any(id(variable) in own for variable in used) or any(map(inserted.count, map(array_name, variables)))


def _bytes_per_row(variable: ArrayVariable) -> int:
    return int(np.dtype(variable.dtype).itemsize * (variable.size[1] if variable.ndim == 2 else 1))
