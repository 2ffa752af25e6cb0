"""Single precision: functions of cells are right to its last places, and times keep double precision."""

import numpy as np
import pytest
from brian2 import Network, NeuronGroup, ms, second

from cortex.engine import Arm, Model, compiler, simulate

needs_compiler = pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")

NUMBERS = np.concatenate([np.linspace(-87, 88.7, 3001), np.linspace(-1, 1, 1001), [-200, 200, 0]]).astype("f4")


def network():
    """Return cells with functions of their numbers, and what is left of a second, in double precision."""
    functions = ("exponential", "power", "sine", "clipped")
    variables = "x : 1\nend : second\nleft : second" + "".join(f"\n{name} : 1" for name in functions)
    precise = {"end": np.float64, "left": np.float64}
    cells = NeuronGroup(len(NUMBERS), variables, dtype=precise, name="cells", namespace={"factor": 0.1})
    code = (
        "exponential = exp(x)\npower = (factor*x)**2\nsine = sin(0.1*x)\nclipped = clip(x, -inf, 0.1)\nleft = end - t"
    )
    cells.run_regularly(code, dt=0.1 * ms, name="apply")
    outputs = {name: getattr(cells, name) for name in (*functions, "left")}
    return Model(Network(cells, name="network"), {"x": cells.x, "end": cells.end}, outputs, 0.4 * ms, 0.1 * ms)


@needs_compiler
def test_functions_are_right_and_times_keep_double_precision(tmp_path):
    arms = {"a": Arm({"x": NUMBERS, "end": 1 * second}, 0)}
    found = simulate(network, arms, backend="cpp", precision="single", cache=tmp_path).recordings["a"]
    assert found["exponential"].dtype == np.float32
    with np.errstate(over="ignore"):
        exponential = np.where(NUMBERS < -100, 0, np.exp(NUMBERS.astype(float))).astype("f4")
    np.testing.assert_allclose(found["exponential"], exponential, rtol=3e-7)
    np.testing.assert_allclose(found["power"], (0.1 * NUMBERS.astype(float)) ** 2, rtol=4e-7)
    np.testing.assert_allclose(found["sine"], np.sin(0.1 * NUMBERS.astype(float)), rtol=0, atol=2e-6)
    np.testing.assert_array_equal(found["clipped"], np.minimum(NUMBERS, np.float32(0.1)))
    np.testing.assert_allclose(found["left"], 1 - 3e-4, rtol=1e-15)
