"""Of Brian2 only the units are loaded until a model is built."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cortex.engine import compiler
from tests.cortex.commands.typed import ROOT

REGISTER = "from cortex import later; later.register()\n"


def printed(program: str, folder: Path) -> list[str]:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-c", program]
    ended = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.split()


def test_units_come_alone_and_stay_the_same_when_the_rest_is_loaded(tmp_path: Path) -> None:
    program = REGISTER + (
        "import sys, brian2\n"
        "from brian2.units import ms\n"
        "print('brian2.groups' in sys.modules)\n"
        "import brian2.codegen\n"
        "print(brian2.ms is ms, brian2.NeuronGroup.__name__, brian2.units.ms is ms)\n"
    )
    assert printed(program, tmp_path) == ["False", "True", "NeuronGroup", "True"]


def test_units_need_neither_sympy_nor_matplotlib_for_whole_powers(tmp_path: Path) -> None:
    program = REGISTER + (
        "import sys\n"
        "from brian2.units import mV, siemens\n"
        "print((siemens**-1).latexname, {'sympy', 'matplotlib'} & {*sys.modules})\n"
        "print(mV._repr_latex_(), mV.dim._repr_latex())\n"
        "import matplotlib.figure\n"
        "print('sympy.core' in sys.modules, sys.modules['brian2'].NeuronGroup.__name__)\n"
    )
    powers, names = r"\mathrm{S}^{-1} set()", r"$\mathrm{m}\mathrm{V}$ $m^{2}\,kg\,s^{-3}\,A^{-1}$"
    assert printed(program, tmp_path) == f"{powers} {names} True NeuronGroup".split()


def test_who_does_not_ask_for_it_has_all_of_brian2(tmp_path: Path) -> None:
    program = "import sys, cortex\nfrom brian2.units import ms\nprint('brian2.groups' in sys.modules)\n"
    assert printed(program, tmp_path) == ["True"]


def test_brian2_that_cannot_be_loaded_is_told_and_tried_again(tmp_path: Path) -> None:
    program = REGISTER + (
        "import sys\n"
        "import brian2\n"
        "sys.modules['brian2.groups'] = None\n"
        "for attempt in range(2):\n"
        "    try:\n"
        "        import brian2; brian2.NeuronGroup\n"
        "    except ImportError:\n"
        "        print('told')\n"
    )
    assert printed(program, tmp_path) == ["told", "told"]


LOADED = """
import sys
from cortex.cli import main
try:
    main(arguments={words})
except SystemExit as end:
    print(end.code, "brian2.groups" in sys.modules, "matplotlib" in sys.modules)
"""


UNUSED = {"asyncio", "cortex.pages.sheet_data", "filelock", "matplotlib.pyplot", "pandas", "rich", "sympy", "xarray"}
"""What a run whose program is known loads nothing of."""

SCHEMA = "sys.modules['cortex.experiment.record'].Record.__pydantic_complete__"
"""Whether what reads a ``run.json`` was made ready for it."""


@pytest.mark.parametrize("words", [["show", "copy_pair"], ["list"]])
def test_commands_that_build_no_model_load_its_units_at_most(words: list[str], tmp_path: Path) -> None:
    assert printed(LOADED.format(words=words), tmp_path)[-3:] == ["0", "False", "False"]


@pytest.mark.parametrize("words", [["run"], ["study", "--seeds", "2", "-n"], ["study", "--seeds", "2", "-j", "1"]])
def test_a_calculation_is_made_without_brian2(words: list[str], tmp_path: Path) -> None:
    printed(LOADED.format(words=["new", "mine", "--calculation"]), tmp_path)
    words = [words[0], "mine.py", "-p", "pairs=100", "-q", *words[1:]]
    assert printed(LOADED.format(words=words), tmp_path)[-3:-1] == ["0", "False"]


@pytest.mark.slow
@pytest.mark.skipif(compiler.find_compiler() is None, reason="no C++ compiler")
def test_a_run_whose_program_is_known_is_made_without_brian2(tmp_path: Path) -> None:
    words = ["run", "copy_pair", "--quick", "-p", "copies=2", "-q", "--seed"]
    printed(LOADED.format(words=[*words, "0"]), tmp_path)
    program = f"{LOADED.format(words=[*words, '1'])}    print(*{UNUSED} & {{*sys.modules}}, {SCHEMA})\n"
    assert printed(program, tmp_path)[-4:] == ["0", "False", "True", "False"]


def test_matplotlib_lists_no_properties_in_its_help_texts(tmp_path: Path) -> None:
    program = "from matplotlib.lines import Line2D\nprint('markersize' in Line2D.set.__doc__)\n"
    assert printed(REGISTER + program, tmp_path) == ["False"]
    assert printed(program, tmp_path) == ["True"]
