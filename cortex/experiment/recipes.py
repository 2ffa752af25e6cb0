"""Programs by what they were made from, so that a model known already need not be built to be simulated.

A program is found again if nothing that decides it has changed: the build function and its arguments; the sources of
all modules in use when it was made, but for installed packages, of which the versions count; Python, the compiler and
Brian2's preference files.
"""

import dataclasses
import hashlib
import json
import os
import shutil
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from cortex.experiment import cache
from cortex.experiment.compiler import Compiler
from cortex.experiment.model import Model, Recipe
from cortex.experiment.program import Program, from_json

PREFERENCES = (Path.home() / ".brian" / "user_preferences", Path("brian_preferences"))
STANDARD = Path(sysconfig.get_path("stdlib")).resolve()
INSTALLED = sorted({Path(sysconfig.get_path(name)).resolve() for name in ("purelib", "platlib")})
OURS = ("cortex", "models", "scenarios")


def load(
    build: Callable[[], Model], compiler: Compiler, settings: tuple[str, ...], folder: Path | None
) -> Program | None:
    """Return the program made from a recipe before, if nothing has changed since."""
    key = _key(build, compiler, settings)
    if key is None:
        return None
    folder = (folder or cache.default_folder()).resolve()
    home = folder / f"{key}.recipe"
    try:
        sources = json.loads((home / "sources.json").read_text(encoding="utf-8"))
        program = from_json((home / "program.json").read_text(encoding="utf-8"), folder, home)
        if any(_digest(Path(file)) != digest for file, digest in sources.items()) or not program.binary.exists():
            return None
        os.utime(home)
        os.utime(program.binary)
    except OSError:
        return None
    return program


def store(
    build: Callable[[], Model], compiler: Compiler, settings: tuple[str, ...], program: Program, folder: Path | None
) -> None:
    """Keep a program with what it was made from; do nothing if that cannot be told."""
    key = _key(build, compiler, settings)
    if key is None or not isinstance(build, Recipe):
        return
    folder = (folder or cache.default_folder()).resolve()
    with suppress(OSError):  # the run goes on without
        partial = Path(tempfile.mkdtemp(prefix=f"{key}.", suffix=".partial", dir=folder))
        try:
            (partial / "program.json").write_text(program.as_json(), encoding="utf-8")
            sources = {str(file): _digest(file) for file in {*_sources(), build.file} if file}
            (partial / "sources.json").write_text(json.dumps(sources), encoding="utf-8")
            shutil.copytree(program.home / "static_arrays", partial / "static_arrays")
            shutil.rmtree(folder / f"{key}.recipe", ignore_errors=True)
            partial.rename(folder / f"{key}.recipe")
        finally:
            shutil.rmtree(partial, ignore_errors=True)
        cache.make_room(folder)


def _key(build: Callable[[], Model], compiler: Compiler, settings: tuple[str, ...]) -> str | None:
    """Hash a recipe and its circumstances; None if they cannot be told."""
    if not isinstance(build, Recipe) or not build.file or "<" in build.name:
        return None
    key = hashlib.sha256()
    try:
        for part in _canonical([str(build.file), build.name, *build.arguments, *settings]):
            key.update(part)
    except TypeError:
        return None
    installed = sorted(found.name for place in INSTALLED for found in place.glob("*.dist-info"))
    for fact in (sys.version, compiler.target, *compiler.command, *installed, *map(_digest, PREFERENCES)):
        key.update(f"\n{fact}".encode())
    return key.hexdigest()[:32]


def _canonical(value: Any) -> Iterator[bytes]:
    """Write an argument as bytes, the same for equal ones and others for others."""
    if value is None or isinstance(value, bool | int | float | str):
        yield f"{type(value).__name__} {value!r};".encode()
    elif isinstance(value, np.ndarray) and not value.dtype.hasobject:
        yield f"array {value.dtype} {value.shape} {getattr(value, 'dim', '')};".encode()
        yield np.ascontiguousarray(value).view(np.ndarray).tobytes()
    elif hasattr(value, "as_text"):
        yield f"{type(value).__module__} {type(value).__qualname__};".encode()
        yield from _canonical(value.as_text())
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        yield f"{type(value).__module__} {type(value).__qualname__};".encode()
        yield from _canonical({field.name: getattr(value, field.name) for field in dataclasses.fields(value)})
    elif isinstance(value, list | tuple):
        yield f"list {len(value)};".encode()
        for item in value:
            yield from _canonical(item)
    elif isinstance(value, dict):
        yield f"dict {len(value)};".encode()
        for name, item in value.items():
            yield from _canonical([name, item])
    else:
        raise TypeError(f"cannot tell a {type(value).__name__} from another")


def _sources() -> Iterator[Path]:
    """List the files of all modules in use, but for those of installed packages other than ours."""
    foreign = [STANDARD, *INSTALLED]
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if not file or not (path := Path(file).resolve()).is_file():
            continue
        if name.split(".")[0] in OURS or not any(path.is_relative_to(place) for place in foreign):
            yield path


def _digest(file: Path) -> str:
    """Hash a file; the same for all that do not exist."""
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return ""
