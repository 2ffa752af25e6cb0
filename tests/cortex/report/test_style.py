import subprocess
import sys

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.image import imread

from cortex.errors import UsageError
from cortex.report.style import DIGITS, patch_colour, save


def luminance(colour):
    return np.dot(colour, (0.2126, 0.7152, 0.0722))


@pytest.mark.parametrize("digit", range(len(DIGITS)))
def test_phalanges_grow_lighter_towards_the_palm(digit):
    proximal, middle, distal = (luminance(patch_colour(3 * digit + phalanx)) for phalanx in range(3))
    assert proximal - middle > 0.08
    assert middle - distal > 0.08


def test_an_unresponsive_site_is_grey():
    red, green, blue = patch_colour(-1)
    assert red == green == blue


def test_saved_files_are_the_same_every_time(tmp_path):
    def draw(folder):
        folder.mkdir()
        figure = Figure((2, 1))
        figure.subplots().plot([0, 1], [1, 0], label="a").pop().axes.legend()
        return [path.read_bytes() for path in save(figure, folder, "figure")]

    assert draw(tmp_path / "one") == draw(tmp_path / "two")
    assert imread(tmp_path / "one" / "figure.png").shape[:2] == (200, 400)


@pytest.mark.parametrize("name", ["../x", "/tmp/x", "a/b", "..\\x", "", "a\0b"])
def test_a_figure_stays_in_its_folder(tmp_path, name):
    with pytest.raises(UsageError, match="no figure can be called"):
        save(Figure(), tmp_path, name)
    assert list(tmp_path.iterdir()) == []


def test_a_link_in_the_place_of_a_figure_is_replaced(tmp_path):
    (tmp_path / "mine").write_text("mine")
    (tmp_path / "x.svg").symlink_to("mine")
    save(Figure((1, 1)), tmp_path, "x")
    assert (tmp_path / "mine").read_text() == "mine"
    assert not (tmp_path / "x.svg").is_symlink()


def test_drawing_leaves_the_global_state_of_matplotlib_alone():
    code = (
        "import sys, matplotlib\n"
        "import cortex.report.sheet, cortex.report.hand, cortex.report.pair, cortex.report.raster\n"
        "import cortex.report.conditions, cortex.report.evidence\n"
        "cortex.report.raster.figure_raster([0], [0.5], {'cell': (0, 1)}, (0, 1))\n"
        "assert matplotlib.rcParams['font.size'] == matplotlib.rcParamsDefault['font.size']\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
