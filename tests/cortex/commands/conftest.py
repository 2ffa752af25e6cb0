"""A study file with its scenario."""

import shutil
from pathlib import Path

import pytest

from tests.cortex.commands.typed import STUDY


@pytest.fixture
def study(tiny: Path, tmp_path: Path) -> Path:
    """A study file with its scenario beside it."""
    shutil.copy(tiny, tmp_path / "tiny.py")
    (tmp_path / "mine.toml").write_text(STUDY)
    return tmp_path / "mine.toml"
