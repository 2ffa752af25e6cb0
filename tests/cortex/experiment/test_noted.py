"""Which parameters a function reads."""

import copy
import pickle
from collections.abc import Callable
from functools import cached_property
from typing import Any

import pytest

from cortex.experiment.parameters import Parameters, Quantity, parameter


class Cell(Parameters):
    tau: Quantity = parameter("10 ms", "Time constant.")
    threshold: float = parameter(1.0, "Threshold.")

    @property
    def rate(self) -> float:
        return 1 / float(self.tau)


class Model(Parameters):
    number: int = parameter(3, "Cells.", per_run=False)
    cell: Cell = Cell()
    other: Cell = Cell()

    @cached_property
    def doubled(self) -> int:
        return 2 * self.number


def read(of: Callable[[Model], Any], p: Model) -> set[str]:
    with p.noting() as names:
        of(p)
    return names


@pytest.mark.parametrize(
    ("of", "names"),
    [
        (lambda p: None, set()),
        (lambda p: p.number, {"number"}),
        (lambda p: p.cell, set()),
        (lambda p: (p.cell.tau, isinstance(p.other, Cell), p.names(), type(p).model_fields), {"cell.tau"}),
        (lambda p: p.cell.rate, {"cell.tau"}),
        (lambda p: p.get("other.threshold"), {"other.threshold"}),
    ],
)
def test_what_is_read_is_noted_by_its_dotted_name(of: Callable[[Model], Any], names: set[str]) -> None:
    assert read(of, Model().override({})) == names


ALL = (Model.as_text, lambda p: p.override({}).as_text(), lambda p: [p.get(name) for name in p.names()])
UNKNOWN = (
    *(vars, hash, str, copy.copy, copy.deepcopy, pickle.dumps, Model.model_dump, Model.model_copy),
    *(lambda p: p == Model(), lambda p: list(p), lambda p: p.doubled, lambda p: p.cell.__dict__),
)


@pytest.mark.parametrize("of", ALL)
def test_who_reads_all_of_them_is_known_to(of: Callable[[Model], Any]) -> None:
    assert read(of, Model().override({})) >= set(Model.names())


@pytest.mark.parametrize("of", UNKNOWN)
def test_what_copies_or_keeps_values_may_read_all(of: Callable[[Model], Any]) -> None:
    p = Model().override({})
    assert p.doubled == 6  # kept before anything is noted
    try:
        names = read(of, p)
    except TypeError:  # a quantity has no hash
        return
    assert "*" in names or names >= set(Model.names())


def test_a_section_in_two_places_is_read_in_both() -> None:
    shared = Cell()
    assert read(lambda p: p.cell.tau, Model(cell=shared, other=shared)) == {"cell.tau", "other.tau"}


def test_nothing_is_noted_of_other_sets_and_later() -> None:
    p, other = Model().override({}), Model().override({})
    assert read(lambda _: (other.number, other.cell.tau), p) == set()
    with p.noting() as names:
        pass
    assert p.number == 3
    assert names == set()


def test_two_sets_that_share_sections_are_noted_at_the_same_time() -> None:
    p = Model().override({})
    other = p.override({"number": 4})
    assert other.cell is p.cell
    with p.noting() as names, other.noting() as others:
        assert p.number + other.number == 7
        assert p.cell.threshold == 1
    assert names == others == {"number", "cell.threshold"}
    with p.noting() as names:
        assert other.cell.tau == p.cell.tau
    assert names == {"cell.tau"}
