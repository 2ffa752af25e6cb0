"""Published networks that compare the engine with plain Brian2."""

import pytest

from benchmarks.examples.compare import EXAMPLES, citation, compare, same
from benchmarks.report import table
from cortex.engine import compiler

needs_compiler = pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")


def test_each_example_names_its_paper():
    assert len(EXAMPLES) >= 15
    for build in EXAMPLES.values():
        assert citation(build)[-4:].isdigit()
        assert ", doi:10." in build.__doc__


def test_spikes_agree_if_they_are_the_same_in_any_order():
    one, other = {"spikes.t": [1, 1], "spikes.i": [3, 2]}, {"spikes.t": [1, 1], "spikes.i": [2, 3]}
    assert same(one, other) == "2 spikes"
    assert same(one, {"spikes.t": [1, 2], "spikes.i": [3, 2]}) == "2 spikes, ours 2"


def test_the_table_has_a_row_for_each():
    row = {"plain": 1.0, "ours": 0.25, "ratio": 4.0, "results": "7 spikes"}
    lines = table("examples", {"cuba: Vogels & Abbott 2005": row}).splitlines()
    assert lines[2] == "| | plain Brian2 | this engine | ratio | results |"
    assert lines[-1] == "| cuba: Vogels & Abbott 2005 | 1 | 0.25 | 4 | 7 spikes |"


@needs_compiler
@pytest.mark.slow
def test_an_example_runs_with_both(tmp_path, monkeypatch):
    monkeypatch.setenv("CORTEX_CACHE", str(tmp_path / "cache"))
    row = compare(EXAMPLES["gate_exp"], 1, tmp_path / "work")
    assert row["plain"] > 0 and row["ours"] > 0
    assert row["results"].startswith("values within ")
    assert float(row["results"].split()[-1]) < 1e-14
