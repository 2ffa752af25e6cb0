r"""Simulate one Brian2 network under several settings: built and compiled once, then run once for each setting.

A function builds the network and returns it as a `Model`, with the variables that may be set. Each `Arm` sets some of
them, and has a seed of its own; `simulate` runs all arms and returns their recordings.

Examples
--------
Two integrators are charged at rates of 30 and 70 per second; one arm doubles both rates.

>>> from brian2 import Hz, Network, NeuronGroup, SpikeMonitor, ms
>>> from cortex.engine import Arm, Model, simulate
>>> def build():
...     cells = NeuronGroup(
...         2, "dv/dt = rate : 1\nrate : Hz (constant)", threshold="v >= 1", reset="v = 0", method="euler",
...         name="cells", namespace={},
...     )
...     cells.rate = [30, 70] * Hz
...     spikes = SpikeMonitor(cells, name="spikes")
...     network = Network(cells, spikes, name="network")
...     return Model(network, inputs={"rate": cells.rate}, outputs={"v": cells.v}, duration=100 * ms, dt=0.1 * ms)
>>> arms = {"slow": Arm({}, seed=1), "fast": Arm({"rate": [60, 140] * Hz}, seed=1)}
>>> recordings = simulate(build, arms, backend="numpy").recordings
>>> recordings["slow"]["spikes.count"], recordings["fast"]["spikes.count"]
(array([2, 6], dtype=int32), array([ 5, 13], dtype=int32))
>>> recordings["fast"].units["spikes.t"]
's'

``backend="numpy"`` needs no C++ compiler; by default the network becomes a C++ program, many times faster. With a
`Recipe` in place of the function, a network that was compiled before is not even built again.

Importing this package imports neither Brian2 nor anything else of `cortex` but its errors, and is quick.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cortex.engine.model import Arm, Model, Precision, Recipe
    from cortex.engine.recording import Recording
    from cortex.engine.simulation import Backend, Simulation, prepare, simulate

__all__ = ["Arm", "Backend", "Model", "Precision", "Recipe", "Recording", "Simulation", "prepare", "simulate"]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from cortex.engine import simulation

    return getattr(simulation, name)


def __dir__() -> list[str]:
    return __all__
