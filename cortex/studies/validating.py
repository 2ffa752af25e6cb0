"""What ``cortex validate`` does: score what is there, or do the studies of a scenario or of all, and score these."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from cortex.engine.progress import Progress
from cortex.errors import NothingMatched, UsageError, did_you_mean
from cortex.files import replace_text, to_json
from cortex.studies import checks_file, session
from cortex.studies.checks import Checks
from cortex.studies.scoring import score
from cortex.studies.session import Session
from cortex.studies.validation import FIGURE, Validation

if TYPE_CHECKING:
    from cortex.engine.simulation import Backend

PAGE, TABLE = "validation.md", "validation.json"

EVERYTHING = "all"
"""Stands for every scenario that carries a check."""

NOTHING = (
    "{} holds no run that counts for a check\n"
    "runs count in the full version, at the scenario's own values and in double precision: `cortex validate SCENARIO`"
)

SHARD = 150 * 60.0
"""How long a part of the study of all scenarios may take, s."""

MARGIN = 3
"""By what a run may take longer than is estimated from the size of its network."""


@dataclass(frozen=True)
class Studies:
    """The studies of the scenarios that carry checks, planned.

    Attributes
    ----------
    name : str
        A scenario, or "all".
    out : Path
        Folder of results of the study, or in which each study has one.
    checks : Checks
    members : dict of str to Session
        By name of the scenario.
    """

    name: str
    out: Path
    checks: Checks
    members: Mapping[str, Session]

    def carry_out(self, *, progress: Progress | None = None, **how: Any) -> Validation:
        """Do what is missing, and score what is there, though runs may have failed; see `validate`."""
        states = [member.carry_out(progress=progress, **how) for member in self.members.values()]
        folders = [member.out for member in self.members.values()]
        [seed] = {member.named.study.seed for member in self.members.values()}
        only = "" if self.name == EVERYTHING else self.name
        return replace(score(self.checks, folders, self.out, only, seed), states=states)

    def shards(self, jobs: int | None = None) -> int:
        """Return into how many parts of at most `SHARD` what is missing falls, if it takes `MARGIN` times as long."""
        costs = [member.cost(jobs=jobs).seconds for member in self.members.values()]
        return max(1, math.ceil(MARGIN * sum(seconds for seconds in costs if not math.isnan(seconds)) / SHARD))


def begin(
    name: str = "",
    *,
    seed: int | None = None,
    seeds: int | None = None,
    reduced: bool = False,
    output: Path | None = None,
    checks: Path | None = None,
    backend: "Backend" = "auto",
    how: Mapping[str, Any] = MappingProxyType({}),
) -> Studies | Validation:
    """Plan the studies of a scenario or of all; of a folder, or of ``results``, score what is there.

    ``how`` is what `Studies.carry_out` is to be told; a folder, of which nothing is run, refuses it.
    """
    known = checks_file.load(checks, reduced)
    plain = name.replace("-", "_")
    label = "validation" + "_reduced" * reduced
    if plain not in (EVERYTHING, *known.scenarios):
        folder = Path(name or "results")
        if name and not folder.is_dir():
            hint = f"these carry checks: {', '.join(known.scenarios)}; or give a folder of results"
            raise UsageError(f'no check is of "{name}"{did_you_mean(name, known.scenarios)}', hint=hint)
        out = output or (folder if folder.name == label else folder / label)
        runs = {"seeds": seeds, "backend": backend != "auto"} | dict(how)
        if given := ", ".join(f"--{option.replace('_', '-')}" for option, value in runs.items() if value):
            raise UsageError(f"only for runs that are made: {given}", hint="give a scenario, or all")
        scored = score(known, folders_in(folder), out, seed=seed)
        if name and not scored.counted:
            raise NothingMatched(NOTHING.format(name))
        return scored
    out, file = output or Path("results") / label, known.file
    if plain == EVERYTHING:
        places = {scenario: out / scenario for scenario in known.scenarios}
    else:
        out = output or out / plain
        places = {plain: out}
    members = {
        scenario: session.of_scenario(
            known.scenarios[scenario],
            scenario,
            place,
            known.conditions(scenario),
            backend,
            seed=file.seed if seed is None else seed,
            seeds=seeds or (file.reduced.seeds if reduced else file.seeds),
            fixed=known.fixed(scenario),
        )
        for scenario, place in places.items()
    }
    return Studies(plain, out, known, members)


def folders_in(folder: Path) -> list[Path]:
    """Return the folders of results at most two levels below a folder, or the folder itself if it is one."""
    places = [folder / "runs", *folder.glob("*/runs"), *folder.glob("*/*/runs")]
    return [place.parent for place in sorted(places) if place.is_dir()]


def validate(
    name: str | Path = "",
    *,
    seed: int | None = None,
    seeds: int | None = None,
    reduced: bool = False,
    output: str | Path | None = None,
    checks: str | Path | None = None,
    jobs: int | None = None,
    backend: "Backend" = "auto",
    shard: str = "",
    retry_failed: bool = False,
    accept_changes: bool = False,
    progress: Progress | None = None,
) -> Validation:
    """Score the model against published experiments, and against null models.

    Parameters
    ----------
    name : str or Path
        A scenario that carries checks, or "all": what is missing of its study is done first. A folder of results, or
        by default ``results``: what is there is scored, and nothing is run.
    seed, seeds : int, optional
        Root seed and number of paired replicates; by default those of the file of the checks, and of a folder the root
        seed of the most runs, of as many that of the file.
    reduced : bool
        Whether the version for every day is meant, of fewer seeds and null models.
    output : str or Path, optional
        Where validation.md, validation.json and validation.png are kept, and the studies; by default
        ``results/validation``, for a folder ``validation`` in it.
    checks : str or Path, optional
        A file of checks of your own; its scenarios are the files beside it, and are executed.
    jobs, backend, shard, retry_failed, accept_changes, progress
        As for `cortex.study`.

    Returns
    -------
    Validation
        Its method ``check`` raises Missed if a check is missed that must be passed.

    Raises
    ------
    UsageError
        If there is no such scenario or folder, or with one line for each mistake in the file.
    NothingMatched
        If the folder holds no run that counts.
    RunFailed
        If runs failed; what the others say is kept all the same.
    """
    how = {"jobs": jobs, "shard": shard, "retry_failed": retry_failed, "accept_changes": accept_changes}
    planned = begin(
        str(name),
        seed=seed,
        seeds=seeds,
        reduced=reduced,
        output=Path(output) if output else None,
        checks=Path(checks) if checks else None,
        backend=backend,
        how=how,
    )
    scored = planned.carry_out(progress=progress, **how) if isinstance(planned, Studies) else planned
    keep(scored)
    scored.check_runs()
    return scored


def keep(scored: Validation) -> None:
    """Write page and table, and the figure if there are checks to show; nothing if no run counted."""
    from cortex.report.matrix import figure_matrix
    from cortex.report.style import save
    from cortex.studies.validation_text import matrix, page

    if not scored.counted:
        return
    replace_text(scored.folder / PAGE, page(scored))
    replace_text(scored.folder / TABLE, to_json(scored.summary) + "\n")
    if scored.findings:
        save(figure_matrix(*matrix(scored)), scored.folder, FIGURE.removesuffix(".png"))
