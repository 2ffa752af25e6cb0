"""Where intervals lie in their bands, and what that says of a claim."""

import math

import pytest

from cortex.analysis.statistics import UNKNOWN, Interval
from cortex.analysis.verdict import outcome, standing, verdict


@pytest.mark.parametrize(
    ("measured", "band", "found"),
    [
        (Interval(1.0, 0.9, 1.1), (0.8, 1.2), "inside"),
        (Interval(1.0, 0.8, 1.2), (0.8, 1.2), "inside"),
        (Interval(1.0, 0.7, 1.1), (0.8, 1.2), "unclear"),
        (Interval(2.0, 1.3, 2.5), (0.8, 1.2), "outside"),
        (Interval(0.5, 0.4, 0.7), (0.8, None), "outside"),
        (Interval(0.5, 0.4, 0.7), (None, 0.8), "inside"),
        (Interval(1.0, math.nan, math.nan), (0.8, 1.2), "inside"),
        (Interval(1.0, math.nan, 1.3), (None, 1.2), "unclear"),
        (Interval(1.1, math.nan, 1.3), (None, 1), "unclear"),
        (Interval(1.1, math.nan, 1.15), (None, 1), "outside"),
        (Interval(1.1, 0.95, math.nan), (None, 1.2), "unclear"),
        (Interval(1.1, 1.05, math.nan), (None, 1.2), "inside"),
        (Interval(math.inf, math.nan, math.nan), (None, 3), "outside"),
        (UNKNOWN, (None, None), "undefined"),
    ],
)
def test_an_interval_lies_inside_a_band_outside_or_across_an_end(measured, band, found):
    assert standing(measured, band) == found


@pytest.mark.parametrize(
    ("supports", "opposes", "controls", "found"),
    [
        (["inside"], [], ["outside"], "holds"),
        (["inside"], [], [], "holds"),
        (["inside", "inside"], ["outside"], ["outside"], "holds"),
        (["inside"], ["inside"], ["outside"], "holds in part"),
        (["inside", "outside"], [], ["outside"], "does not hold"),
        (["outside"], [], ["inside"], "does not hold"),
        ([], ["inside", "inside"], ["outside"], "does not hold"),
        ([], ["inside"], ["inside"], "unproven"),
        (["inside"], [], ["outside", "inside"], "unproven"),
        (["inside"], [], ["unclear"], "unproven"),
        (["inside"], [], ["undefined"], "unproven"),
        (["unclear"], [], ["outside"], "unclear"),
        (["inside", "undefined"], [], [], "unclear"),
        (["inside"], ["unclear"], ["outside"], "unclear"),
        ([], ["outside"], ["outside"], "unclear"),
    ],
)
def test_a_verdict_follows_from_what_speaks_for_and_against_and_from_the_controls(supports, opposes, controls, found):
    assert verdict(supports, opposes, controls) == found


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        (["inside", "inside"], "passed"),
        (["inside", None], "passed in part"),
        (["inside", "outside", None], "missed"),
        (["inside", "unclear"], "unclear"),
        (["undefined"], "unclear"),
        ([None], "not measured"),
        ([], "not measured"),
    ],
)
def test_a_check_is_passed_if_all_that_it_asks_for_lies_inside(parts, found):
    assert outcome(parts) == found
