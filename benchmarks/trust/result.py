"""What was tried, and what was not as promised."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

KINDS = ("lost", "hung", "executed", "tracebacks", "wrong")
"""What must not happen: work is lost, a command does not end, what is only read is executed, an error is no message
but a traceback or a bug of ours, a number or count is wrong."""


@dataclass(frozen=True)
class Failure:
    """Something that was not as promised.

    Attributes
    ----------
    group : str
    kind : str
        One of `KINDS`.
    case : str
        What was done.
    told : str
        What came of it.
    repeat : str
        How to do it again.
    """

    group: str
    kind: str
    case: str
    told: str
    repeat: str


@dataclass
class Result:
    """What a part found.

    Attributes
    ----------
    tried : Counter of str
        Number of cases of each group.
    failures : list of Failure
    notes : list of str
        What was left out, and why.
    """

    tried: Counter[str] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """Cases tried, and how many had a failure of each kind."""
        return {"tried": self.tried.total()} | {kind: self.count(kind) for kind in KINDS}

    def count(self, kind: str, group: str = "") -> int:
        """Return how many cases had a failure of a kind, in one group or in all."""
        return len({f.repeat for f in self.failures if f.kind == kind and group in ("", f.group)})

    def add(self, other: "Result") -> None:
        """Add what another part, or another process, found."""
        self.tried += other.tried
        self.failures += other.failures
        self.notes += other.notes


@dataclass(frozen=True)
class Effort:
    """How much is tried.

    Attributes
    ----------
    seed : int
        Decides every case.
    share : float
        Part of the full number of cases.
    processes : int
    case : str
        One case alone, as "GROUP:NUMBER"; all if it is empty.
    backend : {"cpp", "numpy"}
        How the scenario of two cells is simulated.
    show : callable
        ``show(line)`` tells how far it is.
    """

    seed: int = 1
    share: float = 1.0
    processes: int = 2
    case: str = ""
    backend: str = "cpp"
    show: Callable[[str], None] = print

    def numbers(self, count: int) -> list[int]:
        """Return which of the cases of a group are tried: all, or some spread evenly over them."""
        wanted = max(1, round(count * self.share))
        return sorted({round(place * count / wanted) for place in range(wanted)})
