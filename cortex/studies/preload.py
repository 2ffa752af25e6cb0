"""What a dask worker imports before it works: Brian2 installs a signal handler, which only a main thread can do."""

import os
from typing import Any

from distributed.diagnostics.plugin import WorkerPlugin

from cortex import own_warnings


class Preload(WorkerPlugin):
    """Import the engine and Brian2 when a worker starts."""

    def setup(self, worker: Any) -> None:
        """Run in the worker's event loop, which is its main thread."""
        os.environ["MPLBACKEND"] = "agg"  # a worker may have been started from a notebook

        own_warnings.restrict()
        import brian2  # noqa: F401

        import cortex.experiment.run  # noqa: F401
