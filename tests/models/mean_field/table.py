"""Simulate the rate model beside its predictions and print the table of docs/learning.md.

    python -m tests.models.mean_field.table          about 20 seconds, from the root of the repository

Checks and bands are those that the tests run; nothing is set here. A row shows the case that is nearest to the limit
of its band.
"""

from tests.models.mean_field.check import Check
from tests.models.mean_field.checks import CHECKS

BEGIN, END = "<!-- rate model -->", "<!-- /rate model -->"
COPY = "Idle cells copy a target by Hebbian learning"
HOLD = "The hold keeps the total at what the target alone had"
FASTER = "A held group learns faster"
RELEASE = "Released, copies diverge and pass the plateau"
CLAIMS = {
    "copy rate": (COPY, "holds for a rule that follows the error; the weakest direction of the input is copied last"),
    "Hebbian copy fidelity": (COPY, "holds only for whitened input; otherwise the copy is turned towards C w"),
    "total after abrupt copy": (HOLD, "holds after a transient of τ_G / K"),
    "gain fixed point": (HOLD, "holds"),
    "overshoot, slow copy": (HOLD, "holds while copying is slow beside the gain"),
    "error of the old function": (HOLD, "holds for the old function; full copies without hold multiply it by K"),
    "speed": (FASTER, "does not hold at equal rate: the hold takes K Gᵖ down to 1 (local rule) or 1/K (gradient)"),
    "speed with / without hold": (FASTER, "does not hold at equal rate: the hold is slower by K or K²"),
    "largest stable rate": (FASTER, "does not hold by itself: at its own largest rate every group is equally fast"),
    "tied learning, gradient": (FASTER, "does not hold: K tied copies are one cell, K times slower"),
    "output split": (FASTER, "does not hold: any speed of noise-free copies is a change of learning rates"),
    "noise floor": (FASTER, "holds only if copies have noise of their own: then it averages, ρ = 1 gives nothing"),
    "trials to criterion": (FASTER, "holds only with noise of their own, at the best rate of each"),
    "plateau": (RELEASE, "tied copies rest where one cell does"),
    "naive release": (RELEASE, "does not hold if the gain jumps back to 1: it must stay frozen at 1/K"),
    "divergence rate": (RELEASE, "holds only if S has a negative eigenvalue; with S > 0 copies come together again"),
    "divergence time": (RELEASE, "holds, after a time that private noise sets"),
    "spread of copies that re-merge": (RELEASE, "does not hold where S > 0: only noise keeps copies apart"),
    "exact copies without noise": (RELEASE, "does not hold without a difference to begin with"),
    "loss if never released": (RELEASE, "control: without release nothing is gained"),
    "final loss": (RELEASE, "holds where S allows it: down to what K free cells can do"),
    "release without gain": (RELEASE, "does not hold where S > 0"),
}
"""What each quantity says about a claim of the hypothesis, if its prediction is right."""


def closeness(check: Check) -> float:
    """Return the deviation of a check as a share of its band, or itself for a band of 0."""
    return check.deviation / check.band if check.band else check.deviation


def row(quantity: str, cases: list[Check]) -> str:
    """Write the worst case of a quantity as a row in Markdown."""
    worst = max(cases, key=closeness)
    case = f"{worst.case}; worst of {len(cases)}" if len(cases) > 1 else worst.case
    numbers = f"{worst.predicted:.5g} | {worst.simulated:.5g}"
    if worst.kind == "ratio":
        result, band = f"{worst.simulated / worst.predicted:.4f}", f"1 ± {worst.band:g}"
    else:
        result, band = f"{worst.simulated - worst.predicted:+.1e}", f"± {worst.band:g}"
    band = "≤ 0" if worst.kind == "bound" else band
    inside = "yes" if all(check.inside for check in cases) else "**no**"
    claim, verdict = CLAIMS[quantity]
    verdict = verdict if inside == "yes" else "cannot be told, for the prediction itself fails"
    return f"| {quantity} ({case}) | {worst.formula} | {numbers} | {result} | {band} | {inside} | {claim}: {verdict} |"


def table(checks: list[Check]) -> str:
    """Write all checks in Markdown, by claim."""
    lines = [
        "| quantity | formula | predicted | simulated | ratio or difference | band | inside | claim: verdict |",
        "|---" * 8 + "|",
    ]
    for quantity in CLAIMS:
        lines.append(row(quantity, [check for check in checks if check.quantity == quantity]))
    return "\n".join(lines)


def main() -> None:
    """Print the table."""
    print(BEGIN)
    print(table([check for function in CHECKS for check in function()]))
    print(END)


if __name__ == "__main__":
    main()
