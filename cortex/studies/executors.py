"""Where the runs of a study are done, behind one interface, `concurrent.futures.Executor`.

In this process, in local processes, or in the workers of a dask scheduler. A future fails with one of `DEATHS` if
the process that worked on it died; nothing else is lost with it.
"""

import multiprocessing
import os
import queue
import signal
from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from cortex.errors import EnvironmentProblem, UsageError
from cortex.studies.watch import leave_with

P = ParamSpec("P")
T = TypeVar("T")

SECONDS_TO_ANSWER = 20
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
        self.threads = ThreadPoolExecutor(jobs, thread_name_prefix="study")
        self.pools: queue.SimpleQueue[ProcessPoolExecutor] = queue.SimpleQueue()
        for _ in range(jobs):
            self.pools.put(self._pool())

    def submit(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        """Have a free process do it."""

        def work() -> T:
            pool = self.pools.get()
            try:
                return pool.submit(function, *args, **kwargs).result()
            except BrokenProcessPool:
                pool.shutdown(wait=False)
                pool = self._pool()
                raise
            finally:
                self.pools.put(pool)

        return self.threads.submit(work)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Stop; what is not done by then is not waited for if futures are cancelled."""
        if cancel_futures:
            for process in multiprocessing.active_children():
                process.kill()
        self.threads.shutdown(wait, cancel_futures=cancel_futures)
        with suppress(queue.Empty):
            while True:
                self.pools.get_nowait().shutdown(wait)
        _restore(self.before)

    def _pool(self) -> ProcessPoolExecutor:
        """Make a pool of one process, which starts with the first task."""
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(1, mp_context=context, initializer=_begin, initargs=(os.getpid(), self.before))


def _begin(parent: int, safe_path: str | None) -> None:
    """Leave Ctrl-C to the parent, and end with it."""
    _restore(safe_path)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    leave_with(parent)


def _restore(safe_path: str | None) -> None:
    os.environ.pop(SAFE_PATH, None)
    if safe_path is not None:
        os.environ[SAFE_PATH] = safe_path


def connect(scheduler: str) -> Executor:
    """Connect to a dask scheduler whose workers have one thread each.

    Parameters
    ----------
    scheduler : str
        Its address, or its scheduler file.

    Raises
    ------
    UsageError
        If nobody answers there.
    EnvironmentProblem
        If dask.distributed is not installed, or workers have several threads.
    """
    try:
        from distributed import Client
        from distributed.scheduler import KilledWorker
    except ImportError:
        hint = 'pip install "cortical-expansion[cluster]"'
        raise EnvironmentProblem(f"a dask scheduler needs the extra `cluster`\n{hint}") from None
    is_file = Path(scheduler).is_file()
    if not is_file and ":" not in scheduler:
        raise UsageError(f"there is no scheduler file {scheduler}", hint=PLACE)
    place: dict[str, Any] = {"scheduler_file": scheduler} if is_file else {"address": scheduler}
    try:
        client = Client(**place, timeout=SECONDS_TO_ANSWER, set_as_default=False)
    except (OSError, ValueError) as error:
        raise UsageError(f"no dask scheduler answers at {scheduler}: {error}", hint=PLACE) from None
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


class Dask(Executor):
    """Have the workers of a dask scheduler do the work; each imports Brian2 first, in its main thread."""

    width = 10**9

    def __init__(self, client: Any) -> None:
        from cortex.studies.preload import Preload

        self.client = client
        client.register_plugin(Preload(), name="cortex-preload")
        self.executor = client.get_executor(pure=False)

    def submit(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        """Have a worker do it; the scheduler gives it to another one if that one dies."""
        future: Future[T] = self.executor.submit(function, *args, **kwargs)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leave the scheduler and its workers as they were."""
        self.executor.shutdown(wait=wait and not cancel_futures)
        self.client.close()
