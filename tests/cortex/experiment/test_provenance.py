"""Where a result comes from."""

import cortex
from cortex.experiment import provenance


def test_provenance_names_what_was_used() -> None:
    told = provenance.provenance()
    assert told["versions"]["cortical-expansion"] == cortex.__version__
    assert all(version != "not installed" for version in told["versions"].values())
    assert told["command"]
    assert set(told["source"]) in ({"revision", "modified"}, set())
