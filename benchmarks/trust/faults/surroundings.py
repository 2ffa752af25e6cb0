"""What a shell, a notebook, a container or a user's own settings may surround a command with."""

from pathlib import Path
from random import Random

from benchmarks.trust.command import Setting
from benchmarks.trust.faults.fault import Fault, Group, Seen
from benchmarks.trust.kit import Kit, Place

BESIDE = "a matplotlibrc in the folder"

AROUND: dict[str, dict[str, str | None]] = {
    "a notebook's MPLBACKEND": {"MPLBACKEND": "module://matplotlib_inline.backend_inline"},
    "an MPLBACKEND that there is not": {"MPLBACKEND": "nonsense"},
    "an MPLBACKEND that needs a screen": {"MPLBACKEND": "TkAgg", "DISPLAY": None},
    "a matplotlibrc with TeX": {"MATPLOTLIBRC": "HERE/settings/matplotlibrc"},
    BESIDE: {},
    "no home folder": {"HOME": None},
    "a home folder that there is not": {"HOME": "HERE/nowhere"},
    "a home folder that may not be written": {"HOME": "/proc"},
    "no folder for temporary files": {"TMPDIR": "HERE/nowhere"},
    "an empty CORTEX_CACHE": {"CORTEX_CACHE": ""},
    "a CORTEX_CACHE with odd letters": {"CORTEX_CACHE": "HERE/a 'b\n$(touch executed) é"},
    "output in ASCII": {"PYTHONIOENCODING": "ascii"},
    "output in cp437": {"PYTHONIOENCODING": "cp437"},
    "another language": {"LC_ALL": "tr_TR.UTF-8"},
    "no language": {"LC_ALL": "C", "LANG": None, "PYTHONUTF8": "0"},
    "no columns": {"COLUMNS": "0"},
    "one column": {"COLUMNS": "1"},
    "columns that are no number": {"COLUMNS": "abc"},
    "a dumb terminal": {"TERM": "dumb"},
    "no terminal": {"TERM": None},
    "OMP_NUM_THREADS is nonsense": {"OMP_NUM_THREADS": "nonsense"},
    "LD_PRELOAD is nonsense": {"LD_PRELOAD": "/nowhere.so"},
    "memory is filled": {"MALLOC_PERTURB_": "165"},
    "options as variables": {"CORTEX_SEED": "5", "CORTEX_RUN_SEED": "5"},
    "warnings are errors": {"PYTHONWARNINGS": "error::UserWarning"},
}


def surrounded(number: int, chance: Random, kit: Kit) -> Fault:
    """Variables of the environment are not what a program may hope for."""
    name = list(AROUND)[number % len(AROUND)]
    words = (kit.run, kit.study)[number // len(AROUND) % 2]

    def prepare(place: Place) -> None:
        folder = place.folder if name == BESIDE else place.folder / "settings"
        folder.mkdir(exist_ok=True)
        (folder / "matplotlibrc").write_text("text.usetex: True\naxes.grid: True\nsavefig.bbox: tight\n")

    return Fault(
        f"{words[0]}, {name}",
        words,
        prepare=prepare,
        setting=Setting(environment=AROUND[name], fresh=True),
        limit=120.0,
    )


def odd_names(number: int, chance: Random, kit: Kit) -> Fault:
    """Names and numbers that no file, folder or plan can have."""
    long = "x" * 300
    orders = [
        ("run", f"{long}.py"), ("run", "\u00e9\u0301.py"), ("run", "a\nb.py"), ("new", long),
        ("new", "../a"), ("new", "a b"),
        ("new", "/a"), ("compare", long), ("status", long), ("export", long, "x.nwb"), ("study", f"{long}.toml"),
        ("study", kit.scenario, "--seeds", "2", "--shard", "1/" + "9" * 5000),
        ("study", kit.scenario, "--shard", "\u00b2/\u00b3"),
        ("run", "copy_pair", "-n", "--seeds", "1000000000"), ("study", "copy_pair", "-n", "--seeds", "1000000000"),
        ("study", "copy_pair", "-n", "-p", "copying.learning_rate=linear(0.001,0.2,99999)"),
        ("study", "copy_pair", "-n", "-p", "copying.learning_rate=linear(0.001,0.2,99999)", "--seeds", "1000"),
        ("study", "copy_pair", "-n", "-p", "copies=" + ",".join(map(str, range(60_000)))),
        ("run", "copy_pair", "-n", "--seed", "9" * 400), ("run", "copy_pair", "-p", "copies=\udcff", "-n"),
        ("show", long), ("run", kit.scenario, "-o", long, "-n"), ("run", kit.scenario, "-o", f"/proc/{long}"),
        ("study", "nested.toml"), ("study", "digits.toml"), ("study", "keys.toml"), ("study", "latin.toml"),
    ]  # fmt: skip
    words = orders[number % len(orders)]

    def prepare(place: Place) -> None:
        (place.folder / "nested.toml").write_text("a=" + "[" * 5000)
        (place.folder / "digits.toml").write_text('scenario="copy_pair"\nseeds=' + "9" * 5000)
        (place.folder / "keys.toml").write_text("a" + ".b" * 2000 + "=1")
        (place.folder / "latin.toml").write_bytes(b'scenario="copy_pair"\ntitle="\xe9"')

    name = " ".join(words)[:60].encode("ascii", "replace").decode()
    return Fault(name, words, start="run", prepare=prepare, final=kit.run, limit=40.0)


def dotted_conditions(number: int, chance: Random, kit: Kit) -> Fault:
    """Conditions have names that spreadsheets, figures, shells or files take for something else."""
    names = (
        "$drive^$",
        "=cmd|' /C calc'!A0",
        "@SUM(1)",
        "../../up",
        "/abs",
        "a\\nb",
        "NA",
        "x" * 300,
        "<b>",
        "\\u202e",
        "$\\\\frac{",
    )
    name = names[number % len(names)]

    def prepare(place: Place) -> None:
        text = (Path(kit.folder) / "mine.toml").read_text().replace('"tiny.py"', f'"{kit.scenario}"')
        odd = text.replace("[conditions.silent]", f'[conditions."{name}"]').replace("seeds = 2", "seeds = 1")
        (place.folder / "odd.toml").write_text(odd)
        done = place.command(("study", "odd.toml", "-j", "1", "--backend", kit.backend, "-o", "odd")).wait(60)
        tables = [done.text] + [path.read_text() for path in place.folder.glob("odd/*.csv")]
        if any(
            line.startswith(("=", "@")) or ",=" in line or ",@" in line for text in tables for line in text.splitlines()
        ):
            raise Seen("executed", f"a formula stands in a table: {name}")
        if any(place.folder.parent.glob("up*")) or Path("/abs").exists():
            raise Seen("wrong", f"something was written outside: {name}")

    return Fault(f"a condition called {name[:30]}", ("compare", "odd"), "run", prepare, final=kit.run)


GROUPS = [
    Group("surroundings", 2 * len(AROUND), surrounded),
    Group("odd names", 27, odd_names),
    Group("odd conditions", 11, dotted_conditions),
]
