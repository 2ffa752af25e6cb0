"""Protocols: blocks laid out as arrays over slots."""

import numpy as np
import pytest
from brian2 import ms

from cortex.experiment.protocol import Block, Protocol


@pytest.fixture
def protocol() -> Protocol:
    ramp = np.arange(6).reshape(3, 2)
    blocks = (Block("rest", 2), Block("touch", 3, {"gate": 1.0, "depth": ramp}), Block("rest", 1, {"gate": 0.5}))
    return Protocol(100 * ms, blocks)


def test_its_length_is_that_of_its_blocks(protocol: Protocol) -> None:
    assert protocol.slots == 6
    assert float(protocol.duration) == pytest.approx(0.6)


def test_values_are_laid_out_over_the_slots(protocol: Protocol) -> None:
    np.testing.assert_array_equal(protocol.array("gate"), [0, 0, 1, 1, 1, 0.5])
    np.testing.assert_array_equal(protocol.array("depth", (2,)), [[0, 0], [0, 0], [0, 1], [2, 3], [4, 5], [0, 0]])
    assert protocol.array("depth", (2,)).dtype == float


def test_what_no_block_says_is_zero(protocol: Protocol) -> None:
    np.testing.assert_array_equal(protocol.array("silencing"), np.zeros(6))
    assert protocol.array("radius", (5,)).shape == (6, 5)


def test_a_value_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="broadcast"):
        Protocol(100 * ms, (Block("touch", 3, {"gate": np.zeros(2)}),)).array("gate")


def test_intervals_reach_from_the_first_to_the_last_block_of_a_name(protocol: Protocol) -> None:
    assert protocol.interval("touch") == pytest.approx((0.2, 0.5))
    assert protocol.interval("rest") == pytest.approx((0.0, 0.6))


def test_phases_follow_each_other(protocol: Protocol) -> None:
    phases = protocol.phases()
    assert [phase.name for phase in phases] == ["rest", "touch", "rest"]
    assert [float(phase.start) for phase in phases] == pytest.approx([0, 0.2, 0.5])
    assert [float(phase.duration) for phase in phases] == pytest.approx([0.2, 0.3, 0.1])
