"""Lines between answers, and the metres to the nearest of them.

The edges of a valid coverage are matched vertex by vertex, so each edge knows exactly what lies on
either side. Which edges are lines depends on the question: an edge between two counties of one court
is none.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Geometry

from geo_registry.geo.measure import distance_m
from geo_registry.routing.nearest import EdgeTree
from geo_registry.routing.plane import Plane


@dataclass(frozen=True, slots=True)
class Segments:
    """Edges with their two sides.

    `starts` and `ends` have shape (n, 2), degrees; `left` and `right` have shape (n,) and hold indices
    of the polygons on either side, -1 for none. "Left" and "right" are names, not directions.
    """

    starts: NDArray[np.float64]
    ends: NDArray[np.float64]
    left: NDArray[np.int32]
    right: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.starts)

    def where(self, mask: NDArray[np.bool_]) -> "Segments":
        """Return the segments a mask selects."""
        return Segments(self.starts[mask], self.ends[mask], self.left[mask], self.right[mask])

    def joined(self, other: "Segments") -> "Segments":
        """Return these segments and the others'."""
        return Segments(
            np.concatenate([self.starts, other.starts]),
            np.concatenate([self.ends, other.ends]),
            np.concatenate([self.left, other.left]),
            np.concatenate([self.right, other.right]),
        )


def segments_of(geometry: Geometry) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the starts and ends of all segments of the lines and rings in a geometry; shape (n, 2) each."""
    lines = shapely.get_parts(shapely.get_rings(shapely.get_parts(geometry)))
    if not len(lines):
        lines = shapely.get_parts(geometry)
    coordinates, line = shapely.get_coordinates(lines, return_index=True)
    same = line[1:] == line[:-1]
    return coordinates[:-1][same], coordinates[1:][same]


def match_edges(polygons: Sequence[Geometry]) -> Segments:
    """Return every edge of a valid coverage once, with the one or two polygons it bounds."""
    pieces = [segments_of(p) for p in polygons]
    if not pieces:
        none = np.empty((0, 2))
        return Segments(none, none, np.empty(0, np.int32), np.empty(0, np.int32))
    starts, ends = (np.concatenate([p[k] for p in pieces]) for k in (0, 1))
    owner = np.repeat(np.arange(len(pieces), dtype=np.int32), [len(p[0]) for p in pieces])
    backwards = (starts[:, 0] > ends[:, 0]) | ((starts[:, 0] == ends[:, 0]) & (starts[:, 1] > ends[:, 1]))
    first = np.where(backwards[:, None], ends, starts)
    second = np.where(backwards[:, None], starts, ends)
    edges = np.ascontiguousarray(np.hstack([first, second]) + 0.0)  # + 0.0 makes -0.0 and 0.0 one
    order = np.lexsort(edges.T[::-1])
    edges, owner = edges[order], owner[order]
    new = np.ones(len(edges), dtype=bool)
    new[1:] = (edges[1:] != edges[:-1]).any(axis=1)
    heads = np.flatnonzero(new)
    counts = np.diff(np.append(heads, len(edges)))
    right = np.where(counts > 1, owner[np.minimum(heads + 1, len(owner) - 1)], -1).astype(np.int32)
    return Segments(edges[heads, :2], edges[heads, 2:], owner[heads], right)


@dataclass(frozen=True, slots=True)
class NearestLine:
    """The nearest line: its distance, the segment, and the point of it that is nearest."""

    distance_m: float
    segment: int
    lon: float
    lat: float


class LineIndex:
    """A set of segments that answers "how far" and "which within"."""

    def __init__(self, segments: Segments) -> None:
        self.segments = segments
        self.tree = EdgeTree(segments.starts, segments.ends)

    def nearest(self, *, lon: float, lat: float) -> NearestLine | None:
        """Return the nearest line to a position in degrees, None when there is no line at all."""
        if not len(self.segments):
            return None
        segment, to_lon, to_lat, _ = self.tree.nearest_one(lon, lat)
        metres = distance_m(lon_a=lon, lat_a=lat, lon_b=to_lon, lat_b=to_lat)
        return NearestLine(metres, segment, to_lon, to_lat)

    def within(self, *, lon: float, lat: float, radius_m: float) -> NDArray[np.int64]:
        """Return the indices of the segments no farther than a radius in metres, the line itself included."""
        return self.tree.within(lon=lon, lat=lat, radius_m=radius_m)

    def holds(self, *, lon: float, lat: float) -> bool:
        """Tell whether the position lies exactly on one of the lines."""
        near = self.within(lon=lon, lat=lat, radius_m=1.0)
        ends = np.stack([self.segments.starts[near], self.segments.ends[near]], axis=1)
        return bool(shapely.intersects_xy(shapely.linestrings(ends), lon, lat).any()) if len(near) else False

    def touching(self, geometry: Geometry, *, radius_m: float) -> NDArray[np.intp]:
        """Return the indices of the segments within a radius of any part of a geometry in degrees."""
        return self._plane.touching(geometry, radius_m=radius_m) if self._plane else np.empty(0, np.intp)

    def reach_m(self, geometry: Geometry) -> float:
        """Return how far a geometry gets away from the lines: the greatest distance of any part of it."""
        return self._plane.reach_m(geometry) if self._plane else math.inf

    def nearest_to_shape(self, geometry: Geometry) -> NearestLine | None:
        """Return the line nearest to a line or an area; the distance is geodesic between the nearest points."""
        if self._plane is None:
            return None
        pair = self._plane.nearest(geometry)
        if pair is None:
            return self._nearest_from_afar(geometry)
        metres = distance_m(lon_a=pair.from_lon, lat_a=pair.from_lat, lon_b=pair.to_lon, lat_b=pair.to_lat)
        return NearestLine(0.0 if pair.meets else metres, pair.segment, pair.to_lon, pair.to_lat)

    def _nearest_from_afar(self, geometry: Geometry) -> NearestLine | None:
        """Return the line nearest to a shape far off, by the corners of its outline."""
        corners = shapely.get_coordinates(geometry)[:: max(1, shapely.get_num_coordinates(geometry) // 50)]
        found = [self.nearest(lon=lon, lat=lat) for lon, lat in corners.tolist()]
        return min((line for line in found if line), key=lambda line: line.distance_m)

    @cached_property
    def sides(self) -> NDArray[np.int64]:
        """Return a number per segment for the pair of its sides, whichever is named first; shape (n,)."""
        low, high = (
            np.minimum(self.segments.left, self.segments.right),
            np.maximum(self.segments.left, self.segments.right),
        )
        return low.astype(np.int64) * (int(high.max(initial=0)) + 1) + high

    @cached_property
    def _plane(self) -> Plane | None:
        return Plane(self.segments.starts, self.segments.ends) if len(self.segments) else None
