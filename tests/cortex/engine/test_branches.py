"""Arms that are alike for a while are simulated once until then, and nothing comes out different."""

import multiprocessing
import signal
import time
from contextlib import closing
from types import SimpleNamespace

import numpy as np
import psutil
import pytest
from brian2 import Hz, Network, NeuronGroup, PoissonGroup, SpikeMonitor, StateMonitor, Synapses, TimedArray, ms

from cortex.engine import Arm, Model, Recipe, compiler, simulate, streaming
from cortex.engine.codegen.units import is_of_now
from cortex.engine.prepared import PreparedArm, branches
from cortex.engine.processes import FAILED, ArmProcess, Turns
from cortex.engine.program import Array, Input, Program
from cortex.errors import Killed, RunFailed
from tests.cortex.engine.test_simulation import Watcher, children  # noqa: F401

needs_compiler = pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")

SLOTS = 20
DRIVE = np.ones(SLOTS)
LATER = DRIVE + 2 * (np.arange(SLOTS) >= 10)
LATEST = LATER + (np.arange(SLOTS) >= 15)
ARMS = {
    "first": Arm({"drive": DRIVE}, 1),
    "later": Arm({"drive": LATER}, 1),
    "latest": Arm({"drive": LATEST}, 1),
    "other seed": Arm({"drive": DRIVE}, 2),
    "other": Arm({"drive": DRIVE + 1}, 1),
}
"""The second leaves the first in slot 9, the third leaves the second in slot 14; the others are alike to none."""

LONG = 100_000


def build(cells=200, duration=100):
    """Return noisy cells with learning synapses with delays, and monitors."""
    drive = TimedArray(np.zeros(SLOTS), dt=duration / SLOTS * ms, name="drive")
    group = NeuronGroup(
        cells,
        "dv/dt = (drive(t) - v)/(10*ms) + 0.3*xi/sqrt(10*ms) : 1\ntrace : 1",
        threshold="v > 1", reset="v = 0; trace += 1", method="euler", name="cells", namespace={"drive": drive},
    )  # fmt: skip
    group.run_regularly("trace *= rand()", dt=3 * ms, name="forgetting")
    afferents = PoissonGroup(50, 40 * Hz, name="afferents")
    dense = Synapses(
        afferents, group, "w : 1", on_pre="v_post += 0.1*w; w *= 0.99", delay=2 * ms, name="dense", namespace={}
    )
    dense.connect()
    dense.w = "rand()"
    monitors = [SpikeMonitor(group, "v", name="spikes"), StateMonitor(group, "v", [1, 2], dt=1 * ms, name="states")]
    network = Network(group, afferents, dense, *monitors, name="network")
    return Model(network, {"drive": drive}, {"w": dense.w}, duration * ms, 0.1 * ms)


@needs_compiler
@pytest.mark.parametrize("jobs", [1, 3])
def test_arms_that_share_their_start_are_as_if_simulated_alone(jobs, monkeypatch, children):  # noqa: F811
    monkeypatch.setattr(streaming, "BLOCK", 1000)
    times = []
    run = simulate(Recipe(build), ARMS, backend="cpp", jobs=jobs, threads=1, progress=Watcher(times.append)).recordings
    assert times == sorted(times)
    assert times[-1] == pytest.approx(len(ARMS) * 0.1)
    assert len([child for child in children if "--results_dir" in child.args]) == 3
    for name, arm in ARMS.items():
        alone = simulate(Recipe(build), {name: arm}, backend="cpp").recordings[name]
        assert list(run) == list(ARMS)
        for array, values in alone.items():
            np.testing.assert_array_equal(run[name][array], values, err_msg=f"{name}: {array}")
    assert len(run["latest"]["spikes.t"]) > len(run["later"]["spikes.t"]) > len(run["first"]["spikes.t"]) > 100


def descendants(process):
    """Return the processes that go on from a process, the earliest first."""
    return psutil.Process(process.pid).children(recursive=True)


@needs_compiler
@pytest.mark.parametrize("jobs", [1, 2])
def test_an_arm_that_is_killed_is_told_and_the_others_end(jobs, children):  # noqa: F811
    killed, others = [], []

    def kill(completed):
        found = descendants(children[-1]) if "--results_dir" in children[-1].args else []
        if found and not killed:
            others.extend(found[1:])
            killed.append(found[0])
            found[0].kill()

    later = {name: Arm({"drive": DRIVE + (np.arange(SLOTS) >= 3)}, 1) for name in ("later", "as late")}
    arms = {"first": Arm({"drive": DRIVE}, 1)} | later
    slow = Recipe(build, (20, LONG))
    with pytest.raises(Killed, match="simulation of later was killed by SIGKILL"):
        simulate(slow, arms, backend="cpp", jobs=jobs, threads=1, progress=Watcher(kill))
    assert psutil.wait_procs(others, timeout=10)[1] == []


@needs_compiler
def test_who_waits_for_an_arm_that_has_left_ends_with_the_process_that_reads_the_results(tmp_path):
    context = multiprocessing.get_context("fork")
    arms = {"first": Arm({"drive": DRIVE}, 1), "later": Arm({"drive": LATER}, 1)}
    how = {"jobs": 1, "threads": 1, "backend": "cpp", "project": tmp_path}
    reader = context.Process(target=simulate, args=(Recipe(build, (20, 10_000)), arms), kwargs=how)
    reader.start()
    while len(found := descendants(reader)) < 2 or any(process.name() != "simulation" for process in found):
        assert reader.is_alive()
        time.sleep(0.01)
    waits, left = found
    left.suspend()  # so that it does not end
    while waits.status() != psutil.STATUS_SLEEPING:
        time.sleep(0.01)
    reader.kill()
    try:
        assert psutil.wait_procs([waits], timeout=10)[1] == []
    finally:
        left.kill()


@needs_compiler
def test_arms_end_where_the_starter_ignores_sigchld():
    def ignoring():
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        arms = {name: ARMS[name] for name in ("first", "later")}
        simulate(Recipe(build), arms, backend="cpp", jobs=1, threads=1)

    reader = multiprocessing.get_context("fork").Process(target=ignoring)
    reader.start()
    reader.join(60)
    reader.kill()
    reader.join()
    assert reader.exitcode == 0


def test_an_arm_whose_cause_found_no_room_on_the_disk_failed(tmp_path):
    arms = [PreparedArm(name, number, 1, {}) for number, name in enumerate(("first", "later"))]
    for arm in arms:
        arm.folder(tmp_path).mkdir(parents=True)
        (arm.folder(tmp_path) / "stderr.txt").touch()
    (arms[1].folder(tmp_path) / FAILED).touch()
    ended = SimpleNamespace(arms=arms, project=tmp_path, process=SimpleNamespace(returncode=1))
    with pytest.raises(RunFailed, match="simulation of later failed\nrun it again; if memory or disk space is short"):
        ArmProcess.check(ended)


def program(slot, duration=100.0):
    """Return a program with a function of time, whose values last a slot, s, and with an input for each cell."""
    inputs = {
        "drive": Input("drive.values", "float64", (0.0,) * 7, (SLOTS,), slot=slot),
        "p": Input("cells.p", "float64", (0.0,) * 7, (2,)),
    }
    return Program(None, "", None, inputs, {}, Array("t", "float64", "s"), duration, 0.1)


def left(arms, **of_program):
    """Return which arm each one leaves, and at which step."""
    made = [PreparedArm("", number, seed, arguments) for number, (seed, arguments) in enumerate(arms)]
    found = branches(program(**{"slot": 5.0} | of_program), made)
    return {number: (branch.source.number, branch.step) for number, branch in found.items()}


def test_arms_are_alike_until_their_inputs_differ():
    drives = [{"drive.values": values} for values in (DRIVE, LATER, LATEST, DRIVE + 1)]
    arms = [(1, given) for given in drives]
    assert left(arms) == {1: (0, 449), 2: (1, 699)}
    assert left(arms, slot=0.0) == {}  # it is looked up ahead of its time
    assert left(arms, duration=0.0) == {}
    assert left([(1, drives[0]), (2, drives[1])]) == {}
    assert left([(1, drives[0]), (1, drives[1] | {"cells.p": np.ones(2)})]) == {}
    cells = [{"cells.p": np.array(values)} for values in ([1.0, 2.0], [1.0, 2.0], [1.0, 3.0])]
    assert left([(1, drives[k] | cells[k]) for k in range(3)]) == {1: (0, 449)}
    assert left([(1, {"drive.values": values}) for values in (0 * DRIVE, (1 - LATER) * 0)]) == {1: (0, 449)}  # -0


@pytest.mark.parametrize(
    ("code", "now"), [("drive(t) + drive(t, i) + overdrive(0)", True), ("drive(t)*drive(t + 2)", False)]
)
def test_a_function_that_is_looked_up_ahead_of_its_time_is_known(code, now, tmp_path):
    (tmp_path / "unit.cpp").write_text(f"static inline double drive(const double t) {{}}\nv = {code};")
    assert is_of_now("drive", tmp_path) == now


def test_as_many_processes_run_as_there_are_turns():
    with closing(Turns(2)) as turns:
        assert [turns.take() for _ in range(3)] == [True, True, False]
        turns.give()
        assert turns.take()
