"""What a learner's guards tell."""

import numpy as np
import pytest

from models.learner.guards import FAR, diverging


@pytest.mark.parametrize(
    ("errors", "first"),
    [
        ([1.0, -2.0, 900.0], None),
        ([1.0, -10.0, 100.0, -2 * FAR, 1e118], 3),
        ([1.0, np.nan, 1.0], 1),
    ],
)
def test_learning_that_drives_the_readout_away_is_found_with_its_first_trial(
    errors: list[float], first: int | None
) -> None:
    assert diverging(np.array(errors)) == first
