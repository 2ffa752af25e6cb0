"""``cortex compare``: the answer, the tables, what is kept and drawn."""

import csv
import json
import sys
from pathlib import Path

import pytest

from tests.cortex.commands.typed import SHORT, STUDY, Cortex

posix = pytest.mark.skipif(sys.platform == "win32", reason="kills processes as POSIX does")


def test_compare_tells_keeps_and_draws(cortex: Cortex, study: Path) -> None:
    study.write_text(
        STUDY.replace("seeds = 2", "seeds = 3")
        + '[vary]\ncell.tau = ["10 ms", "20 ms"]\njitter = [0.1, 0.3]\n'
        + '[primary]\nmeasure = "rate"\ncriterion = ">= 50"\n'
    )
    cortex("study", study, "-j", "1", "--backend", "numpy", "-q")
    outcome = cortex("compare", "results/mine", "-m", "rate", "-m", "tenth_spike_seconds")
    assert outcome.code == 0
    assert "condition against full, paired by seed, within equal cell.tau, jitter" in outcome.out
    assert "rate >= 50: " in outcome.out
    assert "tenth_spike_seconds: reached by 0% at silent" in outcome.out
    assert "share of variance of each parameter in full" in outcome.out
    out = Path("results/mine/compare/condition")
    [rate, tenth] = csv.DictReader((out / "table.csv").read_text().splitlines())
    rows = list(csv.DictReader(Path("results/mine/trials.csv").read_text().splitlines()))
    means = {name: [float(r["rate"]) for r in rows if r["condition"] == name] for name in ("full", "silent")}
    assert float(rate["difference"]) == pytest.approx(sum(means["silent"]) / 12 - sum(means["full"]) / 12)
    assert (tenth["reached_level"], tenth["pairs"]) == ("0.0", "3")
    drawn = {path.stem for path in out.glob("*.png")}
    assert drawn == {
        *("rate", "rate_map_full", "rate_map_silent"),
        *("tenth_spike_seconds", "tenth_spike_seconds_survival"),
        *("tenth_spike_seconds_map_full", "tenth_spike_seconds_map_silent"),
    }
    printed = json.loads(cortex("compare", "results/mine", "--by", "cell.tau", "--json", "--no-figures").out)
    assert printed["levels"] == {"10 ms": 12, "20 ms": 12}
    assert printed["within"] == ["condition", "jitter"]
    assert {entry["measure"] for entry in printed["comparisons"]} >= {"rate", "nothing"}
    profile = cortex(
        "compare", "results/mine", "--where", "jitter=0.1", "--where", "condition=full", "-m", "rate", "-o", "x"
    )
    assert "cell.tau against 10 ms, paired by seed\n" in profile.out
    assert {path.name for path in Path("x").iterdir()} == {
        *("table.csv", "comparison.json", "rate.png", "rate_profile.png")
    }


WRONG = (
    (("nowhere",), 2, "is no folder"),
    (("results/tiny", "--by", "duration"), 2, "nothing to compare"),
    (("results/tiny", "--by", "duratoin"), 2, "did you mean duration?"),
    (("results/tiny",), 2, "nothing says what to compare"),
    (("results/tiny", "--by", "null", "--where", "seed"), 2, "has no value"),
    (("results/tiny", "--by", "null", "--where", "seed=7"), 5, "no complete run has seed=7"),
    (("results/tiny", "--by", "null", "-m", "rat"), 2, "did you mean rate?"),
)


def test_what_cannot_be_compared_is_told(cortex: Cortex, tiny: Path) -> None:
    cortex("run", tiny, *SHORT, "--seeds", "2")
    cortex("run", tiny, *SHORT, "--seeds", "2", "--null", "no_drive")
    compared = cortex("compare", "results/tiny", "--by", "null", "--no-figures")
    assert (compared.code, "differs too" in compared.err) == (0, False)
    for arguments, code, part in WRONG:
        outcome = cortex("compare", *arguments)
        assert (outcome.code, part in outcome.err) == (code, True), arguments


def test_an_empty_folder_has_nothing_to_compare(cortex: Cortex, tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir()
    outcome = cortex("compare", tmp_path, "--by", "null")
    assert outcome.code == 5
