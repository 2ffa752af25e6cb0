"""A plugin of pytest: Brian2's tests use a device whose programs are compiled as the engine compiles them."""

import json
import os
from pathlib import Path

import numpy as np
import pytest
from brian2.devices.cpp_standalone.device import CPPStandaloneDevice
from brian2.devices.device import all_devices

from cortex.engine.codegen import code_object, own_code
from cortex.engine.codegen.units import write_units
from cortex.engine.compiler import find_compiler
from cortex.engine.translation_unit import START, compile_units, compiler_arguments, move_constants_to_file, seed_code


class Compiled:
    """What the engine does with the sources that Brian2 has generated."""

    def build(self, *arguments: object, **options: object) -> None:
        """Seed the random numbers and read constants from a file, as the engine does; then build."""
        self.insert_code("before_start", START)
        self.insert_code("after_start", seed_code())
        move_constants_to_file()
        super().build(*arguments, **options)

    def compile_source(self, directory: str, compiler: str, debug: bool, clean: bool) -> None:
        """Compile the sources in place of Brian2."""
        project, found = Path(directory).resolve(), find_compiler()
        arguments = compiler_arguments(found, write_units(project), own_code.options())
        compile_units(found, arguments, project / "main", project)


class Cpp(Compiled, code_object.Device):
    """The device with the templates of `cortex.engine.codegen`."""


class Plain(Compiled, CPPStandaloneDevice):
    """Brian2's own device."""


def pytest_addoption(parser: pytest.Parser) -> None:
    for name, default in (("device", "cpp"), ("precision", "double"), ("part", "0/1"), ("outcomes", os.devnull)):
        parser.addoption(f"--{name}", default=default)
    parser.addoption("--not-optimised", action="store_true")


def pytest_configure(config: pytest.Config) -> None:
    """Set what Brian2's own ``conftest.py`` reads."""
    os.environ["CORTEX_SEED"] = "1"
    code_object.register()
    all_devices["tested"] = {"cpp": Cpp, "plain": Plain}[config.getoption("device")]()
    precision = {"double": np.float64, "single": np.float32}[config.getoption("precision")]
    flags = ["-w", "-O0"] if config.getoption("not_optimised") else []
    config.brian_prefs = {"core.default_float_dtype": precision, "codegen.cpp.extra_compile_args": flags}
    config.device, config.device_options = "tested", {"directory": None, "with_output": False}
    config.fail_for_not_implemented = False
    config.pluginmanager.register(Writer(config.getoption("outcomes")))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the part of the tests that this process does."""
    part, parts = map(int, config.getoption("part").split("/"))
    items[:] = items[part::parts]


class Writer:
    """Writes the outcome of each test on a line.

    Parameters
    ----------
    path : str
        File to which lines are added.
    """

    def __init__(self, path: str) -> None:
        self.path = Path(path)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Write how a phase of a test ended: that of the test itself, or another that did not pass."""
        if report.when != "call" and report.passed:
            return
        message = "" if report.passed else str(report.longrepr)[-2000:]
        with self.path.open("a") as outcomes:
            outcomes.write(json.dumps([report.nodeid, report.outcome, report.duration, message]) + "\n")
