"""Messages of errors."""

import pytest

from cortex.errors import EnvironmentProblem, NothingMatched, RunFailed, UsageError, did_you_mean


def test_usage_error_tells_all_problems_and_the_hint() -> None:
    error = UsageError("file.toml, 2 problems", ["a  wrong", "b  wrong"], "nothing was run")
    assert str(error) == "file.toml, 2 problems\n  a  wrong\n  b  wrong\nnothing was run"


def test_each_kind_has_its_exit_code() -> None:
    kinds = (RunFailed, UsageError, EnvironmentProblem, NothingMatched)
    assert [kind.exit_code for kind in kinds] == [1, 2, 4, 5]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("copying.rat", "copying.rate"),
        ("normalisation.enabled", "normalization.enabled"),
        ("copying-rate", "copying.rate"),
        ("Copying.Rate", "copying.rate"),
    ],
)
def test_did_you_mean(typed: str, meant: str) -> None:
    assert did_you_mean(typed, ["copying.rate", "normalization.enabled"]) == f"; did you mean {meant}?"


def test_nothing_near_gives_no_suggestion() -> None:
    assert did_you_mean("zebra", ["copying.rate"]) == ""
