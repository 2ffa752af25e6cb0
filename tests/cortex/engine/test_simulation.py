"""The engine: exact spikes on both backends, seeds, inputs that never recompile, and runs that fail loudly."""

import os
import subprocess
import sys
import textwrap
from dataclasses import replace
from functools import partial

import brian2
import numpy as np
import pytest
from brian2 import Hz, Network, NeuronGroup, SpikeMonitor, StateMonitor, Synapses, TimedArray, ms, second

from cortex.engine import Arm, Model, compiler, processes, simulate
from cortex.engine.progress import Progress, Task
from cortex.errors import EnvironmentProblem, RunFailed

needs_compiler = pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")
backends = pytest.mark.parametrize("backend", [pytest.param("cpp", marks=needs_compiler), "numpy"])


@pytest.fixture(scope="session")
def binaries(tmp_path_factory):
    """A cache that the tests of this file share, since they simulate few different networks."""
    return tmp_path_factory.mktemp("binaries")


def clockwork(duration=40 * ms):
    """Return a deterministic network: cells driven by a timed current excite a target cell over plastic synapses."""
    drive = TimedArray(np.full((4, 3), 70.0) * Hz, dt=10 * ms, name="drive")
    cells = NeuronGroup(
        3, "dv/dt = drive(t, i) : 1", threshold="v >= 1", reset="v = 0", method="euler",
        name="cells", namespace={"drive": drive},
    )  # fmt: skip
    target = NeuronGroup(
        1, "dv/dt = -v / (10 * ms) : 1\ngain : 1 (shared, constant)", threshold="v >= 1", reset="v = 0", method="euler",
        name="target", namespace={},
    )  # fmt: skip
    synapses = Synapses(
        cells, target, "w : 1", on_pre="v_post += gain_post * w\nw += 0.1", delay=1 * ms, name="synapses", namespace={}
    )
    synapses.connect(i=[0, 1, 2], j=[0, 0, 0])
    synapses.w = 0.2
    target.gain = 1
    spikes = [SpikeMonitor(group, name=f"{group.name}_spikes") for group in (cells, target)]
    weights = StateMonitor(synapses, "w", record=[0, 2], dt=10 * ms, name="weights")
    return Model(
        network=Network(cells, target, synapses, *spikes, weights, name="network"),
        inputs={"drive": drive, "gain": target.gain, "w": synapses.w},
        outputs={"w": synapses.w, "gain": target.gain},
        duration=duration,
        dt=0.1 * ms,
    )


def noise(duration=1 * second):
    """Return cells that fire at random."""
    cells = NeuronGroup(20, "p : 1 (shared, constant)", threshold="rand() < p", reset="", name="cells", namespace={})
    spikes = SpikeMonitor(cells, name="spikes")
    return Model(Network(cells, spikes, name="network"), {"p": cells.p}, {}, duration, 1 * ms)


def endless():
    """Return a network that no machine simulates in a minute."""
    return noise(1e7 * second)


class Watcher(Progress):
    """Progress that calls a function at each step."""

    def __init__(self, watch):
        super().__init__(enabled=False)
        self.watch = watch

    def task(self, description, total=None):
        task = Task()
        task.update = self.watch
        return task


@pytest.fixture
def children(monkeypatch):
    """The programs that were started."""
    started = []

    class Popen(subprocess.Popen):
        def __init__(self, *arguments, **options):
            super().__init__(*arguments, **options)
            started.append(self)

    monkeypatch.setattr(processes.subprocess, "Popen", Popen)
    return started


@backends
def test_spikes_come_when_the_equations_say(backend, binaries):
    arms = {"slow": Arm({"drive": 51 * Hz * np.ones((4, 3)), "w": np.array([0.5, 0.4, 0.3])}, seed=1)}
    recording = simulate(clockwork, arms, backend=backend, cache=binaries).recordings["slow"]
    np.testing.assert_allclose(recording["cells_spikes.t"], np.repeat([0.0196, 0.0393], 3))  # every 197 steps
    np.testing.assert_allclose(recording["target_spikes.t"], [0.0207])  # delay, and one step to reach the threshold
    np.testing.assert_allclose(recording["w"], [0.6, 0.5, 0.4])  # the second volley is still on its way
    np.testing.assert_allclose(recording["weights.w"], [[0.5, 0.3]] * 3 + [[0.6, 0.4]])
    assert recording.units["cells_spikes.t"] == "s"
    assert recording.units["w"] == "1"
    assert recording.simulated_time == pytest.approx(0.04)


@needs_compiler
def test_backends_agree(binaries):
    drive = np.random.default_rng(0).uniform(20, 300, (4, 3)) * Hz
    arms = {
        "drive": Arm({"drive": drive, "gain": 0.7}, seed=1),
        "weights": Arm({"w": np.array([0.1, 0.9, 0.3])}, seed=1),
    }
    cpp, numpy = (simulate(clockwork, arms, backend=backend, cache=binaries) for backend in ("cpp", "numpy"))
    assert (cpp.backend, numpy.backend) == ("cpp", "numpy")
    assert "version" in cpp.compiler
    for name in arms:
        assert cpp.recordings[name].units == numpy.recordings[name].units
        assert len(cpp.recordings[name]["target_spikes.t"]) > 0
        for key in ("cells_spikes.t", "cells_spikes.i", "target_spikes.t"):
            np.testing.assert_array_equal(cpp.recordings[name][key], numpy.recordings[name][key])
        for key, values in numpy.recordings[name].items():
            np.testing.assert_allclose(cpp.recordings[name][key], values, rtol=1e-12, err_msg=key)


@backends
def test_same_seed_gives_the_same_numbers_in_any_order(backend, binaries):
    arms = {f"seed {seed}, p {p}": Arm({"p": p}, seed) for seed in (1, 2) for p in (0.1, 0.2)}
    forward = simulate(noise, arms, backend=backend, jobs=2, cache=binaries).recordings
    backward = simulate(noise, dict(reversed(arms.items())), backend=backend, jobs=1, cache=binaries).recordings
    for name in arms:
        np.testing.assert_array_equal(forward[name]["spikes.t"], backward[name]["spikes.t"])
        np.testing.assert_array_equal(forward[name]["spikes.i"], backward[name]["spikes.i"])
    assert len({len(recording["spikes.t"]) for recording in forward.values()}) == len(arms)
    assert list(backward) == list(reversed(arms))


@backends
@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"w": np.ones(4)}, r"'w' has shape \(4,\), the model expects \(3,\)"),
        ({"drive": np.ones((3, 4)) * Hz}, r"'drive' has shape \(3, 4\), the model expects \(4, 3\)"),
        ({"gain": np.ones(2)}, r"'gain' has shape \(2,\), the model expects \(1,\)"),
        ({"wait": 1.0}, "no input 'wait'; it has drive, gain, w"),
    ],
)
def test_wrong_inputs_are_refused(backend, inputs, message, binaries):
    with pytest.raises(ValueError, match=message):
        simulate(clockwork, {"arm": Arm(inputs, seed=1)}, backend=backend, cache=binaries)


@backends
def test_inputs_of_a_wrong_dimension_are_refused(backend, binaries):
    with pytest.raises(brian2.DimensionMismatchError, match="input 'drive'"):
        simulate(clockwork, {"arm": Arm({"drive": np.ones((4, 3))}, seed=1)}, backend=backend, cache=binaries)


@backends
def test_a_function_of_time_that_no_equation_reads_may_be_set(backend, binaries):
    def build():
        model = clockwork()
        return replace(model, inputs={**model.inputs, "unread": TimedArray(np.zeros(4), dt=10 * ms, name="unread")})

    arms = {"set": Arm({"unread": np.ones(4)}, seed=1), "not set": Arm({}, seed=1)}
    recordings = simulate(build, arms, backend=backend, cache=binaries).recordings
    np.testing.assert_array_equal(recordings["set"]["w"], recordings["not set"]["w"])


@needs_compiler
def test_killed_program_is_a_failed_run(binaries, children):
    def kill(completed):
        children[-1].kill()

    with pytest.raises(RunFailed, match=r"simulation of a was killed by SIGKILL(.|\n)*-j 1"):
        simulate(endless, {"a": Arm({}, seed=1)}, backend="cpp", progress=Watcher(kill), cache=binaries)


@needs_compiler
@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_interruption_ends_the_programs(error, binaries, children):
    def interrupt(completed):
        raise error

    arms = {name: Arm({}, seed=1) for name in "abc"}
    with pytest.raises(error):
        simulate(endless, arms, backend="cpp", progress=Watcher(interrupt), cache=binaries)
    programs = [child for child in children if "--results_dir" in child.args]
    assert [child.returncode for child in programs] == [-15, -15]


@needs_compiler
def test_progress_is_in_biological_seconds(binaries):
    steps = []
    arms = {"a": Arm({}, seed=1)}
    simulate(lambda: noise(3e3 * second), arms, backend="cpp", progress=Watcher(steps.append), cache=binaries)
    assert steps == sorted(steps)
    assert steps[-1] == 3e3
    assert any(0 < completed < 3e3 for completed in steps)


@needs_compiler
@pytest.mark.parametrize("array", ["_dynamic_array_spikes_t_*", "_array_spikes_count_*"])
def test_results_that_cannot_be_written_fail_the_run(tmp_path, binaries, array):
    arms, results = {"arm": Arm({"p": 0.5}, seed=1)}, tmp_path / "runs" / "0" / "results"
    run = partial(simulate, partial(noise, 3e3 * second), arms, backend="cpp", project=tmp_path, cache=binaries)
    run()
    [file] = results.glob(array)

    def fill(completed):
        link = tmp_path / "full"
        link.symlink_to("/dev/full")
        link.replace(file)  # at once: the program opens the file again and again

    with pytest.raises(RunFailed, match="SIGABRT"):
        run(progress=Watcher(fill))


def test_run_that_stops_early_fails():
    def build():
        model = clockwork()
        stop = brian2.NetworkOperation(lambda t: brian2.stop() if t > 20 * ms else None, name="stop")
        model.network.add(stop)
        return model

    with pytest.raises(RunFailed, match=r"stopped at .* s of 0.04 s"):
        simulate(build, {"arm": Arm({}, seed=1)}, backend="numpy")


def test_without_a_compiler_numpy_takes_over_with_a_warning(monkeypatch, caplog):
    monkeypatch.setattr(compiler.shutil, "which", lambda name: None)
    simulation = simulate(clockwork, {"arm": Arm({}, seed=1)})
    assert simulation.backend == "numpy"
    assert "many times slower" in caplog.text
    with pytest.raises(EnvironmentProblem, match="install one"):
        simulate(clockwork, {"arm": Arm({}, seed=1)}, backend="cpp")


@needs_compiler
def test_compiler_that_fails_is_an_environment_problem(tmp_path, monkeypatch):
    broken = tmp_path / "c++"
    broken.write_text('#!/bin/sh\ncase "$*" in *-E*) exec g++ "$@";; esac\necho \'no headers here\' >&2\nexit 1\n')
    broken.chmod(0o755)
    monkeypatch.setenv("CXX", str(broken))
    with pytest.raises(EnvironmentProblem, match="no headers here"):
        simulate(noise, {"arm": Arm({}, seed=1)}, cache=tmp_path / "cache")


@needs_compiler
def test_brian2_is_left_as_it_was(binaries):
    before = brian2.get_device(), brian2.defaultclock.dt, brian2.prefs.as_file
    simulate(noise, {"arm": Arm({}, seed=1)}, backend="cpp", cache=binaries)
    simulate(noise, {"arm": Arm({}, seed=1)}, backend="numpy")
    assert (brian2.get_device(), brian2.defaultclock.dt, brian2.prefs.as_file) == before


PROGRAM = """
import sys
from pathlib import Path
import numpy as np
from brian2 import *
from cortex.engine import Arm, Model, simulate

def build():
    drive = TimedArray(float(sys.argv[2]) * np.ones(10) * Hz, dt=10 * ms, name="drive")
    cells = NeuronGroup(5, "dv/dt = drive(t) : 1\\na : 1\\nb : 1 (shared, constant)", threshold="v > rand()",
                        reset="v = 0", method="euler", name="cells", namespace={"drive": drive})
    cells.a, cells.b = float(sys.argv[2]), -float(sys.argv[2])
    slow = StateMonitor(cells, ["v", "a"], record=[0], dt=1 * ms, name="slow")
    slower = StateMonitor(cells, "v", record=[1], dt=10 * ms, name="slower")
    network = Network(cells, slow, slower, SpikeMonitor(cells, name="spikes"), name="network")
    return Model(network, {"a": cells.a}, {"a": cells.a, "b": cells.b}, 100 * ms, 0.1 * ms)

arms = {"arm": Arm({"a": 2 * float(sys.argv[2])}, seed=int(sys.argv[3]))}
recording = simulate(build, arms, backend="cpp", cache=Path(sys.argv[1])).recordings["arm"]
print(recording["a"][0], recording["b"].item(), len(recording["spikes.t"]))
"""


@needs_compiler
def test_other_processes_values_and_seeds_never_compile_again(tmp_path):
    command = compiler.find_compiler().command
    counting = tmp_path / "c++"
    counting.write_text(f'#!/bin/sh\necho "$*" >> {tmp_path}/calls\nexec {" ".join(command)} "$@"\n')
    counting.chmod(0o755)
    script = tmp_path / "script.py"
    script.write_text(textwrap.dedent(PROGRAM))

    def start(value, seed):
        environment = os.environ | {"CXX": str(counting), "PYTHONHASHSEED": str(seed)}
        words = [sys.executable, str(script), str(tmp_path / "cache"), str(value), str(seed)]
        return subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, text=True)

    racing = [start(20.0, seed=1), start(30.0, seed=2)]
    first, second = (process.communicate()[0].split() for process in racing)
    third = start(40.0, seed=3).communicate()[0].split()
    assert [float(a) for a, *_ in (first, second, third)] == [40.0, 60.0, 80.0]
    assert [float(b) for _, b, _ in (first, second, third)] == [-20.0, -30.0, -40.0]
    assert len({first[2], second[2], third[2]}) == 3
    compilations = [call for call in (tmp_path / "calls").read_text().splitlines() if " -o " in call]
    assert len(compilations) == 1
