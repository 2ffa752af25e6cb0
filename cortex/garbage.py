"""Python looks seldom for objects that refer to each other in circles, and not at its end, when all memory goes anyway.

It would look after every 700 new objects, and three times at the end: a tenth of what a short run takes. Only the
command line and the workers of a study, whose process is theirs alone, have it so.
"""

import atexit
import gc

OBJECTS = 300_000
"""How many new ones there are before it looks."""


def collect_seldom() -> None:
    """Have it so for the rest of this process."""
    gc.set_threshold(OBJECTS, *gc.get_threshold()[1:])
    atexit.register(gc.freeze)
