"""What follows from a section of parameters: constants of equations, their values, gates, and what a run may set."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
import pytest
from brian2 import Equations, NeuronGroup, Quantity, Synapses, ms, mV, nS

from cortex.experiment.parameters import Parameters, parameter
from cortex.mechanisms import mechanism
from cortex.mechanisms.cells import Parvalbumin, Pyramidal
from cortex.mechanisms.circuit import CircuitParameters
from cortex.mechanisms.copying import Copying
from cortex.mechanisms.gain_cells import GainCell
from cortex.mechanisms.lateral_inhibition import Normalization
from cortex.mechanisms.mechanism import Mechanism, constants, values
from cortex.mechanisms.recruitment import Recruitment


class Fatigue(Mechanism):
    """A mechanism of a user."""

    GATES: ClassVar[Mapping[str, str]] = {"tiring": "cells tire", "plasticity": "as in copying"}

    step: Quantity = parameter("0.5 nS", "What a spike adds.")
    share: float = parameter(0.25, "A share.")
    strict: bool = parameter(True, "Whether it is strict.")

    def reset(self) -> Mapping[str, str]:
        return {"pyramidal": "g_slow += step"}


class Tired(CircuitParameters):
    """Its circuit."""

    fatigue: Fatigue = Fatigue(step=2 * nS)


@pytest.mark.parametrize("section", [Pyramidal, Parvalbumin, Copying, Recruitment, Normalization, GainCell])
def test_constants_have_the_dimensions_of_the_parameters(section) -> None:
    written = Equations(constants(section))
    assert list(written) == section.constants()
    for name in written:
        default = section().get(name)
        assert written[name].dim is (default.dim if isinstance(default, Quantity) else Equations("x : 1")["x"].dim)
        assert {"shared", "constant"} == set(written[name].flags)


def test_named_constants_are_written_also_where_they_are_none_by_default() -> None:
    assert constants(Copying, "usual_time_constant") == "usual_time_constant : second (shared, constant)\n"
    assert "usual_time_constant" not in constants(Copying)


def test_a_section_without_constants_writes_nothing() -> None:
    class Choice(Parameters):
        enabled: bool = parameter(True, "Whether.")

    assert constants(Choice) == ""


def test_values_are_named_by_group_and_truths_are_numbers() -> None:
    cell = GainCell(shared_noise=True, slope="7 Hz/mV")
    given = values(cell, "pyramidal")
    assert list(given) == [f"pyramidal.{name}" for name in GainCell.constants()]
    assert given["pyramidal.slope"] == cell.slope
    assert given["pyramidal.shared_noise"] == 1.0
    assert values(cell, "afferents", "softness") == {"afferents.softness": 2 * mV}


def test_a_section_of_ones_own_adds_its_constants_its_reset_and_its_gates() -> None:
    plain, tired = CircuitParameters(), Tired()
    lines = [set(mechanism.equations(p, "pyramidal").splitlines()) for p in (plain, tired)]
    assert {line.split()[0] for line in lines[1] - lines[0]} == {"step", "share"}
    assert mechanism.reset(tired, "pyramidal") == mechanism.reset(plain, "pyramidal") + "\ng_slow += step"
    assert mechanism.equations(tired, "pv") == mechanism.equations(plain, "pv") + "\n"
    assert mechanism.gate_names(tired) == [*mechanism.gate_names(plain), "tiring"]
    assert tired.fatigue.values() == {"pyramidal.step": 2 * nS, "pyramidal.share": 0.25}


def test_the_gates_of_a_circuit_are_those_that_its_mechanisms_name_each_once() -> None:
    names = mechanism.gate_names(CircuitParameters())
    assert sorted(names) == sorted(set(names))
    assert set(names) == {
        *("plasticity", "calibration", "coupling", "hold", "hold_plasticity", "released", "silencing")
    }


def test_inputs_are_all_variables_of_the_objects_and_no_others() -> None:
    cells = NeuronGroup(
        3,
        "dv/dt = -v/tau : 1 (unless refractory)\ntau : second (shared, constant)\ntwice = 2*v : 1",
        threshold="v > 1",
        refractory="tau",
        method="exact",
        name="cells",
    )
    same = Synapses(cells, cells, "w : 1", on_pre="v_post += w", delay=1 * ms, name="same")
    own = Synapses(cells, cells, "w : 1\nd : 1 (constant)", on_pre="v_post += w", name="own")
    for synapses in (same, own):
        synapses.connect()
    inputs = mechanism.inputs([cells, same, own])
    assert set(inputs) == {"cells.v", "cells.tau", "same.w", "own.w", "own.d", "own.delay"}
    inputs["own.w"][:] = 0.5
    np.testing.assert_array_equal(own.w, 0.5)
    np.testing.assert_array_equal(same.w, 0)
