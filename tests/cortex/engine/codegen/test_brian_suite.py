"""Brian2's own tests pass with the engine's templates."""

import pytest

from benchmarks.brian_suite import BY_DESIGN, run_suite
from cortex.engine import compiler

pytestmark = pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")

FEW = (
    "test_functions.py::test_user_defined_function",
    "test_neurongroup.py::test_linked_subexpression_3",
    "test_refractory.py::test_conditional_write_behaviour",
    "test_spikegenerator.py::test_spikegenerator_period",
    "test_synapses.py::test_synapses_to_synapses_different_sizes",
    "test_synapses.py::test_transmission_scalar_delay_different_clocks",
)
"""Tests of parts of the templates that test_code_object.py does not have, each of which compiles quickly."""


def test_a_few():
    outcomes = run_suite("cpp", FEW, optimised=False)
    assert set(outcomes) == set(FEW)
    assert {test: outcome.message for test, outcome in outcomes.items() if outcome.result != "passed"} == {}


@pytest.mark.slow
@pytest.mark.parametrize("precision", ["double", "single"])
def test_all_that_pass_with_the_templates_of_brian2(precision):
    outcomes = run_suite("cpp", precision=precision, jobs=2)
    assert len(outcomes) > 190
    failed = {test: outcome.message for test, outcome in outcomes.items() if outcome.result == "failed"}
    unexpected = [test for test in failed if test not in BY_DESIGN]
    plain = run_suite("plain", unexpected, precision=precision) if unexpected else {}
    assert {test: failed[test] for test in plain if plain[test].result == "passed"} == {}
    assert set(BY_DESIGN) <= set(failed)  # no reason is given for a test that passes
