"""SOMA-1 in ANNarchy: method 'exponential', event-driven traces, rates changed between simulate() calls."""

import sys
import time

START = time.perf_counter()

import ANNarchy as ann
import numpy as np
import scipy.sparse
from network import Soma1, arguments, load, report, stimulated_digits, summary

TRACES = [
    ann.Variable("tau * dx/dt = -x", method="event-driven"),
    ann.Variable("tau * dy/dt = -y", method="event-driven"),
]


def neurons(p):
    """Return the E and the I neuron."""
    common = dict(EL=p.E_L, Vr=p.E_L, Vt=p.V_th, tau_e=p.tau_e)
    E = ann.Neuron(
        parameters=dict(common, tau_m=p.tau_m_E, tau_i=p.tau_i),
        equations=[
            ann.Variable("tau_m * dv/dt = EL - v + g_exc - g_inh", init=p.E_L),
            "tau_e * dg_exc/dt = -g_exc",
            "tau_i * dg_inh/dt = -g_inh",
        ],
        spike="v > Vt",
        reset="v = Vr",
        refractory=p.refractory_E,
    )
    I = ann.Neuron(
        parameters=dict(common, tau_m=p.tau_m_I),
        equations=[ann.Variable("tau_m * dv/dt = EL - v + g_exc", init=p.E_L), "tau_e * dg_exc/dt = -g_exc"],
        spike="v > Vt",
        reset="v = Vr",
        refractory=p.refractory_I,
    )
    return E, I


def synapses(p):
    """Return the plastic synapses A->E and I->E."""
    A_E = ann.Synapse(
        parameters=dict(tau=p.tau_trace, eta=p.eta, alpha=p.alpha, J=p.J_A),
        equations=TRACES,
        pre_spike="w = clip(w - eta*alpha*y, 0.0, 1.0)\ng_target += J*w\nx += 1.0",
        post_spike="w = clip(w + eta*x, 0.0, 1.0)\ny += 1.0",
    )
    I_E = ann.Synapse(
        parameters=dict(tau=p.tau_trace, eta=p.eta_I, alpha=p.alpha_I, J=p.J_I),
        equations=TRACES,
        pre_spike="w = clip(w + eta*(y - alpha), 0.0, 1.0)\ng_target += J*w\nx += 1.0",
        post_spike="w = clip(w + eta*x, 0.0, 1.0)\ny += 1.0",
    )
    return A_E, I_E


def matrix(pairs, sources, targets, weight):
    """Return the (source, target) sparse matrix of a projection."""
    return scipy.sparse.csr_matrix((np.full(len(pairs), weight), (pairs[:, 0], pairs[:, 1])), shape=(sources, targets))


def spike_counts(monitor, n):
    """Return the number of spikes of each neuron."""
    counts = np.zeros(n, int)
    for rank, spikes in monitor.get("spike").items():
        counts[rank] = len(spikes)
    return counts


def main():
    parser = arguments(__doc__)
    parser.add_argument("--threads", type=int, default=1)
    o = parser.parse_args()
    sys.argv = sys.argv[:1]  # ANNarchy reads the command line too
    imported = time.perf_counter()

    p = Soma1(scale=o.scale, eta=o.eta)
    data = load(o.work, o.scale)
    net = ann.Network(dt=o.dt, seed=o.seed)
    net.config(method="exponential", dtype=ann.float64, num_threads=o.threads)
    neuron_E, neuron_I = neurons(p)
    synapse_A_E, synapse_I_E = synapses(p)
    A = net.create(ann.PoissonPopulation(p.n_A, rates=p.rate_off, name="A"))
    E = net.create(p.n_E, neuron_E, name="E")
    I = net.create(p.n_I, neuron_I, name="I")
    A_E = net.connect(A, E, "exc", synapse_A_E)
    A_E.all_to_all(weights=0.4)
    net.connect(E, I, "exc").from_sparse(matrix(data["ei"], p.n_E, p.n_I, p.J_EI))
    net.connect(E, E, "exc").from_sparse(matrix(data["ee"], p.n_E, p.n_E, p.J_EE))
    I_E = net.connect(I, E, "inh", synapse_I_E)
    I_E.from_sparse(matrix(data["ie"], p.n_I, p.n_E, p.w_I0))
    monitors = [net.monitor(population, "spike") for population in (A, E, I)]
    folder = o.work / "annarchy" / f"s{o.scale}_t{o.threads}"
    folder.parent.mkdir(parents=True, exist_ok=True)
    net.compile(directory=str(folder.resolve()), silent=True, clean=False)
    E.v = data["v0"][: p.n_E]
    I.v = data["v0"][p.n_E :]
    A_E.w = data["w0"].T.astype(float).tolist()

    wall, cpu = time.perf_counter(), time.process_time()
    for digit in stimulated_digits(round(o.seconds * 1000 / p.interval)):
        rates = np.full(p.n_A, p.rate_off)
        rates[digit * p.per_digit : (digit + 1) * p.per_digit] = p.rate_on
        A.rates = rates
        net.simulate(p.interval)
    times = dict(
        sim=time.perf_counter() - wall, cpu=time.process_time() - cpu, setup=wall - imported, imports=imported - START
    )

    w = np.array(A_E.w).T
    w_inh = np.concatenate([np.array(row) for row in I_E.w])
    counts = [spike_counts(monitor, n) for monitor, n in zip(monitors, (p.n_A, p.n_E, p.n_I), strict=True)]
    report({**times, **summary(data, o.seconds, *counts, w, w_inh), "version": ann.__version__}, w, o.save)


if __name__ == "__main__":
    main()
