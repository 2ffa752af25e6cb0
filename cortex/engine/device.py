"""Brian2's devices, used so that nothing done before shows in a simulation, and nothing of it stays behind."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import brian2
import numpy as np
from brian2 import get_device
from brian2.core.base import BrianObjectException
from brian2.core.names import Nameable
from brian2.devices.device import reset_device
from brian2.equations.equations import EquationError

from cortex.engine.model import Precision
from cortex.errors import UsageError

PREFERENCES = {
    "codegen.target": "numpy",
    "codegen.cpp.extra_compile_args": [],  # else Brian2 tries each flag by compiling something, in every process
    "core.stop_on_keyboard_interrupt": False,  # else Ctrl-C ends a run early, and it looks whole
}

HINT = "correct the equations of the model, its mechanisms and rules; --debug shows where they come from"


@contextmanager
def device(name: str, precision: Precision = "double") -> Iterator[None]:
    """Use a device with its time step, preferences and object names as in a fresh process.

    Brian2 numbers the names that it makes itself by the objects alive, and writes them into the generated code.

    Parameters
    ----------
    name : str
        As Brian2 knows it.
    precision : {"double", "single"}
        Of all variables that do not say otherwise; times are always double.

    Raises
    ------
    UsageError
        If Brian2 cannot read the equations that are simulated on it.
    """
    dt = brian2.defaultclock.dt
    preferences = {key: brian2.prefs[key] for key in (*PREFERENCES, "core.default_float_dtype")}
    named = set(Nameable.__instances__())
    Nameable.__instances__().clear()
    brian2.prefs.update(PREFERENCES)
    brian2.prefs["core.default_float_dtype"] = np.float64 if precision == "double" else np.float32
    brian2.set_device(name, build_on_run=False)
    try:
        yield
    except (BrianObjectException, EquationError) as error:
        place = re.search(r"object named '(\w+)'", str(error))
        cause = str((error.__cause__ or error).args[0])
        raise UsageError(
            "these equations cannot be simulated", [f"{place[1]}  {cause}" if place else cause], HINT
        ) from error
    finally:
        get_device().reinit()
        reset_device()
        brian2.prefs.update(preferences)
        Nameable.__instances__().update(reference for reference in named if reference() is not None)
        brian2.defaultclock.dt = dt
