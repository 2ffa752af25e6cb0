"""Stored runs that checks and arguments take."""

import logging
from pathlib import Path

import pytest

from cortex.experiment import catalogue, science
from cortex.experiment.identity import Run
from cortex.experiment.record import tell_once
from cortex.studies import evidence
from tests.cortex.studies.made import write_run


def test_runs_of_code_that_was_edited_since_come_after_as_many_others_and_are_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    copy_pair = catalogue.installed("copy_pair")
    parameters, now = copy_pair.resolve({}), science.digests(copy_pair)
    files = ("cortex/mechanisms/copying.py", "models/pair/network.py")
    before = now | dict.fromkeys(files, "another")
    old, new = tmp_path / "old", tmp_path / "new"
    for folder, replicate, digests in ((old, 0, now), (old, 1, before), (new, 0, now), (new, 1, now)):
        write_run(folder, Run(copy_pair, parameters, 7, replicate), {}, science=digests)
    tell_once.cache_clear()
    with caplog.at_level(logging.WARNING):
        taken = evidence.stored(copy_pair, parameters, "", evidence.tables([old, new]))
        assert taken and (taken.table.folder, len(taken.names)) == (new, 2)
        assert caplog.messages == []
        taken = evidence.stored(copy_pair, parameters, "", evidence.tables([old]))
        assert taken and len(taken.names) == 2
    assert caplog.messages == [
        f"copy_pair: its runs in {old} count, though code differs since they were made: {', '.join(files)}; "
        "move that folder away to have them done again"
    ]
