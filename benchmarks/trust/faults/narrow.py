"""Too little room: small disks, limits of the process, no permission, and an output that takes nothing."""

import ctypes
import os
import resource
import shutil
import subprocess
from functools import cache
from pathlib import Path
from random import Random

from benchmarks.trust.command import Setting
from benchmarks.trust.faults.fault import Fault, Group
from benchmarks.trust.kit import Kit, Place

SIZES = (
    "4k",
    "16k",
    "32k",
    "48k",
    "64k",
    "80k",
    "120k",
    "200k,nr_inodes=4",
    "4m,nr_inodes=6",
    "4m,nr_inodes=9",
    "4m,ro",
)
"""Of disks in memory."""

DAC = 0b1110
"""CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH and CAP_FOWNER: by these root passes all permissions."""


def small_disk(number: int, chance: Random, kit: Kit) -> Fault:
    """Results, cache or temporary files are on a small disk, or a file may not become large."""
    what, size = ("out", "tmp", "cache")[number % 3], SIZES[number // 3 % len(SIZES)]
    words = (kit.run, kit.study)[number // 3 // len(SIZES) % 2]
    if not _may_mount():
        largest = chance.choice((0, 10, 100, 1000, 4096, 10_000, 30_000, 50_000, 100_000))
        return Fault(
            f"{words[0]}, files of at most {largest} bytes",
            words,
            setting=Setting(limits={resource.RLIMIT_FSIZE: largest}),
        )

    def prepare(place: Place) -> None:
        disk = place.folder / what
        kept = [shutil.move(path, place.folder / f"kept-{path.name}") for path in disk.glob("*")]
        disk.mkdir(exist_ok=True)
        _mount("tmpfs", "-t", "tmpfs", "-o", f"size={size.replace(',ro', '')}", str(disk))
        if "ro" in size or what == "cache":
            for path in map(Path, kept if "4m" in size else ()):
                shutil.copytree(path, disk / path.name.removeprefix("kept-"), dirs_exist_ok=True)
        if "ro" in size:
            _mount("-o", "remount,ro", str(disk))

    def mend(place: Place) -> None:
        subprocess.run(["umount", "-l", str(place.folder / what)], check=True)

    cold = what == "cache" and kit.backend == "cpp"
    return Fault(f"{words[0]}, {what} on a disk of {size}", words, prepare=prepare, mend=mend, cold=cold)


def limited(number: int, chance: Random, kit: Kit) -> Fault:
    """The process may not do as much as it wants."""
    sizes = (0, 10, 100, 1000, 4096, 10_000, 30_000, 50_000, 100_000)
    limits = [(resource.RLIMIT_FSIZE, "bytes a file", size) for size in sizes]
    limits += [(resource.RLIMIT_NOFILE, "open files", files) for files in (10, 11, 12, 14, 16, 20, 30)]
    now = _memory()
    limits += [(resource.RLIMIT_AS, "bytes of memory", now + more * 2**20) for more in (100, 200, 400)]
    limits += [(resource.RLIMIT_STACK, "bytes of stack", 2**k) for k in (16, 20)]
    limit, name, value = limits[number % len(limits)]
    words = (kit.run, kit.study)[number // len(limits) % 2]
    cold = kit.backend == "cpp" and number % 9 == 8
    setting = Setting(limits={limit: value}, fresh=limit == resource.RLIMIT_NOFILE)  # this process has files open
    return Fault(f"{words[0]}, {value} {name}", words, setting=setting, cold=cold)


def forbidden(number: int, chance: Random, kit: Kit) -> Fault:
    """Folders or files that may not be read or written."""
    places = ("out", "out/runs", "out/runs/NAME", "out/plan.csv", "out/runs/NAME/run.json", "out/runs/NAME/data.nc")
    places += ("tmp", "cache", "cache/binaries", ".")
    where, mode = places[number % len(places)], (0o000, 0o500, 0o400)[number // len(places) % 3]
    words = (kit.study, ("status", "OUT"), ("compare", "OUT"))[number // len(places) // 3 % 3]

    def path(place: Place) -> Path:
        return place.folder / where.replace("NAME", kit.done[kit.study][0])

    def act(place: Place) -> None:
        shutil.rmtree(place.out / "runs" / kit.done[kit.study][1])  # something is left to do
        if path(place).exists():
            path(place).chmod(mode)

    def mend(place: Place) -> None:
        if path(place).exists():
            path(place).chmod(0o755)

    name = f"{words[0]}, {where} has mode {mode:03o}"
    return Fault(name, words, "study", act, mend=mend, setting=Setting(before=_obey), final=kit.study)


def output(number: int, chance: Random, kit: Kit) -> Fault:
    """Standard output or errors cannot be written."""
    ways = (("/dev/full", ""), ("closed", ""), ("", "closed"), ("", "/dev/full"), ("closed", "closed"))
    stdout, stderr = ways[number % len(ways)]
    commands = ((kit.run, "", kit.run), (kit.study, "study", kit.study), (("status", "OUT"), "study", kit.study),
        (("compare", "OUT", "--no-figures"), "study", kit.study), (("show", kit.scenario), "run", kit.run))  # fmt: skip
    words, start, final = commands[number // len(ways) % len(commands)]
    setting = Setting(fresh=True, stdout=stdout, stderr=stderr)
    name = f"{words[0]}, output {stdout or 'open'}, errors {stderr or 'open'}"
    return Fault(name, words, start, setting=setting, final=final)


@cache
def _may_mount() -> bool:
    """Return whether disks can be mounted here."""
    probe = Path(os.environ.get("TMPDIR", "/tmp")) / f"trust-mount-{os.getpid()}"
    probe.mkdir()
    try:
        _mount("tmpfs", "-t", "tmpfs", "-o", "size=4k", str(probe))
        subprocess.run(["umount", str(probe)], check=True)
        return True
    except (OSError, subprocess.CalledProcessError):
        return False
    finally:
        probe.rmdir()


def _mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True, capture_output=True)


def _memory() -> int:
    """Return how much address space this process has, bytes."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def _obey() -> None:
    """Have permissions hold for root too."""
    if os.geteuid():
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    sets = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable, of capabilities 0 to 31 and then 32 to 63
    libc.capget(header, sets)
    sets[0] &= ~DAC
    sets[1] &= ~DAC
    if libc.capset(header, sets):
        raise OSError(ctypes.get_errno(), "capset")


GROUPS = [
    Group("small disk", 2 * 3 * len(SIZES), small_disk),
    Group("limits", 50, limited),
    Group("no permission", 60, forbidden),
    Group("output", 25, output),
]
