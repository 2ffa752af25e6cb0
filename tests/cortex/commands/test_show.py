"""``cortex list`` and ``cortex show``."""

import json
from pathlib import Path

from tests.cortex.commands.typed import Cortex


def test_list_and_show(cortex: Cortex, tiny: Path) -> None:
    listed = cortex("list").out.splitlines()
    assert listed[0] == "scenarios"
    assert any(line.startswith("  copy_pair  ") for line in listed[: listed.index("models")])
    shown = cortex("show", tiny).out
    for text in ("Two driven cells", "Nobody 2000", "cell.tau = 10 ms   (1 ms .. 100 ms)", "[own choice]", ">= 1"):
        assert text in shown
    assert "null models (--null NAME)\n  no_drive\n      cell.drive = 0 mV\n" in shown


def test_equations_are_those_of_the_network_with_its_sizes(cortex: Cortex) -> None:
    shown = cortex("show", "copy_pair", "--equations").out
    for line in (
        "pyramidal   2\n",
        "lateral      pyramidal  pyramidal  1         1 ms\n",
        "  spikes: spikes of pyramidal\n",
        "  dg_excitation/dt = -g_excitation/excitatory_decay : siemens\n",
    ):
        assert line in shown
    described = json.loads(cortex("show", "pair", "--equations", "--json").out)
    assert {row["name"]: row["size"] for row in described["populations"]} == {
        "afferents": 100,
        "pv": 10,
        "pyramidal": 2,
    }
    [lateral] = [row for row in described["projections"] if row["name"] == "lateral"]
    assert (lateral["source"], lateral["contacts"], lateral["delay"]) == ("pyramidal", 1, "1 ms")


def test_what_has_no_network_has_no_equations(cortex: Cortex) -> None:
    for words, message in (
        (("mitosis",), "calculated by a function of its own"),
        (("division",), "builds no network"),
        (("hold_by_idle",), "is a study"),
        (("copy_pair", "copying"), "leave out copying"),
    ):
        outcome = cortex("show", *words, "--equations")
        assert outcome.code == 2
        assert message in outcome.err
