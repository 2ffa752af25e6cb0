"""The film of a run, and the one of the finger area."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.animation import FuncAnimation
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from cortex.engine.recording import Recording
from cortex.errors import UsageError
from cortex.experiment import catalogue, film
from cortex.experiment.identity import Run
from cortex.experiment.run import complete
from cortex.mechanisms.skin import HAND, PHALANGES, receptors
from models.finger_area.anatomy import Anatomy
from models.finger_area.film import heard
from models.finger_area.parameters import FingerParameters
from models.finger_area.protocol import layout

FILMED = """
from dataclasses import replace
from tests.cortex.experiment.test_film import three_pictures
SCENARIO = replace(SCENARIO, animate=three_pictures)
"""


def three_pictures(parameters, recordings) -> FuncAnimation:
    figure = Figure((1, 1))
    FigureCanvasAgg(figure)
    [line] = figure.subplots().plot([0, 1], [0, 1])

    def show(number: int) -> list:
        line.set_ydata([0, number])
        return [line]

    return FuncAnimation(figure, show, frames=3)


def test_a_run_with_a_film_gets_it_once(tiny: Path, tmp_path: Path) -> None:
    scenario = replace(catalogue.read_file(tiny), animate=three_pictures)
    run = Run(scenario, scenario.parameters, 0, 0, False, "")
    result = complete(run, tmp_path, backend="numpy", figures=False)
    file = film.make(run, result)
    assert file == result.folder / "figures" / "film.gif"
    with Image.open(file) as pictures:
        assert (pictures.n_frames, pictures.size) == (3, (100, 100))
    made = file.stat().st_mtime_ns
    assert film.make(run, result).stat().st_mtime_ns == made


def test_the_film_of_a_quick_run_says_so(tiny: Path, tmp_path: Path) -> None:
    figures = []

    def drawn(parameters, recordings) -> FuncAnimation:
        film_of_it = three_pictures(parameters, recordings)
        figures.append(film_of_it._fig)
        return film_of_it

    scenario = replace(catalogue.read_file(tiny), animate=drawn)
    for quick in (False, True):
        run = Run(scenario, scenario.resolve({}, quick=quick), 0, 0, quick, "")
        film.make(run, complete(run, tmp_path, backend="numpy", figures=False))
    assert [[text.get_text() for text in figure.texts] for figure in figures] == [[], ["quick version"]]


def test_a_film_is_named_and_made_of_a_repetition_too(cortex, tiny: Path, tmp_path: Path) -> None:
    file = tmp_path / "filmed.py"
    text = tiny.read_text(encoding="utf-8") + FILMED
    file.write_text(text, encoding="utf-8")
    told = json.loads(cortex("run", file, "--animate", "--quick", "--json", "--backend", "numpy").out)
    assert told["film"] == f"{told['folder']}/figures/film.gif"
    assert Path(told["film"]).is_file()
    again = cortex("run", told["folder"], "--animate", "--scenario", file)
    assert again.code == 0
    assert "all measures are identical" in again.out
    [made] = tmp_path.glob("results/tiny/repeat-1/runs/*/figures/film.gif")
    assert str(made.relative_to(tmp_path)) in again.out
    refused = cortex("run", told["folder"], "--animate", "--scenario", tiny)
    assert (refused.code, refused.err.splitlines()[0]) == (2, "error: tiny has no film")


def test_a_scenario_without_a_film_says_so_before_it_runs(cortex, tiny: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="tiny has no film"):
        film.check(catalogue.read_file(tiny))
    outcome = cortex("run", tiny, "--animate", "-o", tmp_path / "out")
    assert outcome.code == 2
    assert "finger_expansion has one" in outcome.err
    assert not (tmp_path / "out").exists()


def test_a_cell_hears_the_skin_on_which_its_weights_are_greatest() -> None:
    p = FingerParameters()
    skin, (source, target) = receptors(p.afferents), Anatomy(p).fixed["afferent"]
    patch = (skin.digit * PHALANGES + HAND.phalanx(skin.y))[source]
    cells = len(Anatomy(p).pyramidal)
    end = float(layout(p).duration)
    cell = int(np.bincount(target).argmax())
    first, second = np.unique(patch[target == cell])[:2]
    weights = np.zeros((3, len(source)))
    weights[0] = 1.0
    weights[1] = np.where(target == cell, patch == first, 1.0)
    weights[2] = np.where(target == cell, 20.0 * (patch == second), 0.0)
    maturity = np.ones((1, cells))
    arrays = {"weights.t": np.array([0.0, end / 2, end]), "weights.w": weights, "cells.maturity": maturity}
    patches = heard(p, Recording(arrays, {}, end, 0.0), np.array([end / 4, end / 2, end]))
    assert patches[1, cell] == first or patches[1, cell] == -1  # if it has few afferents there
    assert patches[2, cell] == second
    others = np.arange(cells) != cell
    assert (patches[1, others] >= 0).mean() > 0.9
    assert (patches[2, others] == -1).all()
