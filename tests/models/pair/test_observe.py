"""What is made of recordings of the pair, against what was put into them."""

import numpy as np
import pytest

from models.pair import observe
from models.pair.network import places
from models.pair.observe import inhibition_lag, normalized, rates
from models.pair.parameters import PairParameters
from models.pair.protocol import layout, probe_places


@pytest.fixture
def p() -> PairParameters:
    return PairParameters()


def test_inhibition_lags_by_as_much_as_pv_spikes_do_under_the_hold(p) -> None:
    start, end = layout(p).interval("hold")
    pyramidal = start + np.arange(1, 40) * 0.25
    pv = np.sort(np.concatenate([pyramidal + 0.0025, np.arange(1, 400) * 0.0075 + end]))
    assert inhibition_lag(p, {"spikes.t": pyramidal, "pv_spikes.t": pv}) == pytest.approx(2.5)
    assert np.isnan(inhibition_lag(p, {"spikes.t": pyramidal, "pv_spikes.t": pv[pv > end]}))


def test_a_total_that_follows_a_normalization_equation_is_told_from_one_that_does_not(p, monkeypatch) -> None:
    weight = np.exp(-(places(p) ** 2))
    made = {"half": 0.5, "1": 1.0, "2": 2.0, "4": 4.0}
    drive = {f"held gain {name}": rates(p, probe_places(p), gain) @ weight for name, gain in made.items()}
    between = probe_places(p) + np.diff(probe_places(p))[0] / 2
    drive["held unseen"] = rates(p, between, 1.0) @ weight
    largest = max(values.max() for values in drive.values())
    monkeypatch.setattr(observe, "weights", lambda p, run, at: np.stack([0.3 * weight, 0.7 * weight]))

    def fit(total) -> float:
        def shown(p, run, probe):
            return np.repeat(total(drive[probe] / largest)[:, None, None] / 2, 2, axis=2)

        monkeypatch.setattr(observe, "responses", shown)
        return normalized(p, {})

    assert fit(lambda x: 9 * x**2 / (0.3**2 + x**2)) == pytest.approx(1, abs=1e-3)
    assert fit(lambda x: 9 * np.exp(-10 * x)) < 0
