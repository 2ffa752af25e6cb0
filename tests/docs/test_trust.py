"""The page on what can be relied on names tests that there are."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_test_that_is_named_is_there() -> None:
    page = (ROOT / "docs" / "trust.md").read_text(encoding="utf-8")
    named = sorted(set(re.findall(r"`([\w/]+/?test_\w+\.py)`", page)))
    assert len(named) > 20
    places = (ROOT, ROOT / "tests" / "cortex")
    assert [name for name in named if not any((place / name).is_file() for place in places)] == []
