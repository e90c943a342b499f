"""Exact point location in memory: what covers this point, and which lines run near it.

Decisions rest on GEOS predicates over the whole stored polygons; a point on a shared edge is in every
polygon that touches it. Nothing here knows courts: the engine says which states give different
answers, and the lines follow from that.
"""

import threading
from collections.abc import Hashable, Mapping, Sequence
from itertools import product

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Geometry, Point, STRtree

from geo_registry.geo.measure import Points
from geo_registry.routing.lines import LineIndex, Segments, match_edges, segments_of
from geo_registry.routing.model import OUTSIDE, State

_SLIVER = 1e-8  # degrees, about a millimetre
_BESIDE = 1e-9  # degrees, about 0.1 mm: what lies beside a line is asked for this far from it


class PolygonIndex:
    """Polygons by key; answers which of them cover a point or meet a shape."""

    def __init__(self, polygons: Mapping[str, Geometry]) -> None:
        self.keys = list(polygons)
        self.polygons = np.array(list(polygons.values()), dtype=object)
        shapely.prepare(self.polygons)
        self._tree = STRtree(self.polygons)

    def covering(self, *, lon: float, lat: float) -> list[str]:
        """Return the keys of all polygons whose closed area holds the point, in the order given."""
        boxes = np.sort(self._tree.query(Point(lon, lat)))
        return [self.keys[i] for i in boxes if shapely.intersects_xy(self.polygons[i], lon, lat)]

    def touching(self, *, lon: float, lat: float) -> set[str]:
        """Return the keys of the polygons on whose line the point lies."""
        point = Point(lon, lat)
        return {self.keys[i] for i in self._tree.query(point) if shapely.touches(self.polygons[i], point)}

    def meeting(self, geometry: Geometry) -> list[str]:
        """Return the keys of all polygons that share a point with a geometry, in the order given."""
        return [self.keys[i] for i in np.sort(self._tree.query(geometry, "intersects"))]

    def __getitem__(self, key: str) -> Geometry:
        return self.polygons[self.keys.index(key)]


class Locator:
    """The counties, and the forest districts that have a polygon, ready to be asked.

    Immutable once made, and shared by threads.

    Parameters
    ----------
    units
        Polygons of the county-level units by adcode: a valid coverage in degrees.
    districts
        Polygons of forest districts by code; most have none.
    """

    def __init__(self, units: Mapping[str, Geometry], districts: Mapping[str, Geometry]) -> None:
        self.units = PolygonIndex(units)
        self.districts = PolygonIndex(districts)
        self.states: list[State] = [OUTSIDE]
        self._numbers: dict[State, int] = {OUTSIDE: 0}
        self._lock = threading.Lock()
        self.segments = self._segments()
        self.province = shapely.coverage_union_all(self.units.polygons)
        shapely.prepare(self.province)
        self._lines: dict[tuple[Hashable, ...], LineIndex] = {}

    def states_at(self, *, lon: float, lat: float) -> tuple[State, ...]:
        """Return every state the point is in: one inside, several on a line, none outside the province."""
        adcodes = self.units.covering(lon=lon, lat=lat)
        if not self.districts.keys:
            return tuple(State(a) for a in adcodes)
        inside = self.districts.covering(lon=lon, lat=lat)
        on_line = self.districts.touching(lon=lon, lat=lat)
        choices = [({d}, set()) if d in on_line else ({d},) for d in inside]
        return tuple(State(a, frozenset().union(*chosen)) for a in adcodes for chosen in product(*choices))

    def adcodes_at(self, geometry: Geometry) -> list[str]:
        """Return the adcodes of the counties a place lies in or reaches into."""
        if isinstance(geometry, Point):
            return self.units.covering(lon=float(geometry.x), lat=float(geometry.y))
        return list(dict.fromkeys(s.adcode for s, _ in self.parts_of(geometry) if s.adcode is not None))

    def states_in(self, adcode: str) -> list[State]:
        """Return every state some part of a county is in."""
        if not self.districts.keys:
            return [State(adcode)]
        return list(dict.fromkeys(state for state, _ in self.parts_of(self.units[adcode])))

    def parts_of(self, geometry: Geometry) -> list[tuple[State, Geometry]]:
        """Return a line or an area cut along the states, pieces of its own dimension only.

        The part outside the province comes last, under `OUTSIDE`. Cutting rounds, so pieces thinner
        than a millimetre are the cut's and not the shape's: they are left out.
        """
        parts = []
        for adcode in self.units.meeting(geometry):
            parts += self._by_district(adcode, shapely.intersection(geometry, self.units[adcode]))
        if not shapely.covers(self.province, geometry):
            parts.append((OUTSIDE, shapely.difference(geometry, self.province)))
        dimension = int(shapely.get_dimensions(geometry))
        solid = [(state, _solid(piece, dimension)) for state, piece in parts]
        return [(state, piece) for state, piece in solid if not piece.is_empty]

    def lines_between(self, answers: Sequence[Hashable]) -> LineIndex:
        """Return the lines where the answer changes inside the province.

        Parameters
        ----------
        answers
            One value per entry of `states`; equal values are the same answer. The first entry stands
            for the outside and is not looked at.
        """
        key = ("court", *answers[1:])
        if key not in self._lines:
            number = {value: i for i, value in enumerate(dict.fromkeys(answers))}
            code = np.array([number[a] for a in answers])
            s = self.segments
            self._lines[key] = LineIndex(
                s.where((s.left != 0) & (s.right != 0) & (code[s.left] != code[s.right]))
            )
        return self._lines[key]

    def outline(self) -> LineIndex:
        """Return the line of the province."""
        key = ("province",)
        if key not in self._lines:
            s = self.segments
            self._lines[key] = LineIndex(s.where((s.left == 0) | (s.right == 0)))
        return self._lines[key]

    def number(self, state: State) -> int:
        """Return the index of a state in `states`; a state no segment has is added."""
        with self._lock:
            if state not in self._numbers:
                self._numbers[state] = len(self.states)
                self.states.append(state)
            return self._numbers[state]

    def _by_district(self, adcode: str, piece: Geometry) -> list[tuple[State, Geometry]]:
        pieces = [(State(adcode), piece)]
        for code in self.districts.meeting(piece):
            cut = []
            for state, shape in pieces:
                within = shapely.intersection(shape, self.districts[code])
                cut.append((State(adcode, state.districts | {code}), within))
                cut.append((state, shapely.difference(shape, self.districts[code])))
            pieces = cut
        return pieces

    def _segments(self) -> Segments:
        edges = match_edges(list(self.units.polygons))
        numbers = np.array([self.number(State(a)) for a in self.units.keys] + [0], dtype=np.int32)
        edges = Segments(edges.starts, edges.ends, numbers[edges.left], numbers[edges.right])
        return self._with_districts(edges) if self.districts.keys else edges

    def _with_districts(self, edges: Segments) -> Segments:
        """Return the edges with the districts' own lines among them, all cut where they cross."""
        boxes = shapely.union_all(shapely.box(*shapely.bounds(self.districts.polygons).T))
        lines = shapely.linestrings(np.stack([edges.starts, edges.ends], axis=1))
        near = shapely.intersects(boxes, lines)
        borders = shapely.boundary(self.districts.polygons)
        starts, ends = segments_of(shapely.union_all([*lines[near], *borders]))
        left, right = self._sides(starts, ends)
        cut = Segments(starts, ends, left, right)
        return edges.where(~near).joined(cut.where(left != right))

    def _sides(self, starts: Points, ends: Points) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Return the states just beside the middle of each segment, by asking there."""
        step = ends - starts
        normal = np.column_stack([-step[:, 1], step[:, 0]]) / np.hypot(step[:, 0], step[:, 1])[:, None]
        sides = []
        for beside in ((starts + ends) / 2 + normal * _BESIDE, (starts + ends) / 2 - normal * _BESIDE):
            found = [self.states_at(lon=lon, lat=lat) for lon, lat in beside]
            sides.append(np.array([self.number(f[0] if f else OUTSIDE) for f in found], dtype=np.int32))
        return sides[0], sides[1]


def _solid(piece: Geometry, dimension: int) -> Geometry:
    """Return the parts of a dimension that are thicker, or longer, than what rounding makes."""
    parts = [p for part in shapely.get_parts(piece) for p in shapely.get_parts(part)]
    if dimension == 2:
        return shapely.MultiPolygon(
            [p for p in parts if p.geom_type == "Polygon" and p.area > p.length * _SLIVER / 2]
        )
    return shapely.MultiLineString([p for p in parts if p.geom_type == "LineString" and p.length > _SLIVER])
