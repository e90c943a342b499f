"""Lines between answers, and the metres to the nearest of them.

The edges of a valid coverage are matched vertex by vertex, so each edge knows exactly what lies on
either side. Which edges are lines depends on the question: an edge between two counties of one court
is none. Candidates are found in a conformal projection fitted to the data, where distances near the
data are true to about 0.1 %; the figure returned is geodesic.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from shapely import Geometry, STRtree

from geo_registry.geo.coordinates import BBox
from geo_registry.geo.measure import distances_m, nearest_of_segments, segment_distances_m

_SLACK = 1.01  # covers the projection's scale error over the fitted box and its margin
_SLACK_M = 25.0  # covers the bend of a segment that is straight in degrees
_FIT_MARGIN_DEGREES = 2.0
_SPHERE_M, _SPHERE_SLACK = (
    6_371_000.0,
    1.02,
)  # a sphere is wrong by 0.6 % at most, on both sides of a comparison
_FINE_DEGREES = 0.004  # an edge this short bends by less than 2 mm in the projection


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
        if not len(segments):
            return
        ends = np.stack([segments.starts, segments.ends], axis=1)
        low, high = ends.min(axis=(0, 1)), ends.max(axis=(0, 1))
        self._fitted = BBox(west=low[0], south=low[1], east=high[0], north=high[1]).expanded(
            _FIT_MARGIN_DEGREES
        )
        self._project = _conformal(low, high)
        x, y = self._project.transform(ends[..., 0], ends[..., 1])
        self._tree = STRtree(shapely.linestrings(np.stack([x, y], axis=-1)))
        self._longest_m = float(np.hypot(x[:, 1] - x[:, 0], y[:, 1] - y[:, 0]).max()) * _SLACK

    def nearest(self, *, lon: float, lat: float) -> NearestLine | None:
        """Return the nearest line to a position in degrees, None when there is no line at all."""
        if not len(self.segments):
            return None
        near = self._near(lon, lat, None)
        found = nearest_of_segments(
            lon=lon, lat=lat, starts=self.segments.starts[near], ends=self.segments.ends[near]
        )
        assert found is not None
        return NearestLine(found.distance_m, int(near[found.segment]), found.lon, found.lat)

    def within(self, *, lon: float, lat: float, radius_m: float) -> NDArray[np.intp]:
        """Return the indices of the segments no farther than a radius in metres, the line itself included."""
        if not len(self.segments):
            return np.empty(0, np.intp)
        near = self._near(lon, lat, radius_m)
        if not len(near):
            return near
        distances, _ = segment_distances_m(
            lon=lon, lat=lat, starts=self.segments.starts[near], ends=self.segments.ends[near]
        )
        return near[distances <= radius_m]

    def holds(self, *, lon: float, lat: float) -> bool:
        """Tell whether the position lies exactly on one of the lines."""
        near = self.within(lon=lon, lat=lat, radius_m=1.0)
        ends = np.stack([self.segments.starts[near], self.segments.ends[near]], axis=1)
        return bool(shapely.intersects_xy(shapely.linestrings(ends), lon, lat).any()) if len(near) else False

    def touching(self, geometry: Geometry, *, radius_m: float) -> NDArray[np.intp]:
        """Return the indices of the segments within a radius of any part of a geometry in degrees."""
        shape = self._projected(geometry)
        if shape is None:
            return np.empty(0, np.intp)
        return np.asarray(self._tree.query(shape, "dwithin", distance=radius_m))

    def reach_m(self, geometry: Geometry) -> float:
        """Return how far a geometry gets away from the lines: the greatest distance of any part of it."""
        shape = self._projected(geometry)
        if shape is None or not self._fitted_box().covers(geometry):
            return math.inf
        points = shapely.points(shapely.get_coordinates(shape))
        _, distances = self._tree.query_nearest(points, return_distance=True, all_matches=False)
        return float(distances.max())

    def nearest_to_shape(self, geometry: Geometry) -> NearestLine | None:
        """Return the line nearest to a line or an area; the distance is geodesic between the nearest points."""
        if not len(self.segments):
            return None
        shape = self._projected(geometry)
        if shape is None:
            return self._nearest_from_afar(geometry)
        segment = int(self._tree.nearest(shape))
        pair = shapely.shortest_line(shape, self._tree.geometries[segment])
        x, y = shapely.get_coordinates(pair).T
        lons, lats = self._project.transform(x, y, direction="INVERSE")
        (lon, to_lon), (lat, to_lat) = (float(v) for v in lons), (float(v) for v in lats)
        distance = float(distances_m(lon=lon, lat=lat, points=np.array([[to_lon, to_lat]]))[0])
        return NearestLine(0.0 if shapely.length(pair) == 0 else distance, segment, to_lon, to_lat)

    def _nearest_from_afar(self, geometry: Geometry) -> NearestLine | None:
        """Return the line nearest to a shape far off, by the corners of its outline."""
        corners = shapely.get_coordinates(geometry)[:: max(1, shapely.get_num_coordinates(geometry) // 50)]
        found = [self.nearest(lon=lon, lat=lat) for lon, lat in corners]
        return min((line for line in found if line), key=lambda line: line.distance_m)

    def _near(self, lon: float, lat: float, radius_m: float | None) -> NDArray[np.intp]:
        """Return a superset of the segments wanted: within the radius, or possibly nearest."""
        if not self._fitted.contains(lon=lon, lat=lat):
            return self._near_from_afar(lon, lat, radius_m)
        point = shapely.Point(*self._project.transform(lon, lat))
        if radius_m is None:
            nearest = self._tree.nearest(point)
            radius_m = float(shapely.distance(point, self._tree.geometries[nearest]))
        return np.asarray(self._tree.query(point, "dwithin", distance=radius_m * _SLACK + _SLACK_M))

    def _near_from_afar(self, lon: float, lat: float, radius_m: float | None) -> NDArray[np.intp]:
        """Far from the fitted box the projection is no guide: measure to every start, on a sphere, with its slack."""
        angle = np.arccos(np.clip(self._directions @ _direction(np.array([[lon, lat]]))[0], -1.0, 1.0))
        to_start = angle * _SPHERE_M
        reach = float(to_start.min()) if radius_m is None else radius_m
        return np.flatnonzero(to_start <= reach * _SPHERE_SLACK + self._longest_m)

    @cached_property
    def _directions(self) -> NDArray[np.float64]:
        return _direction(self.segments.starts)

    def _projected(self, geometry: Geometry) -> Geometry | None:
        """Return the part of a shape near the lines, projected; None where there is none.

        Edges are cut fine first: one that is straight in degrees is bent in the projection.
        """
        if not len(self.segments):
            return None
        near = shapely.intersection(geometry, self._fitted_box())
        if near.is_empty:
            return None

        def project(xy: NDArray[np.float64]) -> NDArray[np.float64]:
            return np.column_stack(self._project.transform(xy[:, 0], xy[:, 1]))

        return shapely.transform(shapely.segmentize(near, _FINE_DEGREES), project)

    def _fitted_box(self) -> Geometry:
        return shapely.box(self._fitted.west, self._fitted.south, self._fitted.east, self._fitted.north)


def _direction(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return unit vectors, shape (n, 3), of positions in degrees."""
    lon, lat = np.radians(points[:, 0]), np.radians(points[:, 1])
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def _conformal(low: NDArray[np.float64], high: NDArray[np.float64]) -> Transformer:
    """Return a Lambert conformal conic fitted to a box, with its standard parallels a sixth in from the edges."""
    west, south, east, north = low[0], low[1], high[0], high[1]
    sixth = max((north - south) / 6.0, 0.1)
    return Transformer.from_crs(
        "EPSG:4326",
        f"+proj=lcc +lat_1={south + sixth} +lat_2={north - sixth} +lat_0={(south + north) / 2} "
        f"+lon_0={(west + east) / 2} +ellps=WGS84 +units=m",
        always_xy=True,
    )
