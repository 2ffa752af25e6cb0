"""SOMA-1 in plain Brian2, as its documentation teaches: textbook STDP, `PoissonGroup`, a standalone build.

Built once in --project; with a project that is built already only its program is run, with another seed.
"""

import os
import subprocess
import time
from pathlib import Path

START = time.perf_counter()

import numpy as np
from network import Soma1, arguments, load, report, stimulus_rates, summary

SEED = """
if (const char* seed = std::getenv("SOMA1_SEED"))
    for (auto& generator : brian::_random_generators) generator.seed(std::atol(seed));
"""


def build(p, net, seconds):
    """Return the network."""
    import brian2 as b2

    names = dict(
        E_L=p.E_L, V_th=p.V_th, tau_m_E=p.tau_m_E * b2.ms, tau_m_I=p.tau_m_I * b2.ms, tau_e=p.tau_e * b2.ms,
        tau_i=p.tau_i * b2.ms, tau=p.tau_trace * b2.ms, alpha=p.alpha, eta_I=p.eta_I, alpha_I=p.alpha_I,
        J_A=p.J_A, J_EI=p.J_EI, J_EE=p.J_EE, J_I=p.J_I,
        stimulus=b2.TimedArray(stimulus_rates(seconds, p) * b2.Hz, dt=p.interval * b2.ms, name="stimulus"),
    )  # fmt: skip
    A = b2.PoissonGroup(p.n_A, rates=f"stimulus(t, i // {p.per_digit})", name="A", namespace=names)
    cell = dict(threshold="v > V_th", reset="v = E_L", method="exact", namespace=names)
    E = b2.NeuronGroup(p.n_E, """dv/dt = (E_L - v + Ie - Ii)/tau_m_E : 1 (unless refractory)
                                 dIe/dt = -Ie/tau_e : 1
                                 dIi/dt = -Ii/tau_i : 1""",
                       refractory=p.refractory_E * b2.ms, name="E", **cell)  # fmt: skip
    I = b2.NeuronGroup(p.n_I, """dv/dt = (E_L - v + Ie)/tau_m_I : 1 (unless refractory)
                                 dIe/dt = -Ie/tau_e : 1""",
                       refractory=p.refractory_I * b2.ms, name="I", **cell)  # fmt: skip
    E.v, I.v = net["v0"][: p.n_E], net["v0"][p.n_E :]
    traces = """w : 1
                dx/dt = -x/tau : 1 (event-driven)
                dy/dt = -y/tau : 1 (event-driven)
             """
    A_E = b2.Synapses(A, E, traces + "eta : 1 (shared, constant)", name="A_E", namespace=names,
                      on_pre="w = clip(w - eta*alpha*y, 0, 1)\nIe_post += J_A*w\nx += 1",
                      on_post="w = clip(w + eta*x, 0, 1)\ny += 1")  # fmt: skip
    A_E.connect()
    A_E.w, A_E.eta = net["w0"].ravel(), p.eta
    E_I = b2.Synapses(E, I, on_pre="Ie_post += J_EI", name="E_I", namespace=names)
    E_E = b2.Synapses(E, E, on_pre="Ie_post += J_EE", name="E_E", namespace=names)
    I_E = b2.Synapses(I, E, traces, name="I_E", namespace=names,
                      on_pre="w = clip(w + eta_I*(y - alpha_I), 0, 1)\nIi_post += J_I*w\nx += 1",
                      on_post="w = clip(w + eta_I*x, 0, 1)\ny += 1")  # fmt: skip
    for synapses, pairs in ((E_I, "ei"), (E_E, "ee"), (I_E, "ie")):
        synapses.connect(i=net[pairs][:, 0], j=net[pairs][:, 1])
    I_E.w = p.w_I0
    for order, pathway in enumerate((A_E.pre, A_E.post, E_I.pre, E_E.pre, I_E.pre, I_E.post)):
        pathway.order = order
    monitors = [b2.SpikeMonitor(group, record=False, name=f"{group.name}_spikes") for group in (A, E, I)]
    return b2.Network(A, E, I, A_E, E_I, E_E, I_E, *monitors)


def compile_project(project, p, net, seconds, dt):
    """Build the standalone project; return the seconds of import, code generation and compilation."""
    start = time.perf_counter()
    import brian2 as b2

    imported = time.perf_counter()
    b2.set_device("cpp_standalone", directory=str(project), build_on_run=False)
    b2.device.insert_code("after_start", SEED)
    b2.defaultclock.dt = dt * b2.ms
    network = build(p, net, seconds)
    network.run(seconds * b2.second)
    b2.device.build(directory=str(project), compile=False, run=False)
    generated = time.perf_counter()
    subprocess.run(["make", "-j2"], cwd=project, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    compiled = time.perf_counter()
    return {"imports": imported - start, "codegen": generated - imported, "compile": compiled - generated}


def main():
    parser = arguments(__doc__.splitlines()[0])
    parser.add_argument("--project", type=Path)
    parser.add_argument("--runs", type=int, default=1, help="seeds from the given one on, one after the other")
    o = parser.parse_args()
    p, net = Soma1(scale=o.scale, eta=o.eta), load(o.work, o.scale)
    project = (o.project or o.work / "plain" / f"s{o.scale}_{o.seconds:g}").resolve()
    times = {}
    if not (project / "main").exists():
        times = compile_project(project, p, net, o.seconds, o.dt)
    ran = time.perf_counter()
    for seed in range(o.seed, o.seed + o.runs):
        subprocess.run(["./main"], cwd=project, check=True, env=os.environ | {"SOMA1_SEED": str(seed)})
    results = project / "results"
    sim = float((results / "last_run_info.txt").read_text().split()[0])

    def read(name, kind):
        [file] = results.glob(f"{name}_[0-9]*")
        return np.fromfile(file, kind)

    w = read("_dynamic_array_A_E_w", "f8").reshape(p.n_A, p.n_E)
    counts = [read(f"_array_{group}_spikes_count", "i4") for group in "AEI"]
    found = summary(net, o.seconds, *counts, w, read("_dynamic_array_I_E_w", "f8"))
    ended = time.perf_counter()
    report({**times, "sim": sim, "read": ended - ran - sim * o.runs, "total": ended - START, **found}, w, o.save)


if __name__ == "__main__":
    main()
