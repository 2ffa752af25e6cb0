"""Step counts that rounding can move by one are told of; `timestep` is exact."""

import pytest
from brian2 import Network, NeuronGroup, SpikeGeneratorGroup, Synapses, ms

from cortex.engine import Arm, Model, simulate


def counting(expression):
    """Return a cell that counts at how many of 1000 steps of 0.1 ms an expression is not the number of the step."""
    cells = NeuronGroup(1, "n : 1\nwrong : 1", name="cells", namespace={})
    cells.run_regularly(f"wrong += int({expression} != n)\nn += 1", when="start", name="count")
    return Model(Network(cells, name="network"), {}, {"wrong": cells.wrong}, 100 * ms, 0.1 * ms)


def wrong(expression):
    return float(simulate(lambda: counting(expression), {"a": Arm({}, 1)}, backend="numpy").recordings["a"]["wrong"][0])


def told(caplog):
    return [record.message for record in caplog.records if record.name.startswith("cortex")]


def test_timestep_is_exact(caplog):
    assert wrong("timestep(t, dt)") == 0
    assert told(caplog) == []


@pytest.mark.parametrize("expression", ["int(t/(0.1*ms))", "floor(t/dt)", "(t/dt)//1"])
def test_the_integer_part_of_a_quotient_is_not_and_that_is_told(expression, caplog):
    assert wrong(expression) > 0
    assert "may be a step early or late" in caplog.text
    assert "write timestep(t, dt), which is exact" in caplog.text


def test_every_place_is_told_and_nothing_else(caplog):
    def build():
        cells = NeuronGroup(
            1,
            "x : 1\nphase = floor(t/dt) : 1\nsafe = floor(t/dt + 1e-6) + int(t > 1*ms) + int(sin(t/ms)) : 1",
            threshold="int(t/ms + i) % 3 == 0",
            reset="x = t % (5*ms) / ms",
            name="cells",
            namespace={},
        )
        cells.run_regularly("x = int(t/(7*ms))", name="regular")
        synapses = Synapses(cells, cells, "w : 1", on_pre="w = ceil(t/ms)", name="synapses", namespace={})
        synapses.connect()
        return Model(Network(cells, synapses, name="network"), {}, {}, 1 * ms, 0.1 * ms)

    simulate(build, {"a": Arm({}, 1), "b": Arm({}, 1)}, backend="numpy")
    assert sorted(message.partition("  may be")[0] for message in told(caplog)) == [
        "cells  floor(t / dt)",
        "cells  int(t / ms + i)",
        "cells  t % (5 * ms)",
        "regular  int(t / (7 * ms))",
        "synapses_pre  ceil(t / ms)",
    ]


def test_events_without_code_are_no_matter():
    def build():
        source = SpikeGeneratorGroup(1, [0], [0] * ms, name="source")
        cells = NeuronGroup(1, "x : 1", name="cells", namespace={})
        synapses = Synapses(source, cells, on_pre="x += 1", name="synapses", namespace={})
        synapses.connect()
        return Model(Network(source, cells, synapses, name="network"), {}, {"x": cells.x}, 1 * ms, 0.1 * ms)

    assert simulate(build, {"a": Arm({}, 1)}, backend="numpy").recordings["a"]["x"] == 1
