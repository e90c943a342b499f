"""Shapes near lines, in a plane: a conformal projection fitted to the lines.

Distances near the lines are true to about 0.1 % there, which finds the nearest pair of points; the figure
shown is then measured on the ellipsoid.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from shapely import Geometry, STRtree

from geo_registry.geo.measure import Points

_FIT_MARGIN_DEGREES = 2.0
_FINE_DEGREES = 0.004  # an edge this short bends by less than 2 mm in the projection


@dataclass(frozen=True, slots=True)
class NearestPair:
    """The nearest points of a shape and a line, in degrees; `meets` where they share a point."""

    segment: int
    from_lon: float
    from_lat: float
    to_lon: float
    to_lat: float
    meets: bool


class Plane:
    """Segments, projected; `starts` and `ends` have shape (n, 2), degrees, and at least one row."""

    def __init__(self, starts: Points, ends: Points) -> None:
        both = np.stack([starts, ends], axis=1)
        low, high = both.min(axis=(0, 1)), both.max(axis=(0, 1))
        self._box = shapely.box(*(low - _FIT_MARGIN_DEGREES), *(high + _FIT_MARGIN_DEGREES))
        self._project = _conformal(low, high)
        x, y = self._project.transform(both[..., 0], both[..., 1])
        self._tree = STRtree(shapely.linestrings(np.stack([x, y], axis=-1)))

    def touching(self, geometry: Geometry, *, radius_m: float) -> NDArray[np.intp]:
        """Return the indices of the segments within a radius of any part of a geometry in degrees."""
        shape = self._projected(geometry)
        if shape is None:
            return np.empty(0, np.intp)
        return np.asarray(self._tree.query(shape, "dwithin", distance=radius_m))

    def reach_m(self, geometry: Geometry) -> float:
        """Return the greatest distance of any part of a geometry from the segments; infinity for one far off."""
        shape = self._projected(geometry)
        if shape is None or not self._box.covers(geometry):
            return np.inf
        points = shapely.points(shapely.get_coordinates(shape))
        _, distances = self._tree.query_nearest(points, return_distance=True, all_matches=False)
        return float(distances.max())

    def nearest(self, geometry: Geometry) -> NearestPair | None:
        """Return the nearest points of a geometry and the segments; None for a geometry far off."""
        shape = self._projected(geometry)
        if shape is None:
            return None
        segment = int(self._tree.nearest(shape))
        pair = shapely.shortest_line(shape, self._tree.geometries[segment])
        x, y = shapely.get_coordinates(pair).T
        (lon, to_lon), (lat, to_lat) = self._project.transform(x, y, direction="INVERSE")
        return NearestPair(
            segment, float(lon), float(lat), float(to_lon), float(to_lat), bool(shapely.length(pair) == 0)
        )

    def _projected(self, geometry: Geometry) -> Geometry | None:
        """Return the part of a shape near the lines, projected; None where there is none.

        Edges are cut fine first: one that is straight in degrees is bent in the projection.
        """
        near = shapely.intersection(geometry, self._box)
        if near.is_empty:
            return None

        def project(xy: Points) -> Points:
            return np.column_stack(self._project.transform(xy[:, 0], xy[:, 1]))

        return shapely.transform(shapely.segmentize(near, _FINE_DEGREES), project)


def _conformal(low: Points, high: Points) -> Transformer:
    """Return a Lambert conformal conic fitted to a box, with its standard parallels a sixth in from the edges."""
    west, south, east, north = low[0], low[1], high[0], high[1]
    sixth = max((north - south) / 6.0, 0.1)
    return Transformer.from_crs(
        "EPSG:4326",
        f"+proj=lcc +lat_1={south + sixth} +lat_2={north - sixth} +lat_0={(south + north) / 2} "
        f"+lon_0={(west + east) / 2} +ellps=WGS84 +units=m",
        always_xy=True,
    )
