"""Whether a person can read a figure: size and contrast of texts, and colours that every kind of vision tells apart."""

from itertools import combinations

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text

SMALLEST = 6.0
"""Points; figures are drawn in the width of a printed page."""

LEAST_CONTRAST = 4.5
"""Of text on its background: level AA of the Web Content Accessibility Guidelines 2.1, criterion 1.4.3."""

VISION = {
    "normal": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
"""What is seen of linear red, green and blue: Machado, Oliveira & Fernandes 2009, doi:10.1109/TVCG.2009.113."""

XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def linear(colour: object) -> np.ndarray:
    """Return red, green and blue of a colour as amounts of light (IEC 61966-2-1), shape (3,)."""
    rgb = np.array(to_rgb(colour))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def contrast(one: object, other: object) -> float:
    """Return the contrast of two colours, 1 to 21."""
    low, high = sorted(float(XYZ[1] @ linear(colour)) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def lab(colour: object, vision: str) -> np.ndarray:
    """Return a colour as it is seen, in CIE L*a*b*, shape (3,)."""
    seen = np.clip(np.array(VISION[vision]) @ linear(colour), 0, 1)
    xyz = XYZ @ seen / XYZ.sum(axis=1)
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def nearest(colours: object, vision: str) -> float:
    """Return the smallest difference between any two of some colours, CIE 1976 (2.3 is just noticeable)."""
    seen = [lab(colour, vision) for colour in colours]
    return min(float(np.linalg.norm(one - other)) for one, other in combinations(seen, 2))


def faults(figure: Figure) -> list[str]:
    """List the texts of a figure that are too small or too pale on what they stand on."""
    found = []
    for text in figure.findobj(Text):
        words = text.get_text().strip()
        if not words or not text.get_visible() or not _drawn(text):
            continue
        if text.get_fontsize() < SMALLEST:
            found.append(f"{words!r} has {text.get_fontsize():g} points")
        colour = to_rgb(text.get_color())
        dark = colour == (1.0, 1.0, 1.0)  # white stands on a dark ground of its own
        if not dark and contrast(colour, "white") < LEAST_CONTRAST:
            found.append(f"{words!r} has a contrast of {contrast(colour, 'white'):.1f}")
    return found


def _drawn(text: Text) -> bool:
    """Return whether its axes show it: the ticks of axes that are switched off are not drawn."""
    ax = text.axes
    if ax is None or ax.axison:
        return True
    return text in ax.texts or text in (ax.title, ax._left_title, ax._right_title)
