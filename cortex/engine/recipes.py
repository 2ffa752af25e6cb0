"""Compiled programs by the recipes of their models, so that a model compiled before need not be built again.

A stored program is used if nothing that determines it has changed: the build function and its arguments, but of a set
of parameters only those that were read while the program was made; the sources of all imported modules, and the global
names that were changed since, or the versions of installed packages; Python, the compiler and Brian2's preferences.
"""

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
from pathlib import Path
from typing import Any

import cortex
from cortex import files, preferences
from cortex.engine import cache, changed, modules
from cortex.engine.canonical import as_bytes
from cortex.engine.compiler import Compiler
from cortex.engine.entry import digest, is_sound, link, remove, size
from cortex.engine.model import Model, Recipe
from cortex.engine.program import Program, from_json

INSTALLED = sorted({Path(sysconfig.get_path(name)).resolve() for name in ("purelib", "platlib")})
PACKAGE = Path(cortex.__file__).resolve().parent
STARTED = time.time()
READ = "parameters.json"


def key(build: Callable[[], Model], compiler: Compiler, settings: tuple[str, ...]) -> str | None:
    """Return a hash of a recipe and its environment, to be asked for before the model is built, which imports it.

    None if there is no recipe, or its arguments cannot be hashed.
    """
    if not isinstance(build, Recipe) or not build.file or not build.plain:
        return None
    total = hashlib.sha256()
    try:
        values = changed.of([_function(build)])
        arguments = [_kind(value) if hasattr(value, "noting") else value for value in build.arguments]
        for part in as_bytes([str(build.file), build.name, *arguments, *settings, values]):
            total.update(part)
    except TypeError:
        return None
    versions = sorted(folder.name for site in INSTALLED for folder in site.glob("*.dist-info"))
    folders = (str(PACKAGE), sys.prefix, *sys.path)
    for fact in (sys.version, *folders, compiler.target, *compiler.command, *versions, preferences.known()):
        total.update(f"\n{fact}".encode())
    return total.hexdigest()[:32]


def load(key: str | None, build: Callable[[], Model], project: Path, folder: Path | None) -> Program | None:
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
    key: str | None,
    build: Callable[[], Model],
    program: Program,
    folder: Path | None,
    read: Sequence[Collection[str]] = (),
) -> None:
    """Store a program with the digests of its sources, unless these are not known for certain.

    Parameters
    ----------
    key, build, folder
        As in `load`.
    program : Program
    read : sequence of set of str
        What `noting` gave while the program was made.
    """
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


def _function(build: Recipe) -> Any:
    """Return the function that builds the model; None if its module is not imported yet, and so as its file says."""
    if not isinstance(build.build, str):
        return build.build
    return getattr(sys.modules.get(build.build.partition(":")[0]), build.name, None)


def _kind(values: Any) -> list[Any]:
    """Return what a set of parameters is, whatever the values of those that are no chosen names."""
    kind = type(values)
    file = getattr(sys.modules.get(kind.__module__), "__file__", "")
    return [f"{kind.__module__} {kind.__qualname__} {file}", values.definitions()]


def _sources() -> Iterator[Path]:
    """Yield the C++ templates and the files of all imported modules, except those of other installed packages."""
    yield from (file for file in (PACKAGE / "engine" / "codegen").rglob("*") if file.suffix in (".cpp", ".h"))
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None)
        if file and not modules.is_foreign(module) and (path := modules.file(module)):
            yield path


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
