"""A sheet of area 3b with five digits: the finger area that grows when fingertips are trained on a rotating disc.

The sheet is a patch of layer 4 and 3 of one hand's glabrous digits, lateral (D1) to medial (D5) and caudal (proximal
phalanges) to rostral (tips). Thalamic axons keep the order of the skin and arborize over 0.5 to 0.7 mm (Garraghty &
Sur 1990, J Comp Neurol 294:583), which limits how far a copy can form. A stated fraction of the pyramidal cells is
idle: they have their arbor of contacts, but the contacts are nearly silent (25 % of the synapses of adult pyramidal
cells are silent: Vardalaki et al. 2022, doi:10.1038/s41586-022-05483-6).

Cell density is scaled down: about 100,000 neurons lie under 1 mm^2 of this cortex (recalled; macaque cortex 93,000
to 177,000, Turner et al. 2016), the sheet has `sheet.density`. Distances in cortex and skin are not scaled.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from brian2 import Network, Quantity, SpikeMonitor, StateMonitor, TimedArray, defaultclock, mm, ms, nS, second
from scipy.spatial import KDTree

from cortex.experiment.engine import Model
from cortex.experiment.parameters import Parameters, parameter
from cortex.experiment.protocol import Block, Protocol
from cortex.experiment.streams import Streams
from cortex.mechanisms.circuit import CircuitParameters, Contacts, Wiring, build_circuit, circuit_inputs
from cortex.mechanisms.copying import Copying
from cortex.mechanisms.gates import GATES, gates, released_fraction
from cortex.mechanisms.recruitment import Recruitment
from cortex.mechanisms.skin import DIGITS, DISTAL, HAND, STIMULUS, Afferents, receptors, skin_afferents

DT = 0.5 * ms
SLOT = 50 * ms


class Sheet(Parameters):
    """The cortical sheet."""

    digit_width: Quantity = parameter(
        "0.6 mm",
        "Width of one digit's strip.",
        bounds=("0.2 mm", "3 mm"),
        per_run=False,
        source="0.6 to 1.0 mm^2 per digit, 0.15 to 0.4 mm^2 per distal pad, recalled; varies severalfold (Merzenich 1987)",
    )
    proximal_length: Quantity = parameter(
        "0.28 mm",
        "Length of the proximal phalanx's zone.",
        bounds=("0.1 mm", "3 mm"),
        source="see digit_width",
        per_run=False,
    )
    middle_length: Quantity = parameter(
        "0.3 mm",
        "Length of the middle phalanx's zone.",
        bounds=("0.1 mm", "3 mm"),
        source="see digit_width",
        per_run=False,
    )
    distal_length: Quantity = parameter(
        "0.42 mm",
        "Length of the distal phalanx's zone.",
        bounds=("0.1 mm", "3 mm"),
        source="see digit_width",
        per_run=False,
    )
    density: Quantity = parameter(
        "500/mm^2",
        "Pyramidal cells per area: 0.5 % of the real density.",
        bounds=("50/mm^2", "5000/mm^2"),
        source="scaled down from about 100,000/mm^2",
        per_run=False,
    )
    pv_density: Quantity = parameter(
        "100/mm^2",
        "PV cells per area.",
        bounds=("10/mm^2", "1000/mm^2"),
        source="80:20 excitatory to inhibitory, PV the larger part; recalled",
        per_run=False,
    )
    idle_fraction: float = parameter(
        0.85, "Fraction of pyramidal cells that are idle.", bounds=(0, 0.95), source="60 to 90 %, Shoham et al. 2006"
    )
    arbor_radius: Quantity = parameter(
        "0.3 mm",
        "Radius of a thalamic arbor.",
        bounds=("0.05 mm", "2 mm"),
        per_run=False,
        source="0.5 to 0.7 mm wide, Garraghty & Sur 1990",
    )
    lateral_radius: Quantity = parameter(
        "0.35 mm",
        "Reach of pyramidal cells.",
        bounds=("0.05 mm", "2 mm"),
        per_run=False,
        source="dense within 0.5 mm, sigma 0.2 to 0.35 mm; recalled",
    )
    inhibition_radius: Quantity = parameter(
        "0.15 mm",
        "Reach of PV cells, both ways.",
        bounds=("0.05 mm", "2 mm"),
        per_run=False,
        source="sigma 0.12 to 0.2 mm; recalled",
    )
    lateral_probability: float = parameter(
        0.2,
        "Probability that a pyramidal cell contacts another within its reach.",
        bounds=(0.01, 1),
        source="0.1 to 0.2, Lefort et al. 2009, recalled",
    )
    contacts: float = parameter(
        50.0,
        "Thalamic contacts of a pyramidal cell, in units of one full afferent.",
        bounds=(1, 1000),
        source="own choice",
        per_run=True,
    )


class Training(Parameters):
    """Protocol: normal use, training on the disc, release."""

    control: bool = parameter(
        True, "Whether an untrained control of the same seed is simulated too.", source="protocol"
    )
    digits: tuple[int, ...] = parameter((2, 3), "Trained digits, 1 to 5.", bounds=(1, 5), source="Jenkins et al. 1990")
    settle: Quantity = parameter("100 s", "The normal map settles.", bounds=("1 s", "10000 s"), per_run=False)
    calibrate: Quantity = parameter("60 s", "Set points are learned.", bounds=("1 s", "10000 s"), per_run=False)
    dose: Quantity = parameter("240 s", "Training on the disc.", bounds=("1 s", "10000 s"), per_run=False)
    test: Quantity = parameter(
        "20 s",
        "The disc is tried without plasticity, before and after training.",
        bounds=("1 s", "1000 s"),
        per_run=False,
    )
    release: Quantity = parameter("100 s", "Training goes on after release.", bounds=("1 s", "10000 s"), per_run=False)
    contact: float = parameter(0.8, "Fraction of contacts of a trained digit that are with the disc.", bounds=(0, 1))
    use: float = parameter(0.6, "Fraction of time a digit is touched in normal use.", bounds=(0, 1))
    touch_radius: float = parameter(1.5, "Radius (standard deviation) of a normal touch, mm.", bounds=(0.1, 10))
    touch_depth: float = parameter(1.2, "Indentation by a normal touch, in ridges of the disc.", bounds=(0, 10))
    touch_speed: float = parameter(40.0, "Speed of a normal touch, mm/s.", bounds=(0, 500))
    ridge_period: float = parameter(6.0, "Distance of the ridges of the disc, mm.", bounds=(0.5, 50))
    disc_speed: float = parameter(60.0, "Speed of the disc's surface, mm/s.", bounds=(0, 500))
    disc_spread: float = parameter(
        90.0, "The disc moves along the finger within this angle, degrees.", bounds=(0, 180), source="own choice"
    )
    disc_depth: float = parameter(1.0, "Height of the ridges, in units of the gains.", bounds=(0, 10))


class Mapping(Parameters):
    """Virtual electrodes and probes."""

    electrode_spacing: Quantity = parameter(
        "0.14 mm", "Distance of the sites.", bounds=("0.03 mm", "1 mm"), source="196 sites; 70 to 258, Recanzone 1993"
    )
    electrode_radius: Quantity = parameter(
        "0.08 mm",
        "Distance within which a site hears cells.",
        bounds=("0.01 mm", "1 mm"),
        source="multi-unit, own choice",
    )
    probe_spacing: float = parameter(
        1.25, "Distance of probed places on the skin, mm.", bounds=(0.3, 10), per_run=False
    )
    probe_radius: float = parameter(0.8, "Radius (standard deviation) of the probe, mm.", bounds=(0.1, 5))
    probe_depth: float = parameter(1.5, "Indentation by the probe, in ridges of the disc.", bounds=(0, 10))
    repeats: int = parameter(2, "Presentations of each probe.", bounds=(1, 100), per_run=False)
    blanks: int = parameter(20, "Presentations of no probe in each repeat.", bounds=(2, 1000), per_run=False)
    threshold: float = parameter(
        3.0, "Standard deviations over the baseline at which a site responds.", bounds=(0.5, 20), source="own choice"
    )


class FingerParameters(CircuitParameters):
    """Parameters of the finger area."""

    copying: Copying = Copying(learning_rate=0.02, covariance=0.5, weight_conductance=6 * nS)
    recruitment: Recruitment = Recruitment(teacher_conductance=60 * nS)
    sheet: Sheet = Sheet()
    afferents: Afferents = Afferents()
    training: Training = Training()
    mapping: Mapping = Mapping()


@dataclass(frozen=True)
class Anatomy:
    """Places in cortex and who reaches whom; all of it follows from the parameters, nothing is drawn."""

    p: FingerParameters

    @cached_property
    def size(self) -> tuple[float, float]:
        """Extent of the sheet, lateral to medial and caudal to rostral, mm."""
        return DIGITS * float(self.p.sheet.digit_width / mm), float(self.zones[-1])

    @cached_property
    def zones(self) -> np.ndarray:
        """Borders of the phalanges' zones, mm from the caudal edge, shape (4,)."""
        s = self.p.sheet
        return np.cumsum([0.0] + [float(x / mm) for x in (s.proximal_length, s.middle_length, s.distal_length)])

    def lattice(self, spacing: float) -> np.ndarray:
        """Fill the sheet with a square lattice, shape (point, 2), mm."""
        x, y = (np.arange(spacing / 2, extent, spacing) for extent in self.size)
        return np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1).reshape(-1, 2)

    @cached_property
    def pyramidal(self) -> np.ndarray:
        """Places of the pyramidal cells, mm."""
        return self.lattice(1 / np.sqrt(float(self.p.sheet.density * mm**2)))

    @cached_property
    def pv(self) -> np.ndarray:
        """Places of the PV cells, mm."""
        return self.lattice(1 / np.sqrt(float(self.p.sheet.pv_density * mm**2)))

    @cached_property
    def afferents(self) -> np.ndarray:
        """Centres of the thalamic arbors in cortex, mm: the order of the skin is kept."""
        skin = receptors(self.p.afferents)
        width = float(self.p.sheet.digit_width / mm)
        x = (skin.digit + 0.5 + skin.x / HAND.width) * width
        return np.stack([x, np.interp(skin.y, HAND.joints, self.zones)], axis=1)

    @cached_property
    def wiring(self) -> Wiring:
        """Who reaches whom."""
        s = self.p.sheet
        lateral = reach(self.pyramidal, self.pyramidal, s.lateral_radius)
        others = lateral[0] != lateral[1]
        return Wiring(
            afferent=reach(self.afferents, self.pyramidal, s.arbor_radius),
            lateral=(lateral[0][others], lateral[1][others]),
            recurrent=reach(self.pyramidal, self.pv, s.inhibition_radius),
            feedforward=reach(self.afferents, self.pv, s.arbor_radius),
            inhibition=reach(self.pv, self.pyramidal, s.inhibition_radius),
        )

    @cached_property
    def arbor(self) -> np.ndarray:
        """Density of contacts of each afferent synapse; every cell has the same number in all."""
        source, target = self.wiring.afferent
        distance = np.linalg.norm(self.afferents[source] - self.pyramidal[target], axis=1)
        profile = np.exp(-((distance / float(self.p.sheet.arbor_radius / mm)) ** 4))
        return profile * self.p.sheet.contacts / np.bincount(target, weights=profile)[target]


def reach(sources: np.ndarray, targets: np.ndarray, radius: Quantity) -> Contacts:
    """Pair every source with the targets within a radius, ordered by source."""
    near = KDTree(targets).query_ball_point(sources, float(radius / mm), return_sorted=True)
    return np.repeat(np.arange(len(sources)), [len(found) for found in near]), np.concatenate(near).astype(int)


def build(p: FingerParameters) -> Model:
    """Build the network; nothing in it is random."""
    defaultclock.dt = DT
    anatomy = Anatomy(p)
    slots = protocol(p, np.random.default_rng(0), trained=True).slots
    declared = gates(slots, SLOT)
    stimulus = {name: TimedArray(np.zeros((slots, DIGITS)), dt=SLOT, name=name) for name in STIMULUS}
    afferents = skin_afferents(len(anatomy.afferents), stimulus, SLOT)
    circuit = build_circuit(p, afferents, len(anatomy.pyramidal), len(anatomy.pv), anatomy.wiring, declared)
    contacts = np.arange(len(anatomy.wiring.afferent[0]))
    every = np.arange(len(anatomy.pyramidal))
    monitors = [
        SpikeMonitor(circuit.pyramidal, name="spikes"),
        SpikeMonitor(circuit.pv, name="pv_spikes"),
        StateMonitor(circuit.afferent, "w", record=contacts, dt=20 * second, name="weights"),
        StateMonitor(circuit.pyramidal, "maturity", record=every, dt=5 * second, name="cells"),
        StateMonitor(circuit.pv, "strength", record=np.arange(len(anatomy.pv)), dt=5 * second, name="hold"),
    ]
    inputs = circuit.inputs | stimulus
    inputs |= {f"skin.{name}": getattr(afferents, name) for name in ("x", "y", "digit", "slowly_adapting")}
    inputs |= {f"afferents.{name}": getattr(afferents, name) for name in AFFERENT_CONSTANTS}
    return Model(Network(*circuit.objects, *monitors), inputs, {}, slots * SLOT, DT)


AFFERENT_CONSTANTS = ("background_rate", "sa1_gain", "ra_gain", "ridge_sharpness", "skin_time_constant")


def run_inputs(p: FingerParameters, streams: Streams, trained: bool) -> dict[str, Any]:
    """Give everything that one run sets.

    Parameters
    ----------
    trained : bool
        Whether the trained digits touch the disc, or are used as before (control).
    """
    anatomy, rng, skin = Anatomy(p), streams.weights, receptors(p.afferents)
    established = rng.random(len(anatomy.pyramidal)) >= p.sheet.idle_fraction
    source, target = anatomy.wiring.afferent
    distance = np.linalg.norm(anatomy.afferents[source] - anatomy.pyramidal[target], axis=1)
    near = np.exp(-(distance**2) / (2 * (float(p.sheet.arbor_radius / mm) / 2) ** 2))
    noise = rng.random(len(source))
    weights = anatomy.arbor * np.where(established[target], 0.6 * near + 0.1 * noise, 0.04 * noise)
    touching = rng.random(len(anatomy.wiring.lateral[0])) < p.sheet.lateral_probability
    values = circuit_inputs(p, anatomy.wiring, established, len(anatomy.pv), weights, anatomy.arbor, touching, rng)
    run = protocol(p, streams.stimuli, trained)
    values |= {f"gate.{name}": run.array(name) for name in GATES}
    values |= {name: run.array(name, (DIGITS,)) for name in STIMULUS}
    values |= {f"afferents.{name}": p.afferents.get(name) for name in AFFERENT_CONSTANTS}
    values |= {f"skin.{name}": getattr(skin, name) for name in ("x", "y", "digit", "slowly_adapting")}
    return values


def protocol(p: FingerParameters, rng: np.random.Generator, trained: bool) -> Protocol:
    """Lay out the run: the normal map, training under the hold, release, and a map after each."""
    t = p.training
    held = {"hold": float(p.normalization.enabled)}

    test = contacts(p, np.random.default_rng(0), round(float(t.test / SLOT)), disc=True)

    def live(name: str, duration: Quantity, disc: bool, **values: float | np.ndarray) -> Block:
        slots = round(float(duration / SLOT))
        return Block(name, slots, held | contacts(p, rng, slots, disc and trained) | values)

    way = p.normalization.release
    slots = round(float(t.release / SLOT))
    released = released_fraction(way, slots, p.normalization.release_residual)
    kept = float(way == "never")
    learning = {"plasticity": 1.0, "coupling": 1.0, "hold_plasticity": 1.0}
    return Protocol(
        SLOT,
        (
            live("settle", t.settle, False, plasticity=1.0, calibration=5.0),
            live("calibrate", t.calibrate, False, calibration=1.0),
            Block("disc before", round(float(t.test / SLOT)), held | test),
            probing(p, "map before", **held),
            live("train", t.dose, True, **learning),
            Block("disc trained", round(float(t.test / SLOT)), held | test | {"coupling": 1.0}),
            probing(p, "map trained", coupling=1.0, **held),
            live("release", t.release, True, plasticity=1.0, coupling=kept, hold_plasticity=kept, released=released),
            probing(p, "map released", coupling=kept, released=float(released[-1]), **held),
        ),
    )


CONTACT_SLOTS = 4
"""A touch, or a stay on the disc, lasts this many slots."""


def contacts(p: FingerParameters, rng: np.random.Generator, slots: int, disc: bool) -> dict[str, np.ndarray]:
    """Draw what touches each digit: moving touches anywhere, and the ridged disc on the tips of trained digits.

    The draws are the same with and without the disc.
    """
    t = p.training
    n = -(-slots // CONTACT_SLOTS)
    shape = (n, DIGITS)
    touched = rng.random(shape) < t.use
    heading, phase = (rng.uniform(0, 2 * np.pi, shape) for _ in range(2))
    turn = np.pi / 2 + np.deg2rad(rng.uniform(-t.disc_spread, t.disc_spread, shape))
    x, y = rng.uniform(-HAND.width / 2, HAND.width / 2, shape), rng.uniform(0, HAND.length, shape)
    on_disc = (rng.random(shape) < t.contact) & disc & np.isin(np.arange(1, DIGITS + 1), t.digits)
    tip = HAND.length - HAND.phalanges[DISTAL] / 2
    drawn = {
        "depth": np.where(on_disc, t.disc_depth, t.touch_depth * touched),
        "radius": np.where(on_disc, DISC_RADIUS, t.touch_radius),
        "contact_x": np.where(on_disc, 0, x),
        "contact_y": np.where(on_disc, tip, y),
        "velocity_x": np.where(on_disc, 0, t.touch_speed * np.cos(heading)),
        "velocity_y": np.where(on_disc, 0, t.touch_speed * np.sin(heading)),
        "ridged": on_disc.astype(float),
        "wave_x": 2 * np.pi / t.ridge_period * np.cos(turn),
        "wave_y": 2 * np.pi / t.ridge_period * np.sin(turn),
        "wave_frequency": np.full(shape, 2 * np.pi / t.ridge_period * t.disc_speed),
        "wave_phase": phase,
    }
    lasting = {name: np.repeat(value, CONTACT_SLOTS, axis=0)[:slots] for name, value in drawn.items()}
    since = (np.arange(slots) % CONTACT_SLOTS * float(SLOT))[:, None]
    lasting["contact_x"] = lasting["contact_x"] + lasting["velocity_x"] * since
    lasting["contact_y"] = lasting["contact_y"] + lasting["velocity_y"] * since
    lasting["wave_phase"] = lasting["wave_phase"] + lasting["wave_frequency"] * since
    return lasting


DISC_RADIUS = 4.0
"""Contact of the disc, 8 mm wide: more than the pad."""
PROBE_SLOTS, PAUSE_SLOTS = 4, 1
TOGETHER = ((0, 2, 4), (1, 3))
"""Digits probed at the same time: no thalamic arbor reaches from one to the next but one."""


def probe_places(p: FingerParameters) -> np.ndarray:
    """Give the probed places of one digit, (x, y) in mm, shape (place, 2)."""
    x, y = (
        (np.arange(round(extent / p.mapping.probe_spacing)) + 0.5) * extent / round(extent / p.mapping.probe_spacing)
        for extent in (HAND.width, HAND.length)
    )
    return np.stack(np.meshgrid(x - HAND.width / 2, y, indexing="ij"), axis=-1).reshape(-1, 2)


def probe_order(p: FingerParameters) -> np.ndarray:
    """Give what is shown in each presentation, shape (presentation, 2): place (-1 for nothing) and which digits.

    It is the same in every map and run.
    """
    rng = np.random.default_rng(0)
    every = [(place, group) for place in range(len(probe_places(p))) for group in range(len(TOGETHER))]
    repeat = every + [(-1, 0)] * p.mapping.blanks
    return np.concatenate([rng.permutation(repeat) for _ in range(p.mapping.repeats)])


def probing(p: FingerParameters, name: str, **values: float) -> Block:
    """Map: press a small probe on every place of every digit, without plasticity."""
    order, places = probe_order(p), probe_places(p)
    group = np.array([[digit in together for digit in range(DIGITS)] for together in TOGETHER])
    shown = group[order[:, 1]] & (order[:, 0] >= 0)[:, None]
    at = np.repeat(places[order[:, 0]][:, None, :], DIGITS, axis=1)
    lasting = [True] * PROBE_SLOTS + [False] * PAUSE_SLOTS
    depth = (p.mapping.probe_depth * shown)[:, None, :] * np.array(lasting)[None, :, None]

    def stay(value: np.ndarray) -> np.ndarray:
        return np.repeat(value, len(lasting), axis=0)

    stimulus = {
        "depth": depth.reshape(-1, DIGITS),
        "radius": p.mapping.probe_radius,
        "contact_x": stay(at[:, :, 0]),
        "contact_y": stay(at[:, :, 1]),
    }
    return Block(name, len(order) * len(lasting), stimulus | values)


def layout(p: FingerParameters) -> Protocol:
    """Give the protocol with its times; which stimuli were drawn does not matter here."""
    return protocol(p, np.random.default_rng(0), trained=True)
