"""SOMA-1 in NEST. Delays are one step; currents in pA (mV times C_m / tau_m)."""

import os
import time

START = time.perf_counter()
os.environ.setdefault("PYNEST_QUIET", "1")

import nest
import numpy as np
from network import DIGITS, Soma1, arguments, load, report, stimulus_rates, summary


def quiet():
    """Let NEST print errors only."""
    if hasattr(nest, "VerbosityLevel"):
        nest.set(verbosity=nest.VerbosityLevel.ERROR)
    else:
        nest.set_verbosity("M_ERROR")


def build(net, p, seconds, delay):
    """Create nodes and connections; return the populations A, E, I and their spike recorders."""
    rates = stimulus_rates(seconds, p)
    times = np.arange(len(rates)) * p.interval
    times[0] = nest.resolution
    generators = [
        nest.Create("inhomogeneous_poisson_generator", params=dict(rate_times=times, rate_values=rates[:, digit]))
        for digit in range(DIGITS)
    ]
    A = nest.Create("parrot_neuron", p.n_A)

    capacity = 250.0
    neuron = dict(
        E_L=p.E_L,
        V_reset=p.E_L,
        V_th=p.V_th,
        tau_syn_ex=p.tau_e,
        tau_syn_in=p.tau_i,
        C_m=capacity,
        I_e=0.0,
        tau_minus=p.tau_trace,
    )
    E = nest.Create("iaf_psc_exp", p.n_E, params=dict(neuron, tau_m=p.tau_m_E, t_ref=p.refractory_E))
    I = nest.Create("iaf_psc_exp", p.n_I, params=dict(neuron, tau_m=p.tau_m_I, t_ref=p.refractory_I))
    E.V_m = net["v0"][: p.n_E].astype(float)
    I.V_m = net["v0"][p.n_E :].astype(float)
    to_E, to_I = capacity / p.tau_m_E, capacity / p.tau_m_I  # pA per mV
    J_A, J_I = p.J_A * to_E, p.J_I * to_E

    for digit, generator in enumerate(generators):
        members = A[digit * p.per_digit : (digit + 1) * p.per_digit]
        nest.Connect(generator, members, syn_spec=dict(weight=1.0, delay=delay))

    nest.CopyModel(
        "stdp_synapse_hom",
        "A_E",
        {"tau_plus": p.tau_trace, "Wmax": J_A, "mu_plus": 0.0, "mu_minus": 0.0, "alpha": p.alpha, "lambda": p.eta},
    )
    nest.Connect(A, E, "all_to_all", dict(synapse_model="A_E", weight=net["w0"].T.astype(float) * J_A, delay=delay))

    nest.CopyModel("static_synapse_hom_w", "E_I", dict(weight=p.J_EI * to_I))
    nest.CopyModel("static_synapse_hom_w", "E_E", dict(weight=p.J_EE * to_E))
    nest.CopyModel(
        "vogels_sprekeler_synapse",
        "I_E",
        dict(weight=-p.w_I0 * J_I, Wmax=-J_I, tau=p.tau_trace, eta=p.eta_I * J_I, alpha=p.alpha_I),
    )
    for source, target, pairs, model in ((E, I, net["ei"], "E_I"), (E, E, net["ee"], "E_E"), (I, E, net["ie"], "I_E")):
        spec = dict(synapse_model=model, delay=np.full(len(pairs), delay))
        if model == "I_E":
            spec["weight"] = np.full(len(pairs), -p.w_I0 * J_I)
        nest.Connect(
            np.asarray(source.tolist())[pairs[:, 0]], np.asarray(target.tolist())[pairs[:, 1]], "one_to_one", spec
        )

    recorders = [nest.Create("spike_recorder") for _ in range(3)]
    for population, recorder in zip((A, E, I), recorders, strict=True):
        nest.Connect(population, recorder)
    return (A, E, I), recorders, J_A, J_I


def main():
    parser = arguments(__doc__)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--delay", type=float, help="ms (default: one step; more changes the dynamics)")
    o = parser.parse_args()
    imported = time.perf_counter()

    p = Soma1(scale=o.scale, eta=o.eta)
    net = load(o.work, o.scale)
    quiet()
    nest.ResetKernel()
    nest.resolution = o.dt
    nest.local_num_threads = o.threads
    nest.rng_seed = o.seed
    populations, recorders, J_A, J_I = build(net, p, o.seconds, o.delay or o.dt)
    A, E, I = populations
    nest.Prepare()

    wall, cpu = time.perf_counter(), time.process_time()
    nest.Run(o.seconds * 1e3)
    times = dict(
        sim=time.perf_counter() - wall, cpu=time.process_time() - cpu, setup=wall - imported, imports=imported - START
    )
    nest.Cleanup()

    connections = nest.GetConnections(A, E, "A_E")
    w = np.zeros((p.n_A, p.n_E))
    w[
        np.array(list(connections.sources())) - A[0].global_id, np.array(list(connections.targets())) - E[0].global_id
    ] = np.array(connections.weight) / J_A
    w_inh = -np.array(nest.GetConnections(I, E).weight) / J_I
    counts = [
        np.bincount(recorder.events["senders"] - population[0].global_id, minlength=len(population))
        for population, recorder in zip(populations, recorders, strict=True)
    ]
    report({**times, **summary(net, o.seconds, *counts, w, w_inh), "version": nest.__version__}, w, o.save)


if __name__ == "__main__":
    main()
