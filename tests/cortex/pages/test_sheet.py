"""The map on a page is that which the model's own analysis finds."""

import base64
import gzip
from dataclasses import replace

import numpy as np
import pytest

from cortex.analysis import maps
from cortex.pages import sheet_data, sheet_file
from cortex.report import style
from models.finger_area.mapping import CorticalMap, electrodes
from tests.cortex.pages import made

SESSIONS = ("map before", "map trained", "map released")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return made.sheet_run(tmp_path_factory.mktemp("made") / "0123456789-r000")


@pytest.fixture(scope="module")
def read(run):
    found = sheet_file.read(run)
    assert found is not None
    return found


def numbers(packed):
    return np.frombuffer(gzip.decompress(base64.b64decode(packed["bytes"])), packed["kind"].lower())


def test_sites_answer_as_in_the_analysis_of_the_model(run, read):
    own = run.recordings["trained"]
    placed = electrodes(made.PARAMETERS)
    assert [one.phase for one in read.maps["trained"]] == list(SESSIONS)
    for one in read.maps["trained"]:
        known = CorticalMap(made.PARAMETERS, own, one.phase, placed)
        assert np.array_equal(one.sites.winner, known.winner)
        assert np.array_equal(one.sites.field_size(read.layout.probe_area), known.field_area)
        graded = maps.graded_area(one.sites.patches, one.sites.thresholds, [5, 8], read.layout.site_area)
        assert graded == known.graded([5, 8])
    assert read.trained == {"trained": [5, 8], "control": [5, 8]}
    assert len(set(read.maps["trained"][2].sites.winner.tolist())) > 10


def test_the_teacher_of_a_copy_reaches_it_and_has_the_weights_most_like_its_own(run, read):
    data, one = run.recordings["trained"], read.maps["trained"][2]
    label = made.recording()[1]
    source, target = (label.variables[f"lateral_synapse_{end}"].values for end in ("source", "target"))
    copy = int(np.flatnonzero(one.teacher >= 0)[0])
    weights = np.zeros((len(one.teacher), len(read.afferents)))
    weights[read.synapses[1], read.synapses[0]] = data["weights.w"][2]
    unit = weights / np.linalg.norm(weights, axis=1, keepdims=True)
    candidates = [cell for cell in source[target == copy] if read.layout.established[cell]]
    best = max(candidates, key=lambda cell: unit[cell] @ unit[copy])
    assert one.teacher[copy] == best
    assert one.likeness[copy] == pytest.approx(unit[best] @ unit[copy])
    assert (read.maps["trained"][0].teacher == -1).all()
    assert (one.teacher[read.layout.established] == -1).all()


def test_a_recorded_choice_of_teachers_is_taken(tmp_path):
    recorded, label = made.recording(affinity=True)
    found = sheet_file.read(made.write_run(tmp_path / "0123456789-r000", {"trained": (recorded, label)}))
    assert found is not None
    assert found.recorded
    source, target, affinity = (recorded[f"lateral.{name}"] for name in ("source", "target", "affinity"))
    one = found.maps["trained"][2]
    copies = np.flatnonzero(one.teacher >= 0)
    assert len(copies) > 20
    for copy in copies:
        reaching = (target == copy) & found.layout.established[source]
        assert one.teacher[copy] == source[reaching][affinity[reaching].argmax()]


def test_a_digit_that_is_not_probed_answers_to_nothing(tmp_path):
    recorded, label = made.recording()
    label.inputs["probe_touches"].values[:, 4] = 0
    found = sheet_file.read(made.write_run(tmp_path / "0123456789-r000", {"trained": (recorded, label)}))
    assert found is not None
    assert not (found.maps["trained"][0].sites.winner >= 12).any()
    assert found.maps["trained"][0].blanks == 8


def test_the_script_gets_whole_numbers_that_give_the_same_responses(read):
    data = sheet_data.data(read)
    one, packed = read.maps["trained"][1], data["maps"]["trained"][1]
    shape = one.cells.spikes.shape
    assert np.array_equal(numbers(packed["spikes"]).reshape(shape) / data["repeats"], one.cells.spikes)
    assert np.array_equal(numbers(packed["blanks"]) / packed["blankCount"], one.cells.baseline)
    assert np.array_equal(numbers(packed["cellWinner"]), one.cells.winner)
    order = np.argsort(read.synapses[1], kind="stable")
    assert np.array_equal(numbers(data["sources"]), read.synapses[0][order])
    assert np.abs(numbers(packed["weights"]) / 200 - one.weights[order]).max() < 0.0026
    assert numbers(data["contacts"]).sum() == len(order)


def test_numbers_are_packed_in_the_smallest_kind_that_holds_them():
    kinds = {255: "Uint8", -1: "Int16", 256: "Int16", 40000: "Uint16", 70000: "Int32"}
    for number, kind in kinds.items():
        packed = sheet_data.packed(np.array([0, number]))
        assert packed["kind"] == kind
        assert numbers(packed).tolist() == [0, number]
    assert numbers(sheet_data.packed(np.array([np.nan, 2.0]))).tolist() == [0, 2]


def test_the_hand_has_a_shape_for_each_probe(read):
    skin = sheet_data.skin(read)
    assert len(skin["probes"]) == len(read.layout.digit)
    assert [name for name, *_ in skin["names"]] == ["D1", "D2", "D3", "D4", "D5"]


def test_charts_show_the_areas_of_the_maps(read):
    area, field, total = sheet_data.charts(read)
    names = ["trained animal, other digits", "control animal, patches touched by the training"]
    assert [line.name for line in area.series[1:3]] == names
    [first, *_] = area.series[0].values
    one = read.maps["trained"][0]
    assert first == maps.graded_area(one.sites.patches, one.sites.thresholds, [5, 8], read.layout.site_area)
    assert len(area.rows) == 3
    assert all(0 <= y <= 210 for line in (*field.lines, *total.lines) for _, y in line["points"])


@pytest.mark.parametrize(
    ("digits", "radius", "patches"),
    [([2], 1.3, [8]), ([2], 2.5, [8]), ([1, 2], 2.5, [5, 8]), ([1, 2], 16.0, [3, 4, 5, 6, 7, 8]), ([], 2.5, [])],
)
def test_each_animal_has_the_patches_that_its_own_contact_touches(tmp_path, digits, radius, patches):
    own, label = made.recording()
    ridged, radii = (label.inputs[f"stimulus_{name}"].values for name in ("ridged", "radius"))
    ridged[:, [digit not in digits for digit in range(5)]] = 0
    label.inputs["stimulus_depth"].values[:, digits] = 1.0
    radii[ridged > 0] = radius
    both = {"other": made.recording(1), "own": (own, label)}
    found = sheet_file.read(made.write_run(tmp_path / "0123456789-r000", both))
    assert found is not None
    assert found.trained == {"other": [5, 8], "own": patches}
    area, *_ = sheet_data.charts(found)
    lines = {line.name: line for line in area.series}
    name = "own animal, patches touched by the training"
    assert (name in lines) == bool(patches)
    one = found.maps["own"][2]
    same = lines[name if patches else "own animal, the same patches, not trained"]
    graded = maps.graded_area(one.sites.patches, one.sites.thresholds, patches or [5, 8], found.layout.site_area)
    assert same.values[2] == graded


def test_without_any_training_each_digit_is_followed_in_its_own_colour(read):
    area, *_ = sheet_data.charts(replace(read, trained={"trained": [], "control": []}))
    assert [line["colour"] for line in area.lines] == [*style.DIGITS, *style.DIGITS]
    assert len({line["dashes"] for line in area.lines}) == 2
    trained, *_ = sheet_data.charts(read)
    assert not {line["colour"] for line in trained.lines} & set(style.DIGITS)


def test_a_run_without_probes_has_no_map(tmp_path):
    plain = made.recording()[0]
    recorded = {"trained": (plain, made.data_file.Coordinates())}
    assert sheet_file.read(made.write_run(tmp_path / "run", recorded)) is None
    unmapped = {name: value for name, value in made.RECORD["parameters"].items() if not name.startswith("mapping.")}
    assert sheet_file.read(made.write_run(tmp_path / "other", recorded, parameters=unmapped)) is None
