"""Parameters that contradict each other are refused before a run, all of them at once."""

import pytest
from brian2 import Quantity, ms

from cortex.errors import UsageError
from cortex.experiment import catalogue
from cortex.experiment.parameters import Parameters, parameter
from cortex.experiment.relation import Relation, above, at_most, coarse, contradictions
from cortex.studies import plan, study_file


class Cell(Parameters):
    RELATIONS = (above("threshold", "rest", ", or it fires without end"),)
    threshold: Quantity = parameter("-50 mV", "Threshold.")
    rest: Quantity = parameter("-60 mV", "Rest.")
    decay: Quantity = parameter("5 ms", "Decay.")


class Model(Parameters):
    TIME_STEP = 0.5 * ms
    RELATIONS = (
        at_most("least", "most", ""),
        Relation(("cell.decay", "most"), lambda p: p.cell.decay < p.most * 10 * ms, "most leaves time to decay"),
    )
    cell: Cell = Cell()
    least: float = parameter(1.0, "Least.")
    most: float = parameter(2.0, "Most.")


def test_what_goes_together_is_not_told():
    assert contradictions(Model()) == []


def test_all_contradictions_are_told_with_values_and_what_is_allowed():
    p = Model().override({"cell.rest": "-50 mV", "least": 3, "cell.decay": "0.2 ms"})
    assert contradictions(p) == [
        "least = 3.0 and most = 2.0: least is at most most",
        "cell.threshold = -50 mV and cell.rest = -50 mV: threshold must lie above rest, or it fires without end",
        "cell.decay = 0.2 ms: a time constant is at least one time step, 0.5 ms",
    ]


def test_no_time_and_a_whole_step_are_not_too_short():
    assert coarse(Cell(decay="0.5 ms"), 0.0005) == coarse(Cell(decay="0 ms"), 0.0005) == []
    assert coarse(Cell(decay="0.49 ms"), 0.0005) == ["decay"]


def test_a_run_is_refused_with_one_line_for_each(cortex):
    outcome = cortex(
        "run",
        "copy_pair",
        *("-p", "pyramidal.leak_potential=-51 mV", "-p", "pyramidal.firing_threshold=-60 mV"),
        *("-p", "skin.peak_rate=0 Hz"),
    )
    assert outcome.code == 2
    assert "copy_pair, 2 problems" in outcome.err
    text = " ".join(outcome.err.split())
    assert "pyramidal.firing_threshold = -60 mV and pyramidal.leak_potential = -51 mV: firing_threshold must" in text
    assert "skin.peak_rate = 0 Hz and skin.background_rate = 2 Hz: a touch does not lower" in text
    assert outcome.out == ""


def test_values_are_held_against_each_other_as_they_are_combined():
    scenario = catalogue.find("copy_pair")
    text = (
        'scenario = "copy_pair"\n[fixed]\npyramidal.firing_threshold = "-60 mV"\n'
        '[vary]\npyramidal.leak_potential = ["-80 mV", "-70 mV"]\n'
    )
    good, _ = study_file.parse(text.replace("-60 mV", "-52 mV"), "mine.toml")
    assert good is not None
    assert study_file.check(good, scenario) == []
    assert len(plan.make(good, scenario)) == 2
    bad, _ = study_file.parse(text.replace("-80 mV", "-55 mV"), "mine.toml")
    assert bad is not None
    with pytest.raises(UsageError) as refused:
        plan.make(bad, scenario)
    assert any("must lie above leak_potential" in problem for problem in refused.value.problems)
