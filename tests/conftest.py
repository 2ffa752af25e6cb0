"""What all tests share: figures without a screen, a cache of their own, and a number of seeds."""

import gc
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import matplotlib as mpl
import pytest
from matplotlib.figure import Figure
from threadpoolctl import threadpool_limits

from cortex import cli, interrupts
from tests.cortex.report.legible import faults

mpl.use("Agg")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--seeds", type=int, default=1, help="seeds for each test that takes `seed`")


def pytest_collection_finish() -> None:
    """Take what is imported out of the search for unreachable objects, which Brian2 does at each run."""
    gc.collect()
    gc.freeze()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", range(metafunc.config.getoption("--seeds")))


@pytest.fixture(scope="session", autouse=True)
def _cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep compiled simulations out of the user's cache; the processes of one test session share them."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    os.environ["CORTEX_CACHE"] = str(folder / "cache")


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> Iterator[None]:
    """Calculate with one thread, as runs do: for small matrices several wait for each other longer than they work."""
    with threadpool_limits(1):
        yield


@pytest.fixture
def legible(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Check that a person can read every figure that a test draws in this process."""
    drawn: list[Figure] = []
    begin = Figure.__init__

    def kept(self: Figure, *arguments: object, **more: object) -> None:
        begin(self, *arguments, **more)
        drawn.append(self)

    monkeypatch.setattr(Figure, "__init__", kept)
    yield
    assert [fault for figure in drawn for fault in faults(figure)] == []


@pytest.fixture
def tiny() -> Path:
    """The file of a scenario with two cells."""
    return Path(__file__).parent / "data" / "tiny.py"


class Outcome(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def hang_ups() -> Iterator[None]:
    """Hang-ups are taken, also where tests run under nohup."""
    inherited = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, inherited)


@pytest.fixture
def cortex(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Callable[..., Outcome]]:
    """The command, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    handlers = {number: signal.getsignal(number) for number in interrupts.ALL}

    def command(*arguments: str | Path) -> Outcome:
        with pytest.raises(SystemExit) as ended:
            cli.main(arguments=[str(argument) for argument in arguments])
        code = ended.value.code
        assert isinstance(code, int)
        return Outcome(code, *capsys.readouterr())

    yield command
    for number, handler in handlers.items():
        signal.signal(number, handler)
