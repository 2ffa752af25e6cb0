"""Where the runs of a study are done, behind one interface, `concurrent.futures.Executor`.

In this process, in local processes, or in the workers of a dask scheduler. A future fails with one of `DEATHS` if
the process that worked on it died; nothing else is lost with it.
"""

import json
import logging
import multiprocessing
import os
import queue
import signal
import socket
import time
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing import resource_tracker
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from cortex import garbage, interrupts, later, own_warnings
from cortex.errors import EnvironmentProblem, UsageError
from cortex.extras import extra
from cortex.studies.watch import leave_with, stop

P = ParamSpec("P")
T = TypeVar("T")

SECONDS_TO_ANSWER = 20
SECONDS_TO_WRITE = 2.0
SECONDS_TO_LEAVE = 3.0
PLACE = "give the address that `dask scheduler` printed, such as tcp://host:8786, or its --scheduler-file"

SAFE_PATH = "PYTHONSAFEPATH"
"""Variable without which a new process of Python looks for its first modules in the current folder."""

DEATHS: list[type[BaseException]] = [BrokenProcessPool, CancelledError]


class InProcess(Executor):
    """Do the work here and now."""

    width = 1

    def submit(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        """Do it, and give a future that has its result already."""
        future: Future[T] = Future()
        try:
            future.set_result(function(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class LocalProcesses(Executor):
    """Do the work in processes of this machine, each in a pool of its own.

    If one dies, only what it worked on fails, and another one takes its place.

    Parameters
    ----------
    jobs : int
        Number of processes.
    """

    def __init__(self, jobs: int) -> None:
        self.width = jobs
        self.before = os.environ.get(SAFE_PATH)
        os.environ[SAFE_PATH] = "1"
        _track()
        self.threads = ThreadPoolExecutor(jobs, thread_name_prefix="study")
        self.free: queue.SimpleQueue[ProcessPoolExecutor] = queue.SimpleQueue()
        self.all = {self._pool() for _ in range(jobs)}
        for pool in self.all:
            self.free.put(pool)

    def submit(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        """Have a free process do it."""

        def work() -> T:
            pool = self.free.get()
            try:
                return pool.submit(function, *args, **kwargs).result()
            except BrokenProcessPool:
                pool.shutdown(wait=False)
                self.all.discard(pool)
                pool = self._pool()
                self.all.add(pool)
                raise
            finally:
                self.free.put(pool)

        return self.threads.submit(work)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Stop; if futures are cancelled, the processes leave their work, and end within seconds."""
        self.threads.shutdown(wait, cancel_futures=cancel_futures)
        with ThreadPoolExecutor(self.width, thread_name_prefix="stop") as stopping:
            for pool in list(self.all):
                stopping.submit(pool.shutdown, cancel_futures=cancel_futures)
            if cancel_futures:
                _end(multiprocessing.active_children())
        _restore(self.before)

    def _pool(self) -> ProcessPoolExecutor:
        """Make a pool of one process, which starts with the first task."""
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(1, mp_context=context, initializer=_begin, initargs=(os.getpid(), self.before))


def _track() -> None:
    """Start the process in which Python keeps track of what its processes share, so that a hang-up does not end it."""
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGHUP])
    try:
        resource_tracker.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGHUP])


def _begin(parent: int, safe_path: str | None) -> None:
    """Take warnings as the parent does, leave Ctrl-C to it, end in order when it asks for that, and end with it."""
    _restore(safe_path)
    own_warnings.restrict()
    later.register()
    garbage.collect_seldom()
    interrupts.ignore(signal.SIGINT)
    interrupts.listen([signal.SIGTERM, signal.SIGHUP], SystemExit)
    leave_with(parent)


def _restore(safe_path: str | None) -> None:
    os.environ.pop(SAFE_PATH, None)
    if safe_path is not None:
        os.environ[SAFE_PATH] = safe_path


def _end(processes: Sequence[BaseProcess]) -> None:
    """Have processes leave their work, and kill those that do not, with all programs that they have started."""
    for process in processes:
        process.terminate()
    latest = time.monotonic() + SECONDS_TO_LEAVE
    for process in processes:
        process.join(max(0.0, latest - time.monotonic()))
        if process.exitcode is None and process.pid:
            stop(process.pid)


def connect(scheduler: str) -> Executor:
    """Connect to a dask scheduler whose workers have one thread each.

    Parameters
    ----------
    scheduler : str
        Its address, or its scheduler file.

    Raises
    ------
    UsageError
        If there is no such scheduler file.
    EnvironmentProblem
        If nobody answers there, dask.distributed is not installed, or workers have several threads.
    """
    Client = extra("distributed").Client
    KilledWorker = extra("distributed.scheduler").KilledWorker
    _hush()
    address = _address(Path(scheduler)) if Path(scheduler).is_file() else scheduler
    if ":" not in address:
        raise UsageError(f"there is no scheduler file {scheduler}", hint=PLACE)
    try:
        _reach(address)  # a client that cannot connect takes a minute to end
        client = Client(address, timeout=SECONDS_TO_ANSWER, set_as_default=False)
    except (OSError, ValueError) as error:
        raise EnvironmentProblem(f"no dask scheduler answers at {scheduler}: {error}\n{PLACE}") from None
    if KilledWorker not in DEATHS:
        DEATHS.append(KilledWorker)
    workers = client.scheduler_info(n_workers=-1)["workers"].values()
    if threads := {worker["nthreads"] for worker in workers} - {1}:
        client.close()
        raise EnvironmentProblem(
            f"the dask workers have {max(threads)} threads, and Brian2 takes one\n"
            "start them with `dask worker --nthreads 1`"
        )
    return Dask(client)


def _hush() -> None:
    """Keep from standard error what dask says of a lost connection, at length: it is told in one message."""
    from distributed.comm import CommClosedError

    for part in ("client", "core", "utils"):
        logging.getLogger(f"distributed.{part}").setLevel(logging.CRITICAL)
    for name in ("tornado.application", "asyncio"):
        logging.getLogger(name).addFilter(
            lambda record: not (record.exc_info and isinstance(record.exc_info[1], CommClosedError))
        )


def _reach(address: str) -> None:
    """Connect to an address and hang up; raise OSError or ValueError if nobody answers there."""
    from distributed.comm import get_address_host_port

    place = get_address_host_port(address)
    latest = time.monotonic() + SECONDS_TO_ANSWER
    while True:
        try:
            socket.create_connection(place, timeout=SECONDS_TO_ANSWER).close()
            return
        except OSError:
            if time.monotonic() > latest:
                raise
            time.sleep(0.2)


def _address(file: Path) -> str:
    """Return the address that a scheduler file holds; the scheduler may be about to write it."""
    latest = time.monotonic() + SECONDS_TO_WRITE
    while True:
        try:
            address = json.loads(file.read_text(encoding="utf-8"))["address"]
            host, port = address.rsplit(":", 1)
            return f"{host}:{int(port)}"
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            if time.monotonic() > latest:
                raise EnvironmentProblem(f"{file} tells no address of a dask scheduler\n{PLACE}") from None
            time.sleep(0.1)


class Dask(Executor):
    """Have the workers of a dask scheduler do the work; each imports Brian2 first, in its main thread."""

    width = 10**9

    def __init__(self, client: Any) -> None:
        from cortex.studies.preload import Preload

        self.client, self.address = client, client.scheduler.address
        client.register_plugin(Preload(), name="cortex-preload")
        self.executor = client.get_executor(pure=False)

    def submit(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        """Have a worker do it; the scheduler gives it to another one if that one dies."""
        self.check()
        future: Future[T] = self.executor.submit(function, *args, **kwargs)
        return future

    def check(self) -> None:
        """Raise EnvironmentProblem if the scheduler is gone."""
        if self.client.status != "running":
            raise EnvironmentProblem(
                f"the dask scheduler at {self.address} is gone\n"
                "runs that are complete stay; start a scheduler with its workers, and give the same command again"
            )

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leave the scheduler and its workers as they were; it may be gone by now."""
        with suppress(Exception):
            self.executor.shutdown(wait=wait and not cancel_futures)
        with suppress(Exception):
            self.client.close(timeout=SECONDS_TO_LEAVE)
