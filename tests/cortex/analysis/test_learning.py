"""Times to a criterion."""

import math

from cortex.analysis.learning import time_to_criterion


def test_the_first_sample_at_the_criterion_counts() -> None:
    assert time_to_criterion([10, 11, 12, 13], [0.1, 0.9, 0.8, 1.0], 0.9) == 1
    assert time_to_criterion([10, 11], [0.9, 0.1], 0.9) == 0


def test_a_criterion_that_is_not_reached_gives_nan() -> None:
    assert math.isnan(time_to_criterion([0, 1, 2], [0.1, 0.2, math.nan], 0.9))
