"""Who writes a run, and what may stand in its folder's place: nothing outside is touched, nothing waits for ever."""

import json
import os
import platform
import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cortex.errors import UsageError
from cortex.experiment.run_folder import STOPPED, writing
from cortex.experiment.writer import SILENCE, WRITER, Busy, read_writer, take_for_dead, writer
from cortex.studies import state, table
from cortex.studies.plan import PlannedRun

ELSEWHERE = {"host": "elsewhere", "pid": 7, "started": 1.0, "starts": {"study": 1}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "runs").mkdir()
    return tmp_path / "runs" / "0123-r000"


@pytest.fixture
def partial(folder: Path) -> Path:
    return folder.with_name("0123-r000.partial")


@pytest.fixture
def precious(tmp_path: Path) -> Path:
    """A folder that has nothing to do with runs."""
    place = tmp_path / "precious"
    place.mkdir()
    (place / "thesis").write_text("all of it")
    return place


def test_a_link_in_the_place_of_the_folder_is_not_followed(folder: Path, partial: Path, precious: Path) -> None:
    for target in (precious, Path("nowhere"), partial):  # the last is a link to itself
        partial.symlink_to(target)
        assert writer(partial) is None
        with pytest.raises(
            UsageError, match=r"partial is a link, and no folder that a run is written in\nmove it away"
        ):
            writing(folder).__enter__()
        assert partial.is_symlink()
        partial.unlink()
    assert (precious / "thesis").read_text() == "all of it"


def test_a_file_in_the_place_of_the_folder_is_told(folder: Path, partial: Path) -> None:
    partial.write_text("mine")
    assert writer(partial) is None
    with pytest.raises(UsageError, match="partial is a file"):
        writing(folder).__enter__()
    assert partial.read_text() == "mine"


def test_what_stands_in_the_way_of_one_run_is_a_failed_run(folder: Path, partial: Path, precious: Path) -> None:
    partial.symlink_to(precious)
    planned = [PlannedRun(run, "", 0) for run in ("0123-r000", "4567-r000")]
    out = folder.parents[1]
    found = state.look(out, planned, table.update(out, planned))
    assert [(run.run, "a link stands" in cause) for run, cause in found.failed] == [("0123-r000", True)]
    assert [run.run for run in found.waiting] == ["4567-r000"]


def test_links_inside_are_removed_and_not_followed(folder: Path, partial: Path, precious: Path) -> None:
    partial.mkdir()
    for name, target in (("folder", precious), ("file", precious / "thesis"), (WRITER, precious / "thesis")):
        (partial / name).symlink_to(target)
    (partial / "loop").symlink_to("loop")
    (partial / STOPPED).symlink_to(precious / "thesis")
    with writing(folder, "study") as opened:
        assert sorted(path.name for path in opened.iterdir()) == ["log.txt", WRITER]
    assert (precious / "thesis").read_text() == "all of it"


@pytest.mark.parametrize("ending", ["", ".failed", ".damaged"])
def test_links_of_other_names_are_not_followed(folder: Path, precious: Path, ending: str) -> None:
    folder.with_name(f"0123-r000{ending}").symlink_to(precious)
    with pytest.raises(ZeroDivisionError), writing(folder):
        raise ZeroDivisionError
    with writing(folder):
        pass
    assert folder.is_dir() and not folder.is_symlink()
    assert (precious / "thesis").read_text() == "all of it"


def test_a_clock_that_is_ahead_is_told(folder: Path, partial: Path) -> None:
    partial.mkdir()
    (partial / WRITER).write_text(json.dumps(ELSEWHERE))
    ahead = time.time() + 86400
    os.utime(partial / WRITER, (ahead, ahead))
    with pytest.raises(Busy, match=r"dated 86[34]\d\d s ahead: if nobody writes the run, remove that folder"):
        writing(folder).__enter__()
    assert writer(partial) == ELSEWHERE
    take_for_dead(partial)
    assert writer(partial) is None
    with writing(folder):
        pass
    assert SILENCE < 86400


@pytest.mark.parametrize("content", ["[]", "{}", "3", "null", '{"host": 3}', '{"starts": [1]}', "[" * 5000, "\x00"])
def test_a_writer_s_file_of_another_shape_is_no_writer(folder: Path, partial: Path, content: str) -> None:
    partial.mkdir()
    (partial / WRITER).write_text(content)
    assert read_writer(partial) == {}
    assert writer(partial) is None
    with writing(folder, "study"):
        pass
    assert folder.is_dir()


plain = st.none() | st.booleans() | st.floats() | st.integers(-(10**400), 10**400) | st.text(max_size=3)
values = st.recursive(plain, lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=3), inner), max_leaves=3)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(ELSEWHERE)), values)
def test_any_other_value_stops_nothing(folder: Path, partial: Path, name: str, value: Any) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    partial.mkdir(exist_ok=True)
    content = ELSEWHERE | {"host": platform.node(), name: value}
    (partial / WRITER).write_text(json.dumps(content))
    planned = [PlannedRun("0123-r000", "", 0)]
    found = state.look(folder.parents[1], planned, table.update(folder.parents[1], planned))
    assert len(found.waiting) + len(found.running) == 1
    os.utime(partial / WRITER, (0, 0))
    with writing(folder, "another study"):
        pass


@pytest.mark.parametrize("content", ["[]", "{}", "3", '{"cause": {"a": []}}', "[" * 5000, '{"cause": ' + "1" * 5000])
def test_a_failure_of_another_shape_has_a_cause(tmp_path: Path, content: str) -> None:
    failed = tmp_path / "0123-r000.failed"
    failed.mkdir()
    (failed / "failure.json").write_text(content)
    assert state.cause(failed)
