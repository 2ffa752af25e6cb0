"""Scoring against bands, and the consistency of the published numbers."""

from math import nan

import pytest

from cortex.analysis import published
from cortex.analysis.published import REFERENCES
from cortex.analysis.reference import ANY, Band, Reference, Score, score

BANDED = {name: reference for name, reference in REFERENCES.items() if reference.band != ANY}


@pytest.mark.parametrize(
    ("value", "band", "expected"),
    [
        (1.5, (1.5, 3.0), "inside"),
        (3.0, (1.5, 3.0), "inside"),
        (1.49, (1.5, 3.0), "outside"),
        (3.01, (1.5, 3.0), "outside"),
        (-9.0, (None, 3.0), "inside"),
        (9.0, (1.5, None), "inside"),
        (1.0, (1.5, None), "outside"),
        (nan, (None, None), "undefined"),
    ],
)
def test_score(value: float, band: Band, expected: Score) -> None:
    assert score(value, band) == expected


@pytest.mark.parametrize("reference", BANDED.values(), ids=BANDED)
def test_every_published_number_lies_in_its_own_band(reference: Reference) -> None:
    assert score(reference.value, reference.band) == "inside"


def test_no_two_references_share_a_name() -> None:
    named = ("AFFERENTS", "DISC", "SKIN", "CELLS", "CORTEX", "TRAINING", "ATLAS")
    lists = [getattr(published, name) for name in named]
    assert len(REFERENCES) == sum(map(len, lists))


def test_afferents_of_a_fingertip_add_up_to_the_published_total() -> None:
    """About 240 afferents per cm^2 of human fingertip (Parvizi-Fard et al. 2021, introduction)."""
    total = sum(REFERENCES[f"density.{kind}.fingertip"].value for kind in ("SA1", "RA", "PC"))
    assert total == pytest.approx(240, rel=0.05)


def test_afferents_thin_out_from_the_fingertip_to_the_palm() -> None:
    """Relative densities 4.2 : 1.6 : 1, with slowly adapting type II units that are not modelled (Johansson 1979)."""
    tip, finger, palm = (
        sum(REFERENCES[f"density.{kind}.{place}"].value for kind in ("SA1", "RA", "PC"))
        for place in ("fingertip", "finger", "palm")
    )
    assert tip / finger == pytest.approx(4.2 / 1.6, rel=0.15)
    assert finger > palm


def test_membrane_time_constant_of_the_excitatory_cell() -> None:
    assert REFERENCES["pyramidal.C"].value / REFERENCES["pyramidal.gL"].value == 20  # pF / nS = ms


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pyramidal.EL", "-60 mV"),
        ("density.SA1.fingertip", "70/cm^2"),
        ("stdp.depression", "1.05"),
        ("pad.skin", "30 mm^2"),
    ],
)
def test_a_number_is_written_as_a_parameter(name: str, text: str) -> None:
    assert REFERENCES[name].text == text


def test_a_citation_says_whether_the_number_was_read() -> None:
    assert REFERENCES["pyramidal.C"].citation == "Vogels et al. 2011, doi:10.1126/science.1211095"
    assert REFERENCES["stdp.depression"].citation == "Song et al. 2000, doi:10.1038/78829, recalled"
