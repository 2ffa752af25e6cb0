"""Brian2's own tests, with programs that are made as the engine makes them.

    python -m benchmarks.brian_suite                              all that a standalone device can do, about 20 minutes
    python -m benchmarks.brian_suite plain test_synapses.py       some, with Brian2's own templates

Brian2 marks the tests that a standalone device must pass; left out are those that it marks as long or that need the GNU
Scientific Library, and those that run a network several times, which the engine never does.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, NamedTuple

MARKED = "standalone_compatible and not long and not gsl and not multiple_runs"

BY_DESIGN = {
    "test_neurongroup.py::test_random_values_fixed_seed": "sets brian2.seed() twice; an arm has one seed, its own",
}
"""Tests that cannot pass with the engine's templates, and why."""


class Outcome(NamedTuple):
    """How a test ended.

    Attributes
    ----------
    result : {"passed", "failed", "skipped"}
    seconds : float
    message : str
        Why it did not pass.
    """

    result: str
    seconds: float
    message: str


def run_suite(
    device: Literal["cpp", "plain"] = "cpp",
    tests: Sequence[str] = (),
    *,
    precision: Literal["double", "single"] = "double",
    optimised: bool = True,
    jobs: int = 1,
) -> dict[str, Outcome]:
    """Return how Brian2's own tests end.

    Parameters
    ----------
    device : {"cpp", "plain"}
        Whose templates are used: those of `cortex.engine.codegen`, or Brian2's own.
    tests : sequence of str
        Such as ``test_synapses.py`` or ``test_synapses.py::test_state_variables``; all that are marked by default.
    precision : {"double", "single"}
        Of variables without a type of their own.
    optimised : bool
        Whether to compile as the engine does; if not, compilation takes half the time.
    jobs : int
        How many processes.

    Raises
    ------
    RuntimeError
        If the tests could not be run to their end.
    """
    import brian2

    folder = Path(brian2.__file__).parent / "tests"
    options = [f"--device={device}", f"--precision={precision}", *([] if optimised else ["--not-optimised"])]
    words = [sys.executable, "-m", "pytest", "-p", "benchmarks.brian_suite.plugin", "-p", "no:cacheprovider", "-q"]
    words += ["-c", str(folder / "pytest.ini"), "--confcutdir", str(folder.parent), "-m", MARKED, *options]
    paths = [str(folder / test) for test in tests] or [str(folder)]
    here = Path(__file__).resolve().parents[2]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(here), os.environ.get("PYTHONPATH", "")])}
    with tempfile.TemporaryDirectory(prefix="cortex-") as temporary:
        environment["TMPDIR"] = temporary
        outputs = [Path(temporary) / f"outcomes-{part}" for part in range(jobs)]
        started = []
        for part, output in enumerate(outputs):
            own = [f"--part={part}/{jobs}", f"--outcomes={output}", *paths]
            with output.with_suffix(".log").open("w") as log:
                started.append(subprocess.Popen([*words, *own], cwd=temporary, env=environment, stdout=log, stderr=log))
        for process, output in zip(started, outputs, strict=True):
            if process.wait() not in (0, 1, 5):
                raise RuntimeError(
                    f"Brian2's tests could not be run:\n{output.with_suffix('.log').read_text()[-4000:]}"
                )
        lines = [line for output in outputs if output.exists() for line in output.read_text().splitlines()]
    return {test: Outcome(*rest) for test, *rest in map(json.loads, lines)}
