"""Starting a compiled program: inputs are whole, and what keeps it from starting is told."""

import errno
import os
from pathlib import Path

import numpy as np
import pytest

from cortex.engine.prepared import PreparedArm
from cortex.engine.processes import ArmProcess, run_all, threads_for
from cortex.engine.program import Array, Program
from cortex.engine.progress import Progress
from cortex.errors import EnvironmentProblem


def program(folder: Path, mode: int = 0o755) -> Program:
    """Return a program that does nothing."""
    binary = folder / "simulation"
    binary.write_text("#!/bin/sh\n")
    binary.chmod(mode)
    return Program(binary, "", folder, {}, {}, Array("t", "float64", "s"), 1.0, 0.1)


def test_inputs_are_written_as_the_program_reads_them(tmp_path):
    values = np.arange(6.0).reshape(2, 3).T
    arm = PreparedArm("arm", 0, 1, {"cells.v": values})
    ArmProcess(program(tmp_path), tmp_path, arm).process.wait()
    np.testing.assert_array_equal(np.fromfile(arm.folder(tmp_path) / "input-0"), values.ravel())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk that is always full")
def test_a_full_disk_is_noticed_when_inputs_are_written(tmp_path):
    arm = PreparedArm("arm", 0, 1, {"cells.v": np.ones(3)})
    arm.folder(tmp_path).mkdir(parents=True)
    (arm.folder(tmp_path) / "input-0").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left") as caught:
        ArmProcess(program(tmp_path), tmp_path, arm)
    assert caught.value.errno == errno.ENOSPC


def test_a_program_that_may_not_be_executed_is_an_environment_problem(tmp_path):
    with pytest.raises(EnvironmentProblem, match=r"simulation cannot be started: Permission denied\n.*with -o"):
        ArmProcess(program(tmp_path, mode=0o644), tmp_path, PreparedArm("arm", 0, 1, {}))


def test_a_program_is_told_its_threads(tmp_path):
    script = program(tmp_path)
    script.binary.write_text("#!/bin/sh\necho $CORTEX_THREADS\n")
    arms = [PreparedArm(f"arm {number}", number, 1, {}) for number in range(2)]
    for arm, _ in run_all(script, tmp_path, arms, 2, 3, Progress(enabled=False)):
        assert (arm.folder(tmp_path) / "stdout.txt").read_text() == "3\n"


def test_simulations_at_the_same_time_share_the_cores(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: set(range(8)), raising=False)
    assert [threads_for(simulations) for simulations in (1, 3, 8, 9, 10**9)] == [8, 2, 1, 1, 1]
