"""What is predicted of the pair: the total that the rule of the hold asks for."""

import pytest

from models.pair import theory


def test_the_hold_counts_background_as_touch() -> None:
    assert theory.held_total(0.0, 1000.0, 0.4, 1.0) == pytest.approx(1.0)
    assert theory.held_total(200.0, 1008.0, 0.4, 1.0) == pytest.approx(0.80, abs=0.005)
    expectation = 0.4 * 10 / (200 + 0.4 * 1008)  # learned for 10 spikes a touch
    assert expectation * 1208 / 10 == pytest.approx(theory.held_total(200.0, 1008.0, 0.4, 1.0))


@pytest.mark.parametrize(
    ("changes", "total"),
    [
        ({}, 0.80),
        ({"copies": "8"}, 0.80),
        ({"training.use": "0.4"}, 1),
        ({"skin.background_rate": "0 Hz"}, 1),
        ({"normalization.kind": "affine"}, 1),
        ({"training.touches_as_probes": "true"}, 0.4 * (200 + 0.6 * 1008) / (200 + 0.24 * 1008)),
    ],
)
def test_the_total_that_the_rule_asks_for(short, changes, total) -> None:
    p = short.override({"skin.number": "100"} | changes)
    assert theory.rule_total(p) == pytest.approx(total, abs=0.005)
