"""What the map learns from: the touches of the spiking finger area."""

import numpy as np
import pytest

from cortex.mechanisms.skin import receptors
from models.competition.animals import arbors, places
from models.competition.parameters import MapParameters
from models.competition.stimuli import probed, touched
from models.finger_area.protocol import probe_places

P = MapParameters().override({"sheet.density": "50/mm^2"})


def test_touches_have_length_one_and_are_on_the_digit_of_their_patch() -> None:
    found = touched(P, np.random.default_rng(0), 4.0, disc=True)
    np.testing.assert_allclose(np.linalg.norm(found.rates, axis=1), 1, rtol=1e-5)
    assert (np.diff(found.contact) >= 0).all()
    strongest = receptors(P.afferents).digit[found.rates.argmax(axis=1)]
    assert (strongest == found.patch // 3).all()


def test_the_disc_touches_the_trained_tips_much_more_often_and_lifts_them_half_the_time() -> None:
    counts = [
        np.bincount(touched(P, np.random.default_rng(0), 60.0, disc).patch, minlength=15) for disc in (False, True)
    ]
    assert counts[1][[5, 8]].min() > 2 * counts[0][[5, 8]].max()
    others = [patch for patch in range(15) if patch // 3 not in (1, 2)]
    assert (counts[1][others] == counts[0][others]).all()
    rest = [3, 4, 6, 7]
    assert counts[1][rest].sum() < counts[0][rest].sum() / 5


def test_the_first_map_of_arbors_keeps_the_order_of_the_digits() -> None:
    best = (probed(P) @ arbors(P).T).argmax(axis=1)
    digit = np.repeat(np.arange(5), len(probe_places(P)))
    assert np.corrcoef(places(P)[best, 0], digit)[0, 1] > 0.95


def test_without_a_touch_nothing_is_learned() -> None:
    still = P.override({"training.use": "0"})
    assert touched(still, np.random.default_rng(0), 2.0, disc=False).rates.shape == (0, len(receptors(P.afferents).x))
    assert probed(P.override({"afferents.background_rate": "0 Hz"})).max() == pytest.approx(1, abs=0.2)
