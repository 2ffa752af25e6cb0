"""Checks of a user's own whose file says what cannot be meant."""

import pytest

from cortex.errors import UsageError
from cortex.studies import checks_file
from cortex.studies.checks_model import read_band
from tests.cortex.studies.test_validation import checks  # noqa: F401


@pytest.mark.parametrize("reduced", [False, True])
def test_a_band_in_which_nothing_can_lie_is_told(checks, reduced):  # noqa: F811
    change = ('"coins.share" = ">= 0.6"', '"coins.share" = "0.9 .. 0.6"') if reduced else ('"0 .. 5000"', '"5 .. 0"')
    with pytest.raises(UsageError) as told:
        checks_file.load(checks(change))
    place = "[reduced.bands] coins.share  needs" if reduced else '3 coins.tossed  "5 .. 0" is a band in which nothing'
    assert place in "\n".join(told.value.problems)
    assert read_band("1 .. 1") == (1.0, 1.0)


def test_a_name_that_no_file_can_have_is_no_scenario(checks):  # noqa: F811
    name = 300 * "a"
    with pytest.raises(UsageError, match=f"no scenario {name} beside the file"):
        checks_file.load(checks(('"coins.share" }', f'"{name}.share" }}')))
    [awaited] = [line for line in checks_file.load(checks(('"tails" }', f'"{name}" }}'))).lines["2"] if line.awaited]
    assert awaited.awaited == f"there is no scenario {name} yet"


def test_a_date_is_a_value_that_no_parameter_may_have(checks):  # noqa: F811
    known = checks_file.load(checks(("tosses = 3000", "tosses = 1979-05-27")), reduced=True)
    with pytest.raises(UsageError, match='"1979-05-27" is not a whole number'):
        known.scenarios["coins"].resolve({"tosses": str(known.fixed("coins")["tosses"])})
