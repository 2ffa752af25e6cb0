import numpy as np
import pytest

from cortex.report.tiles import cut

STEP = 0.1


def grid(columns, rows):
    x, y = np.meshgrid(STEP * np.arange(columns), STEP * np.arange(rows))
    return np.stack([x.ravel(), y.ravel()], axis=1)


def test_sites_on_a_grid_get_squares():
    tiles = cut(grid(6, 4))
    assert tiles.area == pytest.approx(STEP**2)
    assert tiles.polygons[0].min(axis=0) == pytest.approx([-STEP / 2, -STEP / 2])


def test_tiles_of_scattered_sites_fill_the_sheet():
    rng = np.random.default_rng(0)
    sites = grid(9, 7) + rng.uniform(-0.03, 0.03, (63, 2))
    tiles = cut(sites)
    low, high = tiles.edges.min(axis=(0, 1)), tiles.edges.max(axis=(0, 1))
    assert tiles.area.sum() == pytest.approx(np.prod(high - low))


def test_the_outline_goes_round_the_chosen_sites():
    sites = grid(6, 5)
    column, row = (sites / STEP).round().T
    tiles = cut(sites)
    for columns, rows in ((range(2, 4), range(1, 4)), (range(0, 2), range(0, 3))):  # within the sheet, and at its rim
        outline = tiles.outline(np.isin(column, columns) & np.isin(row, rows))
        length = np.linalg.norm(outline[:, 1] - outline[:, 0], axis=1).sum()
        assert length == pytest.approx(10 * STEP)


def test_nothing_chosen_has_no_outline():
    assert len(cut(grid(3, 3)).outline(np.zeros(9, bool))) == 0
