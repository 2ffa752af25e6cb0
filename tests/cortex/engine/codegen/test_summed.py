"""Summed variables, which are summed row by row where all cells are connected to all."""

import numpy as np
import pytest
from brian2 import Network, NeuronGroup, Synapses, ms

from cortex.engine import Arm, Model, compiler, simulate

needs_compiler = pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")

PAIRS = np.nonzero(np.random.default_rng(1).random((40, 30)) < 0.3)

CONNECTIONS = {
    "all": {},
    "others": {"condition": "i != j"},
    "some": {"i": PAIRS[0], "j": PAIRS[1]},
    "few": {"i": [3, 4, 4], "j": [7, 7, 7]},
}


def sums():
    """Return cells that are given sums over synapses of every kind of connection."""
    variables = [f"plain_{name} : 1\ncurved_{name} : 1\ncount_{name} : integer" for name in CONNECTIONS]
    source = NeuronGroup(40, "x : 1\nk : integer (constant)", name="source", namespace={})
    target = NeuronGroup(50, "y : 1\n" + "\n".join(variables), name="target", namespace={})
    source.x, source.k, target.y = "1.1 + sin(i)", "i % 3", "0.1*i"
    synapses = []
    for name, connection in CONNECTIONS.items():
        equations = f"""plain_{name}_post = w*x_pre - y_post : 1 (summed)
                        curved_{name}_post = log(x_pre)*sin(y_post) + exp(-w) : 1 (summed)
                        count_{name}_post = k_pre : integer (summed)
                        w : 1"""
        synapses.append(Synapses(source, target[10:40], equations, name=f"{name}_synapses", namespace={}))
        synapses[-1].connect(**connection)
        synapses[-1].w = "0.3 + 0.01*i - 0.02*j"
    names = [f"{kind}_{name}" for kind in ("plain", "curved", "count") for name in CONNECTIONS]
    outputs = {name: getattr(target, name) for name in names}
    return Model(Network(source, target, *synapses, name="network"), {"x": source.x}, outputs, 2 * ms, 1 * ms)


@needs_compiler
def test_sums_are_those_of_brian2(tmp_path):
    values = np.linspace(0.5, 2, 40)
    arms = {"ordinary": Arm({"x": values}, 0), "subnormal": Arm({"x": np.r_[1e-310, values[1:]]}, 0)}
    plain, ours = (simulate(sums, arms, backend=backend, cache=tmp_path).recordings for backend in ("plain", "cpp"))
    for name, value in plain["ordinary"].items():
        tolerance = 2e-15 if name.startswith("curved") else 0
        np.testing.assert_allclose(ours["ordinary"][name], value, rtol=tolerance, atol=tolerance)
        assert np.any(value)
        assert not np.any(value[:10]) and not np.any(value[40:])
    sine = np.sin(0.1 * np.arange(10, 40))
    change = ours["subnormal"]["curved_all"][10:40] - ours["ordinary"]["curved_all"][10:40]
    np.testing.assert_allclose(change, sine * (np.log(1e-310) - np.log(0.5)), rtol=1e-12)
