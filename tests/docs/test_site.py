"""The documentation as a site: pages made from the code, its examples, and what it is installed with."""

import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from cortex.experiment import catalogue
from docs.build import pages

ROOT = Path(__file__).resolve().parents[2]


def test_a_scenario_s_page_has_its_protocol_measures_and_null_models() -> None:
    page = pages.scenario_page(ROOT / "docs", catalogue.installed("trained_finger"))
    assert "\n=====" in page
    assert ".. image:: /figures/trained_finger.png" in page
    assert "**What was found**: One animal copies, holds, " in page
    assert ":doc:`/finger`" in page
    for text in ("* - old task", "* - ``total_ratio``", "* - ``wrong_teacher``", "0.9 .. 1.1"):
        assert text in page


def test_what_is_markup_in_a_text_is_shown_as_it_is() -> None:
    assert pages._escape("a*b |c| `d_e` f_") == r"a\*b \|c\| ``d_e`` f\_"


def test_every_scenario_says_what_was_found_with_a_page_and_a_figure() -> None:
    assert list(pages.FOUND) == sorted(catalogue.titles("scenarios")), "one entry each in docs/build/found.toml"
    for name, found in pages.FOUND.items():
        assert (ROOT / "docs" / f"{found['page']}.md").is_file(), name
        assert (ROOT / "docs" / "figures" / f"{found['figure']}.png").is_file(), name
        assert found["verdict"].strip().endswith("."), name


def test_the_first_page_leads_to_all_pages() -> None:
    listed = set(re.findall(r"^   (\S+)$", (ROOT / "docs" / "index.rst").read_text(encoding="utf-8"), re.MULTILINE))
    written = {path.relative_to(ROOT / "docs").with_suffix("").as_posix() for path in (ROOT / "docs").rglob("*.md")}
    assert written - listed == {"overview"}


def test_the_lock_has_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    locked = set(re.findall(r"^([\w.-]+)==", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE))
    extras = project["optional-dependencies"]
    wanted = [
        re.match(r"[\w-]+", text)[0].lower()
        for text in (*project["dependencies"], *extras["analysis"], *extras["theory"])
    ]
    assert [name for name in wanted if name not in locked] == []


def test_the_container_runs_as_a_user_with_the_locked_versions() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert any("--requirement /source/requirements.lock" in line for line in lines)
    assert lines.index("USER 1000") < lines.index('ENTRYPOINT ["cortex"]')
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert not {"requirements.lock", "pyproject.toml", "README.md", "cortex"} & set(ignored)


@pytest.mark.slow
@pytest.mark.skipif(
    importlib.util.find_spec("pydata_sphinx_theme") is None,
    reason="the documentation's tools are not installed (make docs)",
)
def test_the_site_is_built_without_a_warning(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sphinx", "-q", "-n", "-W", "--keep-going", "-b", "html", "-d", tmp_path / "trees"]
    done = subprocess.run([*command, ".", tmp_path / "site"], cwd=ROOT / "docs", capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for page in ("index", "start", "examples/1_run_and_look", "scenarios/copy_pair", "models/pair", "reference/cli"):
        assert (tmp_path / "site" / f"{page}.html").is_file()
    for example in (ROOT / "docs" / "gallery").glob("*.py"):
        [notebook] = (tmp_path / "site" / "_downloads").rglob(f"{example.stem}.ipynb")
        assert notebook.name in (tmp_path / "site" / "examples" / f"{example.stem}.html").read_text(encoding="utf-8")
