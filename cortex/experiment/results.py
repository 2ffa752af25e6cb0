"""Many complete runs: a sequence, and as tables."""

import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from cortex.errors import EnvironmentProblem, UsageError
from cortex.experiment.result import Result
from cortex.extras import extra
from cortex.report import notebook
from cortex.report.text import count

if TYPE_CHECKING:
    import pandas


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
            Indexed by the run's name: scenario, condition, null, seed, replicate, quick, precision, folder; every
            parameter that varies, as a number in the unit of its column "name (unit)" or as text; measures;
            ``prediction.NAME``.

        Raises
        ------
        EnvironmentProblem
            If pandas is not installed.
        """
        tables = extra("pandas")
        about = ("scenario", "condition", "null", "seed", "replicate", "quick", "precision", "folder")
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
        """Return a measure by a column of `frame` (columns) and by all else that varies, seed and replicate (rows).

        Raises
        ------
        UsageError
            If there is no such column.
        EnvironmentProblem
            If pandas is not installed.
        """
        table = self.frame()
        column = next((name for name in table if name == by or name.startswith(f"{by} (")), by)
        if column not in table or measure not in table:
            raise UsageError(f"no column {by if column not in table else measure}", hint="`.frame()` shows all columns")
        kinds = ("scenario", "condition", "null", "quick", "precision", *self._parameters(constant=False))
        index = [name for name in kinds if name != column and table[name].nunique() > 1]
        return table.pivot(index=[*index, "seed", "replicate"], columns=column, values=measure)

    def __repr__(self) -> str:
        return f"<{count(len(self.runs), 'run')}{f' of {self.folder}' if self.folder else ''}>"

    def _repr_html_(self) -> str:
        """Show the table of all runs in a notebook, or how many there are if pandas is not installed."""
        try:
            return str(self.frame()._repr_html_())
        except EnvironmentProblem as error:
            return notebook.paragraph(repr(self)) + notebook.paragraph(str(error))


def _number_and_unit(text: str) -> tuple[float, str]:
    """Cut the text of a value in two; nan for a text that is no number."""
    from cortex.experiment import units

    try:
        number, unit = units.split(text)
        return float(number), unit
    except ValueError:
        return math.nan, ""
