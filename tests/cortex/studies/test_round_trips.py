"""What is written as text is read back as the same: studies, and values that are typed."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cortex.studies import study_file, values
from cortex.studies.study_model import Limits, Primary, Study

NO_TEXT = ("Cs", "Cc")
"""Lone surrogates and control characters, which no study file may hold."""

names = st.text(st.characters(exclude_characters=".", exclude_categories=NO_TEXT), min_size=1, max_size=12)
plain = (
    st.text(st.characters(exclude_categories=NO_TEXT), max_size=20)
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | st.booleans()
)
settings_of_a_condition = st.dictionaries(names.filter(lambda name: name != "condition"), plain, max_size=3)

studies = st.builds(
    Study,
    scenario=st.text(st.characters(exclude_categories=NO_TEXT)),
    title=st.text(st.characters(exclude_categories=NO_TEXT)),
    seed=st.integers(0, 2**63 - 1),
    seeds=st.integers(1, 10**6),
    quick=st.booleans(),
    points=st.none() | st.integers(2, 10**6),
    fixed=st.dictionaries(names, plain, max_size=3),
    vary=st.dictionaries(names, st.lists(plain, max_size=3) | plain, max_size=3),
    conditions=st.dictionaries(names, settings_of_a_condition, max_size=3),
    primary=st.none() | st.builds(Primary, measure=names, criterion=st.sampled_from(["", ">= 1.5", " <= -2e3 "])),
    limits=st.builds(Limits, minutes=st.none() | st.floats(1e-3, 1e6), gigabytes=st.none() | st.floats(1e-3, 1e6)),
)


@settings(max_examples=60)
@given(study=studies)
def test_a_study(study: Study) -> None:
    assert study_file.parse(study_file.write(study), "mine.toml") == (study, [])


@given(typed=st.lists(st.text(st.characters(exclude_characters=",()[]"), min_size=1), min_size=2, max_size=4))
def test_values_that_are_typed(typed: list[str]) -> None:
    found: Any = values.split(",".join(typed), False)
    assert found == [text.strip() for text in typed]
