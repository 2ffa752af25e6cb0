"""What pruning keeps, and what the parameters of a ticket allow."""

import numpy as np
import pytest

from cortex.errors import UsageError
from models.deep.digits import NUMBER, batches, split
from models.deep.pruning import keep, shuffled
from models.deep.ticket import judged, kept, kept_share
from scenarios.lottery_ticket import SCENARIO

pytest.importorskip("sklearn")

DEFAULTS = SCENARIO.parameters


def test_the_largest_of_what_is_left_stay() -> None:
    sizes = np.array([[[3.0, -9.0], [1.0, 7.0]], [[1.0, 2.0], [3.0, 4.0]]])
    mask = np.array([[[True, False], [True, True]]] * 2)
    assert keep(sizes, mask, 2).tolist() == [[[True, False], [False, True]], [[False, False], [True, True]]]
    zeros = keep(np.zeros((1, 2, 2)), mask[:1], 3)
    assert (zeros == mask[:1]).all()  # a weight of 0 is a connection, a gap is none


def test_shares_follow_from_the_shares_of_a_round() -> None:
    assert kept(DEFAULTS, 1) == (4480, 850)
    assert [round(kept_share(DEFAULTS, one), 3) for one in DEFAULTS.compared] == [0.205, 0.153, 0.087, 0.051]
    assert judged(DEFAULTS) == [0, 1]


def test_a_random_mask_has_as_many_connections_of_each_layer() -> None:
    rng = np.random.default_rng(0)
    mask = tuple(rng.random((3, *shape)) < 0.3 for shape in ((8, 5), (5, 4)))
    other = shuffled(rng, mask)
    for layer, moved in zip(mask, other, strict=True):
        assert (layer.sum(axis=(1, 2)) == moved.sum(axis=(1, 2))).all()
        assert (layer != moved).any()


def test_no_digit_is_learned_and_tested() -> None:
    data = split(np.random.default_rng(0), 2, 1200)
    assert data.images.shape == (2, 1200, 64)
    assert data.test_images.shape == (2, NUMBER - 1200, 64)
    assert (data.images.sum(axis=1) + data.test_images.sum(axis=1))[0] == pytest.approx(
        (data.images.sum(axis=1) + data.test_images.sum(axis=1))[1]
    )
    assert data.images.max() == 1


def test_a_pass_shows_every_sample_once() -> None:
    order = batches(np.random.default_rng(0), seeds=2, samples=6, steps=5, size=3)
    assert order.shape == (2, 5, 3)
    assert sorted(order[0, :2].ravel()) == sorted(order[1, 2:4].ravel()) == list(range(6))


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"compared": "6,5"}, "rounds rise"),
        ({"compared": "1,2"}, "15 to 21 %"),
        ({"steps": "605"}, "multiple of tested_every"),
        ({"batch": "1300"}, "batch is at most training_samples"),
        ({"seeds": "1"}, "seeds"),
        ({"hidden": "0"}, "hidden"),
        ({"training_samples": "1797"}, "training_samples"),
    ],
)
def test_what_cannot_be_pruned_or_compared_is_refused(values: dict[str, str], told: str) -> None:
    with pytest.raises(UsageError) as error:
        SCENARIO.resolve(values)
    assert told in str(error.value) + " ".join(error.value.problems)
