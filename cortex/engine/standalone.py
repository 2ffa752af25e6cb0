"""Building a model and compiling it to a program, with a standalone device of Brian2."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import brian2
import numpy as np
from brian2 import TimedArray, get_device
from brian2.core.variables import ArrayVariable

from cortex.engine import network
from cortex.engine.codegen import code_object, own_code
from cortex.engine.codegen.units import is_of_now
from cortex.engine.compiler import Compiler
from cortex.engine.construction import construct
from cortex.engine.device import device
from cortex.engine.model import Arm, Model, Precision
from cortex.engine.program import Array, Program, check
from cortex.engine.progress import Progress
from cortex.engine.translation_unit import BINARY, compile_network


def make_program(
    build: Callable[[], Model],
    arms: Mapping[str, Arm],
    compiler: Compiler,
    backend: str,
    precision: Precision,
    project: Path,
    progress: Progress,
    cache: Path | None,
) -> Program:
    """Build a model in a folder, check the inputs of its arms, and return the compiled program.

    Parameters and errors are those of `cortex.engine.simulate`.
    """
    with device(code_object.register(plain=backend == "plain"), precision):
        model = construct(build, compiled=True)
        inputs = network.inputs(model)
        for arm in arms.values():
            check(inputs, arm.inputs)
        entry, files = compile_network(model, project, compiler, progress, cache)
        arrays = {name: _array(variable) for name, variable in network.recorded(model)}
        same = backend == "cpp" and not own_code.functions()  # which might do other things when called less often
        for name, target in model.inputs.items():
            if isinstance(target, TimedArray):
                given = target.name if target in get_device().timed_arrays else ""
                slot = float(target.dt) if same and is_of_now(target.name, project) else 0.0
                inputs[name] = replace(inputs[name], argument=given and f"{given}.values", slot=slot)
        clock = _array(brian2.defaultclock.variables["t"])
        place, duration, dt = project.resolve(), float(model.duration), float(model.dt)
        used = tuple(map(str, files))
        return Program(place / BINARY, entry, place, inputs, arrays, clock, duration, dt, used)


def _array(variable: ArrayVariable) -> Array:
    return Array(
        file=get_device().get_array_filename(variable),
        dtype=np.dtype(variable.dtype).name,
        unit=network.unit(variable.dim),
        columns=int(variable.size[1]) if getattr(variable, "ndim", 1) == 2 else None,
        single=bool(variable.scalar),
    )
