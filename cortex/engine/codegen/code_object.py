"""Brian2's standalone device with templates of our own, several times faster, for any network.

What differs from Brian2's own code, which `plain` selects:

* Loops over cells are marked as vectorisable wherever each turn is independent of the others; exp, log, sin and cos
  are inline polynomials, because calls do not vectorise.
* Cells are asked in blocks whether any of them fires.
* Events wait in a pathway as cells, not as synapses, where all delays are the same. The synapses of a cell that are
  numbered in equal steps and whose partners follow each other (all-to-all blocks) are a *dense row*: no index is
  looked up, and a row with step 1 is vectorised. Other synapses are visited by their list, without copying it.
* Uniform and normal random numbers are drawn in blocks.

The order in which events act is Brian2's, so apart from random numbers and rounding results are the same.
"""

import re
from collections.abc import Mapping
from importlib import resources
from typing import Any

from brian2.codegen.targets import codegen_targets
from brian2.core import clocks
from brian2.core.functions import DEFAULT_FUNCTIONS, Function
from brian2.devices.cpp_standalone.codeobject import CPPStandaloneCodeObject
from brian2.devices.cpp_standalone.device import CPPStandaloneDevice
from brian2.devices.device import all_devices

DEVICE = "cortex_standalone"

FLAGS = ["-fno-associative-math", "-fno-thread-jumps", "-fopenmp-simd", "-std=c++17"]
"""What the compiler needs to know besides Brian2's own flags."""

ACCESS = re.compile(r"\b(_ptr\w+|_namespace\w+)\[([^\[\]]+)\]")
FLAG = re.compile(r"\bchar (\w+) = (_ptr\w+)\[_idx\];")
INDEX = re.compile(r"^\s*const int\w* _(pre|post)synaptic_idx = .*;\n?", re.MULTILINE)


def independent(code: list[str], variables: Mapping[str, Any], partner: str = "") -> bool:
    """Say whether the turns of a loop can be done in any order, or at once.

    They cannot if a function keeps a state (random numbers do), or if an array is written at a place that another
    turn may read or write.

    Parameters
    ----------
    code : list of str
        Generated body of the loop.
    variables : mapping of str to Variable or Function
        What its names mean.
    partner : str
        Besides ``_idx``, an index that is another in each turn, as in a dense row of synapses.
    """
    if any(isinstance(found, Function) and not found.stateless for found in variables.values()):
        return False
    places: dict[str, set[str]] = {}
    written = set()
    for line in "\n".join(code).splitlines():
        target, assigned, _ = line.partition(" = ")
        for array, index in ACCESS.findall(line):
            places.setdefault(array, set()).add(index)
        if assigned and (store := ACCESS.fullmatch(target.strip())):
            written.add(store[1])
    return all(len(places[array]) == 1 and places[array] <= {"_idx", partner} for array in written)


def without_indices(code: list[str]) -> list[str]:
    """Take out the lines that look up the two cells of a synapse."""
    return INDEX.sub("", "\n".join(code) + "\n").splitlines()


def flags(code: list[str]) -> list[str]:
    """List the arrays of truth values that a loop over cells uses."""
    return sorted({array for _, array in FLAG.findall("\n".join(code))})


def is_read(array: str, code: list[str]) -> bool:
    """Say whether a loop over cells uses the values an array of truth values had before it."""
    text = "\n".join(code)
    name, after = next((found[1], text[found.end() :]) for found in FLAG.finditer(text) if found[2] == array)
    use = re.search(rf"^.*\b{name}\b.*$", after, re.MULTILINE)
    return not (use and re.fullmatch(rf"\s*{name} = (?:(?!\b{name}\b).)*;", use[0]))


def widened(code: list[str]) -> list[str]:
    """Let truth values be 64 bits wide, as the numbers beside them: loops of mixed widths vectorise badly.

    The arrays of `flags` are replaced by copies of the cells from `_first` on.
    """
    text = "\n".join(code)
    for array in flags(code):
        text = text.replace(f"{array}[_idx]", f"_wide{array}[_idx - _first]")
    return re.sub(r"\bchar (?=\w+( =|;))", "int64_t ", text).splitlines()


CLIP = """
template <class T> static inline T _clip(const T value, const double least, const double most) {
    const T above = value < least ? T(least) : value;
    return above > most ? T(most) : above;
}
"""


class CodeObject(CPPStandaloneCodeObject):
    """A piece of the simulation, made from our templates or else from Brian2's."""

    templater = CPPStandaloneCodeObject.templater.derive(
        "cortex.engine.codegen",
        env_globals={
            "independent": independent,
            "flags": flags,
            "is_read": is_read,
            "clock_class": "BaseClock" if hasattr(clocks, "BaseClock") else "Clock",
        },
    )


CodeObject.templater.env.filters |= {"widened": widened, "without_indices": without_indices}
codegen_targets.add(CodeObject)


class Device(CPPStandaloneDevice):
    """Brian2's standalone device, making our code objects."""

    def code_object_class(self, codeobj_class: type | None = None, fallback_pref: str | None = None) -> type:
        """Give the class of code objects, ours unless another is asked for."""
        return codeobj_class or CodeObject


all_devices[DEVICE] = Device()

for name in ("exp", "log", "sin", "cos"):
    DEFAULT_FUNCTIONS[name].implementations.add_implementation(
        CodeObject, code=f"#define _cortex_{name} cortex::{name}", name=f"_cortex_{name}"
    )
DEFAULT_FUNCTIONS["clip"].implementations.add_implementation(CodeObject, code=CLIP, name="_clip")
for name in ("rand", "randn"):
    DEFAULT_FUNCTIONS[name].implementations.add_implementation(
        CodeObject,
        code=f"static inline double _{name}(const int) {{ return cortex::generator.{name}(); }}",
        name=f"_{name}",
    )


def headers() -> str:
    """Return the C++ that stands before all other: elementary functions and random numbers."""
    folder = resources.files("cortex.engine.codegen") / "include"
    return "".join((folder / name).read_text(encoding="utf-8") for name in ("elementary.h", "random.h"))
