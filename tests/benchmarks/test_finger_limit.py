"""The program by hand does what the model does, in less time, and says so."""

import numpy as np
import pytest

from benchmarks.candidates import Failed
from benchmarks.finger import by_hand, limit
from cortex.engine import compiler
from cortex.experiment.streams import Streams
from cortex.mechanisms import lateral_inhibition, recruitment
from models.finger_area import SLOT, layout, run_inputs
from models.finger_area.anatomy import Anatomy
from scenarios.finger_expansion import SCENARIO

needs_compiler = pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")

SLOTS = 400

BANDS = {"rate_pyramidal": (1.22, 1.33), "rate_pv": (18.5, 20.2)}
"""Around what the engine gives for these slots: 1.255 to 1.296 and 19.01 to 19.70 Hz with five seeds."""


@pytest.fixture(scope="module")
def short():
    return SCENARIO.resolve({}, quick=True)


@pytest.fixture
def prepared(short, tmp_path):
    by_hand.save(by_hand.inputs(short, animal=0, slots=SLOTS), tmp_path / "in")
    return tmp_path / "in"


def test_arrays_are_read_as_they_were_written(tmp_path):
    by_hand.save({"a.b": np.arange(3), "one": 0.5, "none": []}, tmp_path / "arrays")
    read = by_hand.load(tmp_path / "arrays")
    assert {name: values.tolist() for name, values in read.items()} == {"a.b": [0, 1, 2], "one": [0.5], "none": []}


def test_all_delays_are_the_one_that_is_written():
    assert by_hand.TIMES["delay"] == recruitment.DELAY == lateral_inhibition.DELAY


def test_all_contacts_are_there_sorted_by_source_and_those_skipped_have_no_affinity(short):
    values, fixed = by_hand.inputs(short, animal=0), Anatomy(short).fixed
    model = run_inputs(short, Streams(0), trained=True)
    for name in by_hand.PROJECTIONS:
        contacts = fixed[name] if name in fixed else model[f"{name}.contacts"]
        assert len(values[f"{name}.target"]) == contacts.shape[1], name
        assert (np.diff(values[f"{name}.source"]) >= 0).all(), name
    established, affine = values["pyramidal.established"] > 0, values["lateral.affinity"] > 0
    assert established[values["lateral.source"][affine]].all()
    assert not established[values["lateral.target"][affine]].any()


@needs_compiler
@pytest.mark.parametrize("real", ["float", "double"])
def test_the_program_fires_as_the_model_does(prepared, tmp_path, real):
    binary = by_hand.compile_program(tmp_path, real)
    said, recording = by_hand.simulate(binary, prepared, 1, tmp_path)
    assert said["seconds"] == SLOTS * float(SLOT)
    for name, (low, high) in BANDS.items():
        assert low < said[name] < high, name
    assert recording["spikes.t"].max() < said["seconds"]
    again = by_hand.simulate(binary, prepared, 1, tmp_path)[1]
    assert np.array_equal(recording["spikes.i"], again["spikes.i"])
    with pytest.raises(Failed, match="too short"):
        prepared.write_bytes(prepared.read_bytes()[:-8])
        by_hand.simulate(binary, prepared, 1, tmp_path)


@pytest.mark.parametrize(
    ("a", "b", "apart"), [([1, 3], [1, 3], 0.0), ([1, 3], [4, 6], -(4.5**0.5)), ([2, 2], [2, 2], np.nan)]
)
def test_means_are_compared_with_their_standard_error(a, b, apart):
    assert limit.apart(np.array(a), np.array(b)) == pytest.approx(apart, nan_ok=True)


def test_times_and_agreement_come_from_the_same_runs(monkeypatch, short):
    seconds, ran = dict(zip((*limit.LIMITS.values(), *limit.LIMITS), (8, 4, 16, 12), strict=True)), []

    def run(name, seed):
        ran.append((name, seed))
        return seconds[name] + seed, name

    def candidates(p, work):
        return {name: lambda seed, name=name: run(name, seed) for name in seconds}

    monkeypatch.setattr(limit, "candidates", candidates)
    monkeypatch.setattr(limit, "quantities", lambda p, recording: {"settle: PV, Hz": float(len(recording))})
    limit.simulated.cache_clear()
    arguments = ("work", 3, print, True)
    times, rows = limit.loop(*arguments), limit.agreement(*arguments)
    limit.simulated.cache_clear()
    assert [seed for name, seed in ran if name == "C++ by hand, float"] == [1, 2, 3]
    assert times["this engine"]["cpu"] == 18
    assert times["this engine"]["ratio"] == 18 / 10
    assert times["this engine, single precision"]["ratio"] == 14 / 6
    assert times["C++ by hand, double"]["ratio"] == 1
    assert times["this engine"]["biological"] == float(layout(short).duration) / 18
    assert list(rows) == ["settle: PV, Hz"]
    assert rows["settle: PV, Hz"]["this engine"] == (11.0, 11.0)
