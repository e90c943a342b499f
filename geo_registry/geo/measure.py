"""Lengths, areas and distances on the ellipsoid, in metres; never in a projection.

A stored line runs straight in longitude and latitude between its vertices; distances are geodesic
distances (Karney) to points of that line.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod
from shapely import Geometry, get_parts, orient_polygons, segmentize

GEOD = Geod(ellps="WGS84")
Points = NDArray[np.float64]  # shape (n, 2), longitude and latitude in degrees
_REFINEMENT = 0.1  # each look is at a piece of the segment a tenth of the last one's reach
_EDGE_DEGREES = 0.01  # the geodesic between its ends leaves an edge this long by 12 mm at most
_STRAIGHT_DEGREES = 0.02  # a piece this short bends by less than a millimetre


@dataclass(frozen=True, slots=True)
class NearestPoint:
    """The point of a set of segments nearest to a position."""

    segment: int
    distance_m: float
    lon: float
    lat: float


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


def distances_m(*, lon: float, lat: float, points: Points) -> NDArray[np.float64]:
    """Return the geodesic distance from a position to each point; shape (n,)."""
    n = len(points)
    return np.asarray(GEOD.inv(np.full(n, lon), np.full(n, lat), points[:, 0], points[:, 1])[2])


def segment_distances_m(
    *, lon: float, lat: float, starts: Points, ends: Points
) -> tuple[NDArray[np.float64], Points]:
    """Return the geodesic distance from a position to each segment, and the point of it that is nearest.

    The foot of the perpendicular is found in azimuthal equidistant coordinates around the position,
    where distances from it are true, then refined on ever shorter pieces of the segment, because a
    segment that is straight in degrees is slightly bent there. Off by less than 1 mm for segments of
    up to 50 km.

    Parameters
    ----------
    starts, ends
        Shape (n, 2), degrees. A segment may have no length.

    Returns
    -------
    tuple
        Distances in metres, shape (n,), and nearest points in degrees, shape (n, 2).
    """
    along = np.full(len(starts), 0.5)
    for reach in _reaches(starts, ends):
        low, high = np.clip(along - reach, 0.0, 1.0), np.clip(along + reach, 0.0, 1.0)
        a = _around(lon, lat, _at(starts, ends, low))
        b = _around(lon, lat, _at(starts, ends, high))
        along = low + _foot(a, b) * (high - low)
    # Far off, an end can be nearer than where the search came to rest.
    places = np.concatenate([_at(starts, ends, along), starts, ends])
    reached = distances_m(lon=lon, lat=lat, points=places).reshape(3, -1)
    best = np.argmin(reached, axis=0) * len(starts) + np.arange(len(starts))
    return reached.ravel()[best], places[best]


def _reaches(starts: Points, ends: Points) -> list[float]:
    """Return the half-widths of the pieces to look at, from the whole segment to one that is straight enough."""
    longest = float(np.abs(ends - starts).max(initial=0.0))
    reaches = [0.5]
    while reaches[-1] * 2 * longest > _STRAIGHT_DEGREES:
        reaches.append(reaches[-1] * _REFINEMENT)
    return reaches


def nearest_of_segments(*, lon: float, lat: float, starts: Points, ends: Points) -> NearestPoint | None:
    """Return the nearest point of a set of segments; the first of equals; None when the set is empty."""
    if not len(starts):
        return None
    distances, points = segment_distances_m(lon=lon, lat=lat, starts=starts, ends=ends)
    i = int(np.argmin(distances))
    return NearestPoint(i, float(distances[i]), float(points[i, 0]), float(points[i, 1]))


def _at(starts: Points, ends: Points, along: NDArray[np.float64]) -> Points:
    part: Points = starts + (ends - starts) * along[:, None]
    return part


def _around(lon: float, lat: float, points: Points) -> Points:
    """Return azimuthal equidistant coordinates in metres, centred on the position."""
    n = len(points)
    azimuth, _, distance = GEOD.inv(np.full(n, lon), np.full(n, lat), points[:, 0], points[:, 1])
    azimuth, distance = np.radians(azimuth), np.asarray(distance)
    return np.column_stack([distance * np.sin(azimuth), distance * np.cos(azimuth)])


def _foot(a: Points, b: Points) -> NDArray[np.float64]:
    """Return where along a–b, 0 to 1, the foot of the perpendicular from the origin falls."""
    step = b - a
    squared = np.einsum("ij,ij->i", step, step)
    along = -np.einsum("ij,ij->i", a, step) / np.where(squared > 0, squared, 1.0)
    clipped: NDArray[np.float64] = np.clip(along, 0.0, 1.0)
    return clipped
