"""Watching over a process that works on a study."""

import subprocess
import sys

import psutil
import pytest

from cortex.studies import watch

SHARING = """
import os
held = bytearray(os.urandom(1)) * 200_000_000
os.fork()
print(flush=True)
input()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what processes share")
def test_memory_that_simulations_share_counts_once() -> None:
    words = [sys.executable, "-c", SHARING]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as sharing:
        assert sharing.stdout
        sharing.stdout.readline()
        sharing.stdout.readline()
        each, once = watch._memory(), watch._memory(once=True)
        assert 0.2 < once < each - 0.15
        assert watch._excess(0.0, None, (each + once) / 2) == ""
        assert watch._excess(0.0, None, once / 2).endswith(f"more than the limit of {once / 2:g} GB")
        sharing.kill()


def test_memory_is_told_where_what_is_shared_may_not_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(process: psutil.Process) -> None:
        raise psutil.AccessDenied(process.pid)

    monkeypatch.setattr(psutil.Process, "memory_full_info", refused)
    assert watch._excess(0.0, None, 0.001).endswith("more than the limit of 0.001 GB")
