"""What ``cortex validate`` tells before anything is run, and what it returns tells when it is printed."""

from pathlib import Path

import pytest

import cortex as package
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


def test_what_is_printed_names_the_figure_if_there_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    scored = package.validate()
    assert str(scored).split()[:3] == ["check", "kind", "verdict"]
    assert ("figure:" in str(scored), "<img" in scored._repr_html_()) == (False, False)
    scored.folder.mkdir(parents=True)
    (scored.folder / "validation.png").write_bytes(b"")
    assert str(scored).endswith("figure: results/validation/validation.png")
    assert "<img" in scored._repr_html_()
