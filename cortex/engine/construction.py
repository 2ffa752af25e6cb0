"""Calling the function that builds a model; what a program or a seed cannot express is refused, never left out."""

import logging
import pickle
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from threading import get_ident
from typing import Any

import brian2
import numpy as np
from brian2 import MagicNetwork, NetworkOperation, Synapses, TimedArray, get_device, second
from brian2.core.base import BrianObject
from brian2.core.variables import ArrayVariable, VariableView
from brian2.units.fundamentalunits import fail_for_dimension_mismatch

from cortex.engine.model import Model
from cortex.engine.network import Idle
from cortex.engine.step_counts import rounded_times
from cortex.errors import NotCompilable, UsageError

logger = logging.getLogger(__name__)

DRAWN = (
    'let Brian2 draw them, as in cells.v = "rand()", or draw them before, from numpy.random.default_rng(seed),\n'
    "and give them to the arms as inputs"
)


SETTABLE = (
    "an input is a variable of an object in the network, such as cells.v or synapses.delay, or a TimedArray,\n"
    "or Synapses, whose contacts it gives;\n"
    "an output is such a variable"
)


def construct(build: Callable[[], Model], compiled: bool) -> Model:
    """Build a model on the current device of Brian2, with the default clock, by which the engine counts time.

    Parameters
    ----------
    build : callable
        As in `cortex.engine.simulate`.
    compiled : bool
        Whether the model becomes a program. If not, numpy's global random numbers are those of the arm's seed.

    Raises
    ------
    UsageError
        If building sets a seed, draws random numbers that no seed determines, changes the device or runs the network;
        if an input or output belongs to an object outside the network; or if a duration or time step makes no sense.
    NotCompilable
        If the model needs Python while it is built or simulated, and is to become a program.
    """
    device, before = get_device(), _drawn(compiled)
    with _no_seed(), _threads_that_draw() as threads:
        try:
            model = build()
        except NotImplementedError as error:
            if not compiled:
                raise
            raise NotCompilable([str(error)]) from error
    drawn = [name for name, state in _drawn(compiled).items() if state != before[name]]
    if threads and get_ident() not in threads:  # such as those of a dask worker, which draw what they like
        drawn = [name for name in drawn if name != "random"]
    if drawn:
        raise UsageError(
            "building the model draws random numbers that the seeds of arms do not determine", drawn, DRAWN
        )
    if get_device() is not device:
        raise UsageError("building the model sets another device of Brian2", hint="take set_device out of it")
    _check_times(model)
    _check_network(model)
    if compiled and (problems := [*_other_runs(model), *_python(model)]):
        raise NotCompilable(problems)
    for place in rounded_times(model.network):
        _warn(f"{place}  may be a step early or late: rounding decides; write timestep(t, dt), which is exact")
    brian2.defaultclock.dt = model.dt
    model.network.add(Idle(name="default_clock*"))
    return model


@cache  # a model may be built once for each arm
def _warn(message: str) -> None:
    logger.warning(message)


@contextmanager
def _no_seed() -> Iterator[None]:
    """Refuse seeds that are set in Python."""

    def refuse(seed: Any = None) -> None:
        raise UsageError(
            "building the model sets a seed, so that all arms would have the same random numbers",
            [f"seed({seed!r})"],
            "take it out: each arm has a seed of its own, which determines what Brian2 draws",
        )

    device, numpy_seed = get_device(), np.random.seed
    device.seed = refuse
    setattr(np.random, "seed", refuse)  # noqa: B010
    try:
        yield
    finally:
        device.__dict__.pop("seed", None)
        np.random.seed = numpy_seed


@contextmanager
def _threads_that_draw() -> Iterator[set[int]]:
    """Give the threads in which Python's global random numbers are drawn meanwhile, which all of them share."""
    threads: set[int] = set()

    def noted(draw: Callable[..., Any]) -> Callable[..., Any]:
        def draw_and_note(*arguments: Any) -> Any:
            threads.add(get_ident())
            return draw(*arguments)

        return draw_and_note

    generator = getattr(random.random, "__self__")  # noqa: B009
    draws = {name: getattr(random, name) for name in ("random", "getrandbits")}  # all others draw by these
    for name, draw in draws.items():
        setattr(random, name, noted(draw))
        setattr(generator, name, getattr(random, name))
    try:
        yield threads
    finally:
        for name, draw in draws.items():
            setattr(random, name, draw)
            delattr(generator, name)


def _drawn(compiled: bool) -> dict[str, bytes]:
    """Return the states of the global random numbers that no seed determines, by the name of their module."""
    states: dict[str, Any] = {"random": random.getstate()}
    if compiled:
        states["numpy.random"] = np.random.get_state()  # noqa: NPY002
    return {name: pickle.dumps(state) for name, state in states.items()}


def _check_times(model: Model) -> None:
    """Refuse what is no model, and a duration or a time step that is none."""
    if not isinstance(model, Model):
        raise UsageError(f"build returns {type(model).__name__}", hint="end it with a `return` of a Model")
    wrong = []
    for name, time, least in (("duration", model.duration, 0.0), ("dt", model.dt, np.nextafter(0, 1))):
        fail_for_dimension_mismatch(time, second, f"the {name} of the model is no time")
        if not (np.size(time) == 1 and least <= float(time) < np.inf):
            wrong.append(f"{name}  {time}")
    if wrong:
        raise UsageError("a model's duration and time step are finite; dt is above 0", wrong)


def _check_network(model: Model) -> None:
    network = model.network
    if isinstance(network, MagicNetwork):
        raise UsageError("the model has Brian2's magic network", hint="name the objects: Network(cells, synapses)")
    if float(network.t):
        raise UsageError(
            f"the network was run for {network.t} while the model was built",
            hint="take the run out: the duration of the model says how long it is simulated",
        )
    names = [entry.name for entry in network.sorted_objects]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise UsageError("several objects of the network have one name", twice, "give each a name of its own: name=...")
    if wrong := [*_no_inputs(model), *_no_variables("output", model.outputs)]:
        raise UsageError("inputs or outputs that are none", wrong, SETTABLE)
    targets = [("input", *item) for item in model.inputs.items()] + [
        ("output", *item) for item in model.outputs.items()
    ]
    objects = set(names)
    outside = []
    for kind, name, target in targets:
        if isinstance(target, TimedArray):
            continue
        try:
            owner = target if isinstance(target, Synapses) else target.variable.owner
            if isinstance(owner, BrianObject) and owner.name not in objects:
                outside.append(f"{kind} {name}  belongs to {owner.name}")
        except ReferenceError:  # the object is deleted already
            outside.append(f"{kind} {name}  belongs to {target.group_name}")
    if outside:
        raise UsageError("inputs or outputs of objects that are not in the network", outside, "add them to the Network")


def _no_inputs(model: Model) -> Iterator[str]:
    """Tell which inputs no arm can set, and what of the same object it can."""
    views = {name: target for name, target in model.inputs.items() if not isinstance(target, TimedArray | Synapses)}
    yield from _no_variables("input", views)
    for name, view in views.items():
        variable = getattr(view, "variable", None)
        if variable is None or (isinstance(variable, ArrayVariable) and not variable.read_only):
            continue
        group = view.group
        settable = [
            key
            for key, known in group.variables.items()
            if isinstance(known, ArrayVariable) and not known.read_only and known.owner.name == group.name
        ]
        known = f"; of {view.group_name} may be set: {', '.join(sorted(settable)) or 'nothing'}"
        kind = "is fixed by Brian2" if isinstance(variable, ArrayVariable) else "follows from other variables"
        yield f"input {name}  is {view.group_name}.{view.name}, which {kind}{known}"


def _no_variables(kind: str, targets: Mapping[str, Any]) -> Iterator[str]:
    """Tell which of some inputs or outputs are no variables, such as the number of cells."""
    for name, target in targets.items():
        if not isinstance(target, VariableView):
            yield f"{kind} {name}  is {target!r:.50}, not a variable"


def _other_runs(model: Model) -> Iterator[str]:
    """Tell which other networks were run while the model was built."""
    for network in get_device().networks - {model.network}:
        yield f"{network.name}  is another network, run while the model is built"


def _python(model: Model) -> Iterator[str]:
    """Tell which objects run code in Python, which a program would leave out."""
    for entry in model.network.sorted_objects:
        if isinstance(entry, NetworkOperation):
            yield f"{entry.name}  is a network_operation, which is Python"
            continue
        for method in ("run", "after_run"):
            if not getattr(type(entry), method).__module__.startswith("brian2."):
                yield f"{entry.name}  is a {type(entry).__name__} with a method {method} in Python"
