"""Cut a cortical sheet into one tile per site."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class Tiles:
    """The Voronoi tiles of a sheet, squares where the sites form a grid."""

    polygons: list[NDArray[np.float64]]
    """Corners of each site's tile, mm."""
    area: NDArray[np.float64]
    """Area of each site's tile, mm^2, shape (site,)."""
    edges: NDArray[np.float64]
    """Ends of every edge, mm, shape (edge, end, 2)."""
    sides: NDArray[np.intp]
    """The two sites that an edge parts, shape (edge, 2); -1 is outside the sheet."""

    def outline(self, inside: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return the edges, shape (edge, end, 2), between the chosen sites and all the rest.

        Parameters
        ----------
        inside : array of bool, shape (site,)
        """
        chosen = np.append(inside, False)[self.sides]
        return self.edges[chosen[:, 0] != chosen[:, 1]]


def cut(positions: ArrayLike) -> Tiles:
    """Cut the sheet into tiles; its rim lies half a site beyond the outermost sites.

    Parameters
    ----------
    positions : array, mm, shape (site, 2)
    """
    return _cut(np.ascontiguousarray(positions, float).tobytes())


@lru_cache(maxsize=4)  # the maps of one run have the same sites
def _cut(positions: bytes) -> Tiles:
    sites = np.frombuffer(positions).reshape(-1, 2)
    half = np.median(scipy.spatial.cKDTree(sites).query(sites, k=2)[0][:, 1]) / 2
    low, high = sites.min(axis=0) - half, sites.max(axis=0) + half
    mirrored = [sites]  # mirror images beyond the rim make every tile of the sheet finite
    for axis in (0, 1):
        for rim in (low[axis], high[axis]):
            image = sites.copy()
            image[:, axis] = 2 * rim - image[:, axis]
            mirrored.append(image)
    diagram = scipy.spatial.Voronoi(np.vstack(mirrored))
    n = len(sites)
    polygons = [diagram.vertices[diagram.regions[region]] for region in diagram.point_region[:n]]
    inner = np.flatnonzero((diagram.ridge_points < n).any(axis=1))
    edges = diagram.vertices[np.array([diagram.ridge_vertices[ridge] for ridge in inner])]
    sides = diagram.ridge_points[inner]
    return Tiles(polygons, np.array([_area(p) for p in polygons]), edges, np.where(sides < n, sides, -1))


def _area(polygon: NDArray[np.float64]) -> float:
    x, y = polygon.T
    return float(abs(x @ np.roll(y, 1) - y @ np.roll(x, 1)) / 2)
