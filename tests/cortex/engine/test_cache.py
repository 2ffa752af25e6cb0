"""The cache of compiled simulations: one binary per key, whole or not at all, bounded in size."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cortex.engine import cache
from cortex.errors import EnvironmentProblem

UNSET = {"HOME", "XDG_CACHE_HOME", "CORTEX_CACHE"}


def maker(made: list[Path], text: str = "binary"):
    """Return a function that makes a binary and adds its path to a list."""

    def make(path: Path) -> None:
        made.append(path)
        path.write_text(text)

    return make


def test_each_key_is_made_once(tmp_path):
    made = []
    first = cache.fetch("a", maker(made), tmp_path)
    assert cache.fetch("a", maker(made), tmp_path) == first
    assert cache.fetch("b", maker(made), tmp_path) != first
    assert first.read_text() == "binary"
    assert len(made) == 2


def test_interrupted_making_leaves_nothing(tmp_path):
    def make(path: Path) -> None:
        path.write_text("half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cache.fetch("a", make, tmp_path)
    assert cache.usage(tmp_path) == (0, 0)
    assert cache.fetch("a", maker([]), tmp_path).read_text() == "binary"


def test_binaries_used_longest_ago_are_removed(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "LIMIT", 20)
    for age, key in enumerate("abc"):
        binary = cache.fetch(key, maker([], "x" * 8), tmp_path)
        os.utime(binary, (age, age))
    cache.fetch("b", maker([]), tmp_path)  # used again
    cache.fetch("d", maker([], "x" * 8), tmp_path)
    assert sorted(file.name for file in tmp_path.iterdir() if file.suffix != ".lock") == ["b", "d"]
    assert {file.stem for file in tmp_path.iterdir()} == {"b", "d"}  # nor locks of what was removed


def test_usage_is_counted_and_cleared(tmp_path):
    cache.fetch("a", maker([], "x" * 5), tmp_path)
    cache.fetch("b", maker([], "x" * 7), tmp_path)
    assert cache.usage(tmp_path) == cache.Usage(binaries=2, bytes=12)
    assert cache.clear(tmp_path) == cache.Usage(binaries=2, bytes=12)
    assert cache.usage(tmp_path) == cache.Usage(binaries=0, bytes=0)
    assert cache.usage(tmp_path / "never used") == cache.Usage(binaries=0, bytes=0)


def test_folder_that_cannot_be_written_is_an_environment_problem(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(EnvironmentProblem, match="CORTEX_CACHE"):
        cache.fetch("a", maker([]), tmp_path / "file")


@pytest.mark.parametrize("exists", [True, False])
def test_a_link_in_place_of_a_lock_is_refused_and_its_target_is_not_touched(exists, tmp_path):
    target, folder = tmp_path / "target", tmp_path / "cache"
    folder.mkdir()
    (folder / "a.lock").symlink_to(target)
    if exists:
        target.write_text("precious")
        target.chmod(0o600)
        os.utime(target, (1, 1))
    before = target.stat() if exists else None
    made = []
    with pytest.raises(EnvironmentProblem, match=r"a\.lock(.|\n)*CORTEX_CACHE"):
        cache.fetch("a", maker(made), folder)
    assert made == []
    assert (folder / "a.lock").is_symlink()
    assert target.exists() == exists
    if exists:
        after = target.stat()
        assert target.read_text() == "precious"
        assert (after.st_mode, after.st_mtime) == (before.st_mode, before.st_mtime)


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
