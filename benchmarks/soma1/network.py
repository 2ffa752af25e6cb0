"""SOMA-1: its numbers, its stimulus, its connectivity, and the report every implementation gives.

Run it to write the network files of a scale: ``python network.py --scale 1 --work work``.
"""

import argparse
import json
import resource
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve().parent
DIGITS = 5


@dataclass(frozen=True)
class Soma1:
    """The numbers of SOMA-1. Times in ms, potentials in mV, rates in Hz."""

    scale: int = 1  # neurons times scale, all-to-all synapses times scale squared
    interval: float = 100.0  # duration of one stimulus
    rate_on: float = 50.0  # afferent of the stimulated digit
    rate_off: float = 5.0  # all other afferents
    E_L: float = -65.0  # rest and reset
    V_th: float = -50.0
    tau_m_E: float = 20.0
    tau_m_I: float = 10.0
    refractory_E: float = 2.0
    refractory_I: float = 1.0
    tau_e: float = 5.0  # excitatory current
    tau_i: float = 10.0  # inhibitory current
    tau_trace: float = 20.0  # every plasticity trace
    eta: float = 0.02  # A->E pair STDP
    alpha: float = 1.05  # depression over potentiation
    eta_I: float = 0.005  # I->E plasticity
    alpha_I: float = 0.2  # 2 * 5 Hz * tau_trace
    w_I0: float = 0.3

    @property
    def n_A(self):
        return 500 * self.scale

    @property
    def n_E(self):
        return 400 * self.scale

    @property
    def n_I(self):
        return 100 * self.scale

    @property
    def per_digit(self):
        """Return the number of afferents of one digit."""
        return self.n_A // DIGITS

    @property
    def J_A(self):
        return 1.6 / self.scale

    @property
    def J_EI(self):
        return 3.0 / self.scale

    @property
    def J_EE(self):
        return 0.5 / self.scale

    @property
    def J_I(self):
        return 15.0 / self.scale


def stimulated_digits(intervals):
    """Return the digit stimulated in each interval (a linear congruential generator, the same everywhere)."""
    state, digits = 12345, []
    for _ in range(intervals):
        state = (1103515245 * state + 12345) % 2**31
        digits.append((state >> 16) % DIGITS)
    return np.array(digits)


def stimulus_rates(seconds, p):
    """Return the rate of each digit in each interval, Hz, shape (interval, digit); one interval beyond the end."""
    digits = stimulated_digits(int(np.ceil(seconds * 1000 / p.interval)) + 1)
    rates = np.full((len(digits), DIGITS), p.rate_off)
    rates[np.arange(len(digits)), digits] = p.rate_on
    return rates


def generate(scale):
    """Return w0 (A, E), v0 (E then I) and the (source, target) pairs ei, ie, ee."""
    p = Soma1(scale)
    rng = np.random.default_rng(1)
    w0 = rng.uniform(0.2, 0.6, (p.n_A, p.n_E)).astype("f4")
    v0 = rng.uniform(-65, -50, p.n_E + p.n_I).astype("f4")
    ei = np.argwhere(rng.random((p.n_E, p.n_I)) < 0.2).astype("i4")
    ie = np.argwhere(rng.random((p.n_I, p.n_E)) < 0.4).astype("i4")
    ring = np.arange(p.n_E)
    distance = np.abs(ring[:, None] - ring[None]) / p.n_E
    distance = np.minimum(distance, 1 - distance)
    probability = 0.4 * np.exp(-(distance**2) / (2 * 0.1**2))
    np.fill_diagonal(probability, 0)
    ee = np.argwhere(rng.random((p.n_E, p.n_E)) < probability).astype("i4")
    return dict(w0=w0, v0=v0, ei=ei, ie=ie, ee=ee)


def inputs(p: Soma1, net: dict[str, np.ndarray]) -> dict[str, Any]:
    """Give what one run sets in our model."""
    return {
        "A.digit": np.arange(p.n_A) // p.per_digit,
        "E.v": net["v0"][: p.n_E],
        "I.v": net["v0"][p.n_E :],
        "A_E.w": net["w0"].ravel(),
        "A_E.eta": p.eta,
        "I_E.w": p.w_I0,
    }


def binary_path(work, scale):
    """Return the network file of the C++ program."""
    return Path(work) / "data" / f"soma1_s{scale}.bin"


def prepare(work, scale):
    """Write the network files of a scale unless they exist: .npz for Python, .bin for C++."""
    binary = binary_path(work, scale)
    archive = binary.with_suffix(".npz")
    if binary.exists() and archive.exists():
        return
    binary.parent.mkdir(parents=True, exist_ok=True)
    p, net = Soma1(scale), generate(scale)
    np.savez(archive, **net)
    with open(binary, "wb") as file:
        np.array([p.n_A, p.n_E, p.n_I, len(net["ei"]), len(net["ie"]), len(net["ee"])], "i4").tofile(file)
        for name in ("w0", "v0", "ei", "ie", "ee"):
            net[name].tofile(file)


def load(work, scale):
    """Return the connectivity and initial values of a scale, writing them first if they are missing."""
    prepare(work, scale)
    with np.load(binary_path(work, scale).with_suffix(".npz")) as archive:
        return {name: archive[name] for name in archive.files}


def summary(net, seconds, counts_A, counts_E, counts_I, w, w_inh):
    """Return rates (Hz), weight statistics and the number of synaptic events.

    Events are pre deliveries of all projections and post-spike updates (A->E: all afferents per E spike;
    I->E: the in-degree per E spike).
    """
    n_A, n_E = net["w0"].shape
    n_I = len(counts_I)
    per_E = (
        n_A
        + np.bincount(net["ei"][:, 0], minlength=n_E)
        + np.bincount(net["ee"][:, 0], minlength=n_E)
        + np.bincount(net["ie"][:, 1], minlength=n_E)
    )
    per_I = np.bincount(net["ie"][:, 0], minlength=n_I)
    events = np.sum(counts_A) * n_E + np.sum(counts_E * per_E) + np.sum(counts_I * per_I)
    return dict(
        rate_A=float(np.mean(counts_A) / seconds),
        rate_E=float(np.mean(counts_E) / seconds),
        rate_I=float(np.mean(counts_I) / seconds),
        w_mean=float(np.mean(w)),
        w_sd=float(np.std(w)),
        w_low=float(np.mean(w < 0.1)),
        w_high=float(np.mean(w > 0.9)),
        w_inh=float(np.mean(w_inh)),
        events=int(events),
    )


def arguments(description):
    """Return the parser of the options that all implementations share."""
    parser = argparse.ArgumentParser(description=description)
    add = parser.add_argument
    add("--seconds", type=float, default=20.0, help="biological time (default 20)")
    add("--dt", type=float, default=0.1, help="time step in ms (default 0.1)")
    add("--scale", type=int, default=1, help="1, 2 or 4 (default 1)")
    add("--seed", type=int, default=1)
    add("--eta", type=float, default=Soma1.eta, help="A->E learning rate")
    add("--work", type=Path, default=HERE / "work", help="output folder (default: work beside the scripts)")
    add("--save", type=Path, help="write the A->E weights to this .npy file, shape (afferent, E)")
    return parser


def report(result, w, save):
    """Print the result as the last line, one JSON object; save the weights if asked."""
    if save:
        np.save(save, np.asarray(w, "f4"))
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(json.dumps({**result, "children_MB": children}))


if __name__ == "__main__":
    options = arguments("Write the network files of a scale.").parse_args()
    prepare(options.work, options.scale)
    print(binary_path(options.work, options.scale))
