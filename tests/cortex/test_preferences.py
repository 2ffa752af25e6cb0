"""Which files Brian2 reads when it is imported: the user's own, and none of the current folder."""

import os
import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import pytest

from cortex import preferences
from cortex.errors import EnvironmentProblem
from tests.cortex.commands.typed import ROOT

IN_A_WORKER = """
from cortex.studies.executors import LocalProcesses
from cortex.studies.preload import Preload
if __name__ == "__main__":
    pool = LocalProcesses(1)
    print(pool.submit(Preload().setup, None).result())
    pool.shutdown()
"""


def start(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a folder that is also the user's home folder."""
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "HOME": str(folder),
        "CORTEX_CACHE": str(folder / "cache"),
        "MPLCONFIGDIR": mpl.get_cachedir(),  # or else it looks for all fonts again
    }
    return subprocess.run([sys.executable, *words], cwd=folder, env=environment, capture_output=True, text=True)


@pytest.fixture
def trap(tmp_path: Path) -> Path:
    """A folder whose file of preferences leaves a trace if it is evaluated."""
    (tmp_path / "brian_preferences").write_text('codegen.target = [open("trace", "w"), "numpy"][1]\n')
    (tmp_path / "worker.py").write_text(IN_A_WORKER)
    return tmp_path


@pytest.mark.parametrize(("words", "told"), [(("-m", "cortex", "run", "copy_pair", "-n"), 1), (("worker.py",), 0)])
def test_preferences_of_the_current_folder_are_not_evaluated(words: tuple[str, ...], told: int, trap: Path) -> None:
    ended = start(trap, *words)
    assert ended.returncode == 0, ended.stderr
    assert not (trap / "trace").exists()
    assert ended.stderr.count("brian_preferences in this folder is not read") == told


KNOWN = """
from cortex import preferences
before = preferences.known()
import brian2
print(brian2.prefs["core.default_integer_dtype"].__name__, preferences.known() == before != "")
"""


def test_the_users_own_preferences_are_read_and_known(trap: Path) -> None:
    (trap / ".brian").mkdir()
    (trap / ".brian" / "user_preferences").write_text("core.default_integer_dtype = int64\n")
    assert start(trap, "-c", KNOWN).stdout == "int64 True\n"
    assert not (trap / "trace").exists()


@pytest.mark.parametrize("package", ["cortex", "models", "scenarios"])
def test_each_package_guards_what_brian2_reads(package: str, tmp_path: Path) -> None:
    program = f"import sys, {package}; print([type(finder).__module__ for finder in sys.meta_path])"
    assert "'cortex.preferences'" in start(tmp_path, "-c", program).stdout


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".brian").mkdir()
    return tmp_path


def test_what_is_known_of_preferences_is_what_was_changed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import brian2

    assert preferences.known() == ""
    monkeypatch.setitem(brian2.prefs, "codegen.target", "cython")  # set for every model
    assert preferences.known() == ""
    monkeypatch.setitem(brian2.prefs, "codegen.cpp.extra_compile_args_gcc", ["-O0"])
    changed = preferences.known()
    assert changed == "\ncodegen.cpp.extra_compile_args_gcc = ['-O0']"
    monkeypatch.setattr(preferences, "_read", None)  # as if Brian2 had been imported before cortex
    assert preferences.known() == changed


def test_a_file_changed_after_brian2_read_it_is_not_what_counts(home: Path) -> None:
    (home / ".brian" / "user_preferences").write_text("core.default_integer_dtype = int64\n")
    assert preferences.known() == ""


def test_reading_them_again_evaluates_nothing_found_here(trap: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import brian2

    monkeypatch.chdir(trap)
    monkeypatch.setattr(preferences, "_read", "")
    monkeypatch.setitem(brian2.prefs, "codegen.target", "numpy")
    brian2.prefs.load_preferences()
    assert not (trap / "trace").exists()
    brian2.prefs.read_preference_file("brian_preferences")  # as the user asks for it
    assert (trap / "trace").exists()


def test_a_file_of_the_users_that_cannot_be_read_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import brian2

    monkeypatch.setattr(preferences, "_read", "")
    own = home / ".brian" / "user_preferences"
    own.write_text("core.default_integer_dtype = nonsense\n")
    with pytest.raises(EnvironmentProblem, match=f"{own} cannot be read: name 'nonsense' is not defined\n.*remove it"):
        brian2.prefs.load_preferences()
