"""A complete run, read from its folder."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cortex.analysis.reference import ANY, Band, score
from cortex.experiment import single_run
from cortex.experiment.findings import kept
from cortex.experiment.record import checked_data, record_of_run
from cortex.files import PNG, is_plain
from cortex.report import text

if TYPE_CHECKING:
    import xarray
    from matplotlib.figure import Figure

    from cortex.engine.model import Precision
    from cortex.engine.recording import Recording

DISTRIBUTION = "cortical-expansion"
HEAD = ("measure", "value", "prediction", "band", "ok")
"""Columns of the table of a run."""


@dataclass(frozen=True, eq=False)
class Result:
    """A complete run.

    Attributes
    ----------
    folder : Path
        Where it is kept.
    scenario : str
    measures, predictions : mapping of str to float
        Numbers by name; nan where there is none, see `missing`.
    parameters : mapping of str to str
        Every parameter by dotted name, as text with its unit.
    seed, replicate : int
        Root seed, and number of the replicate: runs with the same two are paired.
    quick : bool
        Whether it is the short version.
    null : str
        Null model or condition of the scenario; empty for none.
    precision : {"double", "single"}
        In which it was calculated.
    condition : str
        Condition of the study that it is part of; empty if the study has none.
    limits : mapping of str to float
        How long each time to a criterion was waited for, in the unit of the measure.
    """

    folder: Path
    scenario: str = ""
    measures: Mapping[str, float] = field(default_factory=dict)
    predictions: Mapping[str, float] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    seed: int = 0
    replicate: int = 0
    quick: bool = False
    null: str = ""
    precision: "Precision" = "double"
    condition: str = ""
    limits: Mapping[str, float] = field(default_factory=dict)
    _place: Path = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Remember where the folder is, whatever folder a notebook changes to later."""
        object.__setattr__(self, "_place", self.folder.absolute())

    @cached_property
    def record(self) -> dict[str, Any]:
        """Everything that its ``run.json`` says.

        Raises
        ------
        UsageError
            If the folder holds no complete run any more.
        """
        return record_of_run(self._place)

    @property
    def pair(self) -> tuple[int, int]:
        """Root seed and replicate: runs with the same two see the same stimuli."""
        return self.seed, self.replicate

    @property
    def run(self) -> str:
        """Name of its folder, which is unique among all runs."""
        return self.folder.name

    @property
    def _title(self) -> str:
        return ", ".join(filter(None, (self.scenario, self.null, f"seed {self.seed}, replicate {self.replicate}")))

    @property
    def version(self) -> str:
        """Version of this package that made it."""
        return str(self.record["provenance"]["versions"][DISTRIBUTION])

    @property
    def bands(self) -> dict[str, Band]:
        """Lowest and highest value expected of each measure that has a band."""
        return {name: (low, high) for name, (low, high) in self.record["bands"].items()}

    @property
    def unscored(self) -> str:
        """Why the bands say nothing about this run, such as "the quick version"; empty if they apply."""
        return str(self.record.get("unscored", "it was made before runs kept whether bands apply"))

    @property
    def missing(self) -> dict[str, str]:
        """Why a measure has no value: "does not apply", "not reached in 150 s", "not measured: no responsive site"."""
        known = self.record.get("missing", {})
        return {name: known.get(name, "undefined") for name, value in self.measures.items() if math.isnan(value)}

    @property
    def warnings(self) -> list[str]:
        """What makes the numbers of this run mean little: what was found, when, where, and what to do next."""
        return [str(finding) for finding in kept(self.record)]

    @property
    def scores(self) -> dict[str, str]:
        """For each measure with a band whether it lies "inside" or "outside", where the bands apply."""
        if self.unscored:
            return {}
        return {name: score(self.measures[name], band) for name, band in self.bands.items() if name in self.measures}

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """The table of measures, as text: a row of `HEAD` for each."""
        scores, missing, bands, declared = self.scores, self.missing, self.bands, self.record.get("declared", {})
        rows: list[tuple[str, ...]] = []
        for name, value in self.measures.items():
            unit = declared.get(name, {}).get("unit", "1")
            shown = missing.get(name) or f"{value:.4g}" + (f" {unit}" if unit != "1" else "")
            prediction = text.number(self.predictions.get(name, math.nan))
            verdict = scores.get(name, "")
            score_text = {"inside": "yes", "undefined": missing.get(name, "undefined")}.get(verdict, verdict)
            rows.append((name, shown, prediction, text.band(bands.get(name, ANY)), score_text))
        return rows

    @cached_property
    def recordings(self) -> "dict[str, Recording]":
        """What was recorded, by arm and name, in SI units: ``recordings["released"]["spikes.t"]``."""
        from cortex.experiment import data_file

        return data_file.read(self.data)

    @property
    def data(self) -> Path:
        """The file of what was recorded, after checking that it is what the run wrote.

        Raises
        ------
        UsageError
            If it is damaged.
        """
        return checked_data(self._place, self.record)

    @property
    def figures(self) -> dict[str, Path]:
        """Files of the figures (PNG) by name; a link is none, as it may lead out of the folder."""
        folder = self._place / "figures"
        files = [] if folder.is_symlink() else sorted(folder.glob("*.png"))
        return {path.stem: path for path in files if is_plain(path, PNG)}

    @property
    def main_figure(self) -> Path | None:
        """File of the figure that answers the scenario's question."""
        figures = self.figures
        return figures.get(self.record.get("main_figure", "")) or next(iter(figures.values()), None)

    @property
    def report(self) -> Path | None:
        """File of its page, to be looked at in a browser; None if none was written (``cortex report FOLDER``)."""
        path = self._place / "report.html"
        return self.folder / path.name if path.is_file() else None

    @property
    def summary(self) -> dict[str, Any]:
        """What ``cortex run --json`` prints."""
        keys = ("scenario", "run", "status", "quick", "null", "seed", "replicate", "measures", "predictions")
        more = {"missing": self.missing, "unscored": self.unscored, "folder": str(self.folder)}
        more |= {"precision": self.precision, "warnings": self.record.get("warnings", [])}
        return {key: self.record.get(key) for key in (*keys, "biological_seconds", "seconds")} | more

    def dataset(self, arm: str = "") -> "xarray.Dataset | xarray.DataTree":
        """Open what was recorded with xarray.

        Parameters
        ----------
        arm : str
            A simulation of the run, such as "trained"; by default all of them as a tree.

        Returns
        -------
        xarray.Dataset or xarray.DataTree
            Variables in SI units, with positions, kinds and times as coordinates.

        Raises
        ------
        EnvironmentProblem
            If xarray is not installed.
        """
        from cortex.experiment import data_file

        return data_file.open_dataset(self.data, arm) if arm else data_file.open_datatree(self.data)

    def __repr__(self) -> str:
        lines = [
            f"{self._title}: {self.folder}",
            text.columns([HEAD, *self.rows]),
            *(f"warning: {told}" for told in self.warnings),
            f"bands are not scored: {self.unscored}" if self.unscored else "",
            single_run.note(self.record, self._place),
            f"figure: {self.folder / 'figures' / self.main_figure.name}" if self.main_figure else "",
            f"report: {self.report}" if self.report else "",
        ]
        return "\n".join(filter(None, lines))

    def _repr_html_(self) -> str:
        """Show measures, bands, the main figure and the way to the report in a notebook."""
        from cortex.report import notebook

        declared = self.record.get("declared", {})
        parts = [
            notebook.paragraph(self._title),
            *(notebook.paragraph(f"Warning: {told}") for told in self.warnings),
            notebook.table(HEAD, self.rows, (declared.get(name, {}).get("sentence", "") for name in self.measures)),
            notebook.paragraph(f"Bands are not scored: {self.unscored}.") if self.unscored else "",
            notebook.paragraph(note) if (note := single_run.note(self.record, self._place)) else "",
            notebook.picture(self.main_figure),
            notebook.link(self.report, "Report: map, measures, figures and parameters on one page"),
        ]
        return "\n".join(filter(None, parts))


@dataclass(frozen=True)
class Conclusion:
    """What the runs of a study say together.

    Attributes
    ----------
    text : str
        In Markdown.
    draw : callable
        Draws the figures, by file name: only where they are wanted.
    """

    text: str
    draw: "Callable[[], Mapping[str, Figure]]" = dict


def read(folder: Path, condition: str = "") -> Result:
    """Return the complete run of a folder.

    Raises
    ------
    UsageError
        If it holds none.
    """
    return from_record(folder, record_of_run(folder), condition)


def from_record(folder: Path, record: dict[str, Any], condition: str = "") -> Result:
    """Return the run that a ``run.json`` describes."""
    result = Result(
        folder=folder,
        scenario=record["scenario"],
        measures=_numbers(record["measures"]),
        predictions=_numbers(record["predictions"]),
        parameters=record["parameters"],
        seed=record["seed"],
        replicate=record["replicate"],
        quick=record["quick"],
        null=record["null"],
        precision=record.get("precision", "double"),
        condition=condition,
        limits=record.get("watched_seconds", {}),
    )
    result.__dict__["record"] = record
    return result


def _numbers(values: Mapping[str, float | None]) -> dict[str, float]:
    return {name: math.nan if value is None else float(value) for name, value in values.items()}
