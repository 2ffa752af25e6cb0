"""Two cells driven by a constant current: quick to simulate, with spike times known in closed form."""

import math
import os
import signal
import time
from typing import Literal

import numpy as np
from brian2 import Network, NeuronGroup, Quantity, SpikeMonitor, StateMonitor, TimedArray, ms, mV, second
from matplotlib.figure import Figure

from cortex.experiment.engine import Arm, Model
from cortex.experiment.parameters import Parameters, parameter
from cortex.experiment.scenario import Phase, Scenario, main

EQUATIONS = """
dv/dt = (drive*gain(t) - v)/tau : volt
drive : volt
"""


class Cell(Parameters):
    """Membrane of the cells."""

    tau: Quantity = parameter("10 ms", "Membrane time constant.", bounds=("1 ms", "100 ms"), source="own choice")
    drive: Quantity = parameter("20 mV", "Constant drive.", bounds=("0 mV", "1 V"))


class Tiny(Parameters):
    """All parameters."""

    duration: Quantity = parameter("1 s", "How long it lasts.", bounds=("0.1 s", "100000 s"), per_run=False)
    jitter: float = parameter(0.1, "Spread of the drive over cells.", bounds=(0, 1))
    fails: bool = parameter(False, "Whether measuring fails.")
    trouble: Literal["none", "dies", "waits", "eats"] = parameter("none", "What its process does while it measures.")
    cell: Cell = Cell()


def build(p):
    gain = TimedArray(np.ones(10), dt=p.duration / 10, name="gain")
    cells = NeuronGroup(
        2,
        EQUATIONS,
        threshold="v > 10*mV",
        reset="v = 0*mV",
        method="exponential_euler",
        name="cells",
        namespace={"gain": gain, "tau": p.cell.tau, "mV": mV},
    )
    spikes = SpikeMonitor(cells, name="spikes")
    voltage = StateMonitor(cells, "v", record=True, dt=p.duration / 10, name="voltage")
    inputs = {"drive": cells.drive, "gain": gain}
    return Model(Network(cells, spikes, voltage), inputs, {"v": cells.v}, p.duration, 0.1 * ms)


def arms(p, streams):
    spread = 1 + p.jitter * streams.stimuli.random(2)
    return {
        "driven": Arm({"drive": p.cell.drive * spread, "gain": np.ones(10)}, streams.network_seed),
        "silent": Arm({"drive": 0 * mV, "gain": np.ones(10)}, streams.network_seed),
    }


def measure(p, recordings):
    if p.fails:
        raise ZeroDivisionError("measuring failed")
    if p.trouble == "dies":
        os.kill(os.getpid(), signal.SIGKILL)
    held = bytearray(700_000_000) if p.trouble == "eats" else b""
    time.sleep(0 if p.trouble == "none" else 60)
    times = np.sort(recordings["driven"]["spikes.t"])
    return {
        "rate": len(times) / 2 / float(p.duration),
        "silent_rate": float(len(recordings["silent"]["spikes.t"])),
        "tenth_spike_seconds": float(times[9]) if len(times) > 9 else math.nan,
        "nothing": math.nan if not held else 0.0,
    }


def predict(p, recordings):
    drive = float(p.cell.drive / mV)
    return {"rate": 1 / (float(p.cell.tau) * math.log(drive / (drive - 10))) if drive > 10 else 0.0}


def figures(p, recordings):
    figure = Figure(figsize=(2, 2))
    figure.subplots().plot(recordings["driven"]["voltage.t"], recordings["driven"]["voltage.v"])
    return {"voltage": figure}


SCENARIO = Scenario(
    name="tiny",
    title="Two driven cells",
    citation="Nobody 2000",
    parameters=Tiny(),
    quick={"duration": "0.2 s"},
    nulls={"no_drive": {"cell.drive": "0 mV"}},
    bands={"rate": (100, 200), "silent_rate": (1, None)},
    watched=lambda p: {"tenth_spike_seconds": float(p.duration)},
    build=build,
    arms=arms,
    measure=measure,
    predict=predict,
    figures=figures,
    phases=lambda p: [Phase("drive", 0 * second, p.duration)],
)

if __name__ == "__main__":
    main(SCENARIO)
