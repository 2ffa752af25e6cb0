"""Networks whose synapses change."""

import numpy as np
from brian2 import (
    Hz,
    Network,
    NeuronGroup,
    SpikeGeneratorGroup,
    SpikeMonitor,
    Synapses,
    ms,
    mV,
    second,
)  # fmt: skip

from benchmarks.examples.draw import connect, poisson, uniform
from cortex.engine import Model


def stdp() -> Model:
    """Song, Miller & Abbott 2000, doi:10.1038/78829; spike timing selects synapses, here of ten cells."""
    tau, gmax = 20 * ms, 0.01
    inputs = poisson(1000, 15, 5, 1, "inputs")
    cells = NeuronGroup(10, "dv/dt = (-ge*v - 74*mV - v)/(10*ms) : volt\ndge/dt = -ge/(5*ms) : 1",
                        threshold="v > -54*mV", reset="v = -60*mV", method="euler", name="cells")  # fmt: skip
    cells.v = -74 * mV
    traces = "w : 1\ndpre/dt = -pre/tau : 1 (event-driven)\ndpost/dt = -post/tau : 1 (event-driven)"
    synapses = Synapses(inputs, cells, traces, name="synapses",
                        on_pre="ge += w\npre += 0.01*gmax\nw = clip(w + post, 0, gmax)",
                        on_post="post -= 0.0105*gmax\nw = clip(w + pre, 0, gmax)")  # fmt: skip
    synapses.connect()
    synapses.w = uniform(0, gmax, 10_000, 2)
    spikes = SpikeMonitor(cells, name="spikes")
    return Model(Network(inputs, cells, synapses, spikes), {}, {"w": synapses.w}, 5 * second, 0.1 * ms)


def vogels() -> Model:
    """Vogels et al. 2011, doi:10.1126/science.1211095; plastic inhibition balances a network."""
    tau, alpha = 20 * ms, 3 * Hz * 20 * ms * 2
    equations = """dv/dt = (-10*nS*(v + 60*mV) - ge*v - gi*(v + 80*mV) + 200*pA)/(200*pF) : volt (unless refractory)
                   dge/dt = -ge/(5*ms) : siemens
                   dgi/dt = -gi/(10*ms) : siemens"""
    cells = NeuronGroup(5000, equations, threshold="v > -50*mV", reset="v = -60*mV", refractory=5 * ms,
                        method="euler", name="cells")  # fmt: skip
    cells.v = uniform(-60, -50, 5000, 1) * mV
    excitatory, inhibitory = cells[:4000], cells[4000:]
    excitation = Synapses(excitatory, cells, on_pre="ge += 0.3*nS", name="excitation")
    mutual = Synapses(inhibitory, inhibitory, on_pre="gi += 3*nS", name="mutual")
    traces = "w : 1\ndpre/dt = -pre/tau : 1 (event-driven)\ndpost/dt = -post/tau : 1 (event-driven)"
    plastic = Synapses(inhibitory, excitatory, traces, name="plastic",
                       on_pre="pre += 1\nw = clip(w + (post - alpha)*0.01, 0, 100)\ngi += w*nS",
                       on_post="post += 1\nw = clip(w + pre*0.01, 0, 100)")  # fmt: skip
    for seed, synapses in enumerate((excitation, mutual, plastic)):
        connect(synapses, 0.02, seed)
    spikes = SpikeMonitor(cells, name="spikes")
    network = Network(cells, excitatory, inhibitory, excitation, mutual, plastic, spikes)
    return Model(network, {}, {"w": plastic.w}, 500 * ms, 0.1 * ms)


def tsodyks() -> Model:
    """Tsodyks, Uziel & Markram 2000, doi:10.1523/JNEUROSCI.20-01-j0003.2000; resources of synapses, summed currents."""
    equations = """dv/dt = (-v + current + drive)/(30*ms) : 1 (unless refractory)
                   current : 1
                   drive : 1"""
    cells = NeuronGroup(500, equations, threshold="v > 15", reset="v = 13.5", refractory=3 * ms, method="exact",
                        name="cells")  # fmt: skip
    cells.drive, cells.v = uniform(14.95, 15.05, 500, 1), uniform(13.5, 15, 500, 2)
    resources = """dx/dt = z/(800*ms) : 1 (clock-driven)
                   dy/dt = -y/(3*ms) : 1 (clock-driven)
                   z = 1 - x - y : 1
                   current_post = w*y : 1 (summed)
                   w : 1"""
    synapses = Synapses(cells, cells, resources, on_pre="y += 0.5*x\nx -= 0.5*x", method="exponential_euler",
                        name="synapses")  # fmt: skip
    connect(synapses, 0.1, 3)
    synapses.x = 1
    synapses.w = uniform(0, 1.8, len(synapses), 4)
    spikes = SpikeMonitor(cells, name="spikes")
    return Model(Network(cells, synapses, spikes), {}, {"x": synapses.x}, 1 * second, 0.2 * ms)


def dopamine() -> Model:
    """Izhikevich 2007, doi:10.1093/cercor/bhl152; traces of spike timing wait for a reward."""
    tau, gmax = 20 * ms, 0.02
    inputs = poisson(200, 20, 1, 1, "inputs")
    cells = NeuronGroup(50, "dv/dt = (-ge*v - 74*mV - v)/(10*ms) : volt\ndge/dt = -ge/(5*ms) : 1",
                        threshold="v > -54*mV", reset="v = -60*mV", method="euler", name="cells")  # fmt: skip
    cells.v = -74 * mV
    traces = """dc/dt = -c/second : 1 (clock-driven)
                dd/dt = -d/(200*ms) : 1 (clock-driven)
                ds/dt = c*d/ms : 1 (clock-driven)
                dpre/dt = -pre/tau : 1 (event-driven)
                dpost/dt = -post/tau : 1 (event-driven)"""
    synapses = Synapses(inputs, cells, traces, method="euler", name="synapses",
                        on_pre="ge += s\npre += 0.0001\nc = clip(c + post, -gmax, gmax)",
                        on_post="post -= 0.000105\nc = clip(c + pre, -gmax, gmax)")  # fmt: skip
    synapses.connect()
    synapses.s = uniform(0, 3 * gmax, 10_000, 2)
    reward = SpikeGeneratorGroup(1, np.zeros(3), np.array([200, 400, 700]) * ms, name="reward")
    rewarded = Synapses(reward, synapses, on_pre="d_post += 0.005", name="rewarded")
    rewarded.connect()
    spikes = SpikeMonitor(cells, name="spikes")
    network = Network(inputs, cells, synapses, reward, rewarded, spikes)
    return Model(network, {}, {"s": synapses.s}, 1 * second, 0.1 * ms)


def clopath() -> Model:
    """Clopath et al. 2010, doi:10.1038/nn.2479; plasticity by the voltage of the cell."""
    inputs = poisson(500, 30, 2, 1, "inputs")
    equations = """dv/dt = (-70*mV - v)/(10*ms) : volt
                   dlow/dt = (v - low)/(10*ms) : volt
                   dhigh/dt = (v - high)/(7*ms) : volt"""
    cells = NeuronGroup(20, equations, threshold="v > -55*mV", reset="v = -70*mV", method="euler", name="cells")
    cells.v = cells.low = cells.high = -70 * mV
    synapses = Synapses(inputs, cells, "w : 1\ndx/dt = -x/(15*ms) : 1 (event-driven)", name="synapses",
                        on_pre="""v_post += w*0.8*mV
                                  x += 1
                                  w = clip(w - 1e-4*clip(low_post/mV + 71, 0, inf), 0, 1)""",
                        on_post="w = clip(w + 8e-3*x*clip(high_post/mV + 71, 0, inf), 0, 1)")  # fmt: skip
    synapses.connect()
    synapses.w = 0.5
    spikes = SpikeMonitor(cells, name="spikes")
    return Model(Network(inputs, cells, synapses, spikes), {}, {"w": synapses.w}, 2 * second, 0.1 * ms)


def barrels() -> Model:
    """Kremer et al. 2011, doi:10.1523/JNEUROSCI.3009-11.2011; moving bars shape a map of a barrel, here of one."""
    wide, directions = 16, 2 * np.pi * uniform(0, 1, 200, 1)
    place = np.arange(wide) / wide
    x, y = np.meshgrid(place, place)
    passing = [np.sort((x * np.cos(a) + y * np.sin(a)).ravel() % 1) for a in directions]
    order = [np.argsort((x * np.cos(a) + y * np.sin(a)).ravel() % 1) for a in directions]
    steps = np.round((np.arange(200)[:, None] + np.array(passing) * 0.3) * 100).astype(int)
    relay = SpikeGeneratorGroup(wide**2, np.array(order).ravel(), steps.ravel() * 0.1 * ms, name="relay")
    equations = """dv/dt = (ge - gi - v)/(10*ms) : 1
                   dge/dt = -ge/(2*ms) : 1
                   dgi/dt = -gi/(6*ms) : 1
                   dlevel/dt = (1 - level)/(15*ms) : 1"""
    cells = NeuronGroup(500, equations, threshold="v > level", reset="v = 0\nlevel += 2", method="exact",
                        name="cells")  # fmt: skip
    cells.level = 1
    tau = 25 * ms
    traces = "w : 1\ndpre/dt = -pre/(5*ms) : 1 (event-driven)\ndpost/dt = -post/tau : 1 (event-driven)"
    feedforward = Synapses(relay, cells, traces, name="feedforward",
                           on_pre="ge += w\npre += 0.01\nw = clip(w - 0.5*w*post, 0, 1)",
                           on_post="post += 0.02\nw = clip(w + pre, 0, 1)")  # fmt: skip
    recurrent = Synapses(cells, cells, on_pre="gi += 0.05", delay=1 * ms, name="recurrent")
    connect(feedforward, 0.5, 2)
    connect(recurrent, 0.1, 3)
    feedforward.w = uniform(0.1, 0.5, len(feedforward), 4)
    spikes = SpikeMonitor(cells, name="spikes")
    network = Network(relay, cells, feedforward, recurrent, spikes)
    return Model(network, {}, {"w": feedforward.w}, 2 * second, 0.1 * ms)


EXAMPLES = (stdp, vogels, tsodyks, dopamine, clopath, barrels)
