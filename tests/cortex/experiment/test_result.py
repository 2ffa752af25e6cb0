"""Results: what a run folder says, as numbers, tables, recordings, and in a notebook."""

import math
import subprocess
import sys

import numpy as np
import pytest

import cortex
from cortex.errors import EnvironmentProblem, UsageError

SHORT = {"duration": "0.1 s"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("results")


@pytest.fixture
def run(tiny, folder):
    return cortex.run(tiny, SHORT, seed=3, output=folder / "tiny", backend="numpy")


def test_the_same_run_is_the_stored_one(tiny, run, folder):
    stamp = (run.folder / "run.json").stat().st_mtime_ns
    again = cortex.run(tiny, {"duration": "100 ms"}, seed=3, output=folder / "tiny", backend="numpy")
    assert (again.folder, again.measures["rate"]) == (run.folder, run.measures["rate"])
    assert (again.folder / "run.json").stat().st_mtime_ns == stamp


def test_a_run_offers_what_its_folder_holds(run):
    assert (run.scenario, run.seed, run.replicate, run.quick, run.null) == ("tiny", 3, 0, False, "")
    assert run.parameters["duration"] == "0.1 s"
    assert run.measures["rate"] == len(run.recordings["driven"]["spikes.t"]) / 2 / 0.1
    assert math.isnan(run.measures["nothing"])
    assert run.missing["nothing"] == "not measured: its analysis gave no number"
    assert run.limits == {"tenth_spike_seconds": 0.1}
    assert run.figures["voltage"].is_file()
    assert run.main_figure == run.figures["voltage"]
    assert run.unscored == "other values of duration"
    assert run.scores == {}


def test_bands_are_scored_at_the_scenario_s_own_values(tiny, folder):
    run = cortex.run(tiny, output=folder / "own", backend="numpy")
    assert run.unscored == ""
    assert run.scores == {"rate": "inside", "silent_rate": "outside"}
    assert "\nBands are for means over seeds; a single run scatters" in str(run)


def test_a_notebook_shows_measures_bands_and_figure(run):
    shown = run._repr_html_()
    assert "<td>100 .. 200</td>" in shown
    assert "not measured" in shown
    assert "Bands are not scored: other values of duration." in shown
    assert 'src="data:image/png;base64,' in shown


def test_a_printed_run_tells_its_measures_and_where_to_look(run):
    about, head, rate, *_, unscored, figure, report = str(run).splitlines()
    assert about == f"tiny, seed 3, replicate 0: {run.folder}"
    assert (head.split(), rate.split()[0]) == (["measure", "value", "prediction", "band", "ok"], "rate")
    assert unscored == "bands are not scored: other values of duration"
    assert (figure, report) == (f"figure: {run.folder}/figures/voltage.png", f"report: {run.folder}/report.html")


def test_a_run_is_read_after_the_notebook_has_changed_to_another_folder(tiny, tmp_path, monkeypatch):
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    run = cortex.run(tiny, output="own", backend="numpy")
    assert not run.folder.is_absolute()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert run.main_figure.is_file()
    assert len(run.recordings["driven"]["spikes.t"]) > 0
    assert 'src="data:image/png;base64,' in run._repr_html_()
    assert run.report == run.folder / "report.html"


def test_load_takes_a_run_a_folder_of_results_and_a_folder_of_these(tiny, run, folder):
    other = cortex.run(tiny, SHORT | {"jitter": 0.3}, seed=3, replicate=1, output=folder / "tiny", backend="numpy")
    assert [loaded.folder for loaded in cortex.load(run.folder)] == [run.folder]
    runs = cortex.load(folder / "tiny")
    assert {loaded.folder for loaded in runs} >= {run.folder, other.folder}
    assert len(cortex.load(folder)) >= len(runs)
    assert len(runs.where(replicate=1)) == 1
    for loaded in runs:
        [direct] = cortex.load(loaded.folder)
        assert direct.measures == pytest.approx(dict(loaded.measures), nan_ok=True)
        assert (direct.parameters, direct.seed, direct.quick) == (dict(loaded.parameters), loaded.seed, loaded.quick)


def test_a_frame_has_numbers_for_quantities_with_a_unit(tiny, tmp_path):
    for duration, tau in (("0.1 s", "10 ms"), ("0.1 s", "20 ms"), ("0.2 s", "20 ms")):
        cortex.run(tiny, {"duration": duration, "cell.tau": tau}, output=tmp_path, backend="numpy", figures=False)
    frame = cortex.load(tmp_path).frame()
    assert sorted(frame["cell.tau (ms)"]) == [10.0, 20.0, 20.0]
    assert frame["duration (s)"].dtype == float
    assert "jitter" not in frame
    assert np.isfinite(frame["rate"]).all()
    assert "prediction.rate" in frame
    assert "jitter" in cortex.load(tmp_path).frame(all_parameters=True)
    assert cortex.load(tmp_path).pivot("cell.tau", "rate").columns.tolist() == [10.0, 20.0]


def test_xarray_opens_what_was_recorded(run):
    assert run.dataset("driven")["spikes.i"].size == len(run.recordings["driven"]["spikes.i"])
    assert set(run.dataset().children) == {"driven", "silent"}
    with pytest.raises(UsageError, match="arms: driven, silent"):
        run.dataset("trained")


def test_without_pandas_the_extra_is_named(run, monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(EnvironmentProblem, match=r"cortical-expansion\[analysis\]"):
        cortex.load(run.folder).frame()
    assert "1 run of" in cortex.load(run.folder)._repr_html_()


def test_a_folder_without_runs_is_told(tmp_path):
    with pytest.raises(UsageError, match="holds no complete run"):
        cortex.load(tmp_path)
    with pytest.raises(UsageError, match="is no folder"):
        cortex.load(tmp_path / "nowhere")


def test_importing_the_package_is_quick():
    program = (
        "import sys, cortex; print(sorted({m.split('.')[0] for m in sys.modules} & {'brian2', 'numpy', 'pydantic'}))"
    )
    assert subprocess.check_output([sys.executable, "-c", program], text=True).strip() == "[]"


def test_looking_at_a_study_imports_no_brian2(tmp_path):
    (tmp_path / "runs").mkdir()
    (tmp_path / "study.toml").write_text('scenario = "copy_pair"\n')
    program = (
        "import sys, cortex.cli\n"
        f"try: cortex.cli.main(arguments=['status', {str(tmp_path)!r}])\n"
        "finally: print('brian2' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout.endswith("False\n")
