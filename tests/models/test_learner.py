"""The learner: its protocol and what arms share, exact copies and matched totals, and the rate model beside it."""

import numpy as np
import pytest

from cortex.engine import compiler
from cortex.engine.simulation import Arm, simulate
from cortex.experiment.protocol import Protocol
from cortex.experiment.streams import Streams
from models.learner import network, rate_model
from models.learner.conditions import CONDITIONS
from models.learner.observe import Observed
from models.learner.parameters import LearnerParameters
from models.learner.protocol import AT_THE_END, GATES, permuted_blocks, protocol
from models.learner.rate_model import RateModel, Transfer
from models.learner.tasks import SITES, task, touches

K = 3
SHORT = {
    **{"training.old": "160", "training.copying": "120", "training.new": "200", "training.repeats": "24"},
    **{"training.currents": "2", "training.task": "location", "group.copies": str(K), "group.targets": "2"},
    **{"skin.number": "60", "group.weight": "0.7", "hold.adaptation": "0.1", "learning.old_rate": "0.03"},
}


def parameters(arm: str = "hold", **more: str) -> LearnerParameters:
    changes = {name.replace("__", "."): value for name, value in more.items()}
    return LearnerParameters().override(SHORT | dict(CONDITIONS[arm]) | changes)


def layout(p: LearnerParameters, seed: int = 0) -> Protocol:
    return protocol(p, Streams(seed).stimuli)


@pytest.mark.parametrize("arm", CONDITIONS)
def test_every_arm_sets_every_input_and_lasts_equally_long(arm) -> None:
    p = parameters(arm)
    model, reference = network.build(p), layout(parameters("single"))
    assert set(model.inputs) == set(network.run_inputs(p, Streams(0)))
    assert layout(p).slots == reference.slots
    assert float(model.duration) == pytest.approx(reference.slots * 0.2)


def test_the_arms_differ_from_each_other() -> None:
    settings = [tuple(parameters(arm).as_text().items()) for arm in CONDITIONS]
    same = {frozenset(a for a, s in zip(CONDITIONS, settings, strict=True) if s == one) for one in settings}
    assert {group for group in same if len(group) > 1} == {frozenset({"hold", "never_released"})}


def sequence(run: Protocol, names: tuple[str, ...], variable: str, *shape: int) -> np.ndarray:
    """Give a variable over all trials of blocks of these names."""
    inside = np.concatenate([np.full(one.slots, one.name.startswith(names)) for one in run.blocks])
    return run.array(variable, shape)[inside]


@pytest.mark.parametrize("arm", CONDITIONS)
def test_touches_answers_and_targets_of_a_seed_are_the_same_in_every_arm(arm, seed) -> None:
    """Tests interrupt learning where it is released; else all is at the same time."""
    p, reference, streams = parameters(arm), parameters("single"), Streams(seed)
    one, single = layout(p, seed), layout(reference, seed)
    for names in (("old", "calibrate", "copying"), ("new", "released"), ("test old",), ("test new",)):
        touched = [sequence(run, names, "patterns", SITES) for run in (one, single)]
        assert np.array_equal(*touched), names
        assert arm == "shuffled_answers" or np.array_equal(*(sequence(run, names, "answer") for run in (one, single)))
    values, plain = network.run_inputs(p, streams), network.run_inputs(reference, streams)
    if p.training.released_at == 1:
        assert np.array_equal(values["touch"], plain["touch"])
    if arm != "same_count_independent":
        assert np.array_equal(*(inputs["afferent.w"].reshape(-1, 2 * K)[:, ::K] for inputs in (values, plain)))
    other = network.run_inputs(p, Streams(seed + 100))
    assert (other["touch"] != values["touch"]).mean() > 0.2
    assert (other["afferent.w"] != values["afferent.w"]).any()


def test_shuffled_answers_say_nothing_about_the_touch_and_are_as_frequent() -> None:
    true, shuffled = (layout(parameters(arm, training__new="2000")) for arm in ("hold", "shuffled_answers"))
    new = slice(*(round(t / 0.2) for t in true.interval("new")))
    answers = [run.array("answer")[new] for run in (true, shuffled)]
    assert abs(np.corrcoef(*answers)[0, 1]) < 0.08
    assert np.sort(answers[0]).tolist() == np.sort(answers[1]).tolist()
    outside = np.ones(true.slots, bool)
    outside[new] = False
    assert np.array_equal(true.array("answer")[outside], shuffled.array("answer")[outside])


@pytest.mark.parametrize("arm", ["hold_then_release", "naive_release"])
def test_a_release_shares_everything_before_it(arm) -> None:
    """And changes the hold, the coupling, or the gain, and nothing else."""
    held, released = (network.run_inputs(parameters(name), Streams(1)) for name in ("never_released", arm))
    moved = layout(parameters(arm)).interval("released")[0]
    # tests while the hold is still on move from the end of learning to before the release
    before = round(layout(parameters(arm)).interval("test old held")[0] / 0.2)
    assert moved > before * 0.2
    for name in GATES:
        assert np.array_equal(held[name][:before], released[name][:before]), name
    assert np.array_equal(held["touch"][:before], released["touch"][:before])
    free = layout(parameters(arm))
    after = round(moved / 0.2)
    assert not free.array("coupling")[after:].any()
    assert not free.array("holding")[after:].any()
    assert free.array("coupling")[before:after].all()
    assert free.array("imposed")[after:].all() == (arm == "naive_release")
    assert not free.array("imposed")[:after].any()


@pytest.mark.parametrize("arm", ["single", "hold_then_release", "release_early", "shuffled_answers"])
@pytest.mark.parametrize("asked", ["location", "edge", "two"])
def test_every_touch_comes_once_in_each_block(arm, asked) -> None:
    p = parameters(arm, training__task=asked, training__new="210")
    run, t = layout(p), p.training
    shown = run.array("shown").round().astype(int)
    number = {"old": len(task("pressure").patterns), "new": len(task(asked).patterns)}
    start = 0
    order = {"old": [], "new": []}
    for one in run.blocks:
        trials = shown[start : start + one.slots]
        start += one.slots
        if one.name.startswith("test"):
            kind = one.name.split()[1]
            assert np.bincount(trials)[np.unique(trials)].tolist() == [t.repeats] * number[kind]
            for i in range(0, len(trials), number[kind]):
                assert len(set(trials[i : i + number[kind]])) == number[kind]
        elif one.name in ("old", "calibrate", "copying"):
            order["old"] += trials.tolist()
        elif one.name in ("new", "released"):
            order["new"] += trials.tolist()
    for kind, trials in order.items():
        n = number[kind]
        whole = np.array(trials[: len(trials) // n * n]).reshape(-1, n)
        assert {len(set(row)) for row in whole} == {n}
        assert len({tuple(row) for row in whole}) > 5  # in another order each time
    assert len(order["new"]) == 210


def test_permuted_blocks_go_on_to_the_end_of_a_broken_block() -> None:
    drawn = permuted_blocks(7, 20, np.random.default_rng(0))
    assert drawn.shape == (20,)
    assert [len(set(drawn[i : i + 7])) for i in (0, 7, 14)] == [7, 7, 6]


def test_nothing_learns_while_something_is_measured() -> None:
    run, start = layout(parameters("hold_then_release", learning__readout_learns="all")), 0
    plastic = {name: run.array(name) for name in ("learning", "delta", "bias_rate", "copying", "calibrating")}
    open_in = {name: set() for name in plastic}
    for one in run.blocks:
        for name, gate in plastic.items():
            if gate[start : start + one.slots].any():
                open_in[name].add(one.name)
        start += one.slots
    tasks = {"old", "new", "released"}
    assert open_in == {**dict.fromkeys(("learning", "delta", "bias_rate"), tasks)} | {
        "copying": {"copying"},
        "calibrating": {"calibrate"},
    }


def test_gates_of_what_acts_at_the_end_of_a_trial_are_a_trial_later() -> None:
    p = parameters()
    values, run = network.run_inputs(p, Streams(0)), layout(p)
    for name in GATES:
        late = name in AT_THE_END
        given = np.asarray(values[name]) * (1e3 if name == "injection" else 1)
        np.testing.assert_allclose(given[int(late) :], run.array(name)[: run.slots - late], err_msg=name)


def test_at_first_only_targets_have_receptive_fields() -> None:
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


def test_idle_cells_copy_their_target_or_that_of_the_next_group() -> None:
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


def test_every_parameter_changes_what_is_run() -> None:
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


def test_tasks_ask_something_else_of_the_same_touches() -> None:
    old = task("pressure")
    assert len(touches()) == 2**SITES - 1
    assert old.answers.tolist() == np.where(old.patterns.sum(axis=1) >= 2, 1, -1).tolist()
    for name in ("location", "edge", "two"):
        new = task(name)
        assert set(map(tuple, new.patterns)) <= set(map(tuple, old.patterns))
        assert set(new.answers) == {-1, 1}
        same = [old.answers[(old.patterns == pattern).all(axis=1)][0] for pattern in new.patterns]
        assert 0 < np.mean(same != new.answers) < 1, name
    assert task("location").answers.sum() == 0


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


@pytest.fixture(scope="module")
def runs() -> dict[str, Observed]:
    """One run of each; copies are made by setting weights equal, so that they do not depend on the time of copying."""
    if compiler.find_compiler() is None:
        pytest.skip("no C++ compiler")
    given = {
        name: LearnerParameters().override(SHORT | dict(CONDITIONS[arm]) | more)
        for name, (arm, more) in SIMULATED.items()
    }
    arms = {name: Arm(network.run_inputs(p, Streams(0)), Streams(0).network_seed) for name, p in given.items()}
    recordings = simulate(lambda: network.build(given["hold"]), arms, jobs=1).recordings
    return {name: Observed(given[name], recordings[name]) for name in given}


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
def test_total_and_evidence_after_expansion(runs, name, total, evidence) -> None:
    """Relative to before: of the spikes of all cells, and of what reaches the readout in response to a touch."""
    one = runs[name]
    before, after = (one.responses(f"old {when}") for when in ("before", "expanded"))
    assert after.counts.sum() / before.counts.sum() == pytest.approx(total, rel=0.08)
    bias = one.bias[one.trials["test old before"].start]
    was, became = (seen.outputs.mean(axis=1) - bias for seen in (before, after))
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


def test_the_measured_f_i_curve_is_that_of_the_cells(runs) -> None:
    """Its threshold is nearer by the potential that afferents at background rate give."""
    one = runs["exact_hold"]
    found = rate_model.measured_transfer(one)
    assert found.slope == pytest.approx(6.5 * 0.2, rel=0.03)
    assert found.softness == pytest.approx(2, rel=0.1)
    assert 6.5 < found.threshold < 8.2


def test_parts_of_the_transfer_function_are_its_derivatives() -> None:
    transfer, drive, step = Transfer(1.3, 8.0, 2.0), np.linspace(-10, 40, 101), 1e-4
    slope = (transfer.rate(drive + step) - transfer.rate(drive - step)) / (2 * step)
    np.testing.assert_allclose(transfer.sensitivity(drive), slope / 1.3, atol=1e-8)
    bend = (transfer.sensitivity(drive + step) - transfer.sensitivity(drive - step)) / (2 * step)
    np.testing.assert_allclose(transfer.curvature(drive), bend, atol=1e-8)


@pytest.mark.parametrize("name", ["single", "hold", "no_hold", "exact_split"])
def test_the_rate_model_responds_as_the_spiking_cells_before_learning(runs, name) -> None:
    """Spikes of each group within 5 % and outputs within what chance adds to that."""
    one = runs[name]
    model, seen = rate_model.at_test(one, "new expanded"), one.responses("new expanded")
    own, before = model.counts[:, None, :], model.counts[None, :, :]
    rates = model.over_trial(model.transfer.rate(model.drives(own, before, model.weights[None, None]))).mean(axis=1)
    predicted = (rates * model.active * model.gains).reshape(-1, 2, K).sum(axis=2).mean(axis=0)
    measured = seen.counts.mean(axis=1).reshape(-1, 2, K).sum(axis=2).mean(axis=0)
    np.testing.assert_allclose(predicted, measured, rtol=0.05)
    outputs = model.answer(model.weights, model.gains, model.bias)
    chance = 3 * seen.outputs.std(axis=1, ddof=1) / np.sqrt(seen.outputs.shape[1])
    share = np.abs(seen.counts.mean(axis=1) @ np.abs(model.readout_weights)) * model.transmission
    assert (np.abs(outputs - seen.outputs.mean(axis=1)) < chance + 0.08 * share).all()
    assert np.ptp(outputs) > 2 * chance.mean()


@pytest.fixture
def noiseless(monkeypatch):
    """A function that lets the rate model learn for 200 trials without noise of the cells, whose weights are equal."""
    monkeypatch.setattr(rate_model, "COUNTING", 0.0)

    def learn(rate: float, arm: str = "single", **more: str) -> rate_model.Learned:
        p = LearnerParameters().override(SHORT | dict(CONDITIONS[arm]) | EXACT_CELL | more)
        rng, copies = np.random.default_rng(0), p.group.expansion != "none"
        weights = np.repeat(rng.uniform(0, 0.5, (2, p.skin.number)), K, axis=0)
        active = np.ones(2 * K) if copies else np.tile([1.0] + [0.0] * (K - 1), 2)
        gains = np.full(2 * K, 1 / K if p.hold.enabled else 1.0)
        model = RateModel(
            parameters=p,
            transfer=Transfer(1.3, 8.0, 2.0),
            counts=rng.uniform(0, 10, (4, p.skin.number)),
            answers=np.array([1.0, -1, 1, -1]),
            weights=weights,
            gains=gains,
            active=active,
            readout_weights=np.repeat([0.25, -0.25], K),
            bias=0.0,
            usual_count=np.full(2 * K, 10.0),
            usual_input=300.0,
            tied=p.hold.enabled,
            adapting=False,
        )
        return model.learn(200, rate, 0.01, runs=2)

    return learn


EXACT_CELL = {"cell.noise": "0 mV"}


def same(one: rate_model.Learned, other: rate_model.Learned) -> float:
    """Give the largest difference of errors and of the weights of targets."""
    weights = np.abs(one.weights[:, ::K] - other.weights[:, ::K]).max()
    return float(max(np.abs(one.errors - other.errors).max(), weights))


def test_any_speed_up_of_exact_copies_is_a_change_of_rate(noiseless) -> None:
    """Copies whose output is split are the single cell: in the gradient form at K times the rate, in the broadcast form
    at the same one. So is a static hold, as its gain does the same.

    The spiking runs cannot be compared bit by bit, as more spikes take more random numbers and so change the afferents'
    spikes; there the identity is exact for given afferent spikes, see the tests of the three-factor rule.
    """
    rate, gradient = 0.002, {"learning.form": "gradient"}
    single = noiseless(rate)
    assert np.abs(single.weights[0] - single.weights[1]).max() > 1e-3
    for arm in ("weight_split", "hold"):
        cloned = {"group.expansion": "cloned"}
        assert same(single, noiseless(K * rate, arm, **cloned, **gradient)) < 1e-10
        assert same(single, noiseless(rate, arm, **cloned)) < 1e-10
        assert same(single, noiseless(rate, arm, **cloned, **gradient)) > 1e-3
    assert same(single, noiseless(rate, "no_hold")) > 1e-3


def test_the_splitting_matrix_is_the_derivative_of_what_a_copy_learns() -> None:
    """Against finite differences, with so many small inputs that the drive does not fluctuate."""
    p, rng = parameters(), np.random.default_rng(1)
    counts = 1e6 * rng.uniform(0, 10, (4, p.skin.number))
    weights, errors = 1e-6 * rng.uniform(0, 0.5, (2 * K, p.skin.number)), np.array([1.0, -0.5, 0.3, -0.8])
    model = RateModel(
        parameters=p,
        transfer=Transfer(1.3, 8.0, 2.0),
        counts=counts,
        answers=np.sign(errors),
        weights=weights,
        gains=np.full(2 * K, 1 / K),
        active=np.ones(2 * K),
        readout_weights=np.repeat([0.25, -0.4], K),
        bias=0.0,
        usual_count=np.full(2 * K, 10.0),
        usual_input=300.0,
        tied=False,
        adapting=False,
    )

    def learned(w: np.ndarray) -> np.ndarray:
        """Give the mean change of the weights of a cell at a learning rate of 1, over pairs of different touches."""
        own, last = counts[:, None, :], counts[None, :, :]
        sensitivity = rate_model.average(model.transfer.sensitivity(model.drives(own, last, w[None, None])))
        left = model.before[:, None, None, None]
        x = model.trace * ((1 - left) * own + left * last)
        pairs = errors[:, None] * (1 - np.eye(4)) / 12
        return np.einsum("t,sq,tsqc,tsqa->ca", model.parts, pairs, sensitivity, x) * model.readout_weights[:, None]

    direction = 1e-6 * rng.standard_normal(p.skin.number)
    step = 1e-4
    numeric = (learned(weights + step * direction) - learned(weights - step * direction)) / (2 * step)
    analytic = -model.splitting_matrices(errors) @ direction
    np.testing.assert_allclose(analytic, numeric, rtol=1e-3, atol=1e-3 * np.abs(numeric).max())
