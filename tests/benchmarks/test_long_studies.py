"""What many runs cost is projected from what some cost."""

import math
import shutil
import sys
from pathlib import Path

import pytest

from benchmarks import long_studies
from benchmarks.studies import multiply
from cortex.studies import plan_file, table


def test_memory_that_grows_is_projected_and_memory_that_begins_is_not():
    samples = [(done, 100e6 if done < 20 else 150e6 + 2000 * done, 0) for done in range(101)]
    assert long_studies.growth(samples, 1) == pytest.approx(2000)
    assert math.isnan(long_studies.growth(samples, 2))
    assert math.isnan(long_studies.growth(samples[:50], 1))


def test_what_a_study_takes_is_watched_and_projected(tmp_path: Path):
    program = (
        "import sys, time\nfrom pathlib import Path\nheld = bytearray(50_000_000)\n"
        "for run in range(10):\n"
        "    folder = Path(sys.argv[1]) / 'runs' / f'a-r{run:03d}'\n    folder.mkdir(parents=True)\n"
        "    (folder / 'data.nc').write_bytes(bytes(30_000))\n"
        "end = time.process_time() + 0.5\nwhile time.process_time() < end: pass\n"
    )
    measured = long_studies._watched([[sys.executable, "-c", program, str(tmp_path)]], tmp_path)
    assert measured["cpu"] == pytest.approx(0.6, abs=0.2)
    first = {"cpu": measured["cpu"] - 0.4}
    row = long_studies.row(first, measured, tmp_path, 2, 10)
    assert row["each"] == pytest.approx(0.05)
    assert row["hours"] == pytest.approx((measured["cpu"] - 0.5 + 10_000 * 0.05) / 3600)
    assert row["disk_MB"] == pytest.approx(0.03)
    assert row["large_GB"] == pytest.approx(0.3)
    assert row["command_MB"] > 50


def test_what_repeats_give_is_told_as_a_range():
    rows = [{"runs": 10, "each": 0.8, "command_MB": 90.0}, {"runs": 10, "each": 0.7, "command_MB": 95.0}]
    assert long_studies.over_repeats(rows) == {"runs": 10, "each": (0.7, 0.8), "command_MB": 95.0}


def test_a_study_that_fails_is_no_measurement(tmp_path: Path):
    with pytest.raises(RuntimeError, match="failed"):
        long_studies._watched([[sys.executable, "-c", "raise SystemExit(1)"]], tmp_path)


def test_copies_of_a_run_are_complete_runs(tmp_path: Path):
    made_before = Path(__file__).parents[1] / "data" / "made_before"
    run = next((made_before / "runs").iterdir())
    shutil.copytree(run, tmp_path / "runs" / run.name)
    multiply(tmp_path, 100)
    planned = plan_file.load(tmp_path)
    assert planned is not None
    assert len(planned) == 100
    assert {one.run for one in planned} <= set(table.update(tmp_path, planned).rows)
