"""Rates of the afferents of one digit for many touches at once, without a simulation.

The equations are those of the simulated afferents (`cortex.mechanisms.skin.TOUCH`), which numpy evaluates for all
touches and afferents together.
"""

from collections.abc import Mapping

import numpy as np

from cortex.mechanisms.skin import STIMULUS, TOUCH, UPDATE_INTERVAL, Afferents, Receptors

FOLLOWED = 10
"""Updates before the moment that is asked for from which the skin follows the surface: four time constants."""


def moving(p: Afferents, skin: Receptors, touch: Mapping[str, np.ndarray], since: float) -> np.ndarray:
    """Return the rates at one moment of touches that have moved for a while.

    Parameters
    ----------
    p : Afferents
    skin : Receptors
        Of the touched digit.
    touch : mapping of str to array, shape (touch,)
        One for each of `STIMULUS`, in its units, at the beginning of the touch.
    since : float, s
        Time from there to the moment.

    Returns
    -------
    array, shape (touch, afferent), Hz
    """
    interval = float(UPDATE_INTERVAL)
    after = _evaluate(p, skin, touch, since - FOLLOWED * interval, np.inf, 0.0)
    for update in range(FOLLOWED - 1, -1, -1):
        after = _evaluate(p, skin, touch, since - update * interval, interval, after["indentation"])
    return np.asarray(after["new_rate"])


def pressed(p: Afferents, skin: Receptors, touch: Mapping[str, np.ndarray], duration: float) -> np.ndarray:
    """Return the mean rates over touches that press and are lifted at one place, each for a duration, s.

    Touches last many times longer than the skin takes to follow them, and do not move. Arguments and what is returned
    are those of `moving`.
    """
    return np.asarray(_evaluate(p, skin, touch, 0.0, duration / 2, 0.0)["new_rate"])  # RA answers to press and lift


def _evaluate(
    p: Afferents,
    skin: Receptors,
    touch: Mapping[str, np.ndarray],
    since: float,
    interval: float,
    indentation: float | np.ndarray,
) -> dict[str, np.ndarray]:
    """Return all variables of the equations after one update, by name."""
    values: dict[str, object] = {name: float(getattr(p, name)) for name in type(p).model_fields}
    columns = {name: touch[name].astype(np.float32)[:, None] for name in STIMULUS}
    values |= {name: lambda t, digit, name=name: columns[name] for name in STIMULUS}  # the equations call them
    values |= {"exp": np.exp, "cos": np.cos, "floor": np.floor, "second": 1.0, "slot": 1e9}  # a slot that never ends
    values |= {"t": since, "update_interval": interval, "indentation": indentation, "digit": None}
    values |= {name: getattr(skin, name).astype(np.float32) for name in ("x", "y", "slowly_adapting")}
    exec(TOUCH, values)
    return values  # type: ignore[return-value]
