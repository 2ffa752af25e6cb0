"""The work on one run of a study, in whichever process an engine does it. Only its folder tells the result."""

import logging
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from cortex.errors import CortexError, EnvironmentProblem, Killed
from cortex.failures import told
from cortex.studies.watch import watched

if TYPE_CHECKING:
    from cortex.engine.simulation import Backend, Precision
    from cortex.experiment.identity import Run
    from cortex.experiment.scenario import Scenario

State: TypeAlias = Literal["complete", "failed", "busy", "killed"]


@dataclass(frozen=True)
class Order:
    """What is to be done, in plain values that travel to any process.

    Attributes
    ----------
    scenario : str
        Name, or path of its file.
    settings : dict of str to str
        Parameter values that differ from the scenario's.
    seed, replicate : int
    quick : bool
    null : str
    precision : {"double", "single"}
    run : str
        Name of the run's folder, which must come out.
    out : Path
        Folder of results.
    backend : str
    figures : bool
    minutes, gigabytes : float, optional
        What the run may take.
    session : str
        Names this start of the study.
    facts : dict of str to str
        What must be the same where it is done, see `cortex.studies.environment`.
    threads : int
        How many the run may have: a share of the cores.
    """

    scenario: str
    settings: dict[str, str]
    seed: int
    replicate: int
    quick: bool
    null: str
    precision: "Precision"
    run: str
    out: Path
    backend: "Backend"
    figures: bool
    minutes: float | None
    gigabytes: float | None
    session: str
    facts: dict[str, str]
    threads: int = 1


@dataclass(frozen=True)
class Outcome:
    """What became of a run, and the cause if it failed."""

    run: str
    state: State
    cause: str = ""


def work(order: Order) -> Outcome:
    """Do one run and keep it in its folder.

    Raises
    ------
    EnvironmentProblem
        If no run can be done here: the disk is full, or the sources or versions are not those of the study.
    """
    from cortex.experiment.run import execute
    from cortex.experiment.run_folder import Committed
    from cortex.experiment.writer import Busy

    run = _run(order)
    partial = run.folder(order.out).with_name(f"{order.run}.partial")
    try:
        with watched(partial, order.minutes, order.gigabytes):
            execute(
                run,
                order.out,
                order.backend,
                jobs=1,
                figures=order.figures,
                session=order.session,
                threads=order.threads,
            )
    except Committed:
        return Outcome(order.run, "complete")
    except Busy:
        return Outcome(order.run, "busy")
    except Killed as killed:
        return Outcome(order.run, "killed", str(killed))
    except EnvironmentProblem:
        raise
    except SystemExit:
        logging.disable(logging.WARNING)  # what Brian2 says of objects that are left behind is no news
        raise
    except Exception as error:
        logging.getLogger(__name__).info("%s failed", order.run, exc_info=True)
        return Outcome(order.run, "failed", told(error))
    return Outcome(order.run, "complete")


def warm(order: Order) -> None:
    """Build and compile the network of a run, so that all that share it find it."""
    from cortex.experiment.run import prepare

    run = _run(order)
    try:
        prepare(run, order.backend)
    except CortexError:
        raise
    except Exception:  # the run itself will fail, and tell
        logging.getLogger(__name__).info("%s cannot be prepared", order.run, exc_info=True)


def _run(order: Order) -> "Run":
    from cortex.experiment.identity import Run

    facts = tuple(order.facts.items())
    scenario = _scenario(order.scenario, facts)
    _check_here(facts, order.backend, order.scenario)
    if not order.out.is_dir():
        raise EnvironmentProblem(f"{order.out} is not there: all workers need the same file system as the study")
    parameters = scenario.resolve(order.settings, quick=order.quick, null=order.null)
    run = Run(scenario, parameters, order.seed, order.replicate, order.quick, order.null, order.precision)
    if run.id != order.run:
        raise EnvironmentProblem(
            f"{run.id} should be {order.run}: the scenario's file was changed meanwhile; start again"
        )
    return run


@lru_cache(maxsize=4)
def _scenario(name: str, facts: tuple[tuple[str, str], ...]) -> "Scenario":
    """Find a scenario, anew if what a study is made with is new: its file may have been edited."""
    from cortex.experiment.catalogue import find

    return find(name)


@lru_cache(maxsize=4)
def _check_here(wanted: tuple[tuple[str, str], ...], backend: "Backend", name: str) -> None:
    from cortex.studies.environment import facts

    here = facts(backend, _scenario(name, wanted))
    different = [f"{name}: {here.get(name)} here, {value} there" for name, value in wanted if here.get(name) != value]
    if different:
        raise EnvironmentProblem("a worker is not like the process that started the study\n" + "\n".join(different))
