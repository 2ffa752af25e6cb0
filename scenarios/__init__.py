"""Virtual experiments: one file each, made of a model, a protocol and what is measured."""

import cortex  # noqa: F401  first of all, as it guards what Brian2 reads
