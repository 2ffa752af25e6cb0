"""Copies of a teacher are told from cells that learned what any cell in their place would learn."""

from collections.abc import Callable

import numpy as np
import pytest

from cortex.engine.recording import Recording
from cortex.experiment.streams import Streams
from models import finger_area
from models.finger_area import Anatomy, FingerParameters
from models.finger_area.anatomy import reached
from models.finger_area.copies import Copies, cosine_over_shared
from models.finger_area.depth import counts, depth_answers, fitted
from models.finger_area.protocol import PAUSE_SLOTS, PROBE_SLOTS, SLOT, depth_order, layout


@pytest.fixture(scope="module")
def animal(p: FingerParameters) -> Callable[..., Recording]:
    """Make the recording of an animal whose idle cells are all recruited, with weights of their own choice."""
    inputs = finger_area.run_inputs(p, Streams(5), trained=True)
    established = inputs["pyramidal.established"] > 0
    source, target = inputs["lateral.contacts"]
    affinity = inputs["lateral.affinity"] * np.random.default_rng(1).random(len(source))
    anatomy = Anatomy(p)
    afferent, cell = anatomy.fixed["afferent"]

    def make(model_of_each: np.ndarray, spikes: tuple[np.ndarray, np.ndarray] = (np.empty(0, int), np.empty(0))):
        """Let each cell have the weights of another, as far as it has contacts."""
        rng = np.random.default_rng(2)
        peak = anatomy.pyramidal + rng.normal(0, 0.1, anatomy.pyramidal.shape)
        field = np.exp(-((anatomy.afferents[:, None] - peak) ** 2).sum(axis=2) / (2 * 0.15**2))
        before = anatomy.arbor * field[afferent, cell]
        after = anatomy.arbor * field[afferent, model_of_each[cell]]
        train, release = (layout(p).interval(name)[0] for name in ("train", "release"))
        arrays = {
            "weights.t": np.array([train - 20, release - 20, release + 20]),
            "weights.w": np.stack([before, after, 0 * after]),
            "cells.t": np.array([0, release - 5, release + 5]),
            "cells.maturity": np.stack([established, np.ones(len(established)), established]).astype(float),
            "lateral.source": source,
            "lateral.target": target,
            "lateral.affinity": affinity,
            "spikes.i": spikes[0],
            "spikes.t": spikes[1],
        }
        return Recording(arrays, {}, 0, 0)

    return make


def taught(copies: Copies) -> np.ndarray:
    """Return the teacher of each cell; a cell itself where it has none."""
    return np.where(copies.teachers >= 0, copies.teachers, np.arange(len(copies.teachers)))


def test_the_teacher_of_a_cell_has_the_largest_affinity(p, animal) -> None:
    run = animal(np.arange(len(Anatomy(p).pyramidal)))
    copies = Copies(p, run)
    source, target, affinity = (run[f"lateral.{name}"] for name in ("source", "target", "affinity"))
    for cell in copies.recruited[::40]:
        reaching = target == cell
        assert copies.teachers[cell] == source[reaching][affinity[reaching].argmax()]
    assert not copies.established[copies.recruited].any()
    assert (copies.teachers[copies.established] == -1).all()


def test_copies_of_their_teachers_have_an_advantage_and_cells_of_their_place_have_none(p, animal) -> None:
    own = np.arange(len(Anatomy(p).pyramidal))
    teachers = taught(Copies(p, animal(own)))
    copied, alone = Copies(p, animal(teachers)), Copies(p, animal(own))
    assert copied.weight_advantage() > 0.2
    assert copied.field_centre_correlation() > 0.8
    assert abs(alone.weight_advantage()) < 0.03
    assert abs(alone.field_centre_correlation()) < 0.1
    other = np.random.default_rng(3).permutation(copied.recruited)
    swapped = own.copy()
    swapped[copied.recruited] = teachers[other]
    assert Copies(p, animal(swapped)).weight_advantage() < 0.03


def test_teachers_keep_their_weights_or_not(p, animal) -> None:
    own = np.arange(len(Anatomy(p).pyramidal))
    assert Copies(p, animal(own)).teacher_kept() == pytest.approx(1)
    assert Copies(p, animal(np.roll(own, 1))).teacher_kept() < 0.95


def test_without_copies_nothing_is_measured(p, animal) -> None:
    run = animal(np.arange(len(Anatomy(p).pyramidal)))
    run.arrays["cells.maturity"][:] = run["cells.maturity"][0]
    copies = Copies(p, run)
    assert np.isnan(copies.weight_advantage()) and np.isnan(copies.field_centre_correlation())


def test_cosines_are_those_over_shared_afferents() -> None:
    contacts = np.array([[*range(8), *range(1, 9)], [0] * 8 + [1] * 8])
    weights = np.zeros((2, 9))
    weights[0, :8], weights[1, 1:] = 1, [1, 1, 1, 1, 1, 1, 0, 5]
    [[cosine]] = cosine_over_shared(weights, contacts, np.array([0]), np.array([1]))
    assert cosine == pytest.approx(6 / np.sqrt(7 * 6))
    [[undefined]] = cosine_over_shared(weights[:, 3:], contacts[:, contacts[0] >= 3] - [[3], [0]], [0], [1])
    assert np.isnan(undefined)


def test_depth_is_read_right_if_copies_share_what_their_teachers_had(p, animal) -> None:
    """Before, established cells alone answer; then each cell of a group of g answers with 1/g of it, or with all."""
    own = np.arange(len(Anatomy(p).pyramidal))
    copies = Copies(p, animal(own))
    group = np.where(copies.established, own, copies.teachers)
    group[~reached(p)] = -1
    members = np.bincount(group[group >= 0], minlength=len(own))
    order, length = depth_order(p), (PROBE_SLOTS + PAUSE_SLOTS) * float(SLOT)
    rng = np.random.default_rng(4)

    def answers(share: float):
        cell, time = [], []
        for name in ("depths before", "depths trained"):
            start = layout(p).interval(name)[0]
            mean = np.where(copies.established, 1.0, 0.0)
            if name == "depths trained":
                mean = np.where(group >= 0, share / np.maximum(members[group], 1) + (1 - share), 0)
            for shown, depth in enumerate(order):
                number = rng.poisson(4 * (1 + depth) * mean)
                cell.append(np.repeat(own, number))
                time.append(np.full(number.sum(), start + length * (shown + 0.5)))
        run = animal(own, (np.concatenate(cell), np.concatenate(time)))
        assert counts(p, run, "depths before").shape == (2, p.mapping.depths, len(own))
        return depth_answers(p, run, Copies(p, run))

    held, free = answers(1.0), answers(0.0)
    assert held.gain == pytest.approx(1, abs=0.1) and held.bias == pytest.approx(0, abs=0.1) and held.correct == 1
    assert free.gain > 3 and free.bias > 3 and free.correct == 0.5

    silent = animal(own)
    assert np.isnan(depth_answers(p, silent, Copies(p, silent))).all()


def test_a_readout_answers_minus_and_plus_one_to_what_it_was_fitted_to() -> None:
    shown = np.random.default_rng(0).poisson([[[2.0, 5, 0]], [[4.0, 3, 0]]], (2, 200, 3))
    weights, middle, half = fitted(shown)
    np.testing.assert_allclose((shown @ weights).mean(axis=1), [middle - half, middle + half])
    assert weights[0] > 0 > weights[1] and weights[2] == 0
    variance = (shown[:, :, 0].var(axis=1)).mean()
    assert weights[0] == pytest.approx((shown[1, :, 0].mean() - shown[0, :, 0].mean()) / (variance + 0.5))
