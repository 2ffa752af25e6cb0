"""What a scenario declares and what its analysis returns are held against each other."""

from dataclasses import replace

import pytest

from cortex import api
from cortex.errors import EnvironmentProblem, UsageError
from cortex.experiment import catalogue
from cortex.experiment.measure import Measure
from cortex.studies import study_file

SHORT = {"duration": "0.1 s"}


@pytest.fixture
def scenario(tiny):
    return catalogue.find(str(tiny))


def run(scenario, tmp_path):
    return api.run(scenario, SHORT, output=tmp_path, backend="numpy", figures=False)


def test_a_band_begins_with_its_lower_end():
    with pytest.raises(UsageError, match=r"measure late: the band 2 \.\. 1 is empty"):
        Measure("late", expected=(2, 1))


def test_a_measure_is_declared_once(scenario):
    with pytest.raises(UsageError, match="declares a measure twice: rate"):
        replace(scenario, measures=(Measure("rate"), Measure("rate")))


@pytest.mark.parametrize("returned", [{"rate": 1.0}, ({"rate": 1.0},), None])
def test_an_analysis_returns_two_dictionaries(scenario, tmp_path, returned):
    with pytest.raises(UsageError, match="no pair of dictionaries"):
        run(replace(scenario, analyse=lambda p, recordings: returned), tmp_path)


def test_a_measure_that_is_not_declared_or_not_returned_is_told(scenario, tmp_path, caplog):
    changed = replace(
        scenario,
        measures=(Measure("rates", "A rate."), Measure("never", "Never.", applies=lambda p: False)),
        bands={},
        watched=lambda p: {},
        analyse=lambda p, recordings: ({"rate": 1.0}, {}),
    )
    run(changed, tmp_path)
    assert "the measure rates is declared, but analyse does not return it" in caplog.text
    assert "the measure rate is not declared; did you mean rates?" in caplog.text
    assert "never" not in caplog.text


def test_the_primary_measure_of_a_study_is_checked_before_its_runs():
    text = 'scenario = "copy_pair"\nseeds = 2\n[primary]\nmeasure = "nope"\n'
    study, _ = study_file.parse(text, "mine.toml")
    assert study is not None
    problems = study_file.check(study, catalogue.find("copy_pair"))
    assert problems == [("[primary]", "nope  no known measure")]


def test_a_link_to_nothing_is_told_and_waited_for_no_longer(scenario, tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    with pytest.raises(EnvironmentProblem, match=r"link is a link to nothing: .*nowhere\nmake what it leads to"):
        run(scenario, tmp_path / "link")


def test_errors_of_ours_are_shown_as_python_does(capsys):
    import sys

    sys.excepthook(UsageError, UsageError("no such thing"), None)
    assert capsys.readouterr().err.strip().endswith("UsageError: no such thing")


def test_a_measure_has_no_name_of_a_column_or_parameter(scenario, tmp_path):
    for name in ("seed", "jitter"):
        with pytest.raises(UsageError, match=f"a measure cannot be called {name}"):
            run(replace(scenario, analyse=lambda p, recordings, name=name: ({name: 1.0}, {})), tmp_path)


def test_bands_of_the_base_are_left_out_of_a_derived_scenario_with_other_values(scenario):
    declared = replace(scenario, measures=(Measure("rate", "A rate.", expected=(1, 2)),), bands={})
    mine = Measure("mine", "Mine.", expected=(3, 4))
    changed = declared.derive("other", "Other", {"jitter": 0.5}, measures=(*declared.measures, mine))
    assert changed.expected == {"mine": (3, 4)}
    assert declared.derive("same", "Same", {}).expected == {"rate": (1, 2)}


def test_limits_follow_the_parameters_of_the_run(scenario):
    changed = replace(scenario, watched=lambda p: {"late": 1.0} if p.jitter < 0.5 else {})
    assert changed.limits(scenario.parameters) == {"late": 1.0}
    other = scenario.resolve({"jitter": 0.9})
    assert changed.limits(other) == {}
    assert changed.declared["late"].missing(float("nan"), other).startswith("not measured")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [({"backend": "nunpy"}, "no backend"), ({"seed": -1}, "seed"), ({"replicate": 1.5}, "replicate")],
)
def test_arguments_are_checked(scenario, tmp_path, wrong, message):
    with pytest.raises(UsageError, match=message):
        api.run(scenario, SHORT, output=tmp_path, **({"backend": "numpy"} | wrong))


@pytest.mark.parametrize(
    ("function", "wrong", "told"),
    [
        ("build", None, r"build returns NoneType\nend it with a `return` of a Model"),
        ("arms", None, r"arms of tiny returns NoneType\nend it with a `return` of a Mapping of Arm"),
        ("arms", {"one": 3}, "arms of tiny returns other things than Arm"),
        ("phases", None, r"phases of tiny returns NoneType\nend it with a `return` of a Sequence of Phase"),
        ("coordinates", None, "coordinates of tiny returns NoneType"),
        ("guards", None, "guards of tiny returns NoneType"),
        ("analyse", ({"rate": None, "name": "3"}, {}), "no number by a name\n  'rate': None\n  'name': '3'\n"),
        ("analyse", ({3: 1.0}, {}), r"no number by a name\n  3: 1.0\n"),
    ],
)
def test_a_function_that_returns_something_else_is_told(scenario, tmp_path, function, wrong, told):
    changed = replace(scenario, **{function: lambda *_: wrong})
    with pytest.raises(UsageError, match=told):
        run(changed, tmp_path)
