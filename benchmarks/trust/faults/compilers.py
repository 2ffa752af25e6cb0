"""Compilers that are broken in all sorts of ways, with nothing compiled before."""

from pathlib import Path
from random import Random

from benchmarks.trust.command import Setting
from benchmarks.trust.damage import remove
from benchmarks.trust.faults.fault import Fault, Group
from benchmarks.trust.kit import Kit, Place

ASKED = 'case "$*" in *-###*) exec g++ "$@";; esac\n'
"""Answers as g++ does when it is asked for its version."""

PROBED = 'case "$*" in *-E*) exit 0;; esac\n'
"""Knows every flag."""

TARGET = """for word in "$@"; do [ "$before" = -o ] && target=$word; before=$word; done
case "$target" in ""|/dev/null) exit 0;; esac
"""
"""Finds the file to be written, and has nothing to do if there is none."""

WRITES = ASKED + TARGET
ONCE = "[ -e FOLDER/once ] || { touch FOLDER/once; exit 1; }"
FLAGS = "*-ffast-math*-E*|*-O3*-E*|*-march=native*-E*"

SCRIPTS: dict[str, str | bytes] = {
    "no program at all": b"\x01\x02\x03",
    "fails always": "exit 1\n",
    "says its version and fails": ASKED + PROBED + "echo broken >&2; exit 1\n",
    "writes garbage": WRITES + "head -c 1000 /dev/urandom > $target; chmod +x $target\n",
    "writes an empty file": WRITES + ": > $target; chmod +x $target\n",
    "writes nothing": ASKED + "exit 0\n",
    "writes a program that is cut": WRITES + 'g++ "$@" || exit 1\ntruncate -s 30000 $target\n',
    "writes a program that does nothing": WRITES + "cp /bin/true $target\n",
    "version is no UTF-8": "printf 'gcc version \\351 1\\n' >&2\n",
    "complaint is no UTF-8": ASKED + PROBED + 'printf "erreur: caract\\350re\\n" >&2; exit 1\n',
    "complains 10 MB": ASKED + PROBED + 'head -c 10000000 /dev/zero | tr "\\0" x >&2; exit 1\n',
    "is killed": ASKED + PROBED + "kill -9 $$\n",
    "is killed when flags are tried": ASKED + 'case "$*" in *-E*) kill -9 $$;; esac\nexec g++ "$@"\n',
    "fails once when a flag is tried": ASKED + f'case "$*" in {FLAGS}) {ONCE};; esac\nexec g++ "$@"\n',
    "fails the first time": ASKED + PROBED + ONCE + '\nexec g++ "$@"\n',
    "hangs when asked for its version": "exec sleep 1000\n",
    "hangs when flags are tried": ASKED + 'case "$*" in *-E*) exec sleep 1000;; esac\nexec g++ "$@"\n',
}

WORDS: dict[str, str] = {
    "a quote without its end": "g++ 'x",
    "nothing": "",
    "spaces": "   ",
    "a folder": "/tmp",
    "no such file": "/nowhere/c++",
    "a program that is no compiler": "/bin/true",
    "another that is none": "/bin/false",
    "a control character": "g++\x01",
    "a flag that there is not": "g++ -fno-such-flag",
    "5000 letters": "x" * 5000,
    "an option first": "-x",
    "a command substitution": "$(touch executed)",
    "a second command": "g++; touch executed",
}

AROUND: dict[str, dict[str, str | None]] = {
    "no PATH": {"PATH": "/nowhere"},
    "CPATH is nonsense": {"CPATH": "/nowhere:\x01"},
    "CXXFLAGS and LDFLAGS": {"CXXFLAGS": "-O0", "LDFLAGS": "-lnothing"},
    "GCC_EXEC_PREFIX is nonsense": {"GCC_EXEC_PREFIX": "/nowhere/"},
    "another language": {"LC_ALL": "tr_TR.UTF-8"},
}


def broken(number: int, chance: Random, kit: Kit) -> Fault:
    """The compiler that $CXX names, or what surrounds it, is broken."""
    names = [*SCRIPTS, *WORDS, *AROUND]
    name = names[number % len(names)]

    def prepare(place: Place) -> None:
        if name in SCRIPTS:
            _script(place.folder, SCRIPTS[name])

    environment = AROUND.get(name) or {"CXX": WORDS.get(name, "HERE/c++")}
    return Fault(
        f"compiler: {name}",
        tuple("auto" if word == "cpp" and number // len(names) % 2 else word for word in kit.run),
        prepare=prepare,
        undo=lambda place: remove(place.cache),
        setting=Setting(environment=environment),
        final=kit.run,
        cold=True,
        limit=100.0,
    )


def _script(folder: Path, content: str | bytes) -> None:
    path = folder / "c++"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text("#!/bin/sh\n" + content.replace("FOLDER", str(folder)))
    path.chmod(0o755)


GROUPS = [Group("broken compiler", len(SCRIPTS) + len(WORDS) + len(AROUND), broken, compiled=True)]
