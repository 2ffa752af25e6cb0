"""A global name of a module counts where its value is not what the module's text tells."""

import importlib
import sys

import pytest

from cortex.engine import changed
from cortex.engine.reach import Reached
from cortex.experiment import catalogue

NEIGHBOUR = """
BASE = 3
def helper(): return BASE
"""

MODULE = '''
import logging, os
from functools import cache
import numpy as np
from brian2 import *
import changed_neighbour
from changed_neighbour import helper
EQUATIONS = "dv/dt = -v/TAU : 1"
FACTOR = 1
TAU = 20*ms
TABLE = np.linspace(0, 1, 5)
SETTINGS = {"a": 1, "b": [1, 2]}
PAIRS = [(i, i**2) for i in range(3)]
LEFT, RIGHT = 1.0, 2.0
CACHE, COUNT, LAST = {}, 0, None
UNREAD = 1
FROM_OUTSIDE = float(os.environ.get("CHANGED_TEST", "1"))
DERIVED = changed_neighbour.BASE + 1
logger = logging.getLogger("x")
square = lambda x: x * x
def other(p):
    """Do nothing with UNREAD."""
@cache
def stored(p): return 2
class Cell:
    def rate(self): return LEFT + RIGHT
def build(p):
    global COUNT, LAST
    COUNT += 1
    LAST = object()
    CACHE[COUNT] = FACTOR, TABLE, SETTINGS, PAIRS, FROM_OUTSIDE, DERIVED, EQUATIONS, logger, np, exp
    return square, other, stored, helper, changed_neighbour.BASE, Cell
'''


@pytest.fixture
def module(tmp_path, monkeypatch):
    (tmp_path / "changed_neighbour.py").write_text(NEIGHBOUR)
    (tmp_path / "changed_module.py").write_text(MODULE)
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    yield importlib.import_module("changed_module")
    for name in ("changed_module", "changed_neighbour"):
        sys.modules.pop(name)


def look(module):
    return changed.values(Reached([module.build]))


def test_what_the_text_tells_does_not_count_nor_what_the_module_writes_itself(module):
    assert look(module)[0] == {}
    assert sorted(look(module)[1]) == ["changed_module.DERIVED", "changed_module.FROM_OUTSIDE"]
    before = look(module)
    module.build(1)
    module.stored(1)
    module.logger.setLevel(10)
    assert look(module) == before
    module.FACTOR = 1
    module.TABLE = module.TABLE.copy()
    module.UNREAD = 2
    assert look(module) == before


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("FACTOR = 2", "FACTOR"),
        ("FACTOR = True", "FACTOR"),
        ("TAU = 21*ms", "TAU"),
        ("TABLE[0] = 4", "TABLE"),
        ("SETTINGS['b'].append(3)", "SETTINGS"),
        ("PAIRS = 0", "PAIRS"),
        ("RIGHT = np.float64(1.5)", "RIGHT"),
        ("EQUATIONS = 'dv/dt = v/TAU : 1'", "EQUATIONS"),
        ("square = lambda x: 2", "square"),
        ("other = build", "other"),
        ("stored = other", "stored"),
        ("helper = other", "helper"),
        ("exp = np.cosh", "exp"),
        ("np = np.linalg", "np"),
    ],
)
def test_a_changed_name_counts(module, change, name):
    exec(change, vars(module))
    assert list(look(module)[0]) == [f"changed_module.{name}"]


def test_a_change_in_a_module_that_is_imported_counts(module):
    module.changed_neighbour.BASE = 4
    assert list(look(module)[0]) == ["changed_neighbour.BASE"]


def test_two_functions_that_stand_elsewhere_are_told_apart(module):
    def made(factor):
        return lambda p: factor

    texts = []
    for function in (made(1), made(2), made(1), lambda p: 3):
        module.other = function
        texts.append(look(module)[0]["changed_module.other"])
    assert texts[0] == texts[2]
    assert len(set(texts)) == 3


def test_what_comes_from_outside_counts_by_its_value(module):
    before = look(module)[1]["changed_module.FROM_OUTSIDE"]
    module.FROM_OUTSIDE = 2.0
    assert look(module)[1]["changed_module.FROM_OUTSIDE"] != before


@pytest.mark.parametrize("name", sorted(catalogue.titles("scenarios")))
def test_nothing_of_a_shipped_scenario_counts(name):
    assert changed.values(Reached(catalogue.find(name).functions)) == ({}, {})


def test_a_change_in_a_shipped_model_counts(monkeypatch):
    functions = catalogue.find("copy_pair").functions
    monkeypatch.setitem(sys.modules["models.pair.protocol"].GAINS, "half", 0.6)
    modules = ("models.pair.observe", "models.pair.protocol", "scenarios.copy_pair")
    assert sorted(changed.values(Reached(functions))[0]) == [f"{module}.GAINS" for module in modules]
