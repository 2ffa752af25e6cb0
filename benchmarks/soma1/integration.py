"""Exact integration of a membrane driven by decaying currents, written down instead of derived at run time.

Brian2 can derive the same with ``method="exact"``, in seconds of symbolic algebra for each start. Conductance-based
cells have no exact solution; for them ``method="exponential_euler"`` needs no algebra either.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal


def exact_membrane(
    potential: str,
    rest: str,
    time_constant: str,
    currents: Mapping[str, tuple[str, Literal["+", "-"]]],
    decays: Mapping[str, str] | None = None,
) -> Callable[..., str]:
    """Give the integration method of a cell with exponential currents.

    It solves ``dv/dt = (rest - v + sum of +-currents)/time_constant`` together with ``dI/dt = -I/tau`` for each
    current, and ``dx/dt = -x/tau`` for each of `decays` (Rotter & Diesmann 1999, doi:10.1007/s004220050570).

    Parameters
    ----------
    potential, rest, time_constant : str
        Names of the membrane potential, of its rest, and of the membrane time constant.
    currents : mapping of str to tuple of str
        For each current, in the unit of the potential, its time constant and its sign. A current's time constant
        must differ from that of the membrane.
    decays : mapping of str to str, optional
        For each further variable that decays to 0, its time constant.

    Returns
    -------
    method : callable
        For the argument `method` of `NeuronGroup`.
    """

    def method(equations: Any, variables: Any, method_options: Any = None) -> str:
        membrane = f"exp(-dt/({time_constant}))"
        lines, terms = [], [f"{rest} + ({potential} - {rest})*{membrane}"]
        for name, (tau, sign) in currents.items():
            lines.append(f"_{name}_effect = {tau}/({tau} - {time_constant})*(exp(-dt/({tau})) - {membrane})")
            terms.append(f"{sign} {name}*_{name}_effect")
        lines.append(f"_{potential}_new = {' '.join(terms)}")
        decaying = {name: tau for name, (tau, _) in currents.items()} | dict(decays or {})
        lines += [f"{name} = {name}*exp(-dt/({tau}))" for name, tau in decaying.items()]
        return "\n".join([*lines, f"{potential} = _{potential}_new"])

    return method
