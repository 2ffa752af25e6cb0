"""The main job by hand: what the program in C++ reads and writes."""

import os
import struct
import subprocess
from pathlib import Path

import numpy as np

from benchmarks.candidates import Failed, measure
from cortex.engine.recording import Recording
from cortex.experiment.streams import Streams
from cortex.mechanisms import cells, lateral_inhibition, recruitment, skin
from cortex.mechanisms.circuit import DT
from models import finger_area
from models.finger_area import plasticity
from models.finger_area.anatomy import Anatomy

SOURCE = Path(__file__).with_suffix(".cpp")
FLAGS = ("-std=c++17", "-O3", "-march=native", "-ffast-math", "-fopenmp-simd")

PROJECTIONS = ("afferent", "lateral", "recurrent", "feedforward", "inhibition")

TIMES = {
    "dt": DT,
    "slot": finger_area.SLOT,
    "delay": recruitment.DELAY,  # as that of lateral inhibition
    "update_interval": skin.UPDATE_INTERVAL,
    "noise_interval": cells.NOISE_INTERVAL,
    "adaptation_interval": lateral_inhibition.ADAPTATION_INTERVAL,
    "forgetting_interval": plasticity.FORGETTING_INTERVAL,
}


def compile_program(work, real):
    """Compile the program with states in `real`, "float" or "double"; return its path."""
    binary = work / f"by_hand_{real}"
    words = [os.environ.get("CXX", "g++"), *FLAGS, f"-DREAL={real}", str(SOURCE), "-o", str(binary)]
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode:
        raise Failed(done.stderr[-300:])
    return binary


def inputs(p, animal, slots=None):
    """Return what the program reads: all that one run of the model sets for the trained animal of a seed, in SI units.

    Only some first slots of the protocol are simulated if their number is given.
    """
    values = finger_area.run_inputs(p, Streams(animal), trained=True) | TIMES
    values |= {"least_taught": plasticity.LEAST_TAUGHT, "least_maturity": plasticity.LEAST_MATURITY}
    for name in [*skin.STIMULUS, *(name for name in values if name.startswith("gate."))]:
        values[name] = values[name][:slots]
    fixed = Anatomy(p).fixed
    for name in PROJECTIONS:
        contacts = fixed[name] if name in fixed else values.pop(f"{name}.contacts")
        values[f"{name}.source"], values[f"{name}.target"] = contacts
    return values


def save(arrays, path):
    """Write named arrays of numbers."""
    with open(path, "wb") as file:
        for name, values in arrays.items():
            numbers = np.asarray(values, float).ravel()
            file.write(struct.pack("=ii", len(name), numbers.size) + name.encode() + numbers.tobytes())


def load(path):
    """Read named arrays of numbers."""
    content, arrays, place = Path(path).read_bytes(), {}, 0
    while place < len(content):
        length, n = struct.unpack_from("=ii", content, place)
        name = content[place + 8 : place + 8 + length].decode()
        arrays[name] = np.frombuffer(content, float, n, place + 8 + length)
        place += 8 + length + 8 * n
    return arrays


def simulate(binary, prepared, seed, work):
    """Run the program on saved inputs; return what it says, and what it recorded by the names of the model."""
    out = work / "by_hand.out"
    said = measure([binary, prepared, seed, out])
    got = load(out)
    arrays = {
        "spikes.i": got["spikes.i"].astype(int),
        "spikes.t": got["spikes.step"] * float(DT),
        "pv_spikes.t": got["pv_spikes.step"] * float(DT),
        "weights.w": got["afferent.w"][None],
        "cells.maturity": got["pyramidal.maturity"][None],
        "hold.strength": got["pv.strength"][None] * 1e-9,
    }
    return said, Recording(arrays, {}, said["seconds"], said["wall"], float(DT))
