"""An argument: its studies are done one after another, and what they measured gives each claim a verdict."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cortex.analysis.verdict import verdict
from cortex.engine.progress import Progress
from cortex.errors import UsageError
from cortex.files import replace_text, to_json
from cortex.report import notebook
from cortex.studies import argument_file
from cortex.studies.argument_file import Argument, Claim, Named
from cortex.studies.argument_text import Finding, page
from cortex.studies.evidence import Evidence, Runs, evidence, runs_of
from cortex.studies.session import Session, of_scenario
from cortex.studies.source import Changes
from cortex.studies.state import StudyState

if TYPE_CHECKING:
    from cortex.engine.simulation import Backend

CONCLUSION, TABLE, FIGURE = "conclusion.md", "conclusion.json", "conclusion.png"


@dataclass(frozen=True)
class Answer:
    """What became of an argument.

    Attributes
    ----------
    name, title : str
    folder : Path
        Where conclusion.md, conclusion.json and conclusion.png are, and a folder of results for each study.
    states : dict of str to StudyState
        By name of the study.
    findings : list of Finding
        Each claim with what was measured and its verdict.
    text : str
        The page of the conclusion, in Markdown.
    """

    name: str
    title: str
    folder: Path
    states: dict[str, StudyState]
    findings: list[Finding]
    text: str

    @property
    def verdicts(self) -> dict[str, str]:
        """The verdict on each claim."""
        return {finding.claim.claim: finding.verdict for finding in self.findings}

    @property
    def rows(self) -> list[tuple[str, str, str]]:
        """Number, claim and verdict of each claim."""
        return [(str(number), found.claim.claim, found.verdict) for number, found in enumerate(self.findings, 1)]

    @property
    def figure(self) -> Path:
        """The picture of all claims."""
        return self.folder / FIGURE

    @property
    def summary(self) -> dict[str, Any]:
        """What ``cortex study --json`` prints of it."""
        return {
            "argument": self.name,
            "title": self.title,
            "folder": str(self.folder),
            "studies": {name: state.summary for name, state in self.states.items()},
            "claims": [finding.as_plain() for finding in self.findings],
        }

    def check(self) -> None:
        """Raise RunFailed if a run failed."""
        for state in self.states.values():
            state.check()

    def __repr__(self) -> str:
        verdicts = [f"{finding.verdict}: {finding.claim.claim}" for finding in self.findings]
        return "\n".join([*verdicts, f"figure: {self.figure}"])

    def _repr_html_(self) -> str:
        return notebook.table(("", "claim", "verdict"), self.rows) + notebook.picture(self.figure)


@dataclass(frozen=True)
class Studies:
    """An argument whose studies are planned.

    Attributes
    ----------
    name : str
    out : Path
        Folder in which each study has a folder of results.
    argument : Argument
    members : dict of str to Session
        By name of the study.
    """

    name: str
    out: Path
    argument: Argument
    members: dict[str, Session]

    def carry_out(self, *, progress: Progress | None = None, **how: Any) -> Answer:
        """Do what is missing of each study, and conclude; see `cortex.study`."""
        states = {name: member.carry_out(progress=progress, **how) for name, member in self.members.items()}
        findings = [self._finding(claim) for claim in self.argument.claims]
        text = page(self.argument.title, findings, FIGURE)
        answer = Answer(self.name, self.argument.title, self.out, states, findings, text)
        self._keep(answer)
        return answer

    def _finding(self, claim: Claim) -> Finding:
        supports, opposes = ([self._measured(name) for name in names] for names in (claim.supports, claim.opposes))
        controls = [found for name in claim.controls for found in self._control(name)]
        everything = [*supports, *opposes, *controls]
        judged = verdict(
            [found.standing for found in supports],
            [found.standing for found in opposes],
            [found.as_control for found in controls],
        )
        if any(not found.runs for found in everything):
            return Finding(claim, supports, opposes, controls, "not measured")
        quick = any(found.quick for found in everything)
        return Finding(claim, supports, opposes, controls, "not scored (quick)" if quick else judged)

    def _measured(self, text: str) -> Evidence:
        named = Named.read(text)
        runs = self._runs[named.study, ""]
        if named.band is None:
            return evidence(self.members[named.study], "", named.measure, runs)
        ratio, pairs = runs.over(self._runs[named.study, named.against], named.measure)
        name = f"{named.measure} / {named.against}"
        return Evidence(named.study, "", name, named.band, "1", ratio, pairs, runs.seed, runs.quick)

    def _control(self, name: str) -> list[Evidence]:
        of, condition, *measures = name.split(".")
        declared = measures or self.members[of].named.scenario.settings[condition].misses
        return [evidence(self.members[of], condition, name, self._runs[of, condition]) for name in declared]

    @cached_property
    def _runs(self) -> Mapping[tuple[str, str], Runs]:
        return {
            (name, condition): runs_of(member, condition)
            for name, member in self.members.items()
            for condition in ("", *self.argument.studies[name].conditions)
        }

    def _keep(self, answer: Answer) -> None:
        from cortex.report.argument import figure_argument
        from cortex.report.style import save

        replace_text(self.out / CONCLUSION, answer.text)
        replace_text(self.out / TABLE, to_json(answer.summary) + "\n")
        save(figure_argument([finding.row for finding in answer.findings]), self.out, FIGURE.removesuffix(".png"))


def begin(path: Path, changes: Changes, output: Path | None, backend: "Backend" = "auto") -> Studies:
    """Find and plan the studies of an argument; a number of seeds that is given is that of each.

    Raises
    ------
    UsageError
        If the changes are for a single study.
    """
    alone: dict[str, object] = {"-p": changes.typed or changes.vary or changes.fixed, "--null": changes.settings}
    alone |= {"--points": changes.points, "--precision": changes.precision}
    if wrong := [name for name, value in alone.items() if value]:
        raise UsageError(
            f"{path.stem} is made of several studies, and {', '.join(wrong)} is for one",
            hint=f"give the name of one of its scenarios instead; `cortex show {path.stem}` lists them",
        )
    argument, scenarios = argument_file.load(path)
    out = output or Path("results") / (path.stem + "_quick" * changes.quick)
    seed = argument.seed if changes.seed is None else changes.seed
    members = {}
    for name, member in argument.studies.items():
        members[name] = of_scenario(
            scenarios[name],
            name,
            out / name,
            member.conditions,
            backend,
            seed=seed,
            fixed=member.fixed,
            seeds=changes.seeds or member.seeds,
            quick=member.quick or changes.quick,
        )
    return Studies(path.stem, out, argument, members)
