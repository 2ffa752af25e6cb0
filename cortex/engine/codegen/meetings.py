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

OWN = {
    CELLS: ("[_idx]", "[_first + _k]", " +"),
    SYNAPSES: ("[_idx]", "[_postsynaptic_idx]", " +"),
}
"""Uses of an array that, in a share of a loop, reach only what belongs to its thread."""

KINDS = {"stateupdate": CELLS, "threshold": CELLS, "synapses": SYNAPSES}

QUEUES = "synapses_push_spikes"
"""Template of the code that puts spikes in the queue of a pathway, after which synapses read it: one thread does it."""

ACCESS = re.compile(r"\b(_ptr\w+)(\[[^\[\]]*\]?| \+|,(?= \d+, \[&\]))( = )?")
"""An array and how it is used: at an index, from the first cell of a share on, or looked up as a whole; and stored."""


def kinds(pieces: Iterable[Any]) -> dict[str, int]:
    """Return the kind of each piece of the simulation that may follow others of this kind, by its name.

    Parameters
    ----------
    pieces : iterable of CodeObject
        All of the simulation, with their code.
    """
    code = {piece.name: (piece.template_name, str(getattr(piece.code, "cpp_file", ""))) for piece in pieces}
    found = {name: SYNAPSES for name, (template, _) in code.items() if template == QUEUES}
    for kind, own in OWN.items():
        uses = {
            name: ACCESS.findall(text)
            for name, (template, text) in code.items()
            if KINDS.get(template) == kind and "cortex::team.run(" in text
        }
        changed = {array for used in uses.values() for array, use, stored in used if stored or use == " +"}
        for name, used in uses.items():
            if not changed & {array for array, use, _ in used if use not in own}:
                found[name] = kind
    return found
