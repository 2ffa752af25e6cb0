"""The errors a user can meet: each carries its exit code, and its text is the whole message."""

import difflib
from collections.abc import Iterable, Sequence


class CortexError(Exception):
    """An error told in one message; anything that is not a more exact kind is a bug of ours."""

    exit_code = 3


class UsageError(CortexError):
    """A name, value or file that will not do; all mistakes are told at once.

    Parameters
    ----------
    title : str
        What is wrong and where.
    problems : sequence of str
        One line per mistake: where, what it is, what is allowed.
    hint : str
        What to do next.
    """

    exit_code = 2

    def __init__(self, title: str, problems: Sequence[str] = (), hint: str = "") -> None:
        self.title = title
        self.problems = tuple(problems)
        self.hint = hint
        super().__init__("\n".join([title, *(f"  {problem}" for problem in problems), *([hint] if hint else [])]))


class NotCompilable(UsageError):
    """A model that no compiled program can simulate, though numpy can."""

    def __init__(self, problems: Sequence[str]) -> None:
        hint = (
            "write it as equations, on_pre, run_regularly or functions with an implementation in C++, or simulate it\n"
            'with numpy: --backend numpy, in Python backend="numpy"'
        )
        super().__init__("this model cannot be compiled", problems, hint)


class EnvironmentProblem(CortexError):
    """The machine will not do: no compiler, a full disk, no permission, a broken installation."""

    exit_code = 4


class NothingMatched(CortexError):
    """A selection that is empty."""

    exit_code = 5


class RunFailed(CortexError):
    """A run that started and did not end as asked."""

    exit_code = 1


class Missed(CortexError):
    """A number outside the band in which it must lie."""

    exit_code = 1


class Killed(RunFailed):
    """A run whose process was killed, which says nothing about the run."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Suggest the known name nearest to an unknown one, or nothing; always one with the same last part."""
    plain = {_plain(candidate): candidate for candidate in known}
    wanted = _plain(name)
    alike = [candidate for candidate in plain if _last(candidate) == _last(wanted)]
    close = difflib.get_close_matches(wanted, alike or plain, n=1, cutoff=0 if alike else 0.6)
    return f"; did you mean {plain[close[0]]}?" if close else ""


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def _plain(name: str) -> str:
    return name.lower().replace("-", "_").replace("isation", "ization").replace("our", "or")
