"""Maps of the finger area."""

import numpy as np
import pytest
from brian2 import mm

from cortex.mechanisms.skin import HAND
from models import finger_area
from models.finger_area.mapping import CorticalMap, electrodes, responses


@pytest.fixture
def answering(p):
    """The recording of a map in which one cell fires 30 spikes to one place of a digit, and one to every blank."""

    def record(cell: int, place: int, digit: int) -> dict[str, np.ndarray]:
        order = finger_area.probe_order(p)
        start, _ = finger_area.layout(p).interval("map before")
        onset = start + 0.25 * np.arange(len(order))
        group = next(n for n, together in enumerate(finger_area.together(p)) if digit in together)
        shown = (order[:, 0] == place) & (order[:, 1] == group)
        times = np.concatenate([*(onset[shown] + delay for delay in np.linspace(0, 0.248, 30)), onset[order[:, 0] < 0]])
        times = np.sort(times) + 1e-4
        return {"spikes.i": np.full(len(times), cell), "spikes.t": times}

    return record


@pytest.mark.parametrize(("digit", "place"), [(0, 3), (1, 20), (2, 71), (4, 40)])
def test_an_answer_is_found_at_its_place_on_its_digit(p, anatomy, answering, digit, place) -> None:
    x = (digit + 0.5) * float(p.sheet.digit_width / mm)
    cell = int(np.argmin(np.linalg.norm(anatomy.pyramidal - [x, 0.5], axis=1)))
    n = len(finger_area.probe_places(p))
    run = answering(cell, place, digit)
    mean, blanks = responses(p, run, "map before")
    assert mean[cell, digit * n + place] == 30
    assert mean.sum() == 30
    assert (blanks[cell] == 1).all()
    assert blanks.sum() == p.mapping.repeats * p.mapping.blanks

    found = CorticalMap(p, run, "map before", electrodes(p))
    hearing = found.members[:, cell] > 0
    assert hearing.any()
    patch = digit * 3 + int(HAND.phalanx(finger_area.probe_places(p)[place, 1]))
    assert ((found.winner == patch) == hearing).all()
    assert found.won([patch]) == pytest.approx(hearing.sum() * 0.14**2)
    assert found.won([other for other in range(15) if other != patch]) == 0


def test_an_area_depends_on_the_threshold_as_far_as_answers_do(p, anatomy, answering) -> None:
    cell = int(np.argmin(np.linalg.norm(anatomy.pyramidal - [0.9, 0.5], axis=1)))
    found = CorticalMap(p, answering(cell, 20, 1), "map before", electrodes(p))
    found.spread[:] = 1
    found.baseline[:] = 0
    patch = [3 + int(HAND.phalanx(finger_area.probe_places(p)[20, 1]))]
    answer = found.patches[:, patch].max()
    hearing = (found.patches[:, patch[0]] > 0).sum() * 0.14**2
    assert found.graded_at(patch, answer - 0.01) == pytest.approx(hearing)
    assert found.graded_at(patch, answer) == 0
