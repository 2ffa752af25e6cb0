"""What single cells do before training, and how a teacher and its copies vary together under the hold."""

import numpy as np
from scipy import ndimage

from cortex.analysis.discrimination import noise_correlation
from cortex.analysis.maps import UNRESPONSIVE
from cortex.analysis.ratios import mean
from cortex.analysis.spikes import count_in_windows, interval_variation, rate_in_bins
from cortex.analysis.totals import variation_ratio
from cortex.engine.recording import Recording
from cortex.mechanisms.skin import DIGITS
from models.finger_area.anatomy import zone
from models.finger_area.copies import Copies
from models.finger_area.depth import counts
from models.finger_area.mapping import CorticalMap, session_maps
from models.finger_area.parameters import FingerParameters
from models.finger_area.protocol import PAUSE_SLOTS, PROBE_SLOTS, SLOT, layout, probe_order, probe_places

FEWEST_MEMBERS = 4
"""Members of a group whose count is said to vary less than a cell's."""

SMOOTHED = 5
"""Over so many ms the rate after a probe is averaged."""


def physiology(p: FingerParameters, run: Recording, copies: Copies) -> dict[str, float]:
    """Measure cells in normal use and while a map is taken, both before training, and groups under the hold."""
    established = copies.established
    n, (start, end) = len(established), layout(p).interval("calibrate")
    rates = rate_in_bins(run["spikes.i"], run["spikes.t"], n, [start, end])[0]
    variation = interval_variation(run["spikes.i"], run["spikes.t"], n, start, end)[established]
    on_tips = established & zone(p)
    return {
        "median_rate_hz": float(np.median(rates[established])) if established.any() else float("nan"),
        "interval_variation": mean(variation[np.isfinite(variation)]),
        "noise_correlation": noise_correlation(probed(p, run)[:, :, on_tips]),
        "single_centre": single_centre(p, session_maps(p, run)["before"]),
        "onset_ms": onset(p, run, on_tips),
        "group_variation": group_variation(counts(p, run, "depths trained"), groups(copies)),
    }


def presentations(p: FingerParameters) -> np.ndarray:
    """Return when each probe of the map before training begins, s, shape (place and digits, repeat)."""
    order = probe_order(p)
    begin = layout(p).interval("map before")[0] + np.arange(len(order)) * (PROBE_SLOTS + PAUSE_SLOTS) * float(SLOT)
    _, kind = np.unique(order, axis=0, return_inverse=True)
    shown = begin[order[:, 0] >= 0][np.argsort(kind.ravel()[order[:, 0] >= 0], kind="stable")]
    return shown.reshape(-1, p.mapping.repeats)


def probed(p: FingerParameters, run: Recording) -> np.ndarray:
    """Count spikes at each probe of the map before training, shape (place and digits, repeat, cell)."""
    begin, length = presentations(p), (PROBE_SLOTS + PAUSE_SLOTS) * float(SLOT)
    n = run["cells.maturity"].shape[1]
    spikes = count_in_windows(run["spikes.i"], run["spikes.t"], n, begin.ravel(), begin.ravel() + length)
    return spikes.reshape(*begin.shape, n)


def onset(p: FingerParameters, run: Recording, cells: np.ndarray) -> float:
    """Return how long after the onset of a probe the rate of some cells has risen to half its highest, ms."""
    times = run["spikes.t"][cells[run["spikes.i"]]]
    edges = np.arange(round(PROBE_SLOTS * float(SLOT) * 1000) + 1) / 1000
    shown = presentations(p).ravel()[:, None] + edges
    rise = np.diff(np.searchsorted(times, shown), axis=1).sum(axis=0)
    smooth = np.convolve(rise, np.ones(SMOOTHED) / SMOOTHED, mode="same")
    return float(np.argmax(smooth >= smooth.max() / 2)) + 0.5 if smooth.any() else float("nan")


def single_centre(p: FingerParameters, cortical_map: CorticalMap) -> float:
    """Return the share of responding sites whose field is one connected piece of skin of one digit."""
    responds = cortical_map.winner != UNRESPONSIVE
    return mean(pieces(p, cortical_map.field[responds]) == 1)


def pieces(p: FingerParameters, fields: np.ndarray) -> np.ndarray:
    """Return into how many pieces each field falls, shape (site,); fields have the shape (site, probe).

    Places that touch at a corner are connected, digits are not.
    """
    places = probe_places(p)
    across = len(np.unique(places[:, 0]))
    skin = fields.reshape(len(fields), DIGITS, across, len(places) // across)
    return np.array([sum(ndimage.label(digit, np.ones((3, 3)))[1] for digit in field) for field in skin])


def groups(copies: Copies) -> list[np.ndarray]:
    """Return the cells of each group: a teacher and its copies."""
    teacher = copies.teachers[copies.recruited]
    return [np.append(copies.recruited[teacher == one], one) for one in np.unique(teacher)]


def group_variation(shown: np.ndarray, members: list[np.ndarray]) -> float:
    """Return the coefficient of variation of a group's count over its cells', mean over large groups and stimuli.

    Parameters
    ----------
    shown : array, shape (stimulus, repeat, cell)
        Spikes.
    members : list of array of int
        The cells of each group. Only those count that fire at a stimulus, and groups with `FEWEST_MEMBERS` of them.
    """
    found = []
    for stimulus in shown:
        firing = stimulus.any(axis=0)
        own = [cells[firing[cells]] for cells in members]
        found += [variation_ratio(stimulus[:, cells]) for cells in own if len(cells) >= FEWEST_MEMBERS]
    return mean([ratio for ratio in found if np.isfinite(ratio)])
