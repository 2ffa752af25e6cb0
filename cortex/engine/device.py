"""Brian2's devices in a fresh state, independent of what the process did before, and without effect on it after."""

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
from cortex.errors import NotCompilable, UsageError
from cortex.preferences import COMPILE_ARGUMENTS, SET_FOR_A_MODEL

GSL_HINT = (
    "choose another method, such as 'exponential_euler'; or use --backend plain, which integrates with the GNU "
    "Scientific Library where that is installed, with Brian2 2.10 or newer"
)

HINT = "correct the equations of the model, its mechanisms and rules; --debug shows where they come from"


@contextmanager
def device(name: str, precision: Precision = "double") -> Iterator[None]:
    """Set a device, with time step, preferences and object names as in a fresh process; restore them at the end.

    Brian2 numbers automatic names by the objects that exist, and writes these names into the generated code.

    Parameters
    ----------
    name : str
        Name of the device in Brian2.
    precision : {"double", "single"}
        Of all variables without a type of their own; times are always double.

    Raises
    ------
    UsageError
        If Brian2 cannot read the equations that are simulated on it.
    """
    dt = brian2.defaultclock.dt
    changed = (*SET_FOR_A_MODEL, COMPILE_ARGUMENTS, "core.default_float_dtype")
    preferences = {key: brian2.prefs[key] for key in changed}
    names = set(Nameable.__instances__())
    Nameable.__instances__().clear()
    brian2.prefs.update(SET_FOR_A_MODEL)
    if brian2.prefs[COMPILE_ARGUMENTS] is None:
        brian2.prefs[COMPILE_ARGUMENTS] = []  # else every process of Brian2 compiles a file to try each flag
    brian2.prefs["core.default_float_dtype"] = np.float64 if precision == "double" else np.float32
    brian2.set_device(name, build_on_run=False)
    try:
        yield
    except (BrianObjectException, EquationError) as error:
        place = re.search(r"object named '(\w+)'", str(error))
        cause = str((error.__cause__ or error).args[0])
        hint = HINT
        if "GSL" in cause or "compile_block" in cause:  # the second is what Brian2 2.9 says
            cause, hint = "the methods 'gsl' are not translated for this backend", GSL_HINT
        elif isinstance(error.__cause__, NotImplementedError):  # such as a function without an implementation in C++
            raise NotCompilable([f"{place[1]}  {cause}" if place else cause]) from error
        raise UsageError(
            "these equations cannot be simulated", [f"{place[1]}  {cause}" if place else cause], hint
        ) from error
    finally:
        get_device().reinit()
        reset_device()
        brian2.prefs.update(preferences)
        Nameable.__instances__().update(reference for reference in names if reference() is not None)
        brian2.defaultclock.dt = dt
