"""Bands of the reduced version: as wide as development seeds scatter, and never so that a miss is passed."""

import math
from pathlib import Path

import pytest

from cortex.analysis.statistics import Interval
from cortex.studies import checks_file, reduced_bands
from tests.cortex.studies.test_validation import checks, store  # noqa: F401

NAN = math.nan


@pytest.mark.parametrize(
    ("band", "measured", "wider"),
    [
        ((0.85, 1.15), (1.0, 0.97, 1.04), (0.85, 1.15)),
        ((0.85, 1.15), (1.1, 1.05, 1.14), (0.85, 1.22)),
        ((0.9, None), (0.92, 0.9, 0.95), (0.86, None)),
        ((0.0, 0.2), (0.05, 0.03, 0.06), (-0.01, 0.2)),
        ((0.9, 1.1), (1.2, 1.0, 1.3), (0.9, 1.1)),
        ((0.9, 1.1), (1.0, NAN, NAN), (0.9, 1.1)),
        ((0.9, 1.1), (NAN, NAN, NAN), (0.9, 1.1)),
    ],
)
def test_a_band_reaches_three_times_as_far_as_the_interval_unless_the_mean_lies_outside(band, measured, wider):
    assert reduced_bands.widened(band, Interval(*measured)) == pytest.approx(wider)


def test_a_band_reaches_no_further_than_half_the_way_to_a_null_model():
    assert reduced_bands.widened((0.5, None), Interval(0.6, 0.3, 0.8), [0.1, 2.0, NAN]) == (0.3, None)
    assert reduced_bands.widened((None, 0.5), Interval(0.4, 0.3, 0.6), [0.1, 0.62]) == (None, 0.56)


def test_bands_are_made_from_the_runs_of_a_folder(checks):  # noqa: F811
    path = checks(("fixed.coins.tosses = 3000\n", ""), ('bands."coins.share" = ">= 0.6"\n', ""))
    store({"": {"share": 0.75, "tails": 0.299, "tossed": 4000.0, "heads": 3000.0}})
    assert dict(reduced_bands.bands(Path("results"), path)) == {"coins.tails": (0.2, 0.31)}


def test_without_values_of_its_own_the_reduced_version_has_the_bands_of_the_full_one(checks):  # noqa: F811
    path = checks(("fixed.coins.tosses = 3000\n", ""), ('bands."coins.share"', 'bands."coins.tails"'))
    share, tails = checks_file.load(path, reduced=True).lines["1"]
    assert (share.band, share.source) == ((0.7, None), "this project")
    assert (tails.band, tails.source) == ((0.6, None), "development seeds")
    assert checks_file.load(path, reduced=True).lines["b"][0].band == (None, 0.4)
