"""SOMA-1 in this package: the equations of the benchmark, simulated by its engine.

Traces belong to the cells, afferents hold the time of their next spike, and every number that may change between runs
is an input, so one compiled program serves all of them.
"""

import numpy as np
from brian2 import Hz, Network, NeuronGroup, SpikeMonitor, Synapses, TimedArray, defaultclock, ms, second
from network import Soma1, stimulus_rates

from benchmarks.soma1.integration import exact_membrane
from cortex.engine.simulation import Model
from cortex.mechanisms import poisson

TRACE = "dtrace/dt = -trace/tau : 1\n"

AFFERENTS = TRACE + "digit : integer (constant)\n"

STIMULUS = "new_rate = stimulus(t, digit)\n"

EXCITATORY = (
    TRACE
    + """
dv/dt = (E_L - v + Ie - Ii)/tau_m : 1 (unless refractory)
dIe/dt = -Ie/tau_e : 1
dIi/dt = -Ii/tau_i : 1
"""
)

INHIBITORY = (
    TRACE
    + """
dv/dt = (E_L - v + Ie)/tau_m : 1 (unless refractory)
dIe/dt = -Ie/tau_e : 1
"""
)


def build(p: Soma1, seconds: float, dt: float, pairs: dict[str, np.ndarray]) -> Model:
    """Build the network.

    Parameters
    ----------
    p : Soma1
    seconds, dt : float
        Biological time, s, and step, ms.
    pairs : dict of str to array, shape (synapse, 2)
        Who reaches whom: ``ei``, ``ie`` and ``ee``.
    """
    defaultclock.dt = dt * ms
    shared = {"E_L": p.E_L, "tau_e": p.tau_e * ms, "tau_i": p.tau_i * ms, "tau": p.tau_trace * ms}
    stimulus = TimedArray(stimulus_rates(seconds, p) * Hz, dt=p.interval * ms, name="stimulus")
    A = NeuronGroup(
        p.n_A,
        AFFERENTS + poisson.TRAIN,
        threshold=poisson.THRESHOLD,
        dtype=poisson.PRECISION,
        reset=f"trace += 1\n{poisson.RESET}",
        method="exponential_euler",
        namespace={**shared, "stimulus": stimulus},
        name="A",
    )
    poisson.begin(A)
    A.run_regularly(STIMULUS + poisson.FOLLOW, dt=p.interval * ms, name="A_stimulus")
    excited, inhibited = {"Ie": ("tau_e", "+")}, {"Ii": ("tau_i", "-")}
    cells = {}
    for name, n, equations, tau_m, refractory, currents in (
        ("E", p.n_E, EXCITATORY, p.tau_m_E, p.refractory_E, excited | inhibited),
        ("I", p.n_I, INHIBITORY, p.tau_m_I, p.refractory_I, excited),
    ):
        cells[name] = NeuronGroup(
            n,
            equations,
            threshold=f"v > {p.V_th}",
            reset="v = E_L\ntrace += 1",
            refractory=refractory * ms,
            method=exact_membrane("v", "E_L", "tau_m", currents, {"trace": "tau"}),
            namespace={**shared, "tau_m": tau_m * ms},
            name=name,
        )
    E, I = cells["E"], cells["I"]

    A_E = Synapses(
        A,
        E,
        "w : 1\neta : 1 (shared, constant)",
        on_pre="w = clip(w - eta*alpha*trace_post, 0, 1)\nIe_post += J*w",
        on_post="w = clip(w + eta*trace_pre, 0, 1)",
        namespace={"alpha": p.alpha, "J": p.J_A},
        name="A_E",
    )
    A_E.connect()
    E_I = Synapses(E, I, on_pre="Ie_post += J", namespace={"J": p.J_EI}, name="E_I")
    E_E = Synapses(E, E, on_pre="Ie_post += J", namespace={"J": p.J_EE}, name="E_E")
    I_E = Synapses(
        I,
        E,
        "w : 1",
        on_pre="w = clip(w + eta*(trace_post - alpha), 0, 1)\nIi_post += J*w",
        on_post="w = clip(w + eta*trace_pre, 0, 1)",
        namespace={"alpha": p.alpha_I, "eta": p.eta_I, "J": p.J_I},
        name="I_E",
    )
    for synapses, ends in ((E_I, pairs["ei"]), (E_E, pairs["ee"]), (I_E, pairs["ie"])):
        synapses.connect(i=ends[:, 0], j=ends[:, 1])
    for order, pathway in enumerate((A_E.pre, A_E.post, E_I.pre, E_E.pre, I_E.pre, I_E.post)):
        pathway.order = order
    monitors = [SpikeMonitor(group, record=False, name=f"{group.name}_spikes") for group in (A, E, I)]
    inputs = {"A.digit": A.digit, "E.v": E.v, "I.v": I.v, "A_E.w": A_E.w, "A_E.eta": A_E.eta, "I_E.w": I_E.w}
    network = Network(A, E, I, A_E, E_I, E_E, I_E, *monitors)
    return Model(network, inputs, {"A_E.w": A_E.w, "I_E.w": I_E.w}, seconds * second, dt * ms)
