"""The benchmarks run, and write what they found."""

import json
import math
import subprocess
import sys

import numpy as np
import pytest

from benchmarks import sections, sheet
from benchmarks.candidates import HERE, OURS, REFERENCE, Failed, candidates, interleaved, measure
from benchmarks.report import cell, figure, page, table
from benchmarks.threads import row
from cortex.engine import compiler
from models.finger_area.protocol import layout

needs_compiler = pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")

ROWS = {
    REFERENCE: {"seconds": 0.1, "ratio": 1.0, "rate_E": 5.3},
    OURS: {"seconds": 0.19, "ratio": 1.9, "rate_E": (5.2, 5.6)},
}
SCALING = {name: {f"ratio {scale}": scale * row["ratio"] for scale in (1, 2, 4)} for name, row in ROWS.items()}


def test_numbers_have_three_digits():
    assert [cell(v) for v in (0.12345, 12.345, 1234.5, 7, (0.5, 2.0), math.nan)] == [
        "0.123", "12.3", "1234", "7", "0.5 to 2", "",
    ]  # fmt: skip


def test_a_table_has_a_line_for_each_candidate_and_a_column_for_each_number():
    lines = table("simulation", {**ROWS, "other": {"ratio": 3.0}}).splitlines()
    assert lines[0].startswith("## ")
    assert lines[2] == "| | wall s, median | ratio | E Hz |"
    assert lines[-1] == "| other |  | 3 |  |"


def test_the_page_says_what_was_not_measured():
    written = page({"simulation": ROWS}, ["NEST (no module nest)"], "today, this machine")
    assert "Not measured: NEST (no module nest)" in written
    assert "today, this machine" in written
    assert "Scaling" not in written.split("figures/")[1]


def test_the_figure_shows_the_ratios():
    bars, lines = figure({"simulation": ROWS, "scaling": SCALING}).axes
    assert sorted(bar.get_width() for bar in bars.patches) == [1.0, 1.9]
    assert [list(line.get_ydata()) for line in lines.lines] == [[1.0, 2.0, 4.0], [1.9, 3.8, 7.6]]


def test_threads_are_only_measured_on_an_idle_machine():
    def taken(*seconds, calculated=1.0):
        return [{"sim": one, "calculated": calculated} for one in seconds]

    found = {1: taken(4.0, 6.0, 2.0), 2: taken(2.0, 4.0, 2.0)}
    assert row(found, 0.1) == {"seconds": 4.0, "before": 0.1, "2 threads": 1.5}
    assert row(found, 3.0)["2 threads"] == "not measurable"
    assert row(found | {1: taken(4.0, 6.0, 2.0, calculated=0.5)}, 0.1)["2 threads"] == "not measurable"


def test_rates_of_dense_sheets_are_those_in_training():
    p = sheet.parameters(500)
    start, end = layout(p).interval("train")
    cells = np.array([1, 0, 2, 2, 0, 2])
    times = np.array([start - 0.1, start, start, start + 0.1, end - 0.1, end + 0.1])
    run = {"spikes.i": cells, "spikes.t": times, "spikes.count": np.ones(3)}
    run |= {"pv_spikes.i": np.zeros(2, int), "pv_spikes.t": times[1:3], "pv_spikes.count": np.ones(1)}
    found = sheet.rates(p, {"pyramidal.established": [1, 0, 0]}, run)
    assert found == pytest.approx({"rate_established": 0.5, "rate_idle": 0.25, "rate_pv": 0.5})


def test_rates_of_dense_sheets_stand_beside_their_range_over_seeds(monkeypatch):
    def taken(words, folder):
        density, seed = words[2], words[-1] if "--seed" in words else 700
        rates = {f"rate_{name}": float(density + seed) for name in ("established", "idle", "pv")}
        return {"cells": 1, "contacts": 2, "ours": density, "hand": 1.0, "MB": 3.0, "wall": 1.0, **rates}

    monkeypatch.setattr(sections, "measure", taken)
    rows = candidates(HERE, {"nest": "", "annarchy": ""})
    found, _ = sections.sheet(rows, 2, lambda text: None, densities=(500, 1000, 2000), seeds=(701, 703))
    assert [found[f"{density}/mm^2"]["growth"] for density in (500, 1000, 2000)] == [0.5, 1.0, 2.0]
    assert found["500/mm^2"]["rate_idle"] == 1200
    assert found["500/mm^2, 2 seeds"]["rate_idle"] == [1201, 1203]


def test_measurements_are_taken_in_turn_and_failures_are_told():
    order, told = [], []

    def run(name, turn):
        order.append(name)
        if name == "b" and turn == 1:
            raise Failed("no")
        return {"sim": float(turn), "wall": 1.0}

    found = interleaved({name: lambda k, name=name: run(name, k) for name in "ab"}, 2, told.append)
    assert order == ["a", "b", "a", "b"]
    assert {name: len(results) for name, results in found.items()} == {"a": 2, "b": 1}
    assert "b failed: no" in told


def test_a_process_that_fails_is_told():
    with pytest.raises(Failed, match="out of luck"):
        measure([sys.executable, "-c", "raise SystemExit('out of luck')"])


def test_unknown_sections_are_refused(tmp_path):
    words = [sys.executable, "-m", "benchmarks", "speed", "--work", str(tmp_path)]
    done = subprocess.run(words, cwd=HERE.parent, capture_output=True, text=True)
    assert done.returncode == 2
    assert "no section speed; there are simulation" in done.stderr
    assert list(tmp_path.iterdir()) == []


@needs_compiler
def test_our_network_and_the_reference_fire_alike(tmp_path):
    rows = candidates(tmp_path, {"nest": sys.executable, "annarchy": sys.executable})
    assert rows[REFERENCE].missing() == rows[OURS].missing() == ""
    theirs, ours = rows[REFERENCE].run(2.0), rows[OURS].run(2.0)
    for key, tolerance in (("rate_A", 0.03), ("rate_E", 0.1), ("rate_I", 0.15), ("w_mean", 0.03), ("w_sd", 0.05)):
        assert ours[key] == pytest.approx(theirs[key], rel=tolerance), key
    again = rows[OURS].run(2.0, seed=2, eta=0.01)
    assert again["codegen"] + again["compile"] < ours["codegen"]
    assert again["w_sd"] < ours["w_sd"]
    json.dumps(again)
