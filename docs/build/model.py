"""Write the equations and the parameters of the models into docs/model.md.

    python -m docs.build.model

Equations are read from the networks that are simulated and from the mechanisms that they are made of, parameters from
their declarations; nothing is set here. A test compares the page with what this writes.
"""

from collections.abc import Iterable
from typing import Any

from brian2 import BrianLogger, prefs

from cortex.engine.model import Model
from cortex.experiment.parameters import Parameters, Row
from cortex.mechanisms.copying import RULES
from cortex.mechanisms.description import events, populations, projections, written
from cortex.mechanisms.lateral_inhibition import ADAPT, KINDS
from cortex.mechanisms.mechanism import Mechanism
from docs.build import write
from models import finger_area, fingertip, pair
from models.finger_area.parameters import FingerParameters
from models.fingertip import cycles, shares, speed
from models.fingertip.cycles import CycleParameters
from models.fingertip.parameters import FingertipParameters
from models.fingertip.shares import SharesParameters
from models.fingertip.speed import SpeedParameters
from models.learner import network as learner
from models.learner.parameters import LearnerParameters
from models.pair.parameters import PairParameters

PAGE = "model.md"
MODELS: dict[str, tuple[Any, Parameters]] = {
    "pair": (pair, PairParameters()),
    "finger_area": (finger_area, FingerParameters()),
    "fingertip": (fingertip, FingertipParameters()),
    "learner": (learner, LearnerParameters()),
}
LIKE_PAIR = {"finger_area": "The finger area", "fingertip": "The fingertip"}
"""Models that share the circuit of the pair, of which only what differs is written."""

LIKE_FINGERTIP: dict[str, tuple[Any, Parameters]] = {
    "finger_learning_speed": (speed, SpeedParameters()),
    "repeated_expansion": (cycles, CycleParameters()),
    "unequal_shares": (shares, SharesParameters()),
}
"""The fingertip as other scenarios have it, of which only what differs from it is written."""


def texts() -> dict[str, str]:
    """Return what stands between each pair of markers of the page."""
    return {
        "gates": gates(),
        "equations": equations(),
        "alternatives": alternatives(),
        "parameters": parameters(),
    }


def gates() -> str:
    """Return a table of what protocols open and close, over all models."""
    described = [values for _, values in (MODELS | LIKE_FINGERTIP).values()]
    named = [(name, getattr(values, name)) for values in described for name in type(values).model_fields]
    rows = {
        f"| `{gate}` | `{name}` | {sentence} |": None
        for name, section in named
        if isinstance(section, Mechanism)
        for gate, sentence in section.GATES.items()
    }
    return "\n".join(["| gate | section of parameters | what it opens |", "|---|---|---|", *rows])


def equations() -> str:
    """Return the equations of the pair and of the learner, and what differs from the pair in the others."""
    target, prefs.codegen.target = prefs.codegen.target, "numpy"  # nothing is simulated, so nothing need be compiled
    try:
        described = {name: _network(module.build(values), values) for name, (module, values) in MODELS.items()}
        varied = {name: _network(module.build(values), values) for name, (module, values) in LIKE_FINGERTIP.items()}
    finally:
        prefs.codegen.target = target
    parts = ["### The pair", *described["pair"]]
    for name, title in LIKE_PAIR.items():
        other = [text for text in described[name] if text not in described["pair"]]
        parts += [f"### {title}: as the pair, except for", *other]
    for name, texts in varied.items():
        other = [added(text, described["fingertip"]) for text in texts if text not in described["fingertip"]]
        parts += [f"### The fingertip of `{name}`: as the fingertip, and", *other]
    return "\n\n".join([*parts, "### The learner", *described["learner"]])


def added(text: str, described: list[str]) -> str:
    """Leave of a description the lines that others lack; what is done at an event stands below the event."""
    known = {line for other in described for line in other.splitlines()}
    title, _, code = text.partition("\n\n```\n")
    lines: list[str] = []
    event, new = "", False
    for line in code.removesuffix("\n```").splitlines():
        if line.endswith(":"):
            event, new = line, line not in known
        elif line and not line.startswith("#") and (line not in known or (new and line.startswith(" "))):
            lines += ["", event, line] if event and event not in lines else [line]
    return f"{title}\n\n{_code(lines)}"


def alternatives() -> str:
    """Return what spikes do under each copying rule and each kind of hold."""
    parts = []
    for name, rule in RULES.items():
        at = {"at an afferent's spike": rule.on_pre, "at the cell's spike": rule.on_post}
        parts.append(f"`copying.rule={name}`\n\n{_code([*written(rule.cell), *events(at)])}")
    for name, kind in KINDS.items():
        at = {"at a spike of a PV cell": kind.on_pre, "every 10 ms": "" if kind.adapt == ADAPT else kind.adapt}
        mismatch = [f"mismatch = (recurrent - {kind.expected})/usual_feedforward : 1"] if kind.pv else []
        parts.append(f"`normalization.kind={name}`\n\n{_code([*written(kind.pv), *mismatch, *events(at)])}")
    return "\n\n".join(parts)


def parameters() -> str:
    """Return a table of the parameters of each model; what others share with the pair stands once."""
    tables = {name: [_row(row) for row in values.describe()] for name, (_, values) in (MODELS | LIKE_FINGERTIP).items()}
    like = dict.fromkeys(LIKE_PAIR, "pair") | dict.fromkeys(LIKE_FINGERTIP, "fingertip")
    parts = []
    for name, table in tables.items():
        rows = [row for row in table if name not in like or row not in tables[like[name]]]
        title = f"### {name}" + (f": as the {like[name]}, except for" if name in like else "")
        head = "| parameter | value | bounds | meaning | source |\n|---|---|---|---|---|"
        parts.append("\n".join([title, "", head, *rows]))
    return "\n\n".join(parts)


def _network(model: Model, values: Parameters) -> list[str]:
    """Describe groups, then synapses, each in the order of their names."""
    groups = [f"**`{group.name}`**\n\n{_code(group.lines)}" for group in populations(model, values)]
    return [
        *groups,
        *(
            f"**`{synapses.name}`**, from `{synapses.source}` to `{synapses.target}`\n\n{_code(synapses.lines)}"
            for synapses in projections(model)
        ),
    ]


def _code(lines: Iterable[str]) -> str:
    return "```\n" + "\n".join(lines).strip("\n") + "\n```"


def _row(row: Row) -> str:
    cells = (f"`{row.name}`", row.written, row.bounds_text, row.sentence, row.source)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


if __name__ == "__main__":
    BrianLogger.suppress_name("unused_brian_object")
    write(PAGE, texts())
