"""What coordinates accept: names that a file can hold, and one size for each dimension."""

import doctest

import numpy as np
import pytest

from cortex.experiment import coordinates
from cortex.experiment.coordinates import Coordinates, Variable, synapses, times

PLACE = Variable(("cell",), np.zeros(3), "mm", "place")


def test_a_dimension_has_one_size() -> None:
    depth = Variable(("slot", "cell"), np.zeros((4, 2)), "mm", "depth")
    with pytest.raises(ValueError, match="depth has 2 elements along cell, others have 3"):
        Coordinates({"cell_x": PLACE}, {"depth": depth})
    assert Coordinates({"cell_x": PLACE}, {"depth": depth._replace(values=np.zeros((4, 3)))}).sizes == {
        "cell": 3,
        "slot": 4,
    }


def test_every_axis_has_a_name() -> None:
    with pytest.raises(ValueError, match="cell_x has 2 axes, and names for 1"):
        Coordinates({"cell_x": PLACE._replace(values=np.zeros((3, 2)))})


@pytest.mark.parametrize("name", ["cell x", "cell.x", ""])
def test_a_name_is_one_word(name: str) -> None:
    with pytest.raises(ValueError, match="no blank, no slash and no dot"):
        Coordinates({name: PLACE})


def test_a_name_is_used_once() -> None:
    with pytest.raises(ValueError, match="cell_x: a label and an input have the same name"):
        Coordinates({"cell_x": PLACE}, {"cell_x": PLACE})


def test_synapses_are_labelled_with_their_ends() -> None:
    ends = synapses("lateral", np.array([0, 2]), np.array([1, 1]), ("pyramidal", "pv"))
    assert {name: variable.values.tolist() for name, variable in ends.items()} == {
        "lateral_synapse_source": [0, 2],
        "lateral_synapse_target": [1, 1],
    }
    assert ends["lateral_synapse_target"].meaning == "index of its target in pv"


def test_slots_begin_one_after_the_other() -> None:
    assert times("slot", 3, 0.5)["slot_start"].values.tolist() == [0, 0.5, 1]


def test_the_example_is_right() -> None:
    assert doctest.testmod(coordinates).failed == 0
