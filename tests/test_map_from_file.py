"""A map is drawn from data.nc alone, with the commands of the documentation."""

import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from cortex import api
from cortex.engine import compiler
from cortex.engine.recording import Recording
from cortex.experiment import data_file
from cortex.experiment.coordinates import Coordinates
from cortex.experiment.streams import Streams
from models import finger_area
from models.finger_area.coordinates import coordinates
from scenarios.finger_expansion import SCENARIO

REPORT = """
import json, sys
assert not {"cortex", "models", "scenarios", "brian2"} & set(sys.modules)
maps = {}
for axis in axes:
    points = axis.collections[1]
    maps[axis.get_title()] = [points.get_offsets().tolist(), points.get_array().tolist()]
figure.savefig(path + ".png")
print(json.dumps(maps))
"""


PAGE = (Path(__file__).parents[1] / "docs" / "data.md").read_text(encoding="utf-8")


def draw_map(data: Path) -> dict[str, dict[tuple[int, int], int]]:
    """Draw the map with the commands of the documentation, which know the file only: digit by site and session."""
    commands = re.findall("```python\n(.*?)```", PAGE, re.DOTALL)[-1]
    script = f"path = {str(data)!r}\nimport matplotlib\nmatplotlib.use('Agg')\n{commands}{REPORT}"
    ended = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True, cwd=data.parent)
    assert ended.returncode == 0, ended.stderr
    assert data.with_name(data.name + ".png").stat().st_size > 0
    return {
        session: {(int(x), int(y)): int(digit) for (x, y), digit in zip(*points, strict=True)}
        for session, points in json.loads(ended.stdout).items()
    }


def test_the_page_names_what_the_file_holds() -> None:
    p = finger_area.FingerParameters()
    label = coordinates(p, finger_area.run_inputs(p, Streams(1), trained=True))
    projections = {name.removesuffix("_synapse") for name in label.sizes if name.endswith("_synapse")}
    spikes = {"spikes.t", "spikes.i", "spikes.count", "weights.t", "phase", "phase_start", "phase_duration"}
    known = spikes | projections | set(label.variables) | set(label.sizes) | set(label.meanings)
    table = [row for row in PAGE.splitlines() if row.startswith("| ")]
    named = set(re.findall(r"`([^`]+)`", "".join(table)))
    assert len(named) > 40
    assert named <= known


def strip_of(label: Coordinates) -> np.ndarray:
    """The digit in whose strip of cortex each cell lies, from the place of the nearest arbor."""
    values = {name: variable.values for name, variable in label.labels.items()}
    cells, arbors = (
        np.stack([values[f"{name}_x"], values[f"{name}_y"]], axis=1) for name in ("pyramidal", "afferent_arbor")
    )
    distance = np.linalg.norm(cells[:, None] - arbors[None], axis=2)
    return values["afferent_digit"][distance.argmin(axis=1)]


def test_a_map_is_drawn_from_the_file_alone(tmp_path: Path) -> None:
    """Established cells answer to the digit in whose strip they lie, as if they had been recorded."""
    p = finger_area.FingerParameters().override({"sheet.density": "150/mm^2", "mapping.repeats": 1})
    label = coordinates(p, finger_area.run_inputs(p, Streams(1), trained=True))
    variables = {name: variable.values for name, variable in label.variables.items()}
    strip, idle = strip_of(label), variables["pyramidal_kind"] == "idle"
    probe, cell = np.nonzero(variables["probe_touches"][:, strip - 1] & ~idle)
    arrays = {
        "spikes.i": np.repeat(cell, 3).astype(np.int32),
        "spikes.t": np.repeat(variables["probe_start"][probe], 3) + np.tile([0.01, 0.05, 0.09], len(probe)),
        "spikes.count": np.bincount(cell, minlength=len(idle)),
    }
    recording = Recording(arrays, {"spikes.i": "1", "spikes.t": "s", "spikes.count": "1"}, 600.0, 1.0)
    data_file.write(tmp_path / "data.nc", {"trained": recording}, {"trained": label}, SCENARIO.phases(p))

    places = np.stack([variables["pyramidal_x"], variables["pyramidal_y"]], axis=1)
    answering: dict[tuple[int, int], set[int]] = {}
    for (x, y), digit in zip((places[~idle] // 0.14).astype(int).tolist(), strip[~idle].tolist(), strict=True):
        answering.setdefault((x, y), set()).add(digit)
    maps = draw_map(tmp_path / "data.nc")
    assert list(maps) == ["map before", "map trained", "map released"]
    for drawn in maps.values():
        assert set(drawn) == set(answering)
        assert all(digit in answering[site] for site, digit in drawn.items())


@pytest.mark.slow
@pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")
def test_the_map_of_a_run_keeps_the_order_of_the_digits(tmp_path: Path) -> None:
    folder = api.run(SCENARIO, {}, seed=5, output=tmp_path, quick=True).folder
    for drawn in draw_map(folder / "data.nc").values():
        columns = np.array([(x + 0.5) * 0.14 / 0.6 + 0.5 for x, _ in drawn])  # in units of a digit's strip
        assert len(drawn) > 50
        assert (np.abs(columns - list(drawn.values())) < 1.1).all()  # arbors reach half a strip beyond their own
        assert set(drawn.values()) == {1, 2, 3, 4, 5}
