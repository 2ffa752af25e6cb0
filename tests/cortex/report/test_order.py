"""The figure of a map's order: each site at its place and that of its field's skin."""

import numpy as np

from cortex.report.order import Order, figure_order


def test_sites_stand_where_they_are_and_shared_ones_are_told_apart() -> None:
    order = Order(
        np.array([0.1, 0.5, 0.7, 1.1]),
        np.array([0.2, 0.6, 0.6, np.nan]),
        np.array([0, 0, 1, -1]),
        np.array([False, True, False, False]),
    )
    [ax] = figure_order({"before": order}, [0.6], "Order").axes
    one, both = (collection.get_offsets().tolist() for collection in ax.collections)
    assert one == [[0.1, 0.2], [0.7, 0.6]]
    assert both == [[0.5, 0.6]]
    silent = ax.lines[-1]
    assert silent.get_xdata().tolist() == [1.1]
