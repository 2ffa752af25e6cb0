"""How a new task was learned, measured and predicted alike."""

from weakref import WeakKeyDictionary

import numpy as np

from cortex.analysis.learning import decay_rate
from cortex.engine.recording import Recording
from models.fingertip.observe import Observed
from models.fingertip.speed import SpeedParameters
from models.fingertip.speed_model import Learned, predict_afferents, predict_readout
from models.learner.tasks import TASKS

NEW_YES = 2
"""Unit that answers yes to the new question."""

LEARNED: WeakKeyDictionary[Recording, Learned] = WeakKeyDictionary()
"""What the models learn, by recording: predictions and figures need the same."""


def errors(animal: Observed) -> np.ndarray:
    """Return the errors of the trials in which the new task is learned."""
    return np.asarray(animal.run["errors.error"][1:, NEW_YES][animal.trials["new task"]])


def block(animal: Observed) -> int:
    """Return the number of trials in which every touch comes once."""
    return len(TASKS[animal.parameters.training.task].answers)


def begun_at(animal: Observed) -> float:
    """Return the mean error before the new task is learned, in the direction of the answers."""
    tested = animal.test("expanded", "new")
    return float(np.mean((tested.answers[:, None] - tested.outputs) * tested.answers[:, None])) or float("nan")


def learning_speed(animal: Observed) -> float:
    """Measure how fast the errors that separate the two answers begin to decay, per trial."""
    error = errors(animal)
    answer = np.sign(error + animal.outputs[animal.trials["new task"], 1])
    return decay_rate(error * answer / begun_at(animal), block(animal))


def predicted_learning(animal: Observed) -> Learned:
    """Predict how the new task is learned."""
    p = animal.parameters
    assert isinstance(p, SpeedParameters)
    if animal.run not in LEARNED:
        model = predict_afferents if p.by_afferents else predict_readout
        LEARNED[animal.run] = model(animal, p, p.training.new)
    return LEARNED[animal.run]


def predicted_speed(animal: Observed, learned: Learned) -> float:
    """Return the speed at which the mean error of a model decays, measured as that of the animal."""
    return decay_rate((learned.errors * learned.answers).mean(axis=0) / begun_at(animal), block(animal))
