"""Which pieces of a step threads go through without waiting for each other, see `threads.h`.

Each thread has cells of its own. In a loop over cells it changes these; in a loop over synapses those onto its cells,
and its cells. As long as none reads what another thread may change, several such loops can follow each other, and the
threads meet only after the last one.
"""

import re
from collections.abc import Iterable
from typing import Any

CELLS, SYNAPSES = 1, 2
"""Loops of one kind follow each other; between kinds, and at everything else, threads meet."""

OWN = {CELLS: ("_idx", "_first + _k"), SYNAPSES: ("_idx", "_postsynaptic_idx")}
"""Indices that, in a share of a loop, belong to its thread."""

KINDS = {"stateupdate": CELLS, "threshold": CELLS, "synapses": SYNAPSES}

QUEUES = "synapses_push_spikes"
"""Template of the code that puts spikes in the queue of a pathway, after which synapses read it: one thread does it."""

ACCESS = re.compile(r"\b(_ptr\w+)\[([^\[\]]+\])?( = )?")


def kinds(pieces: Iterable[Any]) -> dict[str, int]:
    """Return the kind of each piece of the simulation that may follow others of this kind, by its name.

    Parameters
    ----------
    pieces : iterable of CodeObject
        All of the simulation, with their code.
    """
    code = {piece: str(getattr(piece.code, "cpp_file", "")) for piece in pieces}
    divided = {piece: KINDS[piece.template_name] for piece, text in code.items() if "cortex::team.run(" in text}
    found = {piece.name: SYNAPSES for piece in code if piece.template_name == QUEUES}
    for kind, own in OWN.items():
        accesses = {piece: ACCESS.findall(code[piece]) for piece, of in divided.items() if of == kind}
        written = {array for found in accesses.values() for array, _, stored in found if stored}
        for piece, arrays in accesses.items():
            elsewhere = {array for array, index, _ in arrays if index.rstrip("]") not in own}
            if not elsewhere & written:
                found[piece.name] = kind
    return found
