"""Make the bands of the reduced version from runs of development seeds.

    cortex validate all --reduced --seed 700 -o FOLDER
    python -m cortex.studies.reduced_bands FOLDER

prints the section ``[reduced.bands]`` of the file of the checks. The rule: a measure whose mean lies inside the band of
the full version gets that band, with each end moved outwards, if need be, to where the end of the mean's interval would
lie if it were three times as far from the mean; but no further than half the way to the mean of a null model that must
miss it. With three seeds an interval reaches about as far as the seeds themselves, so that new seeds then lie inside as
well. All other measures keep the band: what the full version would miss is not to be passed here.
"""

import math
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from cortex.analysis.reference import Band, score
from cortex.analysis.statistics import Interval
from cortex.report import text
from cortex.studies import checks_file, validation
from cortex.studies.validating import folders_in
from cortex.studies.validation import FULL

WIDER = 3
"""How many times as far from the mean as the ends of its interval the ends of a band lie at least."""


def widened(band: Band, measured: Interval, nulls: Sequence[float] = ()) -> Band:
    """Return the band of the reduced version.

    Parameters
    ----------
    band : tuple of float or None
        That of the full version.
    measured : Interval
    nulls : sequence of float
        Means of null models that must miss it.
    """
    if score(measured.mean, band) != "inside" or math.isnan(measured.low):
        return band
    ends: list[float | None] = []
    for sign, end, interval_end in zip((-1, 1), band, measured[1:], strict=True):
        if end is None:
            ends.append(None)
            continue
        needed = WIDER * abs(interval_end - measured.mean) - abs(end - measured.mean)
        allowed = [sign * (null - end) / 2 for null in nulls if sign * (null - end) > 0]
        hundredths = [math.ceil(round(100 * needed, 6)), *(math.floor(100 * one) for one in allowed)]
        ends.append(round(end + sign * max(0, min(hundredths)) / 100, 6))
    return ends[0], ends[1]


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
            if FULL not in part.models:
                continue
            nulls = [part.models[name].measured.mean for name in line.must_miss if name in part.models]
            if (band := widened(line.band, part.models[FULL].measured, nulls)) != line.band:
                yield line.key, band


if __name__ == "__main__":
    print("[reduced.bands]")
    for name, band in bands(Path(sys.argv[1])):
        print(f'"{name}" = "{text.band(band)}"')
