"""The C++ compiler of this machine."""

import os
import shlex
import shutil
import subprocess
from dataclasses import dataclass


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
        The whole answer about its version and the processor it compiles for.
    """

    command: tuple[str, ...]
    version: str
    target: str


def find_compiler() -> Compiler | None:
    """Return the compiler named by $CXX, else g++, else clang++; None if none of them answers."""
    if os.name != "posix":
        return None
    for command in (os.environ.get("CXX", ""), "g++", "clang++"):
        words = shlex.split(command)
        if not words or shutil.which(words[0]) is None:
            continue
        request = [*words, "-O3", "-march=native", "-###", "-E", "-x", "c++", os.devnull]
        answer = subprocess.run(request, capture_output=True, text=True, env=os.environ | {"LC_ALL": "C"}).stderr
        versions = [line for line in answer.splitlines() if " version " in line]
        if versions:
            return Compiler(tuple(words), versions[0], answer)
    return None
