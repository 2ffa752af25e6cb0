"""Whether a folder is the user's own: programs are only executed from where nobody else can put them."""

import os
import stat
from contextlib import suppress
from pathlib import Path

UNKNOWN = 65534
"""Owner shown inside a container for folders of the machine around it."""


def problem(folder: Path) -> str:
    """Return who else could put files into a folder, or in its place; an empty string if nobody can.

    The folder and those around it, up to the user's home, must belong to the user or to root. Others may write to none
    of them, except to one around it where nobody can replace the files of others, such as /tmp.

    Parameters
    ----------
    folder : Path
        An absolute path without links.
    """
    if os.name != "posix":
        return ""
    home = Path(os.path.expanduser("~")).resolve()
    for place in (folder, *folder.parents):
        state = place.stat()
        owners = {os.getuid(), 0} | (set() if place == folder else {UNKNOWN})
        if state.st_uid not in owners:
            return f"{place} belongs to {_user(state.st_uid)}"
        kept_apart = place != folder and state.st_mode & stat.S_ISVTX
        if _others_may_write(state) and not kept_apart:
            return f"others may write to {place}; `chmod go-w {place}` ends that"
        if place == home:
            break
    return ""


def _others_may_write(state: os.stat_result) -> bool:
    group_may = state.st_mode & stat.S_IWGRP and not _is_private_group(state.st_gid)
    return bool(group_may or state.st_mode & stat.S_IWOTH)


def _is_private_group(number: int) -> bool:
    """Return whether a group is the one that many systems make for each user, with nobody else in it."""
    import grp

    with suppress(KeyError):
        group = grp.getgrgid(number)
        return group.gr_name == _user(os.getuid()) and set(group.gr_mem) <= {group.gr_name}
    return False


def _user(number: int) -> str:
    import pwd

    with suppress(KeyError):
        return pwd.getpwuid(number).pw_name
    return f"user {number}"
