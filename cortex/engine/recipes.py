"""Compiled programs by the recipes of their models, so that a model compiled before need not be built again.

A stored program is used if nothing that determines it has changed: the build function and its arguments, but of a set
of parameters only those that were read while the program was made; the sources of all imported modules, or the versions
of installed packages; Python, the compiler and Brian2's preferences.
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
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import cache as cached
from pathlib import Path
from typing import Any

import numpy as np

import cortex
from cortex import files, preferences
from cortex.engine import cache
from cortex.engine.compiler import Compiler
from cortex.engine.entry import digest, is_sound, link, remove, size
from cortex.engine.model import Model, Recipe
from cortex.engine.program import Program, from_json
from cortex.guard import PACKAGES

STANDARD = Path(sysconfig.get_path("stdlib")).resolve()
INSTALLED = sorted({Path(sysconfig.get_path(name)).resolve() for name in ("purelib", "platlib")})
PACKAGE = Path(cortex.__file__).resolve().parent
STARTED = time.time()
READ = "parameters.json"


def load(
    build: Callable[[], Model],
    compiler: Compiler,
    settings: tuple[str, ...],
    project: Path,
    folder: Path | None,
) -> Program | None:
    """Link the program stored for a recipe into a folder of the caller's own.

    Returns
    -------
    Program or None
        None if there is none, what determines it has changed, or it is damaged.

    Raises
    ------
    EnvironmentProblem
        If the cache cannot be written, or others could put programs into it.
    """
    key = _key(build, compiler, settings)
    if key is None:
        return None
    folder = cache.trusted(folder)
    for home in folder.glob(f"{key}-*.recipe"):
        # another process has just removed it, or it was not written as it is now
        with suppress(FileNotFoundError, shutil.Error, ValueError, KeyError, TypeError):
            if _agrees(home, build) and is_sound(home) and (program := _load(home, project)):
                return program
    return None


@contextmanager
def noting(build: Callable[[], Model]) -> Iterator[list[set[str]]]:
    """Note which parameters are read meanwhile of each set of them among the arguments of a recipe."""
    with ExitStack() as stack:
        yield [stack.enter_context(values.noting()) for values in _noted(build)]


def _noted(build: Callable[[], Model]) -> list[Any]:
    """Return the sets of parameters among the arguments of a recipe."""
    return [value for value in build.arguments if hasattr(value, "noting")] if isinstance(build, Recipe) else []


def _values(build: Callable[[], Model], read: Sequence[Collection[str]]) -> list[dict[str, str]]:
    """Return of each set of parameters those that were read, as text."""
    return [
        {name: text for name, text in values.as_text().items() if name in names or "*" in names}
        for values, names in zip(_noted(build), read, strict=True)
    ]


def _agrees(home: Path, build: Callable[[], Model]) -> bool:
    """Return whether a stored recipe has the same values of all parameters that were read; or else is damaged."""
    try:
        read = json.loads((home / READ).read_text(encoding="utf-8"))
        return bool(_values(build, read) == read)
    except (OSError, ValueError, TypeError, AttributeError):
        return True


def _load(home: Path, project: Path) -> Program | None:
    sources = json.loads((home / "sources.json").read_text(encoding="utf-8"))
    if any(_digest(Path(file)) != digest for file, digest in sources.items()):
        return None
    program = from_json((home / "program.json").read_text(encoding="utf-8"), project / "simulation", project)
    if not cache.place(home.parent, program.entry, program.binary):
        return None
    shutil.rmtree(project / "static_arrays", ignore_errors=True)
    shutil.copytree(home / "static_arrays", project / "static_arrays", copy_function=link)
    os.utime(home)
    return program


def store(
    build: Callable[[], Model],
    compiler: Compiler,
    settings: tuple[str, ...],
    program: Program,
    folder: Path | None,
    read: Sequence[Collection[str]] = (),
) -> None:
    """Store a program with the digests of its sources, unless these are not known for certain.

    Parameters
    ----------
    build, compiler, settings, folder
        As in `load`.
    program : Program
    read : sequence of set of str
        What `noting` gave while the program was made.
    """
    key = _key(build, compiler, settings)
    if key is None or not isinstance(build, Recipe) or not program.entry:
        return
    folder = cache.trusted(folder)
    sources = {file for file in (*_sources(), build.file, *map(Path, program.files)) if file}
    static = program.home / "static_arrays"
    if any(map(_edited, sources)) or size(static) > cache.LIMIT / 4:
        return
    with suppress(OSError):  # the run goes on without the stored recipe
        partial = Path(tempfile.mkdtemp(prefix=f"{key}.", suffix=".partial", dir=folder))
        try:
            (partial / "program.json").write_text(program.as_json(), encoding="utf-8")
            known = {str(file): _digest(file) for file in sources}
            (partial / READ).write_text(json.dumps(_values(build, read)), encoding="utf-8")
            (partial / "sources.json").write_text(json.dumps(known), encoding="utf-8")
            shutil.copytree(static, partial / "static_arrays")
            for old in folder.glob(f"{key}-*.recipe"):
                if _agrees(old, build):
                    remove(old)
            partial.rename(folder / f"{key}-{digest(partial)}.recipe")
        finally:
            shutil.rmtree(partial, ignore_errors=True)
        cache.make_room(folder)


def _key(build: Callable[[], Model], compiler: Compiler, settings: tuple[str, ...]) -> str | None:
    """Return a hash of a recipe and its environment; None if there is no recipe, or its arguments cannot be hashed."""
    if not isinstance(build, Recipe) or not build.file or not build.plain:
        return None
    key = hashlib.sha256()
    try:
        arguments = [_kind(value) if hasattr(value, "noting") else value for value in build.arguments]
        for part in _canonical([str(build.file), build.name, *arguments, *settings]):
            key.update(part)
    except TypeError:
        return None
    versions = sorted(folder.name for site in INSTALLED for folder in site.glob("*.dist-info"))
    folders = (str(PACKAGE), sys.prefix, *sys.path)
    for fact in (sys.version, *folders, compiler.target, *compiler.command, *versions, preferences.known()):
        key.update(f"\n{fact}".encode())
    return key.hexdigest()[:32]


def _kind(values: Any) -> list[Any]:
    """Return what a set of parameters is, whatever the values of those that are no chosen names."""
    kind = type(values)
    file = getattr(sys.modules.get(kind.__module__), "__file__", "")
    return [f"{kind.__module__} {kind.__qualname__} {file}", values.definitions()]


def _canonical(value: Any) -> Iterator[bytes]:
    """Yield an argument as bytes: equal arguments give equal bytes, and different ones different bytes."""
    if value is None or isinstance(value, bool | int | float | str):
        yield f"{type(value).__name__} {value!r};".encode()
    elif isinstance(value, np.ndarray) and not value.dtype.hasobject:
        yield f"array {value.dtype} {value.shape} {getattr(value, 'dim', '')};".encode()
        yield np.ascontiguousarray(value).view(np.ndarray).tobytes()
    elif hasattr(value, "as_text"):
        yield from _canonical([_kind(value), value.as_text()])
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
        raise TypeError(f"a {type(value).__name__} cannot be hashed by its value")


def _sources() -> Iterator[Path]:
    """Yield the C++ templates and the files of all imported modules, except those of other installed packages."""
    yield from (file for file in (PACKAGE / "engine" / "codegen").rglob("*") if file.suffix in (".cpp", ".h"))
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if file and (path := _source(name.split(".")[0], file)):
            yield path


@cached  # of thousands of modules, at every new set of parameters
def _source(package: str, file: str) -> Path | None:
    """Return the file of a module; None if it belongs to Python or to another installed package."""
    path = Path(file).resolve()
    foreign = package not in PACKAGES and any(path.is_relative_to(site) for site in (STANDARD, *INSTALLED))
    return path if path.is_file() and not foreign else None


def _edited(file: Path) -> bool:
    """Return whether a source was written after this process began: the imported module may then differ from it."""
    try:
        return file.stat().st_mtime >= STARTED
    except OSError:
        return True


def _digest(file: Path) -> str:
    """Return a hash of a file; an empty string if it cannot be read."""
    try:
        return files.digest(file)
    except OSError:
        return ""
