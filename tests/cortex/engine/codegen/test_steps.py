"""The calls of a step are read from what Brian2 has written."""

from cortex.engine.codegen.steps import Block, calls

LINES = [
    "network.add(&slow, _run_touch);",
    "network.add(&fast, NULL);",
    "network.add(&default, _run_update);",
    "network.add(&default, _run_threshold);",
    "network.add(&slow, _run_adapt);",
    "network.add(&default, [] {",
    "network.run(1.0, NULL, 10.0);",
]


def test_calls_of_one_clock_that_follow_each_other_are_a_block():
    blocks = [Block(0, ["_run_touch"]), Block(2, ["_run_update", "_run_threshold"]), Block(0, ["_run_adapt"])]
    queue = [("set_by_constant", ("x", 1, False)), ("run_network", ("other", [])), ("run_network", ("network", LINES))]
    assert calls(queue) == [blocks, []]
