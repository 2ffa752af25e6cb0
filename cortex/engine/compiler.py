"""The C++ compiler of this machine: found, asked which flags it knows, and watched while it compiles."""

import logging
import os
import re
import shlex
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cortex.errors import EnvironmentProblem

SECONDS_TO_ANSWER = 30
"""Time that a compiler has to say what it is, and a compiled simulation to start."""

SECONDS_TO_COMPILE = 600
"""Time that it has to compile; 5 s are usual."""

READ_FROM_ENVIRONMENT = ("CPATH", "CPLUS_INCLUDE_PATH", "LIBRARY_PATH", "COMPILER_PATH", "GCC_EXEC_PREFIX")
"""Variables that tell a compiler where to find headers, libraries and its own parts."""

HINT = "check the compiler with `cortex doctor`, name another one in CXX, or use --backend numpy"

logger = logging.getLogger(__name__)


class CompilationFailed(EnvironmentProblem):
    """A compiler found errors.

    Parameters
    ----------
    message : str
    errors : str
        What it wrote last.
    """

    def __init__(self, message: str, errors: str) -> None:
        super().__init__(message)
        self.errors = errors


@dataclass(frozen=True)
class Compiler:
    """A C++ compiler.

    Attributes
    ----------
    command : tuple of str
        Words that start it.
    version : str
        First line of its answer about its version.
    target : str
        The whole answer about its version and the processor it compiles for, and what it reads from the environment.
    """

    command: tuple[str, ...]
    version: str
    target: str


def find_compiler() -> Compiler | None:
    """Return the compiler named by $CXX, else g++, else clang++; None if none of the two is there and answers.

    Raises
    ------
    EnvironmentProblem
        If $CXX is set, and is no compiler that answers.
    """
    if os.name != "posix":
        return None
    if command := os.environ.get("CXX", "").strip():
        try:
            return _ask(_words(command))
        except EnvironmentProblem as problem:
            hint = "set CXX to a compiler such as g++ or clang++, unset it, or use --backend numpy"
            raise EnvironmentProblem(f"CXX={command} cannot be used: {problem}\n{hint}") from None
    for name in filter(shutil.which, ("g++", "clang++")):
        try:
            return _ask([name])
        except EnvironmentProblem as problem:
            logger.warning("%s is not used: %s", name, problem)
    return None


def _words(command: str) -> list[str]:
    """Return the words of a command whose program can be found."""
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise EnvironmentProblem(str(error).lower()) from None
    if not words or shutil.which(words[0]) is None:
        raise EnvironmentProblem("there is no such program, or it may not be executed")
    program = os.path.abspath(words[0]) if os.sep in words[0] else words[0]  # it is started in another folder
    return [program, *words[1:]]


def _ask(command: list[str]) -> Compiler:
    """Ask a compiler for its version."""
    code, answer = _run([*command, "-O3", "-march=native", "-###", "-E", "-x", "c++", os.devnull], SECONDS_TO_ANSWER)
    lines = answer.splitlines()
    versions = [line for line in lines if " version " in line] + [line for line in lines if re.search(r"\d\.\d", line)]
    if not versions:
        why = _failure(code, answer) or "it says nothing"
        raise EnvironmentProblem(f"it does not tell its version when it is asked with -###: {why[-500:]}")
    read = [f"{name}={os.environ[name]}" for name in READ_FROM_ENVIRONMENT if name in os.environ]
    return Compiler(tuple(command), versions[0], "\n".join([answer, *read]))


@cache
def accepted(compiler: Compiler, flags: tuple[str, ...]) -> tuple[str, ...]:
    """Return those flags that a compiler knows.

    Raises
    ------
    EnvironmentProblem
        If it fails without naming the flag, and fails again: it may have been killed.
    """
    if _refusal(compiler, flags) == "":
        return flags
    return tuple(flag for flag in flags if not _refused(compiler, flag))


def _refused(compiler: Compiler, flag: str) -> bool:
    name, equals, _ = flag.lstrip("-").partition("=")
    problem = ""
    for _ in range(2):
        problem = _refusal(compiler, [flag])
        if problem == "":
            return False
        if (f"{name}=" if equals else flag) in problem:
            return True
    raise EnvironmentProblem(
        f"{shlex.join(compiler.command)} fails when it is asked whether it knows {flag}: {problem[-500:]}\n{HINT}"
    )


def _refusal(compiler: Compiler, flags: Sequence[str]) -> str:
    """Return what a compiler says against flags; an empty string if it accepts them."""
    return _failure(*_run([*compiler.command, *flags, "-E", "-x", "c++", os.devnull], SECONDS_TO_ANSWER))


def compile_program(compiler: Compiler, arguments: Sequence[str], binary: Path, project: Path) -> None:
    """Compile a program in its folder, and see that it starts: without a seed, a simulation ends at once.

    Raises
    ------
    EnvironmentProblem
        If the compiler fails, or what it wrote is no program.
    """
    command = shlex.join(compiler.command)
    words = [*compiler.command, *arguments, "-o", str(binary)]
    if problem := _failure(*_run(words, SECONDS_TO_COMPILE, project)):
        message = f"the simulation does not compile with {command}:\n{problem[-2000:]}\n{HINT}"
        raise CompilationFailed(message, problem[-2000:])
    without_seed = {name: value for name, value in os.environ.items() if name != "CORTEX_SEED"}
    try:
        problem = _failure(*_run([str(binary)], SECONDS_TO_ANSWER, project, without_seed))
    except EnvironmentProblem as error:
        problem = str(error)
    if problem:
        raise EnvironmentProblem(
            f"{command} ended without an error, but what it compiled does not run: {problem[-2000:]}\n"
            f"if no program may be executed in {binary.parent}, set CORTEX_CACHE to another folder; else {HINT}"
        )


def _run(
    words: Sequence[str], seconds: float, folder: Path | None = None, environment: Mapping[str, str] = os.environ
) -> tuple[int, str]:
    """Run a command and all that it starts; return its exit code, and what it wrote to standard error."""
    try:
        process = subprocess.Popen(
            words,
            cwd=folder,
            env={**environment, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            process_group=0,
        )
    except (OSError, ValueError) as error:
        raise EnvironmentProblem(f"{words[0]} cannot be started: {getattr(error, 'strerror', error)}") from None
    with process:
        try:
            errors = process.communicate(timeout=seconds)[1]
        except BaseException as problem:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            if isinstance(problem, subprocess.TimeoutExpired):
                raise EnvironmentProblem(f"{words[0]} did not end within {seconds:g} s and was stopped") from None
            raise
    return process.returncode, errors.decode(errors="replace")


def _failure(code: int, errors: str) -> str:
    """Return why a command failed; an empty string if it did not."""
    if code < 0:
        return f"it was killed by {signal.Signals(-code).name}\n{errors}".strip()
    return (errors.strip() or f"exit code {code} and no message") if code else ""
