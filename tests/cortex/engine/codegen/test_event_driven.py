"""Traces of synapses that decay between spikes: many exponentials at once, where no partner occurs twice."""

import numpy as np
import pytest
from brian2 import Network, NeuronGroup, Synapses, ms

from cortex.engine import Arm, Model, compiler, simulate

needs_compiler = pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")

PAIRS = np.nonzero(np.random.default_rng(1).random((40, 30)) < 0.4)
SHUFFLED = np.random.default_rng(2).permutation(len(PAIRS[0]))

CONNECTIONS = {
    "all": {},
    "some": {"i": PAIRS[0], "j": PAIRS[1]},
    "twice": {"i": np.repeat(PAIRS[0], 2), "j": np.repeat(PAIRS[1], 2)},
    "shuffled": {"i": PAIRS[0][SHUFFLED], "j": PAIRS[1][SHUFFLED]},
}


def plastic():
    """Return cells with plastic synapses of every kind of connection; both sides fire at fixed times."""
    fires = "(7*i + timestep(t, 1*ms)) % 23 == 3"
    source = NeuronGroup(40, "", threshold=fires, reset="", name="source", namespace={})
    target = NeuronGroup(30, "g : 1", threshold=fires, reset="", name="target", namespace={})
    synapses = []
    for name, connection in CONNECTIONS.items():
        synapses.append(
            Synapses(
                source,
                target,
                """w : 1
                   dpre/dt = -pre/(20*ms) : 1 (event-driven)
                   dpost/dt = -post/(30*ms) : 1 (event-driven)""",
                on_pre="g_post += w\npre += 1\nw = clip(w - 0.02*post, 0, 2)",
                on_post="post += 1\nw = clip(w + 0.03*pre, 0, 2)",
                name=name,
                namespace={"ms": ms},
            )
        )
        synapses[-1].connect(**connection)
        synapses[-1].w = "0.3 + 0.01*i + 0.02*j"
    outputs = {"g": target.g, **{s.name: s.w for s in synapses}}
    return Model(Network(source, target, *synapses, name="network"), {}, outputs, 200 * ms, 1 * ms)


@needs_compiler
def test_weights_are_those_of_brian2(tmp_path):
    plain, ours = (
        simulate(plastic, {"a": Arm({}, 0)}, backend=backend, cache=tmp_path).recordings["a"]
        for backend in ("plain", "cpp")
    )
    for name in ("g", *CONNECTIONS):
        np.testing.assert_allclose(ours[name], plain[name], rtol=1e-13)
        assert len(np.unique(ours[name])) > 20
