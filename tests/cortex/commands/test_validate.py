"""What ``cortex validate`` tells before anything is run."""

import pytest

from cortex.studies.validating import Studies
from tests.cortex.commands.typed import Cortex


@pytest.mark.parametrize(("parts", "given", "told"), [(1, (), ""), (3, (), "--shard I/3"), (3, ("--shard", "1/3"), "")])
def test_a_plan_tells_of_parts_only_where_there_are_several(
    cortex: Cortex, monkeypatch: pytest.MonkeyPatch, parts: int, given: tuple[str, ...], told: str
) -> None:
    monkeypatch.setattr(Studies, "shards", lambda studies, jobs: parts)
    outcome = cortex("validate", "normalization_speed", "-n", "--seeds", "1", *given)
    assert outcome.code == 0
    assert ("in parts of at most" in outcome.err, told in outcome.err) == (bool(told), True)
