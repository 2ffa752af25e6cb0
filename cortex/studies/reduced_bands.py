"""Make the bands of the reduced version from runs of development seeds.

    cortex validate all --reduced --seed 700 -o FOLDER
    python -m cortex.studies.reduced_bands FOLDER

prints the section ``[reduced.bands]`` of the file of the checks. The rule: a measure whose mean lies inside the band of
the full version gets that band, with each end moved outwards, if need be, to where the end of the mean's interval would
lie if it were three times as far from the mean. With three seeds an interval reaches about as far as the seeds
themselves, so that new seeds then lie inside as well. All others keep the band: what the full version would miss is not
to be passed here.
"""

import math
import sys
from collections.abc import Iterator
from pathlib import Path

from cortex.analysis.reference import Band, score
from cortex.analysis.statistics import Interval
from cortex.report import text
from cortex.studies import checks_file, validation
from cortex.studies.validating import folders_in
from cortex.studies.validation import FULL

WIDER = 3
"""How many times as far from the mean as the ends of its interval the ends of a band lie at least."""


def widened(band: Band, measured: Interval) -> Band:
    """Return the band of the reduced version."""
    if score(measured.mean, band) != "inside" or math.isnan(measured.low):
        return band
    low, high = (round(100 * (measured.mean + WIDER * (end - measured.mean)), 6) for end in measured[1:])
    least, most = math.floor(low) / 100, math.ceil(high) / 100
    return None if band[0] is None else min(band[0], least), None if band[1] is None else max(band[1], most)


def bands(folder: Path, checks: Path | None = None) -> Iterator[tuple[str, Band]]:
    """Yield the measures whose bands are other than in the full version, and these bands.

    Parameters
    ----------
    folder : Path
        With the runs of development seeds.
    checks : Path, optional
        The file of the checks; by default that of the shipped scenarios.
    """
    full, reduced = checks_file.load(checks), checks_file.load(checks, reduced=True)
    found = validation.validate(reduced, folders_in(folder), folder)
    for finding in found.findings:  # what would refute the theory keeps its bands, some of the same measures
        for line, part in zip(full.lines[finding.check.name], finding.parts, strict=True):
            if FULL in part.models and (band := widened(line.band, part.models[FULL].measured)) != line.band:
                yield line.key, band


if __name__ == "__main__":
    print("[reduced.bands]")
    for name, band in bands(Path(sys.argv[1])):
        print(f'"{name}" = "{text.band(band)}"')
