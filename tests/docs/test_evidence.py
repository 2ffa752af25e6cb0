"""The tables of docs/evidence.md, from runs with known measures."""

from pathlib import Path

from cortex.experiment.result import Result
from docs.build import evidence

BANDS = {"expansion_trained": (1.5, 3.0), "expansion_control": (0.85, 1.2)}


def run(replicate: int, null: str, **measures: float) -> Result:
    made = Result(Path("nowhere"), "finger_expansion", measures, null=null, replicate=replicate)
    made.__dict__["record"] = {"bands": BANDS}
    return made


def test_what_misses_its_band_is_bold_and_counted_and_what_does_not_apply_is_neither() -> None:
    runs = [run(n, "", expansion_trained=2 + 0.1 * n, expansion_control=1.0, rf_ratio_control=2.0) for n in range(3)]
    runs += [run(n, "no_hold", expansion_trained=1.2, expansion_control=float("nan")) for n in range(3)]
    lines = evidence.table(evidence.collect(runs)).splitlines()
    assert lines[0] == "| measure | band | full model (n = 3) | no_hold (n = 3) |"
    assert lines[2].startswith("| `expansion_trained` | 1.5 .. 3 | 2.10 [")
    assert lines[2].endswith("| **1.20 [1.20, 1.20]** |")
    assert lines[3] == "| `expansion_control` | 0.85 .. 1.2 | 1.00 [1.00, 1.00] | does not apply |"
    assert lines[4] == "| `rf_ratio_control` |  | 2.00 [2.00, 2.00] | does not apply |"
    assert lines[5] == "| **bands missed by the mean** | | 0 | 1 |"


def test_an_undefined_mean_misses_its_band() -> None:
    [measure] = evidence.collect([run(0, "", expansion_trained=float("nan"))])
    assert "undefined" in evidence.table([measure])
    assert evidence.table([measure]).endswith("| 1 |")


def test_the_page_explains_every_measure_and_null_model_of_its_tables() -> None:
    text = evidence.page(evidence.collect([run(0, "no_hold", expansion_trained=1.2)]), 1)
    assert "replicates 0 to 0 of root seed 2030" in text
    assert "* `expansion_trained`: Area of cortex" in text
    assert "* `no_hold`: PV cells do not hold the total" in text


def test_measures_of_copies_and_answers_are_no_ratios() -> None:
    collected = evidence.collect([run(0, "", weight_advantage=0.2, depth_bias=0.1, depth_gain=1.0, hold_ratio=1.0)])
    assert [measure.name for measure in collected if measure.ratio] == ["depth_gain", "hold_ratio"]


def test_each_scenario_has_a_figure_of_its_own(monkeypatch) -> None:
    saved = []
    monkeypatch.setattr(evidence, "save", lambda figure, folder, name, svg: saved.append(name))
    evidence.draw(evidence.collect([run(0, "", expansion_trained=2.0)]), 1)
    assert saved == ["evidence_finger_expansion"]
    text = evidence.page(evidence.collect([run(0, "", depth_gain=1.0)]), 1)
    assert "figures/evidence_finger_expansion.png" in text
