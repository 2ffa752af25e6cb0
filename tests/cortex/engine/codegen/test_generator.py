"""Powers and step counts in the C++ that is generated."""

import re

import numpy as np
import pytest
from brian2 import Network, NeuronGroup, ms
from brian2.core.variables import AuxiliaryVariable, Constant

from cortex.engine import Arm, Model, compiler, simulate
from cortex.engine.codegen.generator import Renderer

needs_compiler = pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("_cortex_exp(a*v)**0.025", "_cortex_exp(0.025 * (a * v))"),
        ("b/_cortex_exp(v)**-n", "1.0f*b/(_cortex_exp((-2.5) * v))"),
        ("_cortex_exp(v)**w", "_brian_pow(_cortex_exp(v), w)"),
        ("other(v)**0.025", "_cortex_pow(other(v), 0.025)"),
        ("v**n", "_brian_pow(v, n)"),
        ("v**-3", "_brian_pow(v, - 3)"),
        ("v**w", "_brian_pow(v, w)"),
        ("_timestep(t - lastspike, dt) >= steps", "_cortex_passed(t - lastspike, dt, steps)"),
        ("_timestep(t - s, dt) >= _timestep(r, dt)", "_cortex_passed(t - s, dt, _timestep(r, dt))"),
        ("_timestep(t - s, dt) >= n", "_timestep(t - s, dt) >= n"),
    ],
)
def test_powers_and_step_counts_are_written_for_speed(expression, code):
    variables = {"n": Constant("n", 2.5), "steps": AuxiliaryVariable("steps", dtype=np.int64)}
    assert Renderer(variables).render_expr(expression) == code


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("dt*g + 0.5", "(float(dt) * g) + float(0.5)"),
        ("_cortex_exp(dt*g)", "_cortex_single_exp(float(float(dt) * g))"),
        ("f(t, i)*g**2", "f(t, i) * (_brian_pow(g, float(2.0)))"),
    ],
)
def test_in_single_precision_numbers_for_all_cells_are_rounded(expression, code):
    variables = {name: AuxiliaryVariable(name, dtype=np.float64, scalar=True) for name in ("t", "dt")}
    variables["g"] = AuxiliaryVariable("g", dtype=np.float32)
    assert Renderer(variables, single=True).render_expr(expression) == code


def gates(points):
    """Return gates that open with exp(x/40), which sympy writes as a power, and fall with x to the power of 1.7.

    Two traces decay beside them, one with a time constant that is a parameter.
    """
    equations = """dm/dt = exp((13 - x)/40)*(1 - m)/ms - m/ms : 1
                   dn/dt = (clip(x, 0, inf)**1.7/1000 - n)/ms : 1
                   dfixed/dt = -fixed/(3*ms) : 1
                   dset/dt = -set/tau : 1
                   tau : second (shared, constant)
                   x : 1
                   power : 1"""
    cells = NeuronGroup(len(points), equations, method="exponential_euler", name="cells", namespace={})
    cells.x = points
    cells.fixed = cells.set = 1
    cells.tau = 2 * ms
    cells.run_regularly("power = x**1.7", dt=1 * ms, name="raise")
    outputs = {"m": cells.m, "n": cells.n, "power": cells.power, "fixed": cells.fixed, "set": cells.set}
    return Model(Network(cells, name="network"), {}, outputs, 1 * ms, 0.1 * ms)


POINTS = np.array([-28_000.0, -1000, -800, -40, 0, 0.5, 40, 800, 1000, 30_000])


@pytest.fixture(scope="module")
def simulated(tmp_path_factory):
    """Return what the gates do, and the C++ of the program."""
    cache, project = (tmp_path_factory.mktemp(name) for name in ("cache", "project"))
    arms = {"a": Arm({}, 0)}
    done = simulate(lambda: gates(POINTS), arms, backend="cpp", cache=cache, project=project).recordings["a"]
    return done, (project / "unit.cpp").read_text()


@needs_compiler
def test_what_depends_on_the_step_alone_is_calculated_once(simulated):
    done, code = simulated
    once = re.findall(r"(static )?const double _lio_\d+ = _cortex_exp\((.*)\);", code)
    assert {bool(static): "tau" in argument for static, argument in once} == {True: False, False: True}
    np.testing.assert_allclose(done["fixed"], np.exp(-1 / 3), rtol=1e-13)
    np.testing.assert_allclose(done["set"], np.exp(-1 / 2), rtol=1e-13)


@needs_compiler
def test_they_have_the_values_that_were_meant_also_where_an_exponential_is_infinite(simulated):
    done, points = simulated[0], POINTS
    with np.errstate(over="ignore"):
        opening, closing = np.exp((13 - points) / 40), np.exp((points - 13) / 40)
    steady, reached = 1 / (1 + closing), -np.expm1(-(opening + 1))
    np.testing.assert_allclose(done["m"], steady * reached, rtol=1e-13)
    target = np.clip(points, 0, None) ** 1.7 / 1000
    np.testing.assert_allclose(done["n"], target * -np.expm1(-1), rtol=1e-13)
    with np.errstate(invalid="ignore"):
        np.testing.assert_allclose(done["power"], points**1.7, rtol=1e-15)
