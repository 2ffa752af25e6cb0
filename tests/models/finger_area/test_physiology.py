"""What single cells and groups of the sheet do, against spikes that were made for it."""

import numpy as np
import pytest

from cortex.analysis.discrimination import noise_correlation
from models.finger_area import Anatomy, probe_places
from models.finger_area.physiology import group_variation, onset, pieces, presentations, probed
from models.finger_area.protocol import probe_order


@pytest.fixture(scope="module")
def shown(p):
    """Return when each probe begins."""
    return presentations(p)


def test_a_probe_is_shown_as_often_as_the_map_repeats_it(p, shown) -> None:
    order = probe_order(p)
    assert shown.shape == (len(np.unique(order[order[:, 0] >= 0], axis=0)), p.mapping.repeats)
    assert len(np.unique(shown)) == shown.size
    assert np.all(np.diff(shown, axis=1) > 0)


def test_cells_that_miss_the_same_probes_have_a_noise_correlation(p, shown) -> None:
    n, rng = len(Anatomy(p).pyramidal), np.random.default_rng(0)
    begin = np.sort(shown.ravel())
    fired = rng.random((3, begin.size)) < 0.5
    fired[1] = fired[0]
    time = np.concatenate([begin[one] + 0.01 for one in fired])
    cell = np.repeat([0, 1, 2], fired.sum(axis=1))
    order = np.argsort(time, kind="stable")
    run = {"cells.maturity": np.ones((1, n)), "spikes.i": cell[order], "spikes.t": time[order]}
    counted = probed(p, run)
    assert noise_correlation(counted[:, :, [0, 1]]) == pytest.approx(1)
    assert noise_correlation(counted[:, :, [0, 2]]) == pytest.approx(0, abs=0.15)


def test_the_onset_is_where_the_rate_after_a_probe_has_risen_half_way(p, shown) -> None:
    time = np.sort((shown.ravel()[:, None] + 0.0305 + np.arange(0, 0.1, 0.001)).ravel())
    run = {"spikes.i": np.zeros(len(time), int), "spikes.t": time}
    assert onset(p, run, np.array([True, False])) == pytest.approx(30.5, abs=1)
    assert np.isnan(onset(p, run, np.array([False, True])))


def test_a_field_is_in_one_piece_if_its_places_touch_on_one_digit(p) -> None:
    places = probe_places(p)
    near = np.linalg.norm(places - [0, 20], axis=1) < 2.5
    far = np.linalg.norm(places - [0, 5], axis=1) < 2.5
    none = np.zeros_like(near)
    fields = [
        np.concatenate([near, none, none, none, none]),
        np.concatenate([near | far, none, none, none, none]),
        np.concatenate([near, near, none, none, none]),
        np.concatenate([none] * 5),
    ]
    assert pieces(p, np.array(fields)).tolist() == [1, 2, 2, 0]


def test_only_large_groups_are_compared_with_their_cells() -> None:
    rng = np.random.default_rng(0)
    common = rng.poisson(3, (2, 4000, 1)) * np.ones(4)
    own = rng.poisson(3, (2, 4000, 4))
    silent = np.zeros((2, 4000, 4))
    counts = np.concatenate([common, own, silent], axis=2)
    alike, apart = np.arange(4), np.arange(4, 8)
    assert group_variation(counts, [alike]) == pytest.approx(1)
    assert group_variation(counts, [apart]) == pytest.approx(0.5, rel=0.03)
    assert group_variation(counts, [alike, apart, np.array([0, 1, 2, 8, 9])]) == pytest.approx(0.75, rel=0.03)
    assert np.isnan(group_variation(counts, [np.array([0, 1, 2, 8])]))
