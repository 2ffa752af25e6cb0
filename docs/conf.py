"""How Sphinx builds the documentation (``make docs``); warnings are errors."""

import shutil
import sys
from pathlib import Path

from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from cortex import __version__  # noqa: E402
from docs.build import pages  # noqa: E402

project = "cortical-expansion"
author = copyright = "The cortical-expansion authors"
version = release = __version__

extensions = [
    "myst_parser",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx_click",
    "sphinx_copybutton",
    "sphinx_gallery.gen_gallery",
]
exclude_patterns = ["build/*.py", "gallery/README.rst", "gallery/results", "overview.md"]  # index.rst includes the last
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
templates_path: list[str] = []
nitpicky = False

myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4
myst_links_external_new_tab = False

numpydoc_show_class_members = False
autodoc_typehints = "none"
autodoc_member_order = "bysource"
copybutton_prompt_text = "$ "

sphinx_gallery_conf = {
    "examples_dirs": "gallery",
    "gallery_dirs": "examples",
    "filename_pattern": r"/\w+\.py$",
    "download_all_examples": False,
    "show_memory": False,
    "remove_config_comments": True,
    "capture_repr": ("_repr_html_", "__repr__"),
    "plot_gallery": True,
    "abort_on_example_error": True,
    "within_subsection_order": "FileNameSortKey",
}

html_theme = "pydata_sphinx_theme"
html_title = "cortical-expansion"
html_show_sourcelink = False
html_theme_options = {
    "navigation_with_keys": True,
    "show_toc_level": 2,
    "footer_end": [],
    "secondary_sidebar_items": ["page-toc"],
}


def setup(app: Sphinx) -> None:
    """Write the pages that are generated from the code before any is read; at the end remove what examples left."""
    here = Path(__file__).resolve().parent
    pages.write_all(here)
    app.connect("build-finished", lambda *_: shutil.rmtree(here / "gallery" / "results", ignore_errors=True))
