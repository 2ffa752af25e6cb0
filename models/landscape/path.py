"""From one solution to another that has two cells in exchanged places: straight on, or round by a spare cell."""

from itertools import pairwise

import numpy as np

from models.landscape.network import Floats, answers

State = tuple[Floats, Floats]
"""Input weights, (draw, cell, input), and output weights, (draw, cell)."""


def exchanged(incoming: Floats, outgoing: Floats) -> State:
    """Exchange the first two cells."""
    order = [1, 0, *range(2, outgoing.shape[1])]
    return incoming[:, order], outgoing[:, order]


def round_by_spare(incoming: Floats, outgoing: Floats) -> list[State]:
    """Return the corners of a way on which each network gives the same answers; the last cell is the spare one.

    The spare cell, with the input weights of the first, takes over its output; the first, now idle, takes those of the
    second and then its output; the second, now idle, takes those that the first had, and what the spare one keeps.
    """
    w = np.concatenate([incoming, incoming[:, :1]], axis=1)
    a = np.concatenate([outgoing, np.zeros((len(outgoing), 1))], axis=1)
    first, second, spare = 0, 1, w.shape[1] - 1
    corners = [(w, a)]

    def give(source: int, target: int) -> None:
        moved = corners[-1][1].copy()
        moved[:, target] += moved[:, source]
        moved[:, source] = 0
        corners.append((corners[-1][0], moved))

    def turn(cell: int, to: int) -> None:
        turned = corners[-1][0].copy()
        turned[:, cell] = w[:, to]
        corners.append((turned, corners[-1][1]))

    give(first, spare)
    turn(first, second)
    give(second, first)
    turn(second, spare)
    give(spare, second)
    return corners


def losses(stimuli: Floats, corners: list[State], points: int) -> Floats:
    """Return the loss, over the variance of the answers, on straight pieces between corners, shape (draw, point)."""
    right = answers(stimuli, *corners[0])
    share = np.linspace(0, 1, points)
    pieces = []
    for begin, end in pairwise(corners):
        for s in share:
            w, a = ((1 - s) * one + s * other for one, other in zip(begin, end, strict=True))
            pieces.append(((answers(stimuli, w, a) - right) ** 2).mean(axis=1))
    return np.stack(pieces, axis=1) / right.var(axis=1, keepdims=True)
