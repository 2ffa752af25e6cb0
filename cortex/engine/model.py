"""What is simulated: a Brian2 network with its inputs, the arms of a run, and how a model is built."""

import importlib
import importlib.util
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from cortex.engine.seed import check_seed

if TYPE_CHECKING:
    from brian2 import Network, Quantity, Synapses, TimedArray
    from brian2.core.variables import VariableView

    Value: TypeAlias = Quantity | np.ndarray | float

Precision: TypeAlias = Literal["double", "single"]


@dataclass(frozen=True)
class Model:
    """A network that is ready to be simulated.

    Attributes
    ----------
    network : Network
        Not run yet; Brian2's default clock is the fastest.
    inputs : dict of str to VariableView, TimedArray or Synapses
        Variables that an arm may set, by name. They are set after all initial values, which cannot depend on them.
        Of synapses an arm sets the contacts, an array of int of shape (2, contact): sources, then targets. These
        synapses have none before, ``synapses.connect(False)``, and their variables are set by arms too.
    outputs : dict of str to VariableView
        Variables whose final values are recorded; those of the network's monitors always are.
    duration : Quantity, s
        Biological time to simulate.
    dt : Quantity, s
        Time step of the default clock.
    namespace : dict, optional
        What names in the equations mean that are not in the objects' own namespaces; by default what they mean where
        the model is made, as in Brian2 where `run` is called.
    """

    network: "Network"
    inputs: "dict[str, VariableView | TimedArray | Synapses]"
    outputs: "dict[str, VariableView]"
    duration: "Quantity"
    dt: "Quantity"
    namespace: dict[str, Any] | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.namespace is None:
            caller = sys._getframe(2)
            object.__setattr__(self, "namespace", {**caller.f_globals, **caller.f_locals})


@dataclass(frozen=True)
class Arm:
    """One simulation of a model.

    Attributes
    ----------
    inputs : dict of str to Quantity, ndarray or float
        Values of the model's inputs, by name; the others keep the values that the model was built with.
    seed : int
        Seed of the simulator's random numbers, from 0 to 2^63 - 1.

    Raises
    ------
    UsageError
        If the seed is no such number.
    """

    inputs: "dict[str, Value]"
    seed: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "seed", check_seed(self.seed))


@dataclass(frozen=True)
class Recipe:
    """How a model is built: a function and its arguments, which alone determine the model.

    If the same recipe was compiled before, its model is simulated without being built, without code generation, and
    without importing Brian2.

    Attributes
    ----------
    build : callable or str
        A function of a module; as ``"module:function"`` it is imported only if the model must be built. It must read
        no file; like any function that builds a model, it draws no random numbers, see
        `cortex.engine.construction.construct`.
    arguments : tuple
        Numbers, strings, arrays, dataclasses, objects with a method ``as_text``, or lists and dictionaries of these.
    """

    build: Callable[..., Model] | str
    arguments: tuple[Any, ...] = ()

    def __call__(self) -> Model:
        """Build the model."""
        build = self.build
        if isinstance(build, str):
            module, _, function = build.partition(":")
            build = getattr(importlib.import_module(module), function)
        return build(*self.arguments)

    @property
    def name(self) -> str:
        """Name of the build function in its module."""
        return self.build.partition(":")[2] if isinstance(self.build, str) else self.build.__qualname__

    @property
    def plain(self) -> bool:
        """Whether the build function is a function of a module, without bound arguments."""
        if isinstance(self.build, str):
            return True
        build = self.build
        return isinstance(build, FunctionType) and build.__globals__.get(build.__qualname__) is build

    @property
    def file(self) -> Path | None:
        """File in which the build function is defined; None if there is none."""
        if isinstance(self.build, str):
            spec = importlib.util.find_spec(self.build.partition(":")[0])
            origin = spec and spec.origin
        else:
            code = getattr(self.build, "__code__", None)
            origin = code and code.co_filename
        file = Path(origin).resolve() if origin else None
        return file if file and file.is_file() else None
