"""Simulating an arm with numpy, where there is no compiler."""

import time
from collections.abc import Callable

import brian2
import numpy as np
from brian2 import Quantity, Synapses, TimedArray, get_device

from cortex.engine import network
from cortex.engine.construction import construct
from cortex.engine.device import device
from cortex.engine.model import Arm, Model, Precision
from cortex.engine.program import check
from cortex.engine.progress import Progress
from cortex.engine.recording import Recording, check_whole


def simulate_arm(
    build: Callable[[], Model], name: str, arm: Arm, precision: Precision, progress: Progress
) -> tuple[Recording, float]:
    """Build a model and simulate one arm of it.

    Parameters
    ----------
    build, precision, progress
        As in `cortex.engine.simulate`.
    name : str
        Name of the arm.
    arm : Arm

    Returns
    -------
    recording : Recording
    duration : float, s
        Biological time that was to be simulated.
    """
    with device("runtime", precision):
        seed = arm.seed if arm.seed < 2**32 else [arm.seed % 2**32, arm.seed >> 32]  # numpy takes words of 32 bits
        get_device().seed(seed)
        model = construct(build, compiled=False)
        for key, value in check(network.inputs(model), arm.inputs).items():
            target = model.inputs[key]
            if isinstance(target, TimedArray):
                _set(target, np.broadcast_to(value, target.values.shape))
            elif isinstance(target, Synapses):
                if value.size:
                    target.connect(i=value[0], j=value[1])
            else:
                target[:] = Quantity(value, dim=target.dim)
        task = progress.task(f"simulate {name}", float(model.duration))

        def report(elapsed: Quantity, completed: float, start: Quantity, duration: Quantity) -> None:
            task.update(completed * float(duration))

        start = time.perf_counter()
        model.network.run(model.duration, report=report, report_period=0.5 * brian2.second, namespace=model.namespace)
        task.finish()
        return _read(model, name, time.perf_counter() - start), float(model.duration)


def _set(function: TimedArray, values: np.ndarray) -> None:
    """Give a function of time an array of its own: other functions and arms may have the one that it was made of."""
    function.values = np.array(values)
    (function._init_1d if values.ndim == 1 else function._init_2d)()


def _read(model: Model, name: str, wall_seconds: float) -> Recording:
    """Return the recording of a network that has run; raise RunFailed if it stopped early."""
    simulated = float(brian2.defaultclock.t[:])
    check_whole(name, simulated, float(model.duration), float(model.dt))
    arrays, units = {}, {}
    for key, variable in network.recorded(model):
        value = np.array(variable.get_value())
        arrays[key] = value.reshape(()) if variable.scalar else value
        units[key] = network.unit(variable.dim)
    return Recording(arrays, units, simulated, wall_seconds, float(model.dt))
