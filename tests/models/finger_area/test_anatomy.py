"""The anatomy of the finger area."""

import numpy as np
import pytest

from cortex.experiment.relation import contradictions
from cortex.mechanisms.skin import DIGITS, HAND, receptors
from models import finger_area
from models.finger_area import Anatomy, FingerParameters
from models.finger_area.mapping import near


@pytest.fixture(scope="module")
def wiring(anatomy) -> dict[str, np.ndarray]:
    return anatomy.fixed | anatomy.draw(np.random.default_rng(0))


def distances(anatomy: Anatomy, wiring: dict[str, np.ndarray], name: str) -> np.ndarray:
    places = {"afferent": (anatomy.afferents, anatomy.pyramidal), "lateral": (anatomy.pyramidal, anatomy.pyramidal)}
    places |= {"recurrent": (anatomy.pyramidal, anatomy.pv), "inhibition": (anatomy.pv, anatomy.pyramidal)}
    places |= {"feedforward": (anatomy.afferents, anatomy.pv)}
    source, target = wiring[name]
    return np.linalg.norm(places[name][0][source] - places[name][1][target], axis=1)


@pytest.mark.parametrize(
    ("name", "radius"),
    [("afferent", 0.4), ("feedforward", 0.4), ("lateral", 0.35), ("recurrent", 0.15), ("inhibition", 0.15)],
)
def test_contacts_lie_within_the_reach(anatomy, wiring, name, radius) -> None:
    found = distances(anatomy, wiring, name)
    assert radius - 0.05 < found.max() <= radius
    assert np.unique(wiring[name], axis=1).shape == wiring[name].shape


def test_no_cell_contacts_itself(wiring) -> None:
    source, target = wiring["lateral"]
    assert (source != target).all()
    assert len(source) > 0


def counts(wiring: dict[str, np.ndarray]) -> dict[str, float]:
    """Contacts that a cell makes on others, that a PV cell hears, and PV cells that inhibit a cell, on average."""
    counted = {name: np.bincount(wiring[name][end]) for name, end in (("lateral", 0), ("recurrent", 1))}
    return {name: n.mean() for name, n in (counted | {"inhibition": np.bincount(wiring["inhibition"][1])}).items()}


def test_the_sheet_has_all_contacts_with_pv_cells_and_a_share_of_the_others(p, wiring) -> None:
    found = counts(wiring)
    within = 229122 - 1474  # pairs of different cells within 0.35 mm, by a search of all pairs
    assert wiring["recurrent"].shape[1] == wiring["inhibition"].shape[1] == 9718  # the same within 0.15 mm
    assert found["lateral"] * 1474 / within == pytest.approx(p.sheet.lateral_probability, rel=0.02)


def test_in_a_dense_sheet_a_cell_has_no_more_contacts(wiring) -> None:
    dense = FingerParameters().override({"sheet.density": "4000/mm^2", "sheet.pv_density": "800/mm^2"})
    found, usual = counts(Anatomy(dense).draw(np.random.default_rng(1))), counts(wiring)
    assert found["lateral"] == pytest.approx(usual["lateral"] * 40 / 38.5, rel=0.03)
    for way in ("recurrent", "inhibition"):
        assert found[way] == pytest.approx(usual[way] * 36 / 35.3, rel=0.03)


def test_in_a_dense_sheet_pv_cells_inhibit_those_that_they_hear_and_all_cells_alike() -> None:
    dense = FingerParameters().override({"sheet.density": "4000/mm^2", "sheet.pv_density": "800/mm^2"})
    drawn = Anatomy(dense).draw(np.random.default_rng(1))
    heard, inhibited = drawn["recurrent"], drawn["inhibition"]
    np.testing.assert_array_equal(np.unique(heard, axis=1), np.unique(inhibited[::-1], axis=1))
    assert (np.diff(inhibited[0]) >= 0).all()
    inhibitors = np.bincount(inhibited[1])
    assert inhibitors.min() > 0
    assert np.median(inhibitors) == 7  # of 57 within reach, and independent draws would differ by a third
    assert inhibitors[inhibitors > 5].std() < 1


def test_a_dense_sheet_with_few_pv_cells_is_refused() -> None:
    [told] = contradictions(FingerParameters().override({"sheet.density": "2000/mm^2"}))
    assert told.startswith("sheet.pv_contacts = 36.0 and sheet.density = 2000/mm^2 and sheet.pv_density = 100/mm^2: ")


def test_all_cells_have_the_same_number_of_afferent_contacts(p, anatomy, wiring) -> None:
    _, target = wiring["afferent"]
    totals = np.bincount(target, weights=anatomy.arbor, minlength=len(anatomy.pyramidal))
    np.testing.assert_allclose(totals, p.sheet.contacts)
    assert (np.bincount(wiring["inhibition"][1], minlength=len(totals)) > 0).all()


def test_the_sheet_has_its_density_and_the_order_of_the_skin(p, anatomy) -> None:
    width, height = anatomy.size
    assert (width, height) == pytest.approx((3.0, 1.0))
    assert len(anatomy.pyramidal) == pytest.approx(500 * width * height, rel=0.05)
    assert len(anatomy.pv) == pytest.approx(100 * width * height, rel=0.05)
    skin = receptors(p.afferents)
    assert ((anatomy.afferents[:, 0] // 0.6).astype(int) == skin.digit).all()
    assert (np.digitize(anatomy.afferents[:, 1], anatomy.zones[1:-1]) == HAND.phalanx(skin.y)).all()
    along = np.argsort(skin.y)
    assert (np.diff(anatomy.afferents[along, 1]) >= 0).all()


@pytest.mark.parametrize("radius", ["0.3 mm", "0.4 mm"])
def test_digits_probed_together_reach_no_common_cell(radius) -> None:
    p = FingerParameters().override({"sheet.arbor_radius": radius})
    digit = receptors(p.afferents).digit
    source, target = Anatomy(p).fixed["afferent"]
    assert sorted(sum(finger_area.together(p), ())) == list(range(DIGITS))
    for group in finger_area.together(p):
        reached = [set(target[digit[source] == one]) for one in group]
        assert len(set.union(*reached)) == sum(map(len, reached))
        assert sum(near(p, one).astype(int) for one in group).max() == 1
    for one in range(DIGITS):
        assert near(p, one)[list(set(target[digit[source] == one]))].all()


def test_an_arbor_that_would_mix_them_is_refused() -> None:
    [told] = contradictions(FingerParameters().override({"sheet.arbor_radius": "0.61 mm"}))
    assert told.startswith("sheet.arbor_radius = 0.61 mm and sheet.digit_width = 0.6 mm: ")
    assert told.endswith("digits probed together would mix")
