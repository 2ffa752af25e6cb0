"""Single precision is compared with double by the spread over seeds."""

import json
import math
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks import report
from benchmarks.precision import compare


def runs(**samples):
    """Return runs with these measures, one after the other."""
    return [
        SimpleNamespace(measures=dict(zip(samples, values, strict=True)), bands=dict.fromkeys(samples))
        for values in zip(*samples.values(), strict=True)
    ]


def test_what_differs_is_told_from_what_does_not():
    normal = np.random.default_rng(0).normal
    double = runs(rate=normal(5, 1, 400), seconds=normal(20, 1, 400), late=[1.0, math.nan] * 200)
    single = runs(rate=normal(5, 1, 400), seconds=normal(22, 1, 400), late=[1.0, math.nan] * 200)
    rows = compare(double, single)
    assert rows["seconds"]["q"] < 1e-3 < 0.01 < rows["rate"]["q"]
    assert rows["seconds"]["apart"] == pytest.approx(2, abs=0.3)
    assert rows["late"]["KS"] == 0
    assert rows["late"]["seeds"] == "200"
    assert rows["rate"]["double"] == "4.963 ± 1"


def test_the_same_values_are_not_apart_and_one_seed_tells_nothing():
    same = runs(share=[1.0, 1.0, 1.0])
    assert math.isnan(compare(same, same)["share"]["apart"])
    assert compare(same, same)["share"]["p"] == 1
    assert compare(same[:1], same[:1])["share"]["double"] == "1 ± nan"


def test_a_section_is_kept_beside_the_others(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "DOCS", tmp_path)
    report.keep({"study": {"ours": {"wall": 1.0}}}, skipped=["NEST"], when="yesterday")
    report.keep({"precision": compare(*[runs(rate=[1.0, 2.0])] * 2)}, {"precision": "two seeds"})
    page = (tmp_path / "benchmarks.md").read_text()
    assert "yesterday" in page
    assert "NEST" in page
    assert "two seeds\n\n| | double precision | single precision |" in page
    assert "| ours | 1 |" in page
    assert set(json.loads((tmp_path / "benchmarks.json").read_text())["results"]) == {"study", "precision"}
