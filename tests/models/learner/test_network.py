"""The network of the learner: what a run sets, exact copies and matched totals."""

import numpy as np
import pytest

from cortex.experiment.streams import Streams
from models.learner import network
from models.learner.conditions import CONDITIONS
from models.learner.observe import Observed

K = 3


@pytest.mark.parametrize("arm", CONDITIONS)
def test_every_arm_sets_all_constants_and_lasts_equally_long(parameters, layout, unset, arm) -> None:
    p = parameters(arm)
    model, reference = network.build(p), layout(parameters("single"))
    assert unset(model, network.run_inputs(p, Streams(0))) == set()
    assert layout(p).slots == reference.slots
    assert float(model.duration) == pytest.approx(reference.slots * 0.2)


def test_at_first_only_targets_have_receptive_fields(parameters) -> None:
    values = {arm: network.run_inputs(parameters(arm), Streams(2)) for arm in CONDITIONS}
    w = {arm: one["afferent.w"].reshape(-1, 2, K) for arm, one in values.items()}
    for arm in ("single", "hold", "shuffled_teacher"):
        assert (w[arm][:, :, 0].max(axis=0) > 0.4).all()
        assert not w[arm][:, :, 1:].any()
        assert values[arm]["pyramidal.established"].tolist() == [1, 0, 0] * 2
    assert np.array_equal(w["hand_cloned"], np.repeat(w["hold"][:, :, :1], K, axis=2))
    independent = w["same_count_independent"].reshape(-1, 2 * K)
    assert np.corrcoef(independent.T)[np.triu_indices(2 * K, 1)].max() < 0.999
    assert values["same_count_independent"]["pyramidal.established"].all()
    assert set(values["same_count_independent"]["pyramidal.gain"]) == {1 / K}


def test_idle_cells_copy_their_target_or_that_of_the_next_group(parameters) -> None:
    n = 2 * K
    for arm, taught in (("hold", [0, 0, 0, 3, 3, 3]), ("shuffled_teacher", [3, 3, 3, 0, 0, 0])):
        values = network.run_inputs(parameters(arm), Streams(0))
        teaches, member, leads = (values[f"lateral.{name}"].reshape(n, n) for name in ("teaches", "member", "leads"))
        assert np.argwhere(teaches.T).tolist() == [[cell, teacher] for cell, teacher in enumerate(taught)]
        assert np.array_equal(member, np.kron(np.eye(2), np.ones((K, K))))
        assert np.argwhere(leads.T)[:, 1].tolist() == [0, 0, 0, 3, 3, 3]
        assert values["pyramidal.novice"].tolist() == [0, 1, 1] * 2
    alone = network.run_inputs(parameters("same_count_independent"), Streams(0))
    assert np.array_equal(alone["lateral.member"].reshape(n, n), np.eye(n))
    assert not alone["pyramidal.novice"].any()


def test_every_parameter_changes_what_is_run(parameters) -> None:
    """In a setting in which none is without effect."""
    base = parameters("naive_release", training__shuffled_answers="true")
    inputs = network.run_inputs(base, Streams(0))
    without = []
    for name, text in base.as_text().items():
        choices = {"true": "false", "false": "true", "hebbian": "cloned", "target": "shuffled", "location": "edge"}
        choices |= {"nothing": "all", "broadcast": "gradient"}
        number, _, unit = text.partition(" ")
        changed = choices.get(text) or f"{float(number) * 1.5 if '.' in number else int(number) + 2} {unit}".strip()
        if name == "hold.calibration":
            changed = "0.07"
        if name == "training.released_at":
            changed = "0.75"
        other = network.run_inputs(base.override({name: changed}), Streams(0))
        if all(np.array_equal(np.asarray(inputs[key]), np.asarray(other[key])) for key in inputs):
            without.append(name)
    assert without == []


@pytest.mark.parametrize("name", ["hold", "no_hold", "exact_hold", "exact_split", "matched_spikes"])
def test_every_arm_of_a_seed_hears_the_same_afferent_spikes(runs, name) -> None:
    assert np.array_equal(runs[name].run["input.count"], runs["single"].run["input.count"])


def last(observed: Observed) -> int:
    return len(observed.counts) - 1


@pytest.mark.parametrize("name", ["exact_hold", "exact_no_hold", "exact_split", "hold"])
def test_copies_stay_equal_bit_by_bit_if_exact_or_tied(runs, name) -> None:
    """Without noise of their own nothing parts them; under the hold the update is common, whatever their noise."""
    one = runs[name]
    begin, end = (one.weights(trial).reshape(2, K, -1) for trial in (one.new.start, last(one)))
    assert np.abs(end - begin).max() > 0.03
    assert np.array_equal(end, np.repeat(end[:, :1], K, axis=1))
    counts = one.counts[one.learning].reshape(-1, 2, K)
    assert not np.array_equal(counts[..., 0], counts[..., 1])  # the phases of their somata differ


@pytest.mark.parametrize("name", ["no_hold", "matched_spikes", "naive_release"])
def test_noise_of_their_own_parts_copies_that_are_not_tied(runs, name) -> None:
    one = runs[name]
    end = one.weights(last(one)).reshape(2, K, -1)
    assert not np.array_equal(end[:, 0], end[:, 1])
    if name == "naive_release":
        held = one.weights(one.trials["test old held"].start).reshape(2, K, -1)
        assert np.array_equal(held[:, 0], held[:, 1])


@pytest.mark.parametrize(
    ("name", "total", "evidence"),
    [
        ("single", 1, 1),
        ("hold", 1, 1),
        ("exact_hold", 1, 1),
        ("no_hold", K, K),
        ("exact_split", K, 1),
        ("matched_spikes", K, 1),
    ],
)
def test_total_and_evidence_after_expansion(repeated, name, total, evidence) -> None:
    """Relative to before: of the spikes of all cells, and of what reaches the readout in response to a touch."""
    seen = [[one.responses(f"old {when}") for when in ("before", "expanded")] for one in repeated[name]]
    ratios = [after.counts.sum() / before.counts.sum() for before, after in seen]
    assert np.mean(ratios) == pytest.approx(total, rel=0.08)
    one, (before, after) = repeated[name][0], seen[0]
    bias = one.bias[one.trials["test old before"].start]
    was, became = (one.outputs.mean(axis=1) - bias for one in (before, after))
    chance = np.sqrt(was**2 @ after.outputs.var(axis=1, ddof=1) / after.outputs.shape[1]) / (was @ was)
    assert was @ became / (was @ was) == pytest.approx(evidence, abs=0.06 * evidence + 2.5 * chance)
    assert chance < 0.15 * evidence


def test_what_is_read_of_a_trial_is_of_that_trial(runs) -> None:
    """The bias learns from the errors that are read, and the gain from the spikes, both from one trial to the next."""
    one = runs["hold"]
    trials = np.arange(one.trials["old"].stop - 1)
    error = one.answers - one.outputs
    rate = one.parameters.learning.bias_rate
    np.testing.assert_allclose(np.diff(one.bias)[trials], rate * error[trials], atol=1e-12)
    trials = np.arange(one.trials["copying"].start + 30, one.new.stop - 1)
    change = one.gains[trials + 1, 0] - one.gains[trials, 0]
    spikes = one.counts[trials, :K].sum(axis=1)
    made_of = np.stack([spikes, one.run["input.count"][1:][trials].sum(axis=1)], axis=1)
    inside = (np.abs(change) < 0.0999) & (one.gains[trials + 1, 0] < 1)  # the change in a trial is limited
    fitted = made_of[inside] @ np.linalg.lstsq(made_of[inside], change[inside], rcond=None)[0]
    np.testing.assert_allclose(fitted, change[inside], atol=1e-9)
    for observed in runs.values():
        assert observed.counts.sum() <= len(observed.run["spikes.t"]) <= observed.counts.sum() + 20
        assert set(observed.answers[observed.learning]) == {-1, 1}


def test_a_naive_release_sets_the_gain_to_1(runs) -> None:
    one = runs["naive_release"]
    release = one.trials["released"].start
    assert one.gains[:release][one.new].max() < 0.6
    assert (one.gains[release + 1 :] == 1).all()
