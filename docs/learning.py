"""Run the studies of learning and release, and write what they conclude into docs/learning.md.

    python docs/learning.py                 about an hour on two cores; repeat the command to resume
    python docs/learning.py --only-text     conclude again from the runs that are there

Runs are kept in results/learning, a folder for each study; conclusions and the table of the rate model go into
docs/learning.md, between their markers, the figures into docs/figures. Nothing is set here: arms, rates and seeds are
those of scenarios/studies.
"""

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PAGE, FIGURES = HERE / "learning.md", HERE / "figures"
CORTEX = (sys.executable, "-c", "from cortex.cli import main; main()")
STUDIES = {
    "normalization_arms": ("learning_curves", "speed", "trials", "survival", "agreement", "error_floor"),
    "normalization_phase": ("phase_diagram",),
    "release_controls": ("parting", "agreement"),
    "release_when": ("when",),
}
"""The figures of each study's conclusion."""


def conclude(name: str, out: Path) -> str:
    """Have a study compared, keep the figures of its conclusion, and give its text with them."""
    done = out / "learning"
    subprocess.run([*CORTEX, "compare", str(out), "-o", str(done)], check=True, stdout=subprocess.DEVNULL)
    text = (done / "conclusion.md").read_text(encoding="utf-8").replace("\n## ", "\n#### ").replace("# ", "### ", 1)
    shown = []
    for figure in STUDIES[name]:
        shutil.copyfile(done / f"{figure}.png", FIGURES / f"{name}_{figure}.png")
        shown.append(f"![{name.replace('_', ' ')}: {figure.replace('_', ' ')}](figures/{name}_{figure}.png)")
    return "\n\n".join([text.strip(), *shown])


def insert(page: str, name: str, text: str) -> str:
    """Put a text between the markers of a name."""
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    before, _, rest = page.partition(begin)
    _, _, after = rest.partition(end)
    return f"{before}{begin}\n{text}\n{end}{after}"


def main() -> None:
    """Do what the module says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", type=Path, default=Path("results/learning"), metavar="DIR", help="where the runs are")
    parser.add_argument("-j", type=int, default=2, metavar="N", help="runs at a time")
    parser.add_argument("--only-text", action="store_true", help="run nothing")
    given = parser.parse_args()
    for name in STUDIES:
        out = given.o / name
        if not given.only_text:
            subprocess.run([*CORTEX, "study", name, "-j", str(given.j), "-o", str(out)], check=True)
        PAGE.write_text(insert(PAGE.read_text(encoding="utf-8"), name, conclude(name, out)), encoding="utf-8")
    table = subprocess.run([sys.executable, str(HERE / "rate_model.py")], check=True, capture_output=True, text=True)
    text = table.stdout.partition("<!-- rate model -->")[2].partition("<!-- /rate model -->")[0].strip()
    PAGE.write_text(insert(PAGE.read_text(encoding="utf-8"), "rate model", text), encoding="utf-8")


if __name__ == "__main__":
    main()
