"""Whether a folder is the user's own."""

import os
from pathlib import Path

import pytest

from cortex.engine import ownership

pytestmark = pytest.mark.skipif(os.name != "posix", reason="users and modes of POSIX")


@pytest.fixture
def inner(tmp_path, monkeypatch):
    """A folder in a folder of the user's home."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    inner = tmp_path / "home" / "outer" / "inner"
    inner.mkdir(parents=True)
    return inner


def alone(monkeypatch, members=()):
    """Give the user a group of the user's name."""
    import grp

    entry = grp.struct_group((ownership._user(os.getuid()), "", os.getgid(), list(members)))
    monkeypatch.setattr(grp, "getgrgid", lambda number: entry)


def test_a_folder_of_ones_own_is_no_problem(inner):
    assert ownership.problem(inner) == ""


@pytest.mark.parametrize("mode", [0o775, 0o757, 0o777])
@pytest.mark.parametrize("place", [".", "..", "../.."])
def test_where_others_may_write(place, mode, inner, monkeypatch):
    monkeypatch.setattr(ownership, "_is_private_group", lambda number: False)
    open_to_others = Path(os.path.normpath(inner / place))
    open_to_others.chmod(mode)
    assert f"others may write to {open_to_others}; `chmod go-w {open_to_others}`" in ownership.problem(inner)


def test_what_lies_around_the_home_folder_is_the_systems(inner, tmp_path):
    tmp_path.chmod(0o777)
    assert ownership.problem(inner) == ""


def test_where_files_of_others_cannot_be_replaced(inner):
    inner.parent.chmod(0o1777)
    assert ownership.problem(inner) == ""
    inner.chmod(0o1777)
    assert "others may write" in ownership.problem(inner)


def test_a_group_of_one(inner, monkeypatch):
    inner.chmod(0o775)
    alone(monkeypatch)
    assert ownership.problem(inner) == ""
    alone(monkeypatch, ["friend"])
    assert "others may write" in ownership.problem(inner)


@pytest.mark.parametrize("place", [".", ".."])
def test_a_folder_of_another_user(place, inner, monkeypatch):
    elsewhere = Path(os.path.normpath(inner / place))
    if os.getuid() == 0:
        os.chown(elsewhere, 12345, -1)
        other = 12345
    else:
        other = os.getuid()
        monkeypatch.setattr(os, "getuid", lambda: other + 1)
        elsewhere = inner
    assert ownership.problem(inner) == f"{elsewhere} belongs to {ownership._user(other)}"
