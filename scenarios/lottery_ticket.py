"""A small part of a network, trained alone from where it began, does as well as the whole: a lottery ticket.

The essay's sculpture: what is needed is in the block already, the rest is taken away. Frankle & Carbin 2019
(arXiv:1803.03635) prune the smallest weights of a trained network and train what is left again from its own first
values. Two controls tell what the ticket owes to its first values and what to its connections: the same connections
with other first values, and as many other connections with the same first values. The mask is the outcome of training:
nothing here says that the ticket was found before it.
"""

from typing import TYPE_CHECKING

import numpy as np

from cortex import main
from cortex.analysis.statistics import paired_difference
from cortex.experiment.coordinates import Variable
from cortex.experiment.measure import Condition, Measure
from cortex.experiment.scenario import Scenario
from cortex.experiment.streams import Streams
from models.deep.digits import Floats
from models.deep.pruning import tickets
from models.deep.ticket import SPARSE, TicketParameters, judged

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cortex.engine.recording import Recording

CONTROLS = {"reinitialised": "reinit", "random_mask": "random"}
"""Arms that the ticket is compared with, and what their measures are called."""


def calculate(p: TicketParameters, streams: Streams) -> dict[str, dict[str, Variable]]:
    """Train the ticket of every round, and the controls of some."""
    return tickets(p, streams)


def analyse(p: TicketParameters, recordings: "dict[str, Recording]") -> tuple[dict[str, float], dict[str, float]]:
    """Compare the ticket with the whole and with its controls; of the sparse rounds the worse one counts."""
    ticket, rounds = recordings["ticket"], [p.compared[at] for at in judged(p)]
    accuracy, steps = ticket["accuracy"][..., -1], steps_to(p, ticket)
    whole, whole_steps = accuracy[0], steps[0].mean()
    measures = {
        "accuracy_dense": float(whole.mean()),
        "accuracy_ticket": float(accuracy[rounds].mean(axis=1).min()),
        "steps_dense": float(whole_steps),
        "steps_ticket": float(steps[rounds].mean(axis=1).max()),
        "ticket_minus_dense": float((accuracy[rounds] - whole).mean(axis=1).min()),
        "steps_over_dense": float(steps[rounds].mean(axis=1).max() / whole_steps),
    }
    for arm, name in CONTROLS.items():
        control, control_steps = recordings[arm]["accuracy"][judged(p), :, -1], steps_to(p, recordings[arm])[judged(p)]
        gains = [paired_difference(*pair) for pair in zip(accuracy[rounds], control, strict=True)]
        ratios = steps[rounds].mean(axis=1) / control_steps.mean(axis=1)
        measures |= {
            f"accuracy_{name}": float(control.mean(axis=1).max()),
            f"ticket_minus_{name}": min(gain.mean for gain in gains),
            f"ticket_minus_{name}_low": min(gain.low for gain in gains),
            f"steps_over_{name}": float(ratios.max()),
        }
    return measures, {}


def steps_to(p: TicketParameters, run: "Recording") -> Floats:
    """Return the step of the test at which each network first met the criterion; the last one if none did."""
    met = run["accuracy"] >= p.criterion
    return np.asarray(np.where(met.any(axis=-1), run["step"][met.argmax(axis=-1)], p.steps))


def figures(p: TicketParameters, recordings: "dict[str, Recording]") -> "dict[str, Figure]":
    """Draw accuracy and speed against the share of weights that is kept."""
    from cortex.report.ticket import figure_ticket

    names = {
        "ticket": "ticket",
        "reinitialised": "same connections, new first values",
        "random_mask": "random connections, same first values",
    }
    curves = {
        name: (recordings[arm]["kept"], recordings[arm]["accuracy"][..., -1], steps_to(p, recordings[arm]))
        for arm, name in names.items()
    }
    return {"ticket": figure_ticket(curves, p.criterion, p.steps, SPARSE)}


WORSE = "15 to 21 % of the weights kept, the worse level."
"""Where the ticket is judged."""

CONTROLLED = ", trained after the rounds `compared` alone; the better level."
"""Where controls are judged."""

SCENARIO = Scenario(
    name="lottery_ticket",
    title="Does a small part of a network, trained alone from where it began, do as well as the whole?",
    citation="Frankle & Carbin 2019, arXiv:1803.03635; Frankle et al. 2020, arXiv:1912.05671 (larger networks);"
    " Zhou et al. 2019, arXiv:1905.01067 (the mask is trained)",
    parameters=TicketParameters(),
    calculate=calculate,
    analyse=analyse,
    figures=figures,
    quick={"seeds": "3", "steps": "200", "compared": "5"},
    nulls={
        "any_weights_stay": Condition(
            "A round takes away any weights, not the smallest.",
            {"largest_stay": "false"},
            misses=("ticket_minus_dense", "ticket_minus_random_low"),
        ),
        "new_start": Condition(
            "What stays begins each round with other first values.",
            {"rewound": "false"},
            misses=("ticket_minus_reinit_low", "steps_over_reinit"),
        ),
    },
    measures=(
        Measure("accuracy_dense", "Test accuracy of the whole network."),
        Measure("accuracy_ticket", f"Test accuracy of the ticket; {WORSE}"),
        Measure("accuracy_reinit", f"The same connections with other first values{CONTROLLED}"),
        Measure("accuracy_random", f"As many other connections with the same first values{CONTROLLED}"),
        Measure("ticket_minus_dense", f"Accuracy of the ticket above the whole; {WORSE}", expected=(-0.01, None)),
        Measure(
            "ticket_minus_reinit",
            f"Accuracy of the ticket above the same connections with other first values; {WORSE}",
            expected=(0.002, None),
        ),
        Measure("ticket_minus_reinit_low", "The lower end of its 95 % interval over paired seeds.", expected=(0, None)),
        Measure(
            "ticket_minus_random",
            f"Accuracy of the ticket above as many other connections with the same first values; {WORSE}",
            expected=(0.01, None),
        ),
        Measure("ticket_minus_random_low", "The lower end of its 95 % interval over paired seeds.", expected=(0, None)),
        Measure("steps_dense", "Steps of the whole network to the criterion; the last step if it is not met."),
        Measure("steps_ticket", f"Steps of the ticket, counted as steps_dense; {WORSE}"),
        Measure(
            "steps_over_dense", "Steps of the ticket over those of the whole; the worse level.", expected=(None, 0.6)
        ),
        Measure(
            "steps_over_reinit",
            "Steps of the ticket over those with other first values; the worse level.",
            expected=(None, 0.4),
        ),
        Measure("steps_over_random", "Steps of the ticket over those of other connections; the worse level."),
    ),
    main_figure="ticket",
)

if __name__ == "__main__":
    main(SCENARIO)
