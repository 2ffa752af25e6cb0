"""Write PNG: a third of the time that Pillow takes, which tries five filters on each row, and smaller.

What is one colour for the most part packs better without a filter. See https://www.w3.org/TR/png-3/.
"""

import struct
import zlib

import numpy as np

from cortex.files import PNG

OPAQUE = 255


def png(pixels: np.ndarray, dpi: float) -> bytes:
    """Return the content of a PNG file.

    Parameters
    ----------
    pixels : array of uint8, shape (row, column, 4)
        Red, green, blue and opacity, which is left out if everything is opaque.
    dpi : float
        Pixels for each inch.
    """
    if (pixels[..., 3] == OPAQUE).all():
        pixels = pixels[..., :3]
    height, width, channels = pixels.shape
    rows = np.zeros((height, 1 + channels * width), np.uint8)  # each begins with the number of its filter, 0 for none
    rows[:, 1:] = pixels.reshape(height, -1)
    kind, metre = {3: 2, 4: 6}[channels], round(dpi / 0.0254)
    chunks = {
        b"IHDR": struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0),
        b"pHYs": struct.pack(">IIB", metre, metre, 1),
        b"IDAT": zlib.compress(rows.tobytes(), 1),
        b"IEND": b"",
    }
    return PNG + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks.items()
    )
