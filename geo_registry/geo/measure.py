"""Lengths, areas and distances on the ellipsoid, in metres; never in a projection.

A stored line runs straight in longitude and latitude between its vertices; distances are geodesic
distances (Karney) to points of that line.
"""

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod
from shapely import Geometry, get_parts, orient_polygons, segmentize

GEOD = Geod(ellps="WGS84")
Points = NDArray[np.float64]  # shape (n, 2), longitude and latitude in degrees
_EDGE_DEGREES = 0.01  # the geodesic between its ends leaves an edge this long by 12 mm at most


def distance_m(*, lon_a: float, lat_a: float, lon_b: float, lat_b: float) -> float:
    """Return the geodesic distance of two positions given in degrees."""
    return float(GEOD.inv(lon_a, lat_a, lon_b, lat_b)[2])


def area_m2(geometry: Geometry) -> float:
    """Return the geodesic area of the polygons in a geometry; holes count off, lines and points are 0."""
    polygons = [part for part in _parts(geometry) if part.geom_type == "Polygon"]
    # PROJ takes a hole off only where it runs the other way round than its shell.
    return sum(abs(GEOD.geometry_area_perimeter(orient_polygons(p))[0]) for p in _straight(polygons))


def length_m(geometry: Geometry) -> float:
    """Return the geodesic length of the lines in a geometry; polygons and points are 0."""
    return sum(
        GEOD.geometry_length(part)
        for part in _straight([p for p in _parts(geometry) if p.geom_type == "LineString"])
    )


def _straight(parts: list[Geometry]) -> list[Geometry]:
    """Return shapes in steps so short that a geodesic of each is the edge, which is straight in degrees."""
    return [segmentize(part, _EDGE_DEGREES) for part in parts]


def _parts(geometry: Geometry) -> list[Geometry]:
    parts = list(get_parts(geometry))
    return [p for part in parts for p in (_parts(part) if hasattr(part, "geoms") else [part])]
