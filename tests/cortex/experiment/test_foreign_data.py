"""Data of a run that are not what the run wrote: told, never read on, and never waited for without end."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from cortex.errors import UsageError
from cortex.experiment import foreign_data
from cortex.experiment.export import to_neo
from cortex.experiment.record import write_record
from cortex.experiment.result import read

MADE = Path(__file__).parents[2] / "data" / "made_before"


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run of version 0.1, which kept no digest."""
    return shutil.copytree(min((MADE / "runs").iterdir()), tmp_path / "0123-r000")


def with_digest(run: Path) -> Path:
    """Have a run folder say that it holds what the run wrote."""
    write_record(run, json.loads((run / "run.json").read_text()))
    return run


def linked_elsewhere(file: h5py.File) -> None:
    file["driven/x"] = h5py.ExternalLink("other.nc", "/secret")


def softly_linked(file: h5py.File) -> None:
    file["driven/x"] = h5py.SoftLink("/driven/v")


def linked_in_a_loop(file: h5py.File) -> None:
    file["driven/x"] = h5py.SoftLink("/driven/x")


def in_itself(file: h5py.File) -> None:
    file["driven/x"] = file["driven"]


def stored_elsewhere(file: h5py.File) -> None:
    file.create_dataset("driven/x", (4,), "f8", external=[("other.bin", 0, 32)])


def virtual(file: h5py.File) -> None:
    layout = h5py.VirtualLayout((4,), "f8")
    layout[:] = h5py.VirtualSource("other.nc", "secret", (4,))
    file.create_virtual_dataset("driven/x", layout)


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize(
    ("change", "told"),
    [
        (linked_elsewhere, "/driven/x is a link to another place"),
        (softly_linked, "/driven/x is a link to another place"),
        (linked_in_a_loop, "/driven/x is a link to another place"),
        (in_itself, "has two places"),
        (stored_elsewhere, "the numbers of /driven/x lie in another file"),
        (virtual, "the numbers of /driven/x lie in another file"),
    ],
)
def test_data_that_refer_to_other_places_are_not_read(
    run: Path, change: Callable[[h5py.File], None], told: str, known: bool
) -> None:
    with h5py.File(run / "data.nc", "a") as file:
        change(file)
    with h5py.File(run / "other.nc", "w") as file:
        file["secret"] = np.arange(4.0)
    (run / "other.bin").write_bytes(bytes(32))
    record = with_digest(run) and json.loads((run / "run.json").read_text())
    if not known:
        (run / "run.json").write_text(json.dumps(record | {"data_sha256": "", "sha256": ""}))
    for use in (lambda: read(run).recordings, lambda: read(run).dataset("driven"), lambda: to_neo(run)):
        with pytest.raises(UsageError, match=told) as caught:
            use()
        assert "do the run again" in str(caught.value)
        if not known:
            break  # the others go the same way, and each takes a process


def zeros(data: bytes) -> bytes:
    return bytes(len(data))


def garbage(data: bytes) -> bytes:
    return np.random.default_rng(1).bytes(len(data))


def one_bit(data: bytes) -> bytes:
    return data[: len(data) // 2] + bytes([data[len(data) // 2] ^ 1]) + data[len(data) // 2 + 1 :]


@pytest.mark.parametrize("damage", [zeros, garbage, one_bit])
def test_damaged_data_of_the_same_length_are_told(run: Path, damage: Callable[[bytes], bytes], cortex: Any) -> None:
    path = with_digest(run) / "data.nc"
    assert read(run).recordings["driven"]
    path.write_bytes(damage(path.read_bytes()))
    for use in (lambda: read(run).recordings, lambda: read(run).dataset(), lambda: to_neo(run)):
        with pytest.raises(UsageError, match=r"data\.nc is damaged: it is not what the run wrote"):
            use()
    assert read(run).measures  # which do not depend on it
    outcome = cortex("export", run, "x.nwb")
    assert (outcome.code, "do the run again" in outcome.err) == (2, True)


@pytest.mark.parametrize("damage", [zeros, garbage])
def test_damaged_data_without_a_digest_are_told(run: Path, damage: Callable[[bytes], bytes]) -> None:
    path = run / "data.nc"
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(UsageError, match="is damaged"):
        _ = read(run).recordings


@pytest.mark.parametrize(
    ("program", "told"),
    [("while True: pass", "reading it does not end"), ("import os; os.abort()", "reading it kills the process")],
)
def test_reading_is_ended_from_outside(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, told: str
) -> None:
    (tmp_path / "stuck.py").write_text(program)
    monkeypatch.setattr(foreign_data, "__file__", str(tmp_path / "stuck.py"))
    monkeypatch.setattr(foreign_data, "SECONDS", 0.3)
    with pytest.raises(UsageError, match=told):
        _ = read(run).recordings


def test_data_of_another_shape_are_told(run: Path) -> None:
    (run / "data.nc").unlink()
    with h5py.File(run / "data.nc", "w") as file:
        file.create_group("driven")["v"] = np.arange(4.0)
    with_digest(run)
    for use in (lambda: read(run).recordings, lambda: to_neo(run)):
        with pytest.raises(UsageError, match="does not hold what a run recorded"):
            use()


def test_status_verifies_on_demand(run: Path, tmp_path: Path, cortex: Any) -> None:
    out = tmp_path / "made"
    shutil.copytree(MADE, out)
    first, second = sorted((out / "runs").iterdir())
    with_digest(first)
    verified = cortex("status", out, "--verify")
    assert verified.code == 0
    assert "verified  the data of 1 run are what was written\nunknown   1 run," in verified.out
    (first / "data.nc").write_bytes(zeros((first / "data.nc").read_bytes()))
    (second / "run.json").write_text(
        json.dumps(json.loads((second / "run.json").read_text()) | {"data_sha256": "0", "sha256": ""})
    )
    assert cortex("status", out).code == 0  # by their sizes they are whole
    verified = cortex("status", out, "--verify", "--json")
    printed = json.loads(verified.out)
    assert (verified.code, printed["verified"], sorted(printed["damaged"])) == (1, 0, [first.name, second.name])
    assert "move what is damaged away" in verified.err
    (out / "plan.csv").unlink()
    assert f"damaged   {first.name}" in cortex("status", out, "--verify").out
