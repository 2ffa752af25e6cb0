"""What a dask worker imports before it works: Brian2 installs a signal handler, which only a main thread can do."""

from typing import Any

from distributed.diagnostics.plugin import WorkerPlugin


class Preload(WorkerPlugin):
    """Import the engine and Brian2 when a worker starts."""

    def setup(self, worker: Any) -> None:
        """Run in the worker's event loop, which is its main thread."""
        import brian2  # noqa: F401

        import cortex.experiment.run  # noqa: F401
