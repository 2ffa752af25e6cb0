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
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache as cached
from pathlib import Path
from typing import Any

import numpy as np

import cortex
from cortex.engine import cache
from cortex.engine.compiler import Compiler
from cortex.engine.model import Model, Recipe
from cortex.engine.program import Program, from_json
from cortex.guard import PACKAGES

PREFERENCES = (Path.home() / ".brian" / "user_preferences", Path("brian_preferences"))
STANDARD = Path(sysconfig.get_path("stdlib")).resolve()
INSTALLED = sorted({Path(sysconfig.get_path(name)).resolve() for name in ("purelib", "platlib")})
PACKAGE = Path(cortex.__file__).resolve().parent
STARTED = time.time()


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
        if any(_digest(Path(file)) != digest for file, digest in sources.items()):
            return None
        program = from_json((home / "program.json").read_text(encoding="utf-8"), folder, home)
        os.utime(home)
        os.utime(program.binary)
    except (OSError, ValueError, KeyError, TypeError):  # not there, or damaged
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
    sources = {file for file in (*_sources(), build.file) if file}
    static = program.home / "static_arrays"
    if any(map(_edited, sources)) or cache.size(static) > cache.LIMIT / 4:
        return
    with suppress(OSError):  # the run goes on without
        partial = Path(tempfile.mkdtemp(prefix=f"{key}.", suffix=".partial", dir=folder))
        try:
            (partial / "program.json").write_text(program.as_json(), encoding="utf-8")
            digests = {str(file): _digest(file) for file in sources}
            (partial / "sources.json").write_text(json.dumps(digests), encoding="utf-8")
            shutil.copytree(static, partial / "static_arrays")
            cache.remove(folder / f"{key}.recipe")
            partial.rename(folder / f"{key}.recipe")
        finally:
            shutil.rmtree(partial, ignore_errors=True)
        cache.make_room(folder)


def _key(build: Callable[[], Model], compiler: Compiler, settings: tuple[str, ...]) -> str | None:
    """Hash a recipe and its circumstances; None if they cannot be told."""
    if not isinstance(build, Recipe) or not build.file or not build.plain:
        return None
    key = hashlib.sha256()
    try:
        for part in _canonical([str(build.file), build.name, *build.arguments, *settings]):
            key.update(part)
    except TypeError:
        return None
    installed = sorted(found.name for place in INSTALLED for found in place.glob("*.dist-info"))
    places = (str(PACKAGE), sys.prefix, *sys.path)
    for fact in (sys.version, *places, compiler.target, *compiler.command, *installed, *map(_digest, PREFERENCES)):
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
        file = getattr(sys.modules.get(type(value).__module__), "__file__", "")
        yield f"{type(value).__module__} {type(value).__qualname__} {file};".encode()
        yield from _canonical([value.as_text(), value.definitions()])
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
    """List the files of all modules in use, but for those of installed packages other than ours, and of our C++."""
    yield from (file for file in (PACKAGE / "engine" / "codegen").rglob("*") if file.suffix in (".cpp", ".h"))
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if file and (path := _source(name.split(".")[0], file)):
            yield path


@cached  # of thousands of modules, at every new set of parameters
def _source(package: str, file: str) -> Path | None:
    """Give a module's file, unless it is that of an installed package other than ours."""
    path = Path(file).resolve()
    foreign = package not in PACKAGES and any(path.is_relative_to(place) for place in (STANDARD, *INSTALLED))
    return path if path.is_file() and not foreign else None


def _edited(file: Path) -> bool:
    """Say whether a source was written since this process began: then what was imported may be something else."""
    try:
        return file.stat().st_mtime >= STARTED
    except OSError:
        return True


def _digest(file: Path) -> str:
    """Hash a file; the same for all that do not exist."""
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return ""
