"""What animals go through, and their maps: normal use, the disc, and what comes after it."""

import numpy as np
from brian2.units import mm

from cortex.experiment.coordinates import Variable
from cortex.experiment.streams import Streams
from cortex.mechanisms.skin import DIGITS, PHALANGES
from models.competition.learning import bumps, learn, matches
from models.competition.parameters import MapParameters
from models.competition.stimuli import Stimuli, probed, touched, unit
from models.finger_area.anatomy import Anatomy

MAPS = ("before", "trained", "late")
"""When maps are taken: after normal use, after training, and as long a time after that."""


def animals(p: MapParameters, streams: Streams) -> dict[str, dict[str, Variable]]:
    """Let three animals learn the same touches: trained and then as before; trained on; never on the disc."""
    t = p.training
    settle, dose = float(t.settle + t.calibrate), float(t.dose + t.release)
    seeds = streams.stimuli.integers(2**63, size=len(MAPS))

    def use(stage: int, disc: bool = False) -> Stimuli:
        return touched(p, np.random.default_rng(seeds[stage]), dose if stage else settle, disc)

    normal, trained = use(0), use(1, disc=True)
    before = lived(p, arbors(p), normal)
    peak = lived(p, before, trained)
    found = {}
    for name, disc in {"stopped": False, "continued": True}.items():
        late = use(2, disc)
        found[name] = recorded(p, (before, peak, lived(p, peak, late)), (normal, trained, late))
    same = use(1)
    return found | {"control": recorded(p, (before, lived(p, before, same)), (normal, same))}


def places(p: MapParameters) -> np.ndarray:
    """Return the places of the sites in cortex, mm, shape (site, 2)."""
    return Anatomy(p).pyramidal


def arbors(p: MapParameters) -> np.ndarray:
    """Return the weights at the beginning, those of arbors, scaled to length 1, shape (site, afferent)."""
    anatomy = Anatomy(p)
    afferent, site = anatomy.fixed["afferent"]
    weights = np.zeros((len(anatomy.pyramidal), len(anatomy.afferents)), np.float32)
    weights[site, afferent] = anatomy.arbor
    return unit(weights)


def lived(p: MapParameters, weights: np.ndarray, stimuli: Stimuli) -> np.ndarray:
    """Return the weights after some time; moments of one contact time are learned together."""
    radius = float(p.learning.radius / mm) if p.learning.neighbours else 0.0
    bump = bumps(places(p), radius)
    begins = np.flatnonzero(np.diff(stimuli.contact))
    for together in np.split(stimuli.rates, begins + 1):
        weights = learn(weights, together, bump, p.learning.rate)
    return weights


def recorded(p: MapParameters, weights: tuple[np.ndarray, ...], stimuli: tuple[Stimuli, ...]) -> dict[str, Variable]:
    """Take a map after each time of a life, whose touches are given too."""
    probes, bump = probed(p), bumps(places(p), float(p.learning.radius / mm))
    ranked = [np.argsort(matches(after, probes), axis=1) for after in weights]
    best, second = (np.stack([order[:, -rank] for order in ranked]) for rank in (1, 2))
    if p.learning.competition:
        answers = [bump[winners].T for winners in best]
    else:
        answers = [unit(after) @ probes.T for after in weights]
    touches = [np.bincount(each.patch, minlength=DIGITS * PHALANGES) for each in stimuli]
    return {
        "map": Variable(("map",), np.array(MAPS[: len(weights)]), "1", "when the map is taken"),
        "answer": Variable(("map", "site", "probe"), np.stack(answers), "1", "answer of each site to each probe"),
        "best": Variable(("map", "probe"), best, "1", "site that fits each probe best"),
        "second": Variable(("map", "probe"), second, "1", "site that fits it second best"),
        "touches": Variable(("map", "patch"), np.stack(touches), "1", "moments of touches of each patch before a map"),
    }
