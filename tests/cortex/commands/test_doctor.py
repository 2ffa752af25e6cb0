"""``cortex doctor``."""

import os
import sys
from pathlib import Path

import pytest

from tests.cortex.commands.typed import ROOT, Cortex

posix = pytest.mark.skipif(sys.platform == "win32", reason="kills processes as POSIX does")


def test_doctor(cortex: Cortex) -> None:
    outcome = cortex("doctor", "--clear-cache")
    assert outcome.code == 0
    for text in ("Python", "brian2", "C++ compiler", os.environ["CORTEX_CACHE"], str(ROOT / "models")):
        assert text in outcome.out


@posix
def test_doctor_says_what_is_wrong_with_compiler_and_cache(
    cortex: Cortex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CXX", "g++ 'x")
    monkeypatch.setenv("CORTEX_CACHE", str(tmp_path / "cache"))
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache").chmod(0o777)
    outcome = cortex("doctor")
    assert outcome.code == 4
    assert "CXX=g++ 'x cannot be used: no closing quotation" in outcome.err
    assert f"others may write to {tmp_path / 'cache'}" in outcome.err
    assert "cannot be imported" not in outcome.err
