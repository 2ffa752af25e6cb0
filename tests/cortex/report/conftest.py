import numpy as np
import pytest

from cortex.report.skin import Hand, ReceptiveField


@pytest.fixture(autouse=True)
def _legible(legible: None) -> None:
    """Every figure that these tests draw can be read."""


@pytest.fixture
def hand():
    return Hand(
        phalanx_lengths_mm=np.array([[7, 5.5, 5.5], [9, 6, 5.5], [10.5, 7, 6], [9.5, 6.5, 6], [7, 4.5, 5]]),
        widths_mm=np.array([5.2, 5.0, 5.2, 5.0, 4.4]),
    )


@pytest.fixture
def gaussian_field(hand):
    def field(digit, centre, sigma):
        half, length = hand.widths_mm[digit] / 2, hand.length(digit)
        x, y = np.meshgrid(np.linspace(-half, half, 9), np.linspace(0, length, 40))
        points = np.stack([x.ravel(), y.ravel()], axis=1)
        return ReceptiveField(digit, points, 30 * np.exp(-np.sum((points - centre) ** 2, axis=1) / (2 * sigma**2)))

    return field


@pytest.fixture
def rim(hand):
    """The outline of a digit on the page."""

    def outline(digit):
        half, length = hand.widths_mm[digit] / 2, hand.length(digit)
        side, top = np.linspace(0, length, 60), np.linspace(-half, half, 60)
        parts = ((-half, side), (top, length), (half, side[::-1]))
        return np.vstack([hand.to_page(digit, x, y) for x, y in parts])

    return outline
