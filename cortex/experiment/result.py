"""Complete runs, read from their folders: one `Result` each, and `Results` of many."""

import html
import math
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from cortex.analysis.reference import ANY, Band, score
from cortex.errors import EnvironmentProblem, UsageError
from cortex.experiment import run_folder

if TYPE_CHECKING:
    import pandas
    import xarray
    from matplotlib.figure import Figure

    from cortex.engine.recording import Recording

DISTRIBUTION = "cortical-expansion"


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
    condition: str = ""
    limits: Mapping[str, float] = field(default_factory=dict)

    @cached_property
    def record(self) -> dict[str, Any]:
        """Everything that its ``run.json`` says.

        Raises
        ------
        UsageError
            If the folder holds no complete run any more.
        """
        return _record(self.folder)

    @property
    def run(self) -> str:
        """Name of its folder, which is unique among all runs."""
        return self.folder.name

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
        return str(self.record.get("unscored", "the quick version" if self.quick else ""))

    @property
    def missing(self) -> dict[str, str]:
        """Why a measure has no value: "does not apply", "not reached in 150 s" or "not measured"."""
        known = self.record.get("missing", {})
        return {name: known.get(name, "undefined") for name, value in self.measures.items() if math.isnan(value)}

    @property
    def scores(self) -> dict[str, str]:
        """For each measure with a band whether it lies "inside" or "outside", where the bands apply."""
        if self.unscored:
            return {}
        return {name: score(self.measures[name], band) for name, band in self.bands.items() if name in self.measures}

    @cached_property
    def recordings(self) -> "dict[str, Recording]":
        """What was recorded, by arm and name, in SI units: ``recordings["released"]["spikes.t"]``."""
        from cortex.experiment import data_file

        return data_file.read(self.folder / run_folder.DATA)

    @property
    def figures(self) -> dict[str, Path]:
        """Files of the figures (PNG) by name."""
        return {path.stem: path for path in sorted((self.folder / "figures").glob("*.png"))}

    @property
    def main_figure(self) -> Path | None:
        """File of the figure that answers the scenario's question."""
        figures = self.figures
        return figures.get(self.record.get("main_figure", "")) or next(iter(figures.values()), None)

    @property
    def summary(self) -> dict[str, Any]:
        """What ``cortex run --json`` prints."""
        keys = ("scenario", "run", "status", "quick", "null", "seed", "replicate", "measures", "predictions")
        more = {"missing": self.missing, "unscored": self.unscored, "folder": str(self.folder)}
        return {key: self.record[key] for key in (*keys, "biological_seconds", "seconds")} | more

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
        opener = _analysis("xarray")
        path = self.folder / run_folder.DATA
        if not arm:
            return opener.open_datatree(path)
        if arm not in self.record["simulated_seconds"]:
            raise UsageError(
                f'the run has no arm "{arm}"', hint=f"it has {', '.join(self.record['simulated_seconds'])}"
            )
        return opener.open_dataset(path, group=arm)

    def __repr__(self) -> str:
        return f"<run {self.run} of {self.scenario}, seed {self.seed}, replicate {self.replicate}: {self.folder}>"

    def _repr_html_(self) -> str:
        """Show measures, bands and the main figure in a notebook."""
        rows = []
        scores, missing, bands = self.scores, self.missing, self.bands
        declared = self.record.get("declared", {})
        for name, value in self.measures.items():
            about = declared.get(name, {})
            unit = about.get("unit", "1")
            cells = (
                f'<span title="{html.escape(about.get("sentence", ""))}">{html.escape(name)}</span>',
                html.escape(missing[name] if name in missing else f"{value:.4g}" + (f" {unit}" if unit != "1" else "")),
                f"{self.predictions[name]:.4g}" if name in self.predictions else "",
                html.escape(band_text(bands.get(name, ANY))),
                {"inside": "yes"}.get(scores.get(name, ""), scores.get(name, "")),
            )
            rows.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
        head = "".join(f"<th>{title}</th>" for title in ("measure", "value", "prediction", "band", "ok"))
        note = f"<p>Bands are not scored: {html.escape(self.unscored)}.</p>" if self.unscored else ""
        picture = ""
        if self.main_figure:
            encoded = b64encode(self.main_figure.read_bytes()).decode()
            name = html.escape(self.main_figure.stem)
            picture = f'<p><img alt="{name}" style="max-width: 100%" src="data:image/png;base64,{encoded}"></p>'
        title = f"<p><b>{html.escape(self.scenario)}</b>, seed {self.seed}, replicate {self.replicate}</p>"
        return f"{title}<table><tr>{head}</tr>{''.join(rows)}</table>{note}{picture}"


class Results(Sequence[Result]):
    """Complete runs, in the order of their replicates."""

    def __init__(self, runs: Iterable[Result], folder: Path | None = None) -> None:
        self.runs = tuple(runs)
        self.folder = folder

    @overload
    def __getitem__(self, number: int) -> Result: ...
    @overload
    def __getitem__(self, number: slice) -> "Results": ...
    def __getitem__(self, number: int | slice) -> "Result | Results":
        return Results(self.runs[number], self.folder) if isinstance(number, slice) else self.runs[number]

    def __len__(self) -> int:
        return len(self.runs)

    def __iter__(self) -> Iterator[Result]:
        return iter(self.runs)

    def where(self, **values: Any) -> "Results":
        """Return the runs with these values of an attribute: ``runs.where(condition="hold", replicate=0)``."""
        chosen = (run for run in self.runs if all(getattr(run, name) == value for name, value in values.items()))
        return Results(chosen, self.folder)

    def frame(self, all_parameters: bool = False) -> "pandas.DataFrame":
        """Return a table of all runs, one row each.

        Parameters
        ----------
        all_parameters : bool
            Whether parameters that are the same in all runs have a column too.

        Returns
        -------
        pandas.DataFrame
            Indexed by the run's name: scenario, condition, null, seed, replicate, quick, folder; every parameter that
            varies, as a number in the unit of its column "name (unit)" or as text; measures; ``prediction.NAME``.

        Raises
        ------
        EnvironmentProblem
            If pandas is not installed.
        """
        tables = _analysis("pandas")
        about = ("scenario", "condition", "null", "seed", "replicate", "quick", "folder")
        rows = [{name: getattr(run, name) for name in about} for run in self.runs]
        columns = self._parameters(all_parameters)
        for row, run in zip(rows, self.runs, strict=True):
            row |= {title: values[run.run] for title, values in columns.items()}
            row |= run.measures
            row |= {f"prediction.{name}": value for name, value in run.predictions.items()}
        return tables.DataFrame(rows, index=tables.Index([run.run for run in self.runs], name="run"))

    def _parameters(self, constant: bool) -> dict[str, dict[str, Any]]:
        """Return a column for each parameter: numbers where all values have one unit, else text."""
        names = dict.fromkeys(name for run in self.runs for name in run.parameters)
        columns: dict[str, dict[str, Any]] = {}
        for name in names:
            texts = {run.run: run.parameters.get(name, "") for run in self.runs}
            parts = {text: _number_and_unit(text) for text in set(texts.values())}
            if len(parts) < 2 and not constant:
                continue
            [unit, *others] = dict.fromkeys(unit for _, unit in parts.values())
            numeric = not others and not any(math.isnan(number) for number, _ in parts.values())
            values = {run: parts[text][0] if numeric else text for run, text in texts.items()}
            columns[f"{name} ({unit})" if numeric and unit else name] = values
        return columns

    def pivot(self, by: str, measure: str) -> "pandas.DataFrame":
        """Return a measure by a column of `frame` (columns) and by seed and replicate (rows)."""
        table = self.frame()
        column = next((name for name in table if name == by or name.startswith(f"{by} (")), by)
        if column not in table or measure not in table:
            raise UsageError(f"no column {by if column not in table else measure}", hint="`.frame()` shows all columns")
        return table.pivot_table(index=["seed", "replicate"], columns=column, values=measure)

    def __repr__(self) -> str:
        return f"<{len(self.runs)} runs{f' of {self.folder}' if self.folder else ''}>"

    def _repr_html_(self) -> str:
        """Show the table of all runs in a notebook."""
        return str(self.frame()._repr_html_())


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
    return from_record(folder, _record(folder), condition)


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
        condition=condition,
        limits=record.get("watched_seconds", {}),
    )
    result.__dict__["record"] = record
    return result


def band_text(limits: Band) -> str:
    """Write a band: ">= 0.9", "<= 0.6" or "0.85 .. 1.15"."""
    low, high = limits
    if low is not None and high is not None:
        return f"{low:g} .. {high:g}"
    return f">= {low:g}" if low is not None else f"<= {high:g}" if high is not None else ""


def _record(folder: Path) -> dict[str, Any]:
    record = run_folder.read_record(folder)
    if record is None:
        raise UsageError(
            f"{folder} holds no complete run", hint="a run is a folder such as results/NAME/runs/0123-r000"
        )
    return record


def _numbers(values: Mapping[str, float | None]) -> dict[str, float]:
    return {name: math.nan if value is None else float(value) for name, value in values.items()}


def _number_and_unit(text: str) -> tuple[float, str]:
    """Cut the text of a value in two; nan for a text that is no number."""
    from cortex.experiment import units

    try:
        number, unit = units.split(text)
        return float(number), unit
    except ValueError:
        return math.nan, ""


def _analysis(package: str) -> Any:
    """Import a package of the extra ``analysis``."""
    import importlib

    try:
        return importlib.import_module(package)
    except ImportError:
        raise EnvironmentProblem(
            f'{package} is not installed\ninstall it with: pip install "cortical-expansion[analysis]"'
        ) from None
