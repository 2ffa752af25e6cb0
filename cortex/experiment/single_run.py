"""What must be known of a single run beside bands: they are for means over seeds, from which one seed may lie far."""

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cortex.experiment.record import code_files

ENOUGH = 10
"""Seeds that the suggested command runs."""


def note(record: Mapping[str, Any], folder: Path, scenario_file: Path | None = None) -> str:
    """Return a sentence on what bands say of one run, and the command that makes more; empty if none is scored.

    Parameters
    ----------
    record : mapping
        What its ``run.json`` says.
    folder : Path
        Where it is kept.
    scenario_file : Path, optional
        What made the run, if it is a file of the user's own.
    """
    if record.get("unscored", "unknown") or not record["bands"]:
        return ""
    told = "Bands are for means over seeds; a single run scatters, and may lie outside by chance"
    name = str(scenario_file or ("" if code_files(folder) else record["scenario"]))
    words = ["cortex", "run", name, *(["--null", record["null"]] if record["null"] else [])]
    words += ["--seed", str(record["seed"])] if record["seed"] else []
    return f"{told}. {ENOUGH} runs: {shlex.join(words)} --seeds {ENOUGH}" if name else f"{told}."
