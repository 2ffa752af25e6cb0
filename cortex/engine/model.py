"""What is simulated: a Brian2 network with what may be set in it, the arms of a run, and how a model is made."""

import importlib
import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from brian2 import Network, Quantity, TimedArray
    from brian2.core.variables import VariableView

    Value: TypeAlias = Quantity | np.ndarray | float

Precision: TypeAlias = Literal["double", "single"]


@dataclass(frozen=True)
class Model:
    """A network that is ready to be simulated.

    Attributes
    ----------
    network : Network
        Each of its objects has an explicit name and its own namespace; Brian2's default clock is the fastest.
    inputs : dict of str to VariableView or TimedArray
        What an arm may set, by name. It is set after all initial values, so these cannot depend on it.
    outputs : dict of str to VariableView
        Variables whose final values are read; monitors are found in the network.
    duration, dt : Quantity, s
    """

    network: "Network"
    inputs: "dict[str, VariableView | TimedArray]"
    outputs: "dict[str, VariableView]"
    duration: "Quantity"
    dt: "Quantity"


@dataclass(frozen=True)
class Arm:
    """One run of a model: the values of its inputs and the seed of the simulator's random numbers."""

    inputs: "dict[str, Value]"
    seed: int


@dataclass(frozen=True)
class Recipe:
    """How a model is made: a function and its arguments, which alone decide what it builds.

    A model whose recipe was used before is simulated without building it again, without code generation, and without
    Brian2 if nothing else has imported it.

    Attributes
    ----------
    build : callable or str
        A function of a module; as ``"module:function"`` it is imported only if the model must be built. It reads no
        file, and draws nothing by chance.
    arguments : tuple
        Numbers, texts, arrays, `Parameters`, dataclasses, or lists and dictionaries of them.
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
        """Whether the build function is a function of a module, with nothing bound to it."""
        if isinstance(self.build, str):
            return True
        build = self.build
        return isinstance(build, FunctionType) and build.__globals__.get(build.__qualname__) is build

    @property
    def file(self) -> Path | None:
        """Where the build function is written; None if it is no plain function."""
        if isinstance(self.build, str):
            spec = importlib.util.find_spec(self.build.partition(":")[0])
            origin = spec and spec.origin
        else:
            code = getattr(self.build, "__code__", None)
            origin = code and code.co_filename
        file = Path(origin).resolve() if origin else None
        return file if file and file.is_file() else None
