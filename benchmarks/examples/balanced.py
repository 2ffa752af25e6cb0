"""Networks of integrate-and-fire cells in which excitation and inhibition balance."""

import numpy as np
from brian2 import (
    Hz,
    Network,
    NeuronGroup,
    PoissonInput,
    SpikeGeneratorGroup,
    SpikeMonitor,
    Synapses,
    TimedArray,
    ms,
    mV,
    nF,
    nS,
    pA,
    pF,
)  # fmt: skip

from benchmarks.examples.draw import connect, normal, poisson, uniform
from cortex.engine import Model


def cuba() -> Model:
    """Vogels & Abbott 2005, doi:10.1523/JNEUROSCI.3508-05.2005; currents, as in Brette et al. 2007."""
    tau, tau_e, tau_i = 20 * ms, 5 * ms, 10 * ms
    rest, threshold, reset = -49 * mV, -50 * mV, -60 * mV
    equations = """dv/dt = (ge + gi - (v - rest))/tau : volt (unless refractory)
                   dge/dt = -ge/tau_e : volt
                   dgi/dt = -gi/tau_i : volt"""
    cells = NeuronGroup(4000, equations, threshold="v > threshold", reset="v = reset", refractory=5 * ms,
                        method="exact", name="cells")  # fmt: skip
    cells.v = uniform(-60, -50, 4000, 1) * mV
    excitation = Synapses(cells[:3200], cells, on_pre="ge += 1.62*mV", name="excitation")
    inhibition = Synapses(cells[3200:], cells, on_pre="gi -= 9*mV", name="inhibition")
    connect(excitation, 0.02, 2)
    connect(inhibition, 0.02, 3)
    spikes = SpikeMonitor(cells, name="spikes")
    return Model(Network(cells, excitation, inhibition, spikes), {}, {}, 1000 * ms, 0.1 * ms)


def coba() -> Model:
    """Vogels & Abbott 2005, doi:10.1523/JNEUROSCI.3508-05.2005; conductances, as in Brette et al. 2007."""
    tau, tau_e, tau_i = 20 * ms, 5 * ms, 10 * ms
    rest, Ee, Ei = -60 * mV, 0 * mV, -80 * mV
    equations = """dv/dt = (rest - v + ge*(Ee - v) + gi*(Ei - v))/tau : volt (unless refractory)
                   dge/dt = -ge/tau_e : 1
                   dgi/dt = -gi/tau_i : 1"""
    cells = NeuronGroup(4000, equations, threshold="v > -50*mV", reset="v = rest", refractory=5 * ms,
                        method="exponential_euler", name="cells")  # fmt: skip
    cells.v = uniform(-60, -50, 4000, 1) * mV
    cells.ge, cells.gi = normal(4, 1.5, 4000, 4), normal(20, 12, 4000, 5)
    excitation = Synapses(cells[:3200], cells, on_pre="ge += 0.6", name="excitation")
    inhibition = Synapses(cells[3200:], cells, on_pre="gi += 6.7", name="inhibition")
    connect(excitation, 0.02, 2)
    connect(inhibition, 0.02, 3)
    spikes = SpikeMonitor(cells, name="spikes")
    return Model(Network(cells, excitation, inhibition, spikes), {}, {}, 1000 * ms, 0.1 * ms)


def brunel() -> Model:
    """Brunel 2000, doi:10.1023/A:1008925309027; asynchronous irregular activity, g = 5, twice the threshold rate."""
    tau = 20 * ms
    cells = NeuronGroup(5000, "dv/dt = -v/tau : volt (unless refractory)", threshold="v > 20*mV", reset="v = 10*mV",
                        refractory=2 * ms, method="exact", name="cells")  # fmt: skip
    cells.v = uniform(0, 20, 5000, 1) * mV
    excitation = Synapses(cells[:4000], cells, on_pre="v += 0.1*mV", delay=1.5 * ms, name="excitation")
    inhibition = Synapses(cells[4000:], cells, on_pre="v -= 0.5*mV", delay=1.5 * ms, name="inhibition")
    connect(excitation, 0.1, 2)
    connect(inhibition, 0.1, 3)
    outside = PoissonInput(cells, "v", N=1000, rate=20 * Hz, weight=0.1 * mV)
    spikes = SpikeMonitor(cells, name="spikes")
    return Model(Network(cells, excitation, inhibition, outside, spikes), {}, {}, 300 * ms, 0.1 * ms)


RECEPTORS = """
dv/dt = (-leak*(v + 70*mV) - current)/capacity : volt (unless refractory)
current = ga*v*ampa + gn*v*nmda/(1 + exp(-0.062*v/mV)/3.57) + gg*(v + 70*mV)*gaba + gx*v*outside : amp
dampa/dt = -ampa/(2*ms) : 1
dgaba/dt = -gaba/(10*ms) : 1
doutside/dt = -outside/(2*ms) : 1
nmda : 1
"""


def brunel_wang() -> Model:
    """Brunel & Wang 2001, doi:10.1023/A:1011204814320; working memory by slow receptors, whose openings are summed."""
    cell = dict(threshold="v > -50*mV", reset="v = -55*mV", method="euler")
    excitatory = NeuronGroup(400, RECEPTORS, refractory=2 * ms, name="excitatory", **cell, namespace=dict(
        capacity=0.5 * nF, leak=25 * nS, gx=2.08 * nS, ga=0.208 * nS, gn=0.654 * nS, gg=2.5 * nS))  # fmt: skip
    inhibitory = NeuronGroup(100, RECEPTORS, refractory=1 * ms, name="inhibitory", **cell, namespace=dict(
        capacity=0.2 * nF, leak=20 * nS, gx=1.62 * nS, ga=0.162 * nS, gn=0.516 * nS, gg=1.946 * nS))  # fmt: skip
    excitatory.v = uniform(-60, -50, 400, 1) * mV
    inhibitory.v = uniform(-60, -50, 100, 2) * mV
    opening = """nmda_post = w*s : 1 (summed)
                 ds/dt = -s/(100*ms) + 0.5*x*(1 - s)/ms : 1 (clock-driven)
                 dx/dt = -x/(2*ms) : 1 (clock-driven)
                 w : 1"""
    synapses = [
        Synapses(excitatory, target, opening, on_pre="ampa += w\nx += 1", method="euler", name=f"glutamate_{k}")
        for k, target in enumerate((excitatory, inhibitory))
    ]
    synapses += [
        Synapses(inhibitory, target, on_pre="gaba += 1", name=f"gaba_{k}")
        for k, target in enumerate((excitatory, inhibitory))
    ]
    inputs = [poisson(len(cells), 2400, 0.3, k, f"input_{k}") for k, cells in enumerate((excitatory, inhibitory))]
    synapses += [
        Synapses(source, target, on_pre="outside += 1", name=f"outside_{k}")
        for k, (source, target) in enumerate(zip(inputs, (excitatory, inhibitory), strict=True))
    ]
    for connection in synapses[:4]:
        connection.connect()
    for connection in synapses[:2]:
        connection.w = 1
    for connection in synapses[4:]:
        connection.connect("i == j")
    spikes = SpikeMonitor(excitatory, name="spikes")
    return Model(Network(excitatory, inhibitory, *inputs, *synapses, spikes), {}, {}, 300 * ms, 0.1 * ms)


def synfire() -> Model:
    """Diesmann, Gewaltig & Aertsen 1999, doi:10.1038/990101; a volley of spikes runs through ten groups."""
    equations = """dv/dt = (-70*mV - v + x)/(10*ms) : volt (unless refractory)
                   dx/dt = (-x + y)/(0.325*ms) : volt
                   dy/dt = -y/(0.325*ms) + noise(t, i % 100) : volt"""
    noise = TimedArray(normal(25.27, 39.24 / 0.1**0.5, 500_000, 1).reshape(5000, 100) * mV / ms, dt=0.1 * ms)
    cells = NeuronGroup(1000, equations, threshold="v > -55*mV", reset="v = -70*mV", refractory=1 * ms,
                        method="euler", name="cells")  # fmt: skip
    cells.v = uniform(-70, -60, 1000, 2) * mV
    times = normal(20, 1, 100, 3) + np.arange(0, 500, 100)[:, None]
    volleys = SpikeGeneratorGroup(100, np.tile(np.arange(100), 5), times.ravel() * ms, name="volleys")
    chain = Synapses(cells, cells, on_pre="y += 4.86*mV", delay=5 * ms, name="chain")
    chain.connect("i//100 == j//100 - 1")
    start = Synapses(volleys, cells[:100], on_pre="y += 4.86*mV", name="start")
    start.connect()
    spikes = SpikeMonitor(cells, name="spikes")
    return Model(Network(cells, volleys, chain, start, spikes), {}, {}, 500 * ms, 0.1 * ms)


def sparse_adex() -> Model:
    """Brette & Gerstner 2005, doi:10.1152/jn.00686.2005; adaptive exponential cells, driven apart from each other."""
    C, gl, El, Vt, D = 281 * pF, 30 * nS, -70.6 * mV, -50.4 * mV, 2 * mV
    equations = """dv/dt = (gl*(El - v) + gl*D*exp((v - Vt)/D) + drive - w)/C : volt
                   dw/dt = (4*nS*(v - El) - w)/(144*ms) : amp
                   drive : amp"""
    cells = NeuronGroup(4000, equations, threshold="v > -40*mV", reset="v = El\nw += 80.5*pA", method="euler",
                        name="cells")  # fmt: skip
    cells.v = El
    cells.drive = uniform(500, 1500, 4000, 1) * pA
    spikes = SpikeMonitor(cells, name="spikes")
    return Model(Network(cells, spikes), {}, {}, 500 * ms, 0.1 * ms)


def izhikevich() -> Model:
    """Izhikevich 2003, doi:10.1109/TNN.2003.820440; regular and fast spiking cells with random weights."""
    equations = """dv/dt = (0.04*v**2 + 5*v + 140 - u + current + drive(t, i % 100))/ms : 1
                   du/dt = a*(b*v - u)/ms : 1
                   dcurrent/dt = -current/(1*ms) : 1
                   a : 1
                   b : 1
                   c : 1
                   d : 1"""
    drive = TimedArray(uniform(0, 8, 100_000, 1).reshape(1000, 100), dt=1 * ms)
    cells = NeuronGroup(1000, equations, threshold="v > 30", reset="v = c\nu += d", method="euler", name="cells")
    r = uniform(0, 1, 1000, 2)
    excitatory = r.size * 4 // 5
    cells.a[:excitatory], cells.a[excitatory:] = 0.02, 0.02 + 0.08 * r[excitatory:]
    cells.b[:excitatory], cells.b[excitatory:] = 0.2, 0.25 - 0.05 * r[excitatory:]
    cells.c[:excitatory], cells.c[excitatory:] = -65 + 15 * r[:excitatory] ** 2, -65
    cells.d[:excitatory], cells.d[excitatory:] = 8 - 6 * r[:excitatory] ** 2, 2
    cells.v, cells.u = -65, -13
    synapses = Synapses(cells, cells, "w : 1", on_pre="current += w", name="synapses")
    synapses.connect()
    synapses.w = uniform(0, 0.5, 1_000_000, 3)
    synapses.w["i >= 800"] = "-2*w"
    spikes = SpikeMonitor(cells, name="spikes")
    return Model(Network(cells, synapses, spikes), {}, {}, 1000 * ms, 0.1 * ms)


EXAMPLES = (cuba, coba, brunel, brunel_wang, synfire, sparse_adex, izhikevich)
