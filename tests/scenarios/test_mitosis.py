"""The scenario of splitting cells: a short run, what its null models change, and, slowly, its bands."""

from pathlib import Path
from typing import Any

import h5netcdf
import numpy as np
import pytest

from cortex import api
from cortex.engine import compiler
from cortex.experiment.streams import Streams
from models.division import splits
from scenarios.mitosis import CHANGED, EXACT, KEPT, SCENARIO
from tests.physics_settings import BASES

needs_compiler = pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A short quick run."""
    return api.run(SCENARIO, BASES["mitosis"], seed=0, output=tmp_path_factory.mktemp("quick"), quick=True)


@needs_compiler
def test_arithmetic_and_steady_spikes_meet_their_bands_in_any_run(quick: Any) -> None:
    assert set(quick.measures) == set(SCENARIO.expected)
    for name, (low, high) in SCENARIO.expected.items():
        value, slack = quick.measures[name], 2 * (name.startswith("rate_") and name != "rate_half_input")  # Hz: 0.5 s
        assert np.isfinite(value)
        if not name.startswith("pair_"):
            assert low is None or low - slack <= value, name
            assert high is None or value <= high + slack, name


@needs_compiler
def test_the_table_says_which_kinds_keep_their_output(quick: Any) -> None:
    with h5netcdf.File(quick.data) as data:
        cells = {name: np.asarray(data["cells"].variables[name][...]) for name in ("split", "kind", "error")}
    for name, errors in zip(cells["split"].astype(str), cells["error"], strict=True):
        kept = [kind for kind, error in zip(cells["kind"].astype(str), errors, strict=True) if error <= EXACT]
        assert tuple(kept) == KEPT[name]
    assert (quick.folder / "figures" / "splits.png").exists()


def errors(null: str, kind: str, seed: int) -> dict[str, float]:
    """Return how far each split is off, in arithmetic alone."""
    p, streams = SCENARIO.resolve({}, null=null), Streams(seed)
    weights, stimuli = splits.drawn(p, streams)
    before = splits.KINDS[kind](splits.sums(weights, stimuli))
    parts = splits.parts(p, weights, streams).items()
    return {name: splits.error(before, splits.output(kind, splits.sums(w, stimuli), a)) for name, (w, a) in parts}


def test_copies_that_are_not_exact_change_the_output(seed: int) -> None:
    assert errors("", "tanh", seed)["outgoing, halves"] <= EXACT
    assert errors("unequal_copies", "tanh", seed)["outgoing, halves"] >= CHANGED


def test_relu_cells_may_be_split_at_each_synapse_where_all_is_positive(seed: int) -> None:
    assert errors("", "ReLU", seed)["each synapse by itself"] >= CHANGED
    assert errors("excitatory", "ReLU", seed)["each synapse by itself"] <= EXACT


@needs_compiler
@pytest.mark.slow
@pytest.mark.parametrize("null", ["", *SCENARIO.nulls])
def test_the_full_version_meets_its_bands_and_null_models_miss_theirs(null: str, tmp_path: Path) -> None:
    run = api.run(SCENARIO, {}, seed=90, output=tmp_path, null=null, figures=False)
    missed = {name for name, score in run.scores.items() if score != "inside"}
    if null:
        assert missed >= set(SCENARIO.nulls[null].misses)
    else:
        assert missed == set()
