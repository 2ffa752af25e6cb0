"""Cells with voltage-dependent channels, and rate models with curved transfer functions."""

import numpy as np
from brian2 import (
    Cylinder,
    Network,
    NeuronGroup,
    SpatialNeuron,
    SpikeMonitor,
    StateMonitor,
    Synapses,
    cm,
    mS,
    ms,
    msiemens,
    mV,
    nA,
    nS,
    ohm,
    second,
    uA,
    uF,
    ufarad,
    um,
    umetre,
)  # fmt: skip

from benchmarks.examples.draw import connect, normal, uniform
from cortex.engine import Model

TRAUB = """
dm/dt = alpha_m*(1 - m) - beta_m*m : 1
dn/dt = alpha_n*(1 - n) - beta_n*n : 1
dh/dt = alpha_h*(1 - h) - beta_h*h : 1
alpha_m = 0.32*4/exprel((13*mV - v + VT)/(4*mV))/ms : Hz
beta_m = 0.28*5/exprel((v - VT - 40*mV)/(5*mV))/ms : Hz
alpha_h = 0.128*exp((17*mV - v + VT)/(18*mV))/ms : Hz
beta_h = 4/(1 + exp((40*mV - v + VT)/(5*mV)))/ms : Hz
alpha_n = 0.032*5/exprel((15*mV - v + VT)/(5*mV))/ms : Hz
beta_n = 0.5*exp((10*mV - v + VT)/(40*mV))/ms : Hz
"""


def cobahh() -> Model:
    """Brette et al. 2007, doi:10.1007/s10827-007-0038-6; a balanced network of Hodgkin-Huxley cells."""
    area, VT = 20_000 * umetre**2, -63 * mV
    C, gl = 1 * ufarad / cm**2 * area, 5e-5 * 1000 * msiemens / cm**2 * area
    g_na, g_kd = 100 * msiemens / cm**2 * area, 30 * msiemens / cm**2 * area
    equations = f"""
        dv/dt = (gl*(-60*mV - v) - ge*v + gi*(-80*mV - v) - g_na*m**3*h*(v - 50*mV) - g_kd*n**4*(v + 90*mV))/C : volt
        dge/dt = -ge/(5*ms) : siemens
        dgi/dt = -gi/(10*ms) : siemens
        {TRAUB}"""
    cells = NeuronGroup(4000, equations, threshold="v > -20*mV", refractory=3 * ms, method="exponential_euler",
                        name="cells")  # fmt: skip
    excitation = Synapses(cells[:3200], cells, on_pre="ge += 6*nS", name="excitation")
    inhibition = Synapses(cells[3200:], cells, on_pre="gi += 67*nS", name="inhibition")
    connect(excitation, 0.02, 1)
    connect(inhibition, 0.02, 2)
    cells.v = normal(-65, 5, 4000, 3) * mV
    cells.ge, cells.gi = normal(40, 15, 4000, 4) * nS, normal(200, 120, 4000, 5) * nS
    spikes = SpikeMonitor(cells, name="spikes")
    return Model(Network(cells, excitation, inhibition, spikes), {}, {}, 200 * ms, 0.1 * ms)


def _gate(rate: str) -> Model:
    cells = NeuronGroup(
        4000, f"dm/dt = ({rate}*(1 - m) - m)/ms : 1\nv : volt", method="exponential_euler", name="cells"
    )
    cells.v = "-65*mV + (i % 100)*0.5*mV"
    return Model(Network(cells), {}, {"m": cells.m}, 500 * ms, 0.1 * ms)


def gate_exprel() -> Model:
    """Hodgkin & Huxley 1952, doi:10.1113/jphysiol.1952.sp004764; one gate that opens with x/(exp(x) - 1)."""
    return _gate("1/exprel((-50*mV - v)/(4*mV))")


def gate_exp() -> Model:
    """Hodgkin & Huxley 1952, doi:10.1113/jphysiol.1952.sp004764; one gate that opens with exp(x/40)."""
    return _gate("exp((-50*mV - v)/(40*mV))")


def axon() -> Model:
    """Hodgkin & Huxley 1952, doi:10.1113/jphysiol.1952.sp004764; a spike runs along an axon of 1,000 compartments."""
    El, ENa, EK = 10.613 * mV, 115 * mV, -12 * mV
    gl, gNa, gK = 0.3 * mS / cm**2, 120 * mS / cm**2, 36 * mS / cm**2
    equations = """
        Im = gl*(El - v) + gNa*m**3*h*(ENa - v) + gK*n**4*(EK - v) : amp/meter**2
        I : amp (point current)
        dm/dt = alpham*(1 - m) - betam*m : 1
        dn/dt = alphan*(1 - n) - betan*n : 1
        dh/dt = alphah*(1 - h) - betah*h : 1
        alpham = 1/exprel((-v + 25*mV)/(10*mV))/ms : Hz
        betam = 4*exp(-v/(18*mV))/ms : Hz
        alphah = 0.07*exp(-v/(20*mV))/ms : Hz
        betah = 1/(exp((-v + 30*mV)/(10*mV)) + 1)/ms : Hz
        alphan = 0.1/exprel((-v + 10*mV)/(10*mV))/ms : Hz
        betan = 0.125*exp(-v/(80*mV))/ms : Hz"""
    shape = Cylinder(length=10 * cm, diameter=2 * 238 * um, n=1000, type="axon")
    fibre = SpatialNeuron(shape, equations, method="exponential_euler", refractory="m > 0.4", threshold="m > 0.5",
                          Cm=1 * uF / cm**2, Ri=35.4 * ohm * cm, name="fibre")  # fmt: skip
    fibre.h, fibre.n = 1, 0.5
    fibre.I[5] = 2 * uA
    spikes = SpikeMonitor(fibre, name="spikes")
    trace = StateMonitor(fibre, "v", record=[0, 500], dt=0.1 * ms, name="trace")
    return Model(Network(fibre, spikes, trace), {}, {"v": fibre.v}, 20 * ms, 0.01 * ms)


def wang_buzsaki() -> Model:
    """Wang & Buzsaki 1996, doi:10.1523/JNEUROSCI.16-20-06402.1996; fast interneurons synchronise."""
    C = 1 * uF / cm**2
    equations = """
        dv/dt = (-0.1*mS/cm**2*(v + 65*mV) - 35*mS/cm**2*m**3*h*(v - 55*mV) - 9*mS/cm**2*n**4*(v + 90*mV)
                 - 0.1*mS/cm**2*total*(v + 75*mV) + drive*uA/cm**2)/C : volt
        m = alpha_m/(alpha_m + beta_m) : 1
        alpha_m = 1/exprel(-(v + 35*mV)/(10*mV)) : 1
        beta_m = 4*exp(-(v + 60*mV)/(18*mV)) : 1
        dh/dt = 5*(0.07*exp(-(v + 58*mV)/(20*mV))*(1 - h) - h/(1 + exp(-(v + 28*mV)/(10*mV))))/ms : 1
        dn/dt = 5*(0.1/exprel(-(v + 34*mV)/(10*mV))*(1 - n) - 0.125*exp(-(v + 44*mV)/(80*mV))*n)/ms : 1
        ds/dt = 12*(1 - s)/(1 + exp(-v/(2*mV)))/ms - s/(10*ms) : 1
        total : 1
        drive : 1"""
    cells = NeuronGroup(100, equations, threshold="v > 0*mV", refractory="v > 0*mV", method="exponential_euler",
                        name="cells")  # fmt: skip
    cells.v, cells.h, cells.drive = uniform(-70, -50, 100, 1) * mV, 1, uniform(0.9, 1.1, 100, 2)
    inhibition = Synapses(cells, cells, "total_post = s_pre/60 : 1 (summed)", name="inhibition")
    connect(inhibition, 0.6, 3)
    spikes = SpikeMonitor(cells, name="spikes")
    return Model(Network(cells, inhibition, spikes), {}, {}, 200 * ms, 0.05 * ms)


def rothman_manis() -> Model:
    """Rothman & Manis 2003, doi:10.1152/jn.00127.2002; cells of the cochlear nucleus with six currents, type II."""
    equations = """
        dv/dt = (2*nS*(-65*mV - v) + 1000*nS*m**3*h*(55*mV - v) + 150*nS*(0.85*n**2 + 0.15*p)*(-70*mV - v)
                 + 200*nS*w**4*z*(-70*mV - v) + 20*nS*r*(-43*mV - v) + drive)/(12*pF) : volt
        x = v/mV : 1
        dm/dt = (1/(1 + exp(-(x + 38)/7)) - m)/(10/(5*exp((x + 60)/18) + 36*exp(-(x + 60)/25)) + 0.04)/ms : 1
        dh/dt = (1/(1 + exp((x + 65)/6)) - h)/(100/(7*exp((x + 60)/11) + 10*exp(-(x + 60)/25)) + 0.6)/ms : 1
        dn/dt = ((1 + exp(-(x + 15)/5))**-0.5 - n)/(100/(11*exp((x + 60)/24) + 21*exp(-(x + 60)/23)) + 0.7)/ms : 1
        dp/dt = (1/(1 + exp(-(x + 23)/6)) - p)/(100/(4*exp((x + 60)/32) + 5*exp(-(x + 60)/22)) + 5)/ms : 1
        dw/dt = ((1 + exp(-(x + 48)/6))**-0.25 - w)/(100/(6*exp((x + 60)/6) + 16*exp(-(x + 60)/45)) + 1.5)/ms : 1
        dz/dt = (0.5 + 0.5/(1 + exp((x + 71)/10)) - z)/(1000/(exp((x + 60)/20) + exp(-(x + 60)/8)) + 50)/ms : 1
        dr/dt = (1/(1 + exp((x + 76)/7)) - r)/(1e5/(237*exp((x + 60)/12) + 17*exp(-(x + 60)/14)) + 25)/ms : 1
        drive : amp"""
    cells = NeuronGroup(500, equations, threshold="v > -20*mV", refractory=1 * ms, method="exponential_euler",
                        name="cells")  # fmt: skip
    cells.v, cells.h, cells.z, cells.drive = -65 * mV, 0.5, 0.7, uniform(0, 1, 500, 1) * nA
    spikes = SpikeMonitor(cells, name="spikes")
    return Model(Network(cells, spikes), {}, {"v": cells.v}, 100 * ms, 0.025 * ms)


def morris_lecar() -> Model:
    """Morris & Lecar 1981, doi:10.1016/S0006-3495(81)84782-0; two conductances of a barnacle's muscle, with tanh."""
    equations = """
        dv/dt = (drive - 2*(x + 60) - 4.4*(1 + tanh((x + 1.2)/18))/2*(x - 120) - 8*w*(x + 84))*mV/(20*ms) : volt
        x = v/mV : 1
        dw/dt = 0.04*((1 + tanh((x - 2)/30))/2 - w)*cosh((x - 2)/60)/ms : 1
        drive : 1"""
    cells = NeuronGroup(1000, equations, threshold="v > 0*mV", refractory="v > 0*mV", method="euler", name="cells")
    cells.v, cells.drive = -60 * mV, uniform(60, 140, 1000, 1)
    spikes = SpikeMonitor(cells, name="spikes")
    return Model(Network(cells, spikes), {}, {"v": cells.v}, 1000 * ms, 0.1 * ms)


def supralinear() -> Model:
    """Rubin, Van Hooser & Miller 2015, doi:10.1016/j.neuron.2014.12.026; rates that are a power of the input."""
    cells = NeuronGroup(200, """dr/dt = (0.04*clip(drive + total, 0, inf)**2.2 - r)/tau : 1
                                total : 1
                                drive : 1
                                tau : second""", method="euler", name="cells")  # fmt: skip
    cells.drive, cells.tau = uniform(5, 15, 200, 1), np.repeat([20, 10], 100) * ms
    synapses = Synapses(cells, cells, "total_post = w*r_pre : 1 (summed)\nw : 1", name="synapses")
    synapses.connect()
    synapses.w = uniform(0.5, 1.5, 40_000, 2) * np.tile(np.repeat([0.02, -0.022], 100)[:, None], 200).ravel()
    return Model(Network(cells, synapses), {}, {"r": cells.r}, 500 * ms, 0.2 * ms)


def kuramoto() -> Model:
    """Kuramoto 1984, doi:10.1007/978-3-642-69689-3; coupled oscillators."""
    cells = NeuronGroup(200, """dtheta/dt = frequency + pull : 1
                                pull : Hz
                                frequency : Hz""", method="euler", name="cells")  # fmt: skip
    cells.theta, cells.frequency = uniform(0, 2 * np.pi, 200, 1), normal(60, 6, 200, 2) / second
    synapses = Synapses(cells, cells, "pull_post = 20*Hz/N_pre*sin(theta_pre - theta_post) : Hz (summed)", name="s")
    synapses.connect("i != j")
    return Model(Network(cells, synapses), {}, {"theta": cells.theta}, 200 * ms, 0.1 * ms)


EXAMPLES = (
    gate_exprel, gate_exp, cobahh, axon, wang_buzsaki, rothman_manis, morris_lecar, supralinear, kuramoto
)  # fmt: skip
