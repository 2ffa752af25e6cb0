"""One rule for all seeds: whole numbers from 0 to 2^63 - 1, of any integer type."""

import numpy as np
import pytest

import cortex as package
from cortex.engine import Arm
from cortex.engine.seed import LARGEST, check_seed
from cortex.errors import UsageError

WRONG = [-1, 2**63, 2**64, 1.5, 1.0, "1", None, True, np.True_, np.nan, np.array(1)]


@pytest.mark.parametrize("value", [0, 1, 2**32, LARGEST, np.int64(7), np.uint8(7)])
def test_integers_of_any_type_are_seeds(value):
    assert type(check_seed(value)) is int
    assert Arm({}, value).seed == value


@pytest.mark.parametrize("value", WRONG)
def test_anything_else_is_refused(value):
    with pytest.raises(UsageError, match=r"seed  a whole number from 0 to 9223372036854775807"):
        Arm({}, value)


@pytest.mark.parametrize("value", [-1, 2**63, 1.5, True])
def test_runs_and_studies_follow_the_same_rule(value, tmp_path):
    rule = "whole number from 0 to 9223372036854775807"
    with pytest.raises(UsageError, match=rule):
        package.run("copy_pair", seed=value, output=tmp_path)
    with pytest.raises(UsageError, match=rule):
        package.run("copy_pair", replicate=value, output=tmp_path)
    with pytest.raises(UsageError, match=rule):
        package.study("copy_pair", {"copies": [2, 3]}, seed=value, output=tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("name", "value"), [("seeds", 0), ("seeds", 1.5), ("points", True)])
def test_numbers_of_seeds_and_points_are_whole(name, value, tmp_path):
    with pytest.raises(UsageError, match=f"{name}  a whole number from [12] to"):
        package.study("copy_pair", {"copies": [2, 3]}, output=tmp_path, **{name: value})


@pytest.mark.parametrize("command", ["run", "study"])
def test_the_command_line_follows_the_same_rule(command, cortex):
    outcome = cortex(command, "copy_pair", "--seed", str(2**63), "-n")
    assert outcome.code == 2
    assert "not a whole number from 0 to 9223372036854775807" in outcome.err
