"""A small part of what the harness tries; and the harness sees what is not as promised."""

import json
import tempfile
from pathlib import Path
from random import Random

import pytest

from benchmarks.trust import faults, fuzz, page
from benchmarks.trust.faults.fault import Group
from benchmarks.trust.fuzz.target import Reader, Target, Wrong
from benchmarks.trust.kit import Kit
from benchmarks.trust.pool import Task, forked
from benchmarks.trust.result import KINDS, Effort, Failure, Result

SOME = ("kill -9", "corrupt study", "corrupt run", "unfinished run", "name is taken", "failed run", "planted code")


def groups(*names: str) -> list[Group]:
    return [group for group in faults.GROUPS if group.name in names]


def shown(result: Result) -> str:
    return "\n".join(page.told(result.failures))


def test_a_command_comes_to_its_right_end_after_a_fault_of_each_kind() -> None:
    result = faults.run(Effort(share=0.001, backend="numpy"), groups(*SOME))
    assert result.counts == {"tried": len(SOME)} | dict.fromkeys(KINDS, 0), shown(result)


def test_nonsense_of_each_kind_is_read_or_refused() -> None:
    result = fuzz.run(Effort(share=0.002))
    assert set(result.tried) == {target.name for target in fuzz.TARGETS}
    assert result.counts == {"tried": 2040} | dict.fromkeys(KINDS, 0), shown(result)


def wrong(text: str) -> None:
    raise Wrong(text)


def endless(text: str) -> None:
    while True:
        pass


@pytest.mark.parametrize(
    ("read", "kind"),
    [
        (eval, "executed"),
        (lambda text: {}[text], "tracebacks"),
        (wrong, "wrong"),
        (endless, "hung"),
        (lambda text: Path("..", "outside").touch(), "executed"),
    ],
)
def test_a_reader_that_does_not_keep_the_promise_is_seen(read, kind) -> None:
    target = Target("broken", 1, lambda folder: Reader(lambda chance: "1", read))
    result = fuzz.run(Effort(), [target])
    Path(tempfile.gettempdir(), "outside").unlink(missing_ok=True)
    assert (result.count(kind), result.count(kind, "broken"), len(result.failures)) == (1, 1, 1)


def test_damage_that_is_not_noticed_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def trusting(folder: Path) -> object:
        record = folder / "run.json"
        return json.loads(record.read_text()) if record.exists() and not folder.suffix else None

    monkeypatch.setattr("cortex.studies.table.read_record", trusting)
    [group] = groups("corrupt run")
    names = [group.make(number, Random(0), Kit(tmp_path, "numpy")).name for number in range(group.count)]
    case = f"corrupt run:{names.index('study, data.nc: gone')}"
    result = faults.run(Effort(case=case, backend="numpy"), [group])
    assert result.count("wrong") == 1, shown(result)


def test_a_process_that_hangs_dies_or_fails_is_told() -> None:
    def fail() -> None:
        raise ValueError("no luck")

    tasks = [
        Task("hangs", lambda: endless(""), 0.2),
        Task("fails", fail, 10),
        Task("dies", lambda: (_ for _ in ()).throw(SystemExit), 10),
        Task("works", lambda: "x" * 200_000, 10),
    ]
    ended = {one.task.name: one for one in forked(tasks, 2)}
    assert ended["hangs"].trouble == "hung"
    assert "ValueError: no luck" in ended["fails"].trouble
    assert "SystemExit" in ended["dies"].trouble
    assert (len(ended["works"].value), ended["works"].trouble) == (200_000, "")


def test_the_table_has_a_line_for_each_group_and_one_for_all() -> None:
    result = Result()
    result.tried.update({"a": 1200, "b": 3})
    result.failures += [Failure("a", "lost", f"case {n}", "gone", f"again {n}") for n in (1, 2)]
    result.failures.append(Failure("a", "lost", "case 2", "gone too", "again 2"))
    lines = page.markdown({"faults": result}, "today", "the command", 90).splitlines()
    assert lines[0] == "`the command`, today, 2 minutes"
    assert lines[4:] == [
        "| faults | a | 1,200 | 2 | 0 | 0 | 0 | 0 |",
        "| faults | b | 3 | 0 | 0 | 0 | 0 | 0 |",
        "| all |  | 1,203 | 2 | 0 | 0 | 0 | 0 |",
    ]
    assert page.told(result.failures)[0].startswith("2 x lost in a: case 1: gone\n    again 1")


def test_few_cases_are_spread_over_all() -> None:
    assert Effort(share=0.5).numbers(6) == [0, 2, 4]
    assert Effort(share=0.001).numbers(6) == [0]
    assert Effort().numbers(3) == [0, 1, 2]
