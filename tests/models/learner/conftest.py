"""A short learner, and one run of it under each of some conditions."""

from collections.abc import Callable

import pytest

from cortex.engine import compiler
from cortex.engine.simulation import Arm, simulate
from cortex.experiment.protocol import Protocol
from cortex.experiment.streams import Streams
from models.learner import network
from models.learner.conditions import CONDITIONS
from models.learner.observe import Observed
from models.learner.parameters import LearnerParameters
from models.learner.protocol import protocol

K = 3

SHORT = {
    **{"training.old": "160", "training.copying": "120", "training.new": "200", "training.repeats": "24"},
    **{"training.currents": "2", "training.task": "location", "group.copies": str(K), "group.targets": "2"},
    **{"skin.number": "60", "group.weight": "0.7", "hold.adaptation": "0.1", "learning.old_rate": "0.03"},
}


@pytest.fixture(scope="session")
def parameters() -> Callable[..., LearnerParameters]:
    """Parameters of the short learner in a condition, some of them changed: ``learning__form="gradient"``."""

    def change(condition: str = "hold", **more: str) -> LearnerParameters:
        changes = {name.replace("__", "."): value for name, value in more.items()}
        return LearnerParameters().override(SHORT | dict(CONDITIONS[condition]) | changes)

    return change


@pytest.fixture(scope="session")
def layout() -> Callable[..., Protocol]:
    """The protocol of parameters, with the touches of a seed."""

    def lay_out(p: LearnerParameters, seed: int = 0) -> Protocol:
        return protocol(p, Streams(seed).stimuli)

    return lay_out


EXACT = {"group.expansion": "cloned", "cell.noise": "0 mV"}

SIMULATED = {
    "single": ("single", {}),
    "hold": ("hold", {"group.expansion": "cloned"}),
    "no_hold": ("no_hold", {"group.expansion": "cloned"}),
    "exact_hold": ("hold", EXACT),
    "exact_no_hold": ("no_hold", EXACT),
    "exact_split": ("weight_split", EXACT),
    "matched_spikes": ("matched_spikes", {"group.expansion": "cloned"}),
    "naive_release": ("naive_release", {"group.expansion": "cloned"}),
}


SEEDS = 3
"""Over how many seeds totals are averaged: under a hold, those of one seed differ by 3 %."""


@pytest.fixture(scope="session")
def repeated(parameters: Callable[..., LearnerParameters]) -> dict[str, list[Observed]]:
    """Runs of each; copies are made by setting weights equal, so that they do not depend on the time of copying."""
    if compiler.find_compiler() is None:
        pytest.skip("no C++ compiler")
    sets = {name: parameters(condition).override(more) for name, (condition, more) in SIMULATED.items()}
    streams = [Streams(seed) for seed in range(SEEDS)]
    arms = {
        f"{name} {seed}": Arm(network.run_inputs(p, one), one.network_seed)
        for name, p in sets.items()
        for seed, one in enumerate(streams)
    }
    recordings = simulate(lambda: network.build(sets["hold"]), arms, jobs=1).recordings
    return {name: [Observed(p, recordings[f"{name} {seed}"]) for seed in range(SEEDS)] for name, p in sets.items()}


@pytest.fixture(scope="session")
def runs(repeated: dict[str, list[Observed]]) -> dict[str, Observed]:
    """The first run of each."""
    return {name: observed[0] for name, observed in repeated.items()}
