"""Recordings of any length: monitors write to their files while the program runs, and Python reads what it uses."""

from contextlib import suppress
from functools import partial

import numpy as np
import psutil
import pytest
from brian2 import Network, NeuronGroup, PopulationRateMonitor, SpikeMonitor, StateMonitor, linked_var, ms

from cortex.engine import Arm, Model, compiler, program, simulate, streaming
from tests.cortex.engine.test_simulation import Watcher, children  # noqa: F401

pytestmark = pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")

ARM = {"arm": Arm({}, 1)}


def chatty(cells=30, duration=30 * ms, dt=0.1 * ms, readers=False):
    """Return cells that fire at each second step or more rarely, with monitors of all kinds.

    Parameters
    ----------
    cells : int
    duration, dt : Quantity, s
    readers : bool
        Whether the network reads what the monitors have recorded.
    """
    group = NeuronGroup(
        cells, "dv/dt = (1 + i % 7)/(2*ms) : 1\nfired : boolean", threshold="v > 0.2", reset="v = 0\nfired = not fired",
        method="euler", name="cells", namespace={},
    )  # fmt: skip
    spikes = SpikeMonitor(group, ["v", "fired"], name="spikes")
    monitors = [
        spikes,
        SpikeMonitor(group, name="counts", record=False),
        SpikeMonitor(group[3:5], name="some"),
        StateMonitor(group, ["v", "fired"], record=True, name="states"),
        StateMonitor(group, "v", record=[1], dt=1 * ms, name="slow"),
        StateMonitor(group, "v", record=[], dt=1 * ms, name="empty"),
        PopulationRateMonitor(group, name="rate"),
    ]
    objects = [group, *monitors]
    if readers:
        total = NeuronGroup(1, "spikes : integer (linked)\nlast : 1", name="total", namespace={})
        total.spikes = linked_var(spikes, "N")
        total.run_regularly("last = spikes", when="end", order=1, name="reading")
        objects += [total, StateMonitor(total, "last", record=True, dt=1 * ms, name="read")]
    outputs = {"samples": monitors[4].N} if readers else {}
    return Model(Network(objects, name="network"), {}, outputs, duration, dt)


@pytest.mark.parametrize("readers", [False, True])
def test_what_is_written_in_blocks_is_what_was_recorded(monkeypatch, readers):
    monkeypatch.setattr(streaming, "BLOCK", 100)
    cpp, plain = (
        simulate(partial(chatty, readers=readers), ARM, backend=backend).recordings["arm"]
        for backend in ("cpp", "plain")
    )
    assert len(plain["spikes.t"]) > 500
    assert list(cpp) == list(plain)
    for name, array in plain.items():
        assert (cpp[name].dtype, cpp[name].shape) == (array.dtype, array.shape), name
        np.testing.assert_array_equal(cpp[name], array, err_msg=name)
    if readers:
        assert cpp["read.last"][-1, 0] > 0
        assert cpp["samples"] == len(cpp["slow.t"]) == 30


def test_what_the_network_reads_of_a_monitor_stays_in_memory(tmp_path):
    simulate(partial(chatty, readers=True), ARM, backend="cpp", project=tmp_path)
    stored = (tmp_path / "unit.cpp").read_text().partition("store_recordings(bool")[2].partition("\n}")[0]
    known = {name: f"_dynamic_array_{name}_t" in stored for name in ("spikes", "some", "states", "slow", "rate")}
    assert known == {"spikes": False, "some": True, "states": True, "slow": False, "rate": True}


def test_the_memory_of_a_program_does_not_grow_with_time(children):  # noqa: F811
    sizes = {}

    def look(completed):
        with suppress(psutil.Error):
            sizes[completed] = psutil.Process(children[-1].pid).memory_info().rss

    duration = 2000 * ms
    recording = simulate(partial(chatty, 1000, duration), ARM, backend="cpp", progress=Watcher(look)).recordings["arm"]
    early = min(time for time in sizes if time > 0)
    assert sum(array.nbytes for array in recording.values()) * (max(sizes) - early) > 5e7
    assert max(sizes.values()) - sizes[early] < 5e6


def test_large_arrays_are_read_as_they_are_used_and_outlive_their_files(monkeypatch, tmp_path):
    monkeypatch.setattr(program, "LARGE", 1000)
    first, second = (simulate(chatty, ARM, backend="cpp", project=tmp_path).recordings["arm"] for _ in range(2))
    assert isinstance(first["spikes.t"], np.memmap)
    assert not isinstance(first["slow.t"], np.memmap)
    for name, array in second.items():
        np.testing.assert_array_equal(first[name], array)
    first["states.v"][:] = 0
    assert second["states.v"].any()
    assert simulate(chatty, ARM, backend="cpp").recordings["arm"]["states.v"].any()
