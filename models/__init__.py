"""Networks: declared parameters and how the network is built from them."""

import cortex  # noqa: F401  first of all, as it guards what Brian2 reads
