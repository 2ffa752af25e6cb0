"""Whether the data of complete runs are what the runs wrote."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cortex.errors import UsageError
from cortex.experiment.record import DATA, checked_data, whole_record
from cortex.report.text import count


@dataclass
class Verification:
    """Complete runs by what their data are.

    Attributes
    ----------
    whole : list of str
        What the runs wrote.
    unknown : list of str
        Of runs made before runs kept a digest.
    damaged : list of str
    """

    whole: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)

    @property
    def summary(self) -> dict[str, Any]:
        """What ``cortex status --verify --json`` prints in addition."""
        return {"verified": len(self.whole), "unverified": len(self.unknown), "damaged": self.damaged}

    @property
    def text(self) -> str:
        """What ``cortex status --verify`` prints in addition."""
        lines = [f"verified  the data of {count(len(self.whole), 'run')} are what was written"]
        if self.unknown:
            lines.append(f"unknown   {count(len(self.unknown), 'run')}, made before runs kept a digest of their data")
        return "\n".join([*lines, *(f"damaged   {run}" for run in self.damaged)])


def verify(out: Path, runs: Iterable[str]) -> Verification:
    """Read the data of complete runs.

    Parameters
    ----------
    out : Path
        Folder of results.
    runs : iterable of str
        Names of its complete runs.
    """
    found = Verification()
    for run in runs:
        folder = out / "runs" / run
        try:
            record = whole_record(folder)
            if record.get("data_sha256"):
                checked_data(folder, record)
            known = record.get("data_sha256") or not (folder / DATA).exists()
            (found.whole if known else found.unknown).append(run)
        except UsageError:
            found.damaged.append(run)
    return found
