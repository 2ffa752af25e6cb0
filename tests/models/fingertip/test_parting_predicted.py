"""What spikes teach on average and by chance, against drawn afferent spikes; pushes; how fast copies begin to part."""

import numpy as np
import pytest

from models.fingertip.parameters import FingertipParameters
from models.fingertip.parting import LEAST, early_rate
from models.fingertip.parting_predicted import Lessons, arbor
from models.fingertip.protocol import PUSH, TRIAL, layout, protocol
from models.fingertip.pushed import pushed

STEP = 0.001


def drawn(lesson: Lessons, repeats: int) -> np.ndarray:
    """Draw Poisson spikes of the afferents and read their traces at the spikes, (repeat, spike, afferent)."""
    rng, tau = np.random.default_rng(0), float(lesson.parameters.copying.trace_time_constant)
    [rates] = np.repeat(lesson.rates, round(float(TRIAL) / lesson.rates.shape[1] / STEP), axis=1)
    trace, read = np.zeros((repeats, rates.shape[1])), np.zeros((repeats, len(lesson.time), rates.shape[1]))
    for step, rate in enumerate(rates):
        trace = trace * np.exp(-STEP / tau) + rng.poisson(rate * STEP, trace.shape)
        read[:, np.isclose(lesson.time, (step + 1) * STEP)] = trace[:, None]
    return read


def lesson(p: FingertipParameters) -> Lessons:
    """Return a trial in which two members of a group fire, one of them twice."""
    [block] = [block for block in layout(p).blocks if block.name == "test before"]
    first = type(block)(
        "test", 1, {name: value[:1] if np.ndim(value) else value for name, value in block.values.items()}
    )
    time = np.array([0.150, 0.160, 0.190])
    return Lessons(p, first, np.zeros(3, int), np.array([0, 1, 1]), time)


def test_expected_traces_and_their_noise_are_those_of_poisson_afferents(short: FingertipParameters) -> None:
    one, density = lesson(short), arbor(short)[0]
    traces = drawn(one, 2_000)
    np.testing.assert_allclose(one.taught, density * traces.mean(axis=0), atol=0.1)
    members = np.stack([traces[:, 0], traces[:, 1] + traces[:, 2], 0 * traces[:, 0]], axis=1) * density
    noise = (members - members.mean(axis=0)).var(axis=1, ddof=1).mean(axis=0)
    assert noise.max() > 0.3
    np.testing.assert_allclose(one.trace_noise()[0], noise, atol=0.1)


def test_pushes_stand_where_release_does_and_nothing_learns(short: FingertipParameters) -> None:
    own, other = protocol(short, np.random.default_rng(0)), protocol(pushed(short), np.random.default_rng(0))
    assert [block.slots for block in own.blocks] == [block.slots for block in other.blocks]
    names = [(block.name, there.name) for block, there in zip(own.blocks, other.blocks, strict=True)]
    assert all(mine == theirs or (mine, theirs) == ("release", "pushes") for mine, theirs in names)
    parts = [block for block in other.blocks if block.name == "pushes"]
    current = np.concatenate([part.values["silencing"] for part in parts])
    assert set(np.abs(current * float(short.pyramidal.silencing_current))) == {float(PUSH)}
    assert not any(np.any(part.values.get(name, 0.0)) for part in parts for name in ("plasticity", "hold_plasticity"))


def test_the_early_rate_ends_where_copies_have_parted() -> None:
    trials = np.arange(0.0, 2000.0, 50.0)
    apart = np.minimum(LEAST / 10 * np.exp(0.006 * trials), 2 * LEAST)
    assert early_rate(trials, apart) == pytest.approx(0.006)
    assert np.isnan(early_rate(trials, np.full(len(trials), LEAST / 2)))
    assert np.isnan(early_rate(trials, np.full(len(trials), 2 * LEAST)))
