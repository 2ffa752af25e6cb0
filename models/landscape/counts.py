"""How many solutions a network has that is as wide as its teacher or wider: in closed form, and one by one.

The solutions of a network of m cells that learns from one of r are a number T of flat spaces: cells are copies of
teacher's cells, which share what these give on, or stand in groups of their own, whose outputs cancel. Of the critical
points that a smaller network brings along, all cells are copies: G of them (Simsek et al. 2021, arXiv:2105.12221).
"""

from collections.abc import Iterator
from functools import cache
from itertools import combinations, permutations
from math import comb, factorial
from typing import NamedTuple

import numpy as np
import scipy

from models.landscape.network import INPUTS, Floats

Pattern = tuple[tuple[int, ...], tuple[int, ...]]
"""The group of each cell, and for each group the teacher's cell whose input weights it has, or -1."""

NONE_LEFT = 1e-20
"""Loss, over the variance of the answers, up to which it is zero."""

SAME = 1e-10
"""Share of the largest singular value up to which one is zero."""


@cache
def surjections(r: int, m: int) -> int:
    """Return G, the number of ways in which m cells are copies of r, each at least once."""
    return sum((-1) ** (r - i) * comb(r, i) * i**m for i in range(r + 1))


@cache
def bell(u: int) -> int:
    """Return the number of ways to put u cells into groups."""
    return sum(int(scipy.special.stirling2(u, k, exact=True)) for k in range(u + 1))


@cache
def minima(r: int, m: int) -> int:
    """Return T, the number of flat spaces of solutions of m cells that learn from r."""
    return sum(comb(m, u) * surjections(r, m - u) * bell(u) for u in range(m - r + 1))


def saddles(r: int, m: int) -> float:
    """Return how many flat spaces of critical points, for each one of r - 1 cells, there are for each of solutions."""
    return surjections(r - 1, m) / minima(r, m)


def dimensions(r: int, m: int, groups: int) -> int:
    """Return the dimensions of a flat space of solutions with some groups whose outputs cancel."""
    return (m - r - groups) + groups * INPUTS


def patterns(r: int, m: int) -> Iterator[Pattern]:
    """Yield every way to put m cells into groups, and to give some groups the input weights of a teacher's cell."""
    for grouping in _groupings(m):
        groups = max(grouping) + 1
        for given in range(min(r, groups) + 1):
            for cells in combinations(range(r), given):
                for places in permutations(range(groups), given):
                    owner = [-1] * groups
                    for cell, place in zip(cells, places, strict=True):
                        owner[place] = cell
                    yield grouping, tuple(owner)


def _groupings(m: int) -> Iterator[tuple[int, ...]]:
    """Yield every way to put m cells into groups, numbered in the order of their first cells."""

    def grown(begun: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        if len(begun) == m:
            yield begun
            return
        for group in range(max(begun, default=-1) + 2):
            yield from grown((*begun, group))

    yield from grown(())


class Enumerated(NamedTuple):
    """What is found of the flat spaces of solutions one by one."""

    minima: int
    """How many there are."""
    copies: int
    """How many of them consist of copies alone."""
    wrong: int
    """How many have another number of dimensions than the formula says."""
    least: int
    """The smallest number of dimensions."""


def enumerate_solutions(stimuli: Floats, teacher: tuple[Floats, Floats], m: int, free: Floats) -> Enumerated:
    """Fit the output weights of every pattern of input weights, and look which of them are solutions.

    Parameters
    ----------
    stimuli : array, (stimulus, input)
    teacher : pair of arrays, (cell, input) and (cell,)
    m : int
        Number of cells.
    free : array, (m, input)
        Input weights of groups that are not a teacher's cell: any will do.
    """
    incoming, outgoing = teacher
    r = len(outgoing)
    answers = np.tanh(stimuli @ incoming.T) @ outgoing
    every = list(patterns(r, m))
    known = np.concatenate([incoming, free])
    rows = [[owner[group] if owner[group] >= 0 else r + group for group in grouping] for grouping, owner in every]
    columns = np.tanh(np.einsum("si,pci->psc", stimuli, known[np.array(rows)]))
    left, sizes, _ = np.linalg.svd(columns, full_matrices=False)
    counted = sizes > SAME * sizes[:, :1]
    fitted = ((left * counted[:, None]) @ (np.swapaxes(left, 1, 2) @ answers)[:, :, None])[:, :, 0]
    solved = ((fitted - answers) ** 2).mean(axis=1) <= NONE_LEFT * answers.var()
    groups = np.array([owner.count(-1) for _, owner in every])
    found = m - counted.sum(axis=1) + groups * INPUTS
    predicted = np.array([dimensions(r, m, number) for number in groups])
    return Enumerated(
        int(solved.sum()),
        int((solved & (groups == 0)).sum()),
        int((found != predicted)[solved].sum()),
        int(found[solved].min()),
    )


def first_spare(r: int) -> float:
    """Return by how much one spare cell multiplies the number of solutions, r! without, in closed form."""
    return factorial(r + 2) / factorial(r) / 2
