"""What is found in recordings: silence, runaway rates, weights that never change or lie at their bounds."""

import math
from dataclasses import replace
from typing import ClassVar

import numpy as np
import pytest
from brian2 import Quantity, ms, second

from cortex import api
from cortex.engine.recording import Recording
from cortex.experiment import catalogue
from cortex.experiment.findings import BOUND, COARSE, NOT_FINITE, RUNAWAY, SILENT, UNTRAINED, Finding, untouched
from cortex.experiment.guards import recorded
from cortex.experiment.measure import Condition, Measure
from cortex.experiment.parameters import Parameters, parameter
from cortex.experiment.protocol import Phase
from cortex.studies import table

PHASES = [Phase("rest", 0 * second, 4 * second), Phase("touch", 4 * second, 6 * second)]


class Cells(Parameters):
    GROUP: ClassVar[str] = "pyramidal"
    refractory_period: Quantity = parameter("9.5 ms", "Refractory period.")


class Synapses(Parameters):
    maximum_weight: float = parameter(2.0, "Upper bound.")


class Model(Parameters):
    cells: Cells = Cells()
    synapses: Synapses = Synapses()


def recording(trains, w=None, **more):
    """Return what two cells or more recorded, by the times of their spikes."""
    i = np.repeat(np.arange(len(trains)), [len(train) for train in trains])
    t = np.concatenate([np.asarray(train, float) for train in trains])
    order = np.argsort(t, kind="stable")
    arrays = {"spikes.i": i[order], "spikes.t": t[order], "spikes.count": np.array([len(train) for train in trains])}
    if w is not None:
        arrays |= {"weights.w": np.array(w, float), "weights.t": np.arange(len(w)) * 5.0}
    return Recording(arrays | more, {}, 10.0, 0.0, 0.0005)


def found(arms, parameters=None):
    return recorded(parameters or Model(), PHASES, arms, {"spikes": "pyramidal"})


def regular(rate, start=0.0, stop=10.0):
    return np.arange(start, stop, 1 / rate)


def test_ordinary_cells_and_weights_are_not_told():
    w = [[0, 0.5, 0.4], [0, 0.6, 0.4], [0, 0.7, 1.5]]
    assert found({"a": recording([regular(30), regular(60), []], w), "b": recording([regular(5), [], []], w)}) == []


def test_a_network_that_never_fires_is_told_once():
    [finding] = found({"a": recording([[], []]), "b": recording([[], []])})
    assert (finding.what, finding.when, finding.where) == (SILENT, "the whole run", "pyramidal, all arms")
    assert finding.grave


def test_an_arm_that_is_meant_to_be_silent_is_not_told():
    assert found({"a": recording([regular(30)]), "b": recording([[]])}) == []


def test_a_group_that_falls_silent_is_told_with_its_phase():
    [finding] = found({"a": recording([regular(30, stop=4.0)])})
    assert (finding.what, finding.when) == (SILENT, "touch")
    assert finding.where == "pyramidal, arm a; 12 spikes/s in the whole run"


def test_a_few_spikes_do_not_make_the_rest_a_silence():
    assert found({"a": recording([[0.5, 1.0, 2.0]])}) == []


def test_cells_at_their_refractory_limit_are_told_with_phase_and_number():
    [finding] = found({"a": recording([regular(20), np.concatenate([regular(20, stop=4), regular(90, 4)])])})
    assert (finding.what, finding.when, finding.grave) == (RUNAWAY, "touch", True)
    assert finding.where == "pyramidal, arm a: 1 of 2 cells (1), up to 90 Hz; the refractory period allows 100 Hz"


def test_one_cell_of_many_does_not_void_the_measures():
    [finding] = found({"a": recording([regular(90), *[regular(20)] * 30])})
    assert (finding.what, finding.grave) == (RUNAWAY, False)


def test_without_a_refractory_period_the_time_step_is_the_limit():
    arm = recording([regular(900)])
    assert recorded(Parameters(), PHASES, {"a": arm}, {}) == []
    [finding] = recorded(Parameters(), PHASES, {"a": recording([regular(1500)])}, {})
    assert finding.where.endswith("the time step allows 2e+03 Hz")


def test_weights_that_never_change_are_told_unless_those_of_another_arm_do():
    fixed, changing = [[0.5, 0.1]] * 3, [[0.5, 0.1], [0.5, 0.2], [0.5, 0.1]]
    assert [f.what for f in found({"a": recording([regular(9)], fixed), "b": recording([regular(9)], fixed)})] == [
        UNTRAINED
    ]
    assert found({"a": recording([regular(9)], fixed), "b": recording([regular(9)], changing)}) == []


def test_weights_at_their_upper_bound_are_told_with_the_time():
    w = np.zeros((3, 40))
    w[:, :10] = 0.5
    w[1:, 0] = 2.0
    [finding] = found({"a": recording([regular(9)], w)})
    assert (finding.what, finding.when, finding.grave) == (BOUND, "from 5 s on", False)
    assert finding.where == "weights.w, arm a: up to 10% of them at synapses.maximum_weight = 2"


def test_numbers_that_are_none_are_told():
    [finding] = found({"a": recording([regular(9)], v=np.array([0.0, math.nan]))})
    assert (finding.what, finding.where) == (NOT_FINITE, "arm a: v")


def test_a_time_constant_below_the_time_step_is_told():
    [finding] = found({"a": recording([regular(9)])}, Model(cells={"refractory_period": "0.1 ms"}))
    assert (finding.what, finding.where) == (COARSE, "cells.refractory_period = 0.1 ms, steps of 0.0005 s")


def test_phases_in_which_nothing_touches():
    pressed = np.zeros((100, 2))
    pressed[50, 1] = 0.3
    assert untouched(PHASES, pressed, 0.1) == ["rest"]


@pytest.fixture
def silenced(tiny, tmp_path):
    """A run of two cells without a drive."""
    scenario = catalogue.find(str(tiny))
    scenario = replace(
        scenario,
        measures=(Measure("rate", expected=(0, 1), unless=(SILENT,)),),
        bands={},
        nulls={"no_drive": Condition("No drive.", {"cell.drive": "0 mV"})},
    )
    return scenario, tmp_path


def run(silenced, **changes):
    scenario, out = silenced
    return api.run(
        replace(scenario, **changes), {"duration": "0.1 s"}, null="no_drive", output=out, backend="numpy", figures=False
    )


def test_a_silent_run_has_no_measures_and_says_so_everywhere(silenced, caplog):
    result = run(silenced, parameters=silenced[0].parameters.override({"duration": "0.1 s"}))
    sentence = "no spikes (the whole run): cells, all arms; give it more input: stimuli, weights, or a lower threshold"
    sentence = sentence.replace("cells,", "spikes,")
    assert result.warnings == [sentence]
    assert caplog.text.count(sentence) == 1
    assert result.record["warnings"][0] == {
        "what": SILENT,
        "when": "the whole run",
        "where": "spikes, all arms",
        "next": "give it more input: stimuli, weights, or a lower threshold",
    }
    assert math.isnan(result.measures["rate"])
    assert result.missing["rate"] == "does not apply: no spikes"
    [row] = [row for row in result.rows if row[0] == "rate"]
    assert (row[1], row[3], row[4]) == (result.missing["rate"], "0 .. 1", result.missing["rate"])
    assert sentence in repr(result)
    assert sentence in result._repr_html_()
    assert sentence in (result.folder / "log.txt").read_text()
    assert table.update(silenced[1]).warned([result.run]) == {SILENT: 1}
    assert table.update(silenced[1]).warned([result.run]) == {SILENT: 1}, "read back from trials.csv"


def test_what_a_null_model_is_meant_to_do_is_not_told(silenced):
    nulls = {"no_drive": Condition("No drive.", {"cell.drive": "0 mV"}, tells=(SILENT,))}
    result = run(silenced, nulls=nulls)
    assert result.warnings == []
    assert result.measures["rate"] == 0


def test_a_scenario_adds_what_only_it_knows(silenced):
    own = Finding("no tea", "all the time", "kitchen", "boil water")
    result = run(silenced, guards=lambda p, inputs, recordings: [own] if set(inputs) == set(recordings) else [])
    assert result.warnings[-1] == "no tea (all the time): kitchen; boil water"


def test_an_analysis_that_fails_says_what_was_found(silenced):
    def fails(p, recordings):
        return {"rate": 1 / len(recordings["driven"]["spikes.t"])}, {}

    with pytest.raises(ZeroDivisionError) as raised:
        run(silenced, analyse=fails, measure=None, predict=None)
    assert any("found in this run: no spikes" in note for note in raised.value.__notes__)


def test_dt_of_a_run_is_known(silenced):
    scenario, _ = silenced
    p = scenario.resolve({"duration": "0.1 s"})
    from cortex.engine.simulation import Recipe, simulate
    from cortex.experiment.streams import Streams

    arms = scenario.arms(p, Streams(0, 0))
    recordings = simulate(Recipe(scenario.build, (p,)), arms, backend="numpy").recordings
    assert recordings["driven"].dt == float(0.1 * ms)


def test_a_measure_without_a_value_says_what_was_found(silenced):
    own = Finding("no responsive site", "the map", "all sites", "probe deeper")
    result = run(silenced, guards=lambda p, inputs, recordings: [own], analyse=lambda p, r: ({"area": math.nan}, {}))
    assert result.missing["area"] == "not measured: no spikes, no responsive site"
