"""The cache of compiled simulations: one binary per key, whole or not at all, verified, bounded in size."""

import errno
import fcntl
import os
import re
import stat
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from cortex.engine import cache, entry, lock
from cortex.errors import EnvironmentProblem

UNSET = {"HOME", "XDG_CACHE_HOME", "CORTEX_CACHE"}


def maker(made: list[Path], text: str = "binary"):
    """Return a function that makes a binary and adds its path to a list."""

    def make(path: Path) -> None:
        made.append(path)
        path.write_text(text)
        path.chmod(0o755)

    return make


@pytest.fixture
def fetch(tmp_path):
    """Returns the binary of a key, linked to a place outside of the cache."""

    def fetch(key: str, make, folder: Path = tmp_path / "cache") -> Path:
        private = tmp_path / f"program_{key}"
        cache.fetch(key, make, private, folder)
        return private

    return fetch


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "cache"


def names(folder: Path) -> list[str]:
    """Return the names in the cache, without digests."""
    return sorted(re.sub(r"-\w+", "", file.name) for file in folder.iterdir())


@contextmanager
def held(lock: Path):
    """Hold a lock as another process does."""
    with lock.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def test_each_key_is_made_once(fetch, folder):
    made = []
    assert fetch("a", maker(made)).read_text() == "binary"
    assert fetch("a", maker(made, "other")).read_text() == "binary"
    fetch("b", maker(made))
    assert len(made) == 2
    assert names(folder) == ["a", "a.lock", "b", "b.lock"]


def test_interrupted_making_leaves_nothing(fetch, folder):
    def make(path: Path) -> None:
        path.write_text("half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch("a", make)
    assert cache.usage(folder) == (0, 0)
    assert names(folder) == ["a.lock"]
    assert fetch("a", maker([])).read_text() == "binary"


def test_binaries_used_longest_ago_are_removed(fetch, folder, monkeypatch):
    monkeypatch.setattr(cache, "LIMIT", 20)
    for age, key in enumerate("abc"):
        os.utime(fetch(key, maker([], "x" * 8)), (age, age))
    fetch("b", maker([]))  # used again
    fetch("d", maker([], "x" * 8))
    assert names(folder) == ["b", "b.lock", "d", "d.lock"]  # nor locks of what was removed


def test_usage_is_counted_and_cleared(fetch, folder):
    fetch("a", maker([], "x" * 5))
    running = fetch("b", maker([], "x" * 7))
    assert cache.usage(folder) == cache.Usage(binaries=2, bytes=12)
    assert cache.clear(folder) == cache.Usage(binaries=2, bytes=12)
    assert cache.usage(folder) == cache.Usage(binaries=0, bytes=0)
    assert list(folder.iterdir()) == []
    assert running.read_text() == "x" * 7
    assert cache.usage(folder / "never used") == cache.Usage(binaries=0, bytes=0)


def replaced_by_a_folder(binary: Path) -> None:
    binary.unlink()
    binary.mkdir()


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda binary: binary.write_text("binarz"), id="another byte"),
        pytest.param(lambda binary: binary.write_text("bin"), id="cut"),
        pytest.param(lambda binary: binary.write_text(""), id="empty"),
        pytest.param(lambda binary: binary.chmod(0o644), id="not executable"),
        pytest.param(replaced_by_a_folder, id="a folder"),
    ],
)
def test_what_was_damaged_is_told_and_made_again(damage, fetch, folder, caplog):
    fetch("a", maker([]))
    [binary] = folder.glob("a-*")
    damage(binary)
    made = []
    for _ in range(2):
        private = fetch("a", maker(made))
        assert private.read_text() == "binary"
        assert os.access(private, os.X_OK)
    assert len(made) == 1
    [message] = caplog.messages
    assert f"{binary} was damaged" in message
    assert names(folder) == ["a", "a.lock"]


@pytest.mark.parametrize("name", ["/bin/true", "../a-b", "a-b/../../c", "", "..", "a"])
def test_only_names_of_binaries_are_taken(name, tmp_path):
    with pytest.raises(ValueError, match="is no name of a binary"):
        cache.place(tmp_path, name, tmp_path / "program")


def test_the_cache_is_for_its_user_alone(fetch, folder):
    before = os.umask(0)
    try:
        fetch("a", maker([]), folder / "b" / "c")
    finally:
        os.umask(before)
    assert [stat.S_IMODE(place.stat().st_mode) for place in (folder, folder / "b", folder / "b" / "c")] == [0o700] * 3


@pytest.mark.parametrize("place", ["cache", "cache/binaries"])
def test_a_cache_that_others_may_write_to_is_not_used(place, fetch, folder, tmp_path):
    fetch("a", maker([]), folder / "binaries")
    (tmp_path / place).chmod(0o777)
    with pytest.raises(EnvironmentProblem, match=rf"others may write to {tmp_path / place}(.|\n)*CORTEX_CACHE"):
        fetch("a", maker([]), folder / "binaries")


def test_who_waits_long_is_told_for_whom_and_at_last_compiles_alone(fetch, folder, caplog, monkeypatch):
    monkeypatch.setattr(lock, "SECONDS_UNTIL_TOLD", 0)
    monkeypatch.setattr(lock, "SECONDS_TO_WAIT", 0.01)
    (folder / "a.node7.cluster.123.partial").mkdir(parents=True, mode=0o700)
    folder.chmod(0o700)
    made = []
    with held(folder / "a.lock"):
        assert fetch("a", maker(made)).read_text() == "binary"
        assert cache.fetch("a", maker(made), folder.parent / "program", folder) == ""
        assert made == [folder.parent / "program_a", folder.parent / "program"]
        assert names(folder) == ["a.lock", "a.node7.cluster.123.partial"]
    first, second, *_ = caplog.messages
    assert first.startswith("waiting for process 123 on node7.cluster ")
    assert second.startswith("compiling without the cache")
    assert f"{folder}/a.lock" in first
    fetch("a", maker(made))
    assert names(folder) == ["a", "a.lock"]  # what a process left that was killed is gone


def test_what_others_are_making_is_not_cleared(fetch, folder):
    for key in "ab":
        fetch(key, maker([]))
        (folder / f"{key}.here.1.partial").mkdir()
    with held(folder / "a.lock"):
        cache.clear(folder)
        assert names(folder) == ["a.here.1.partial", "a.lock"]
    cache.clear(folder)
    assert names(folder) == []


def test_a_lock_in_use_stays_when_its_binary_makes_room(fetch, folder, monkeypatch):
    monkeypatch.setattr(cache, "LIMIT", 10)
    os.utime(fetch("a", maker([], "x" * 8)), (1, 1))
    with held(folder / "a.lock"):
        fetch("b", maker([], "x" * 8))
        assert names(folder) == ["a.lock", "b", "b.lock"]


def test_what_was_begun_long_ago_is_removed(fetch, folder):
    folder.mkdir(mode=0o700)
    for name, age in (("old", cache.ABANDONED + 60), ("new", 60)):
        (folder / f"{name}.partial").mkdir()
        os.utime(folder / f"{name}.partial", (time.time() - age,) * 2)
    fetch("a", maker([]))
    assert names(folder) == ["a", "a.lock", "new.partial"]


@pytest.mark.parametrize("place", ["file", "file/inside"])
def test_folder_that_cannot_be_written_is_an_environment_problem(place, fetch, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(EnvironmentProblem, match="CORTEX_CACHE"):
        fetch("a", maker([]), tmp_path / place)


@pytest.mark.parametrize("exists", [True, False])
def test_a_link_in_place_of_a_lock_is_refused_and_its_target_is_not_touched(exists, fetch, folder, tmp_path):
    target = tmp_path / "target"
    folder.mkdir(mode=0o700)
    (folder / "a.lock").symlink_to(target)
    if exists:
        target.write_text("precious")
        target.chmod(0o600)
        os.utime(target, (1, 1))
    before = target.stat() if exists else None
    made = []
    with pytest.raises(EnvironmentProblem, match=r"a\.lock(.|\n)*CORTEX_CACHE"):
        fetch("a", maker(made))
    assert made == []
    assert (folder / "a.lock").is_symlink()
    assert target.exists() == exists
    if exists:
        after = target.stat()
        assert target.read_text() == "precious"
        assert (after.st_mode, after.st_mtime) == (before.st_mode, before.st_mtime)
    cache.clear(folder)
    assert fetch("a", maker(made)).read_text() == "binary"


def test_default_folder_follows_the_environment(tmp_path, monkeypatch):
    monkeypatch.delenv("CORTEX_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache.default_folder() == tmp_path / "cortical-expansion" / "binaries"
    monkeypatch.setenv("CORTEX_CACHE", str(tmp_path / "mine"))
    assert cache.default_folder() == tmp_path / "mine" / "binaries"


@pytest.mark.skipif(sys.platform != "linux", reason="where Linux keeps caches")
def test_default_folder_is_below_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.delenv("CORTEX_CACHE", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache.default_folder() == tmp_path / ".cache" / "cortical-expansion" / "binaries"


NO_HOME = """
import pwd

def getpwuid(uid):
    raise KeyError(uid)

pwd.getpwuid = getpwuid
from cortex.engine import cache, simulation
from cortex.errors import EnvironmentProblem

try:
    cache.default_folder()
except EnvironmentProblem as error:
    print(error)
"""


@pytest.mark.skipif(os.name != "posix", reason="users have no number")
def test_without_a_home_folder_the_message_names_what_to_set():
    environment = {name: value for name, value in os.environ.items() if name not in UNSET}
    words = [sys.executable, "-c", NO_HOME]
    ended = subprocess.run(words, env=environment, capture_output=True, text=True, check=True)
    assert "no home folder" in ended.stdout
    assert "set CORTEX_CACHE" in ended.stdout


def test_a_full_disk_is_told_in_the_words_that_are_used_elsewhere(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device", "x")

    monkeypatch.setattr(cache.ownership, "problem", full)
    with pytest.raises(EnvironmentProblem, match=r"cannot be used: x: the disk is full\n"):
        cache.trusted(tmp_path)


def test_links_that_lead_in_a_circle_are_told(tmp_path):
    (tmp_path / "cache").symlink_to("cache")
    with pytest.raises(EnvironmentProblem, match=r"cannot be used: .*/cache: a file is in the way\n"):
        cache.trusted(tmp_path / "cache" / "binaries")


def test_an_entry_that_another_process_removes_is_not_called_damaged(tmp_path, monkeypatch, caplog):
    gone = tmp_path / "key-0"
    gone.write_text("binary")

    def removed(path: Path) -> str:
        path.unlink()
        raise FileNotFoundError(path)

    monkeypatch.setattr(entry, "digest", removed)
    assert not entry.is_sound(gone)
    assert caplog.text == ""
