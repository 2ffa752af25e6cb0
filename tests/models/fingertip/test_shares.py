"""The fingertip with unequal shares: what is done to copies, and when."""

import numpy as np
import pytest

from cortex.experiment.streams import Streams
from models.fingertip.network import run_inputs
from models.fingertip.protocol import TRIAL, protocol
from models.fingertip.shares import SharesParameters, build
from tests.models.fingertip.conftest import SHORT


@pytest.fixture
def p() -> SharesParameters:
    return SharesParameters().override({**SHORT, "training.split": "4"})


def test_a_run_sets_all_constants(p, unset) -> None:
    assert unset(build(p), run_inputs(p, Streams(0))) == set()


@pytest.mark.parametrize(("by", "cut", "less"), [("nothing", 0, 0), ("weights", 0.6, 0), ("current", 0, 0.055)])
def test_copies_are_cut_once_or_get_less_current_from_then_on(p, by: str, cut: float, less: float) -> None:
    run = protocol(p.override({"shares.by": by}), np.random.default_rng(0))
    split = round(run.interval("split")[0] / float(TRIAL))
    cuts, lessened = run.array("cut"), run.array("silencing")
    assert cuts[split] == cut
    assert not np.delete(cuts, split).any()
    assert not lessened[:split].any()
    np.testing.assert_allclose(lessened[split:-1], less)


def test_the_weights_of_copies_alone_are_cut(p, start) -> None:
    inputs = run_inputs(p, Streams(1))
    inputs["gate.cut"] = np.zeros_like(inputs["gate.cut"])
    inputs["gate.cut"][1] = 0.6
    inputs["gate.plasticity"] = np.zeros_like(inputs["gate.cut"])

    def model():
        made = build(p)
        made.outputs["afferent.w"] = made.inputs["afferent.w"]
        return made

    run = start(model, inputs, 2 * TRIAL)
    copies = np.asarray(inputs["pyramidal.established"])[np.asarray(run_contacts(p))] == 0
    kept = run["afferent.w"] / np.asarray(inputs["afferent.w"])
    np.testing.assert_allclose(kept, np.where(copies, 0.4, 1.0))


def run_contacts(p: SharesParameters) -> np.ndarray:
    """Return the cell of each afferent synapse."""
    from models.fingertip.anatomy import wiring

    return wiring(p).afferent[1]
