"""Copy, hold, release in a deep network: split its units, learn new digits under a hold, let the copies part.

The cycle of the essay, for readers of machine learning. A small network has learned the digits 0 to 4. Each hidden unit
is split into K copies, with its incoming weights and the K-th part of its outgoing ones, as in Net2Net (Chen,
Goodfellow, Shlens 2015, arXiv:1511.05641) and Splitting Steepest Descent (Liu, Wu, Wang 2019, arXiv:1910.02366); then
all digits are learned. Under a hold the copies of a unit share one gain and one update; others learn at once, each for
itself. What theory says of copies is predicted from the network before the split. What the essay claims of them is
compared with networks of the same width that owe nothing to copying, each at its own best learning rate.
"""

from typing import TYPE_CHECKING

import numpy as np

from cortex import main
from cortex.analysis.statistics import ratio_interval
from cortex.experiment.coordinates import Variable
from cortex.experiment.measure import Condition, Measure
from cortex.experiment.scenario import Scenario
from cortex.experiment.streams import Streams
from models.deep.cycle import CLAIMS, ends_at, learning_at, run_cycle
from models.deep.growth import GrowthParameters

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cortex.engine.recording import Recording

OTHERS = {
    "copies": "copies that are not held",
    "layer_norm": "copies with LayerNorm in the place of the hold",
    "held": "copies that are held to the end",
    "random_units": "new units with random incoming weights and no outgoing ones",
    "scratch": "a network of the same width that begins anew with the new digits",
    "wide": "a network that had this width from the beginning",
}
"""What arms are, by name."""

ARMS = ("single", "released", "equal_copies", *OTHERS)

KEY = {
    "single": "one unit each",
    "released": "held, then released",
    "held": "held",
    "copies": "copies, no hold",
    "equal_copies": "copies, no hold, no noise",
    "layer_norm": "copies, LayerNorm",
    "random_units": "random new units",
    "wide": "wide from the beginning",
}
"""What the figure calls arms."""


def calculate(p: GrowthParameters, streams: Streams) -> dict[str, dict[str, Variable]]:
    """Train, split, probe what is predicted, and let all arms learn."""
    return run_cycle(p, streams)


def analyse(p: GrowthParameters, recordings: "dict[str, Recording]") -> tuple[dict[str, float], dict[str, float]]:
    """Compare probes with predictions, and arms with each other, each at its own best rate."""
    probe = recordings["probes"]
    arms = {name: run for name, run in recordings.items() if name != "probes"}
    learning = {name: run["learning_loss"][learning_at(run)] for name, run in arms.items()}
    ends = {name: run["end_loss"][ends_at(run)] for name, run in arms.items()}
    chosen = [at(run) for run in arms.values() for at in (learning_at, ends_at)]
    measures = {
        "function_change": float(probe["function_change"].max()),
        "speed_copies": farthest(probe["measured_copies"] / probe["predicted_copies"]),
        "speed_held": farthest(probe["measured_held"] / probe["predicted_held"]),
        "frozen_held_speed": farthest(p.copies * probe["frozen_held"] / probe["frozen_single"]),
        "frozen_held_over_undivided": farthest(p.copies**2 * probe["frozen_held"] / probe["frozen_undivided"]),
        "stable_rates": float(np.mean([probe[f"as_predicted_{name}"] for name in ("single", "copies", "held")])),
        "stable_rate_copies": float((probe["limit_copies"] / probe["limit_single"]).mean()),
        "stable_rate_held": float((probe["limit_held"] / probe["limit_single"]).mean()),
        "loss_of_parting": farthest(probe["measured_change"] / probe["predicted_change"]),
        "parting_rate": farthest(probe["measured_parting"] / probe["predicted_parting"]),
        "no_gain_change": float(np.abs(probe["no_gain_change"])),
        "equal_copies_apart": float(probe["equal_copies_apart"].max()),
        "best_rate_inside": float(np.mean([0 < at < len(p.rates) - 1 for at in chosen])),
        **{f"end_loss_{name}": float(each.mean()) for name, each in ends.items()},
        **{f"accuracy_{name}": float(run["accuracy"][ends_at(run)].mean()) for name, run in arms.items()},
    }
    for one, other in CLAIMS:
        ratio = ratio_interval(*((learning if one == "held" else ends)[name] for name in (one, other)))
        measures |= {f"{one}_over_{other}": ratio.mean, f"{one}_over_{other}_high": ratio.high}
    return measures, {}


def farthest(ratios: np.ndarray) -> float:
    """Return the ratio that is farthest from 1."""
    return float(ratios[np.argmax(np.abs(ratios - 1))])


def figures(p: GrowthParameters, recordings: "dict[str, Recording]") -> "dict[str, Figure]":
    """Draw the loss of each arm over steps, and at the end."""
    from cortex.report.growth import figure_growth

    runs = {shown: recordings[name] for name, shown in KEY.items()}
    steps = recordings["single"]["step"]
    curves = {shown: run["loss"][ends_at(run)] for shown, run in runs.items()}
    ends = {shown: run["end_loss"][ends_at(run)] for shown, run in runs.items()}
    return {"growth": figure_growth(steps, curves, ends, p.held_steps)}


EXACT = (0.97, 1.03)
RATES = (0.95, 1.05)
PASSED = 0.9
"""Loss over that under the hold below which the plateau is passed."""


def claims() -> list[Measure]:
    """Return the measures of what the essay claims: the ratio of two losses lies below a limit, with its interval."""
    measures = []
    for one, other in CLAIMS:
        what = "Mean loss under the hold" if one == "held" else "Loss at the end of copies that were held and released"
        of = f"{what}, over that of {OTHERS[other]}; each at its best rate."
        below = PASSED if other == "held" else 1.0
        measures.append(Measure(f"{one}_over_{other}", of, expected=(None, below)))
        end = "Upper end of its 95 % interval over paired seeds."
        measures.append(Measure(f"{one}_over_{other}_high", end, expected=(None, below)))
    return measures


SCENARIO = Scenario(
    name="network_growth",
    title="Does a network grow well by copying its units, holding them while it learns, and releasing them?",
    citation="Chen, Goodfellow, Shlens 2015, arXiv:1511.05641 (Net2Net); Liu, Wu, Wang 2019, arXiv:1910.02366"
    " (Splitting Steepest Descent); Wu, Liu, Stone, Liu 2020, arXiv:2102.08574 (Firefly)",
    parameters=GrowthParameters(),
    calculate=calculate,
    analyse=analyse,
    figures=figures,
    quick={"seeds": "2", "old_steps": "300", "held_steps": "60", "released_steps": "60", "rates": "0.2,0.4,0.8"},
    nulls={
        "undivided": Condition(
            "Outgoing weights are not divided at the split.",
            {"divided": "false"},
            misses=("function_change",),
        ),
        "never_released": Condition(
            "The hold is never released.", {"released": "false"}, misses=("released_over_held_high",)
        ),
        "no_noise": Condition("No noise parts the copies.", {"noise": "0"}, misses=("released_over_held_high",)),
    },
    conditions={"softplus": Condition("Units answer with log(1 + exp(u)).", {"activation": "softplus"})},
    measures=(
        Measure(
            "function_change",
            "Largest change of an output at the split, over the largest output.",
            expected=(None, 1e-6),
        ),
        Measure(
            "speed_copies",
            "Speed of copies in the first step over the one predicted from the kernel's parts; the seed farthest off.",
            expected=EXACT,
        ),
        Measure("speed_held", "The same of copies that are held.", expected=EXACT),
        Measure(
            "frozen_held_speed",
            "Outgoing weights frozen: K times the speed of held copies over that of the one unit.",
            expected=EXACT,
        ),
        Measure(
            "frozen_held_over_undivided",
            "Outgoing weights frozen: K² times the speed of held copies over that of undivided ones with equal errors.",
            expected=EXACT,
        ),
        Measure(
            "stable_rates",
            "Share of networks that learn at 0.9 of the largest stable rate, 2/λ_max, and not at 1.1 of it.",
            expected=(0.95, None),
        ),
        Measure("stable_rate_copies", "Largest stable rate of copies over that of the one unit."),
        Measure("stable_rate_held", "The same of copies that are held."),
        Measure(
            "loss_of_parting",
            "Change of the loss when copies part a little, over that of the splitting matrix; the seed farthest off.",
            expected=RATES,
        ),
        Measure(
            "parting_rate",
            "Rate at which copies part, over that of the splitting matrix; the seed farthest off.",
            expected=RATES,
        ),
        Measure(
            "no_gain_change",
            "Change of the loss after release where the splitting matrix is positive: one unit for one output.",
            expected=(None, 1e-5),
        ),
        Measure("equal_copies_apart", "Largest difference of copies that learn without noise.", expected=(None, 1e-9)),
        Measure("best_rate_inside", "Share of best rates that lie between others.", expected=(1, 1)),
        *claims(),
        *(Measure(f"end_loss_{name}", "Loss at the end, at the best rate.") for name in ARMS),
        *(Measure(f"accuracy_{name}", "Test accuracy at the end.") for name in ARMS),
    ),
    main_figure="growth",
)

if __name__ == "__main__":
    main(SCENARIO)
