"""A standalone device of Brian2 with templates that are several times faster, for any network.

What differs from Brian2's own C++ (backend "plain"):

* Loops over cells are marked as vectorisable where their iterations are independent; exp, log, sin, cos and their
  relatives are inline polynomials, because function calls do not vectorise. Where an angle is huge, a logarithm is of a
  subnormal number, or a power is of a negative one, the loop is repeated without them.
* A power of an exponential is one exponential, see `cortex.engine.codegen.generator`.
* The threshold is tested for blocks of cells, and compares times instead of reading who is refractory, see
  `cortex.engine.codegen.refractory`.
* The compiler knows the calls of a step, see `cortex.engine.codegen.steps`.
* If all delays of a pathway are equal, its queue holds the cells that fired, not their synapses. If the synapses of a
  cell have numbers in equal steps and partners in sequence (all-to-all blocks), they are a *dense row*: no index is
  looked up, and a row with step 1 is vectorised. Other synapses are visited through their list, which is not copied;
  many at once if functions are called and no partner occurs twice.
* Summed variables are summed row by row in all-to-all blocks.
* Uniform and normal random numbers are drawn in blocks, for loops over cells where they are used.
* Functions of time and an index are looked up only when their row or an index changes, and single precision is single,
  see `cortex.engine.codegen.generator`.
* Threads share large loops, see `threads.h`.

Events act in the same order as in Brian2, so results differ only by random numbers and rounding.
"""

import re
from collections.abc import Collection, Mapping
from importlib import resources
from typing import Any

import numpy as np
from brian2 import Subgroup, Synapses, prefs
from brian2.codegen.targets import codegen_targets
from brian2.core import clocks
from brian2.core.functions import DEFAULT_FUNCTIONS, Function
from brian2.devices.cpp_standalone.codeobject import CPPStandaloneCodeObject
from brian2.devices.cpp_standalone.device import CPPStandaloneDevice
from brian2.devices.device import all_devices

from cortex.engine.codegen import meetings, own_code, refractory, steps
from cortex.engine.codegen.generator import SUPPORT, Generator

DEVICE, PLAIN_DEVICE = "cortex_standalone", "cortex_plain_standalone"

COMPILER_FLAGS = ["-fno-associative-math", "-fno-thread-jumps", "-fopenmp-simd", "-std=c++17", "-pthread"]
"""Compiler flags that the templates need besides Brian2's own."""

ACCESS = re.compile(r"\b(_ptr\w+|_namespace\w+)\[([^\[\]]+)\]")
TRUTH_VALUE = re.compile(r"\bchar (\w+) = (_ptr\w+)\[_idx\];")
WATCHED = re.compile(r"\b_cortex_(log|sin|cos|pow)\(")
DRAW = re.compile(r"\b_(randn?)\(_vectorisation_idx\)")
INDEX = re.compile(r"^\s*const int\w* _(pre|post)synaptic_idx = .*;\n?", re.MULTILINE)


def independent(
    code: list[str],
    variables: Mapping[str, Any],
    partner: str = "",
    stored: Collection[str] = (),
    drawn: bool = False,
) -> bool:
    """Return whether the iterations of a loop can run in any order, or at once.

    They cannot if a function keeps a state (as random numbers do), or if an array is written at an element that
    another iteration may read or write.

    Parameters
    ----------
    code : list of str
        Generated body of the loop.
    variables : mapping of str to Variable or Function
        What the names in the code stand for.
    partner : str
        Index that, like ``_idx``, differs in each iteration, as in a dense row of synapses.
    stored : collection of str
        Arrays that the template itself writes at ``_idx``.
    drawn : bool
        Whether random numbers are drawn before the loop, see `draws`.
    """
    known = [DEFAULT_FUNCTIONS[name] for name in ("rand", "randn") if drawn]
    functions = [variable for variable in variables.values() if isinstance(variable, Function)]
    if any(not function.stateless and function not in known for function in functions):
        return False
    indices = {array: {"_idx"} for array in stored}
    for array, index in ACCESS.findall("\n".join(code)):
        indices.setdefault(array, set()).add(index)
    return all(len(indices[array]) == 1 and indices[array] <= {"_idx", partner} for array in {*written(code), *stored})


def divisible(scalar_code: list[str], variables: Mapping[str, Any]) -> bool:
    """Return whether several threads may run a loop, if its iterations are independent: each runs the scalar code too.

    Functions of the user's own may keep a state unseen.
    """
    return not written(scalar_code) and not any(map(own_code.is_own, variables.values()))


def postsynaptic_cells(pathway: Any) -> int:
    """Return how many cells the population has onto which synapses are; 0 if they are onto synapses."""
    group = pathway.synapses.target
    while isinstance(group, Subgroup):
        group = group.source
    return 0 if isinstance(group, Synapses) else len(group)


def draws(code: list[str]) -> list[tuple[str, str]]:
    """Return the arrays of random numbers that a loop over a block of cells uses, with the functions that draw them."""
    return [(f"_{match[1]}_{number}", match[1]) for number, match in enumerate(DRAW.finditer("\n".join(code)))]


def drawn(code: list[str]) -> list[str]:
    """Return code of a loop over the cells from `_first` on that takes its random numbers from arrays."""
    arrays = iter(draws(code))
    return DRAW.sub(lambda _: f"{next(arrays)[0]}[_idx - _first]", "\n".join(code)).splitlines()


def written(code: list[str]) -> dict[str, str]:
    """Return the arrays that a loop writes, with the index at which it does."""
    stores = (ACCESS.fullmatch(line.partition(" = ")[0].strip()) for line in "\n".join(code).splitlines())
    return {store[1]: store[2] for store in stores if store}


def accesses(code: list[str], array: str) -> bool:
    """Return whether a loop reads or writes an array."""
    return any(match[0] == array for match in ACCESS.findall("\n".join(code)))


def calls(code: list[str]) -> bool:
    """Return whether a loop calls one of the elementary functions."""
    return "_cortex_" in "\n".join(code)


def is_watched(code: list[str]) -> bool:
    """Return whether a vectorised loop must be repeated where arguments of functions are out of their usual range."""
    return bool(WATCHED.search("\n".join(code)))


def watched(code: list[str]) -> list[str]:
    """Return code of a vectorised loop that says in ``_repeat`` whether it must be repeated."""
    return WATCHED.sub(r"cortex::\1(_repeat, ", "\n".join(code)).splitlines()


def without_indices(code: list[str]) -> list[str]:
    """Return code without the lines that look up the two cells of a synapse."""
    return INDEX.sub("", "\n".join(code) + "\n").splitlines()


def truth_values(code: list[str]) -> list[str]:
    """Return the arrays of truth values that a loop over cells uses."""
    return sorted({array for _, array in TRUTH_VALUE.findall("\n".join(code))})


def wide() -> str:
    """Return the type of whole numbers that are as wide as numbers are."""
    return "int32_t" if prefs["core.default_float_dtype"] == np.float32 else "int64_t"


def is_read(array: str, code: list[str]) -> bool:
    """Return whether a loop over cells reads values that an array of truth values had before the loop."""
    text = "\n".join(code)
    declaration = next(match for match in TRUTH_VALUE.finditer(text) if match[2] == array)
    name, after = declaration[1], text[declaration.end() :]
    use = re.search(rf"^.*\b{name}\b.*$", after, re.MULTILINE)
    return not (use and re.fullmatch(rf"\s*{name} = (?:(?!\b{name}\b).)*;", use[0]))


def widened(code: list[str]) -> list[str]:
    """Return code whose truth values are as wide as its numbers: loops of mixed widths vectorise badly.

    Arrays of truth values are replaced by copies that begin at the cell `_first`.
    """
    text = "\n".join(code)
    for array in truth_values(code):
        text = text.replace(f"{array}[_idx]", f"_wide{array}[_idx - _first]")
    return wide_truth(text.splitlines())


def wide_truth(code: list[str]) -> list[str]:
    """Return code whose truth values are as wide as its numbers while it calculates, but not in their arrays."""
    return re.sub(r"\bchar (?=\w+( =|;))", f"{wide()} ", "\n".join(code)).splitlines()


CLIP = """
template <class T> static inline T _clip(const T value, const double least, const double most) {
    typedef typename std::conditional<std::is_floating_point<T>::value, T, double>::type Limit;
    const T above = value < Limit(least) ? T(least) : value;
    return above > Limit(most) ? T(most) : above;
}
"""


class CodeObject(CPPStandaloneCodeObject):
    """A piece of the simulation, generated from the templates of this package, or else from Brian2's."""

    generator_class = Generator
    templater = CPPStandaloneCodeObject.templater.derive(
        "cortex.engine.codegen",
        env_globals={
            "independent": independent,
            "divisible": divisible,
            "postsynaptic_cells": postsynaptic_cells,
            "draws": draws,
            "wide": wide,
            "written": written,
            "accesses": accesses,
            "calls": calls,
            "is_watched": is_watched,
            "truth_values": truth_values,
            "is_read": is_read,
            "if_kept": refractory.if_kept,
            "clock_class": "BaseClock" if hasattr(clocks, "BaseClock") else "Clock",
        },
    )
    templater.env.filters |= {
        "drawn": drawn,
        "widened": widened,
        "wide_truth": wide_truth,
        "watched": watched,
        "without_indices": without_indices,
        "chosen": refractory.chosen,
    }


class Device(CPPStandaloneDevice):
    """Brian2's standalone device, generating code from the templates of this package."""

    def code_object_class(self, codeobj_class: type | None = None, fallback_pref: str | None = None) -> type:
        """Return the class of code objects: `CodeObject`, unless another is asked for."""
        return codeobj_class or CodeObject

    def code_object(
        self,
        owner: Any,
        name: str,
        abstract_code: dict[str | None, str],
        variables: dict[str, Any],
        template_name: str,
        *arguments: Any,
        **options: Any,
    ) -> Any:
        """Return a piece of the simulation; thresholds calculate who is refractory."""
        if (options.get("template_kwds") or {}).get("_uses_refractory"):
            code, variables = refractory.calculated(owner, abstract_code[None], variables)
            abstract_code = {None: code}
        return super().code_object(owner, name, abstract_code, variables, template_name, *arguments, **options)

    def generate_network_source(self, writer: Any, *arguments: Any) -> None:
        """Write the code that runs the network."""
        runs = steps.calls(self.main_queue)
        of_network = {
            "runs": runs,
            "functions": sorted({name for run in runs for block in run for name in block.functions}),
            "kinds": {f"_run_{name}": kind for name, kind in meetings.kinds(self.code_objects.values()).items()},
            "meet": "cortex::team.meet();",
        }
        writer.write("network.*", CodeObject.templater.network(None, None, **of_network))


class PlainDevice(CPPStandaloneDevice):
    """Brian2's standalone device with its own templates but for the network's, whose clocks part after a minute."""

    def generate_network_source(self, writer: Any, *arguments: Any) -> None:
        """Write the code that runs the network."""
        writer.write("network.*", CodeObject.templater.network(None, None, runs=[], functions=[], kinds={}, meet=""))


def register(plain: bool = False) -> str:
    """Make the devices and their functions known to Brian2, if they are not yet, and return the name of one.

    Parameters
    ----------
    plain : bool
        Whether to use Brian2's own templates.
    """
    if DEVICE in all_devices:
        return PLAIN_DEVICE if plain else DEVICE
    codegen_targets.add(CodeObject)
    for name in ("exp", "expm1", "exprel", "log", "log1p", "sin", "cos", "sinh", "cosh", "tanh"):
        _implement(name, f"#define _cortex_{name} cortex::{name}", f"_cortex_{name}")
    _implement("clip", CLIP, "_clip")
    for name in ("rand", "randn"):
        draw = f"static inline double _{name}(const int) {{ return cortex::generator.{name}(); }}"
        _implement(name, draw, f"_{name}")
    all_devices.update({DEVICE: Device(), PLAIN_DEVICE: PlainDevice()})
    return register(plain)


def _implement(function: str, code: str, name: str) -> None:
    """Set the C++ of one of Brian2's functions, for this device only."""
    DEFAULT_FUNCTIONS[function].implementations.add_implementation(CodeObject, code=code, name=name)


def headers() -> str:
    """Return the C++ that precedes the generated code, and that all of it uses."""
    return "".join(map(included, ("elementary.h", "threads.h", "random.h", "looked_up.h"))) + SUPPORT


def included(name: str) -> str:
    """Return C++ of the folder ``include``."""
    return (resources.files("cortex.engine.codegen") / "include" / name).read_text(encoding="utf-8")
