"""Synapses whose contacts each arm sets."""

from functools import partial

import numpy as np
import pytest
from brian2 import Network, NeuronGroup, SpikeMonitor, Synapses, ms

from cortex.engine import Arm, Model, Recipe, compiler, simulate

needs_compiler = pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")
backends = pytest.mark.parametrize(
    "backend", [*(pytest.param(name, marks=needs_compiler) for name in ("cpp", "plain")), "numpy"]
)
SENDERS, RECEIVERS, FIRST = 6, 5, 2
"""Cells on either side, and the number in its group of the first that receives."""

SORTED = np.array([[0, 0, 1, 3, 5], [4, 2, 1, 1, 0]])
MIXED = SORTED[:, [3, 0, 4, 2, 1]]
ARMS = {"sorted": SORTED, "mixed": MIXED, "other": np.array([[2], [3]]), "none": np.zeros((2, 0), int)}


def build(numbered: bool = False):
    """Return cells of which each fires once, and synapses, to a part of another group, that learn from both."""
    senders = NeuronGroup(
        SENDERS, "x : 1", threshold="timestep(t, dt) == i + 1", reset="x += 1", name="senders", namespace={}
    )
    late = "timestep(t, dt) == 10"
    group = NeuronGroup(FIRST + RECEIVERS, "v : 1\nn : 1", threshold=late, reset="", name="receivers", namespace={})
    synapses = Synapses(
        senders,
        group[FIRST:],
        "w : 1",
        on_pre="v_post += w\nn_post = N_incoming",
        on_post="x_pre += 100*w",
        delay={"pre": 0.3 * ms},
        multisynaptic_index="number" if numbered else None,
        namespace={},
        name="synapses",
    )
    synapses.connect(False)
    inputs = {"contacts": synapses, "w": synapses.w}
    outputs = {"v": group.v, "x": senders.x, "w": synapses.w, "n": group.n}
    network = Network(senders, group, synapses, SpikeMonitor(senders, name="spikes"))
    return Model(network, inputs, outputs, 2 * ms, 0.1 * ms)


@backends
def test_each_arm_has_its_contacts(backend, tmp_path):
    arms = {}
    for name, contacts in ARMS.items():
        weights = 1.0 + contacts[0] + 10 * contacts[1]
        arms[name] = Arm({"w": weights, "contacts": contacts} if weights.size else {"contacts": contacts}, 1)
    for _ in range(2):  # the second time the program is known, and not built
        found = simulate(Recipe(build), arms, backend=backend, cache=tmp_path).recordings
        for name, (source, target) in ARMS.items():
            weights = 1.0 + source + 10 * target
            heard = np.bincount(FIRST + target, weights, FIRST + RECEIVERS)
            np.testing.assert_array_equal(found[name]["v"], heard, err_msg=name)
            learned = 1 + 100 * np.bincount(source, weights, SENDERS)
            np.testing.assert_array_equal(found[name]["x"], learned, err_msg=name)
            np.testing.assert_array_equal(found[name]["w"], weights, err_msg=name)
            np.testing.assert_array_equal(
                found[name]["n"], np.bincount(FIRST + target, minlength=FIRST + RECEIVERS), err_msg=name
            )


@pytest.mark.parametrize(
    ("contacts", "message"),
    [
        (np.zeros((3, 4), int), "contacts have the shape"),
        (np.zeros(4, int), "contacts have the shape"),
        (np.array([[0, 6], [0, 0]]), "a source outside 0 to 5"),
        (np.array([[0], [-1]]), "a target outside 0 to 4"),
        (np.array([[0.5], [0]]), "cannot hold 0.5"),
    ],
)
def test_contacts_of_no_cells_are_refused(contacts, message):
    with pytest.raises(ValueError, match=message):
        simulate(build, {"arm": Arm({"contacts": contacts}, 1)}, backend="numpy")


def test_numbered_synapses_are_refused():
    with pytest.raises(ValueError, match="multisynaptic_index"):
        simulate(partial(build, numbered=True), {"arm": Arm({}, 1)}, backend="numpy")


@needs_compiler
def test_a_program_writes_what_is_recorded_alone(tmp_path):
    simulate(build, {"arm": Arm({"contacts": SORTED, "w": 1.0}, 1)}, backend="cpp", project=tmp_path)
    written = {file.name.rsplit("_", 1)[0] for file in (tmp_path / "runs" / "0" / "results").glob("_*")}
    assert written == {
        "_array_receivers_n",
        "_array_receivers_v",
        "_array_senders_x",
        "_array_spikes_count",
        "_array_defaultclock_t",
        "_dynamic_array_synapses_w",
        "_dynamic_array_spikes_i",
        "_dynamic_array_spikes_t",
    }
