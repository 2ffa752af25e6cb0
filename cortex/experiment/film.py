"""The film of a run: what its scenario draws picture after picture, as a GIF in its folder."""

from pathlib import Path
from typing import TYPE_CHECKING

from cortex.errors import UsageError

if TYPE_CHECKING:
    from cortex.experiment.identity import Run
    from cortex.experiment.result import Result
    from cortex.experiment.scenario import Scenario

FILE = Path("figures", "film.gif")

PICTURES_PER_SECOND = 12

DOTS_PER_INCH = 100


def check(scenario: "Scenario") -> None:
    """Refuse a scenario that declares no film.

    Raises
    ------
    UsageError
    """
    if scenario.animate is None:
        raise UsageError(
            f"{scenario.name} has no film", hint="leave out --animate; finger_expansion has one: the map growing"
        )


def make(run: "Run", result: "Result") -> Path:
    """Draw the film of a complete run, if it is not there yet, and return its file.

    Raises
    ------
    UsageError
        If the scenario declares no film, or the data of the run are damaged.
    """
    from matplotlib.animation import PillowWriter

    from cortex.report.style import note

    check(run.scenario)
    assert run.scenario.animate
    file = result.folder / FILE
    if not file.is_file():
        animation = run.scenario.animate(run.parameters, result.recordings)
        note(animation._fig, run.marks)  # type: ignore[attr-defined]
        part = file.with_suffix(".partial.gif")
        part.unlink(missing_ok=True)  # a link may point to anything
        part.parent.mkdir(exist_ok=True)
        animation.save(part, writer=PillowWriter(fps=PICTURES_PER_SECOND), dpi=DOTS_PER_INCH)
        part.replace(file)
    return file
