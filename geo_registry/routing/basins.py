"""Basins at a place, with what a court file wants to know beside the name: how near the divide is."""

from collections.abc import Sequence

import numpy as np
from shapely import Geometry, Point

from geo_registry.records import Basin
from geo_registry.routing.index import PolygonIndex
from geo_registry.routing.lines import LineIndex, match_edges
from geo_registry.routing.model import BasinHit

NEAR_DIVIDE_M = 5_000.0


class BasinIndex:
    """The basins held: a valid coverage whose inner edges are the divides."""

    def __init__(self, basins: Sequence[Basin]) -> None:
        self.basins = {b.code: b for b in basins}
        self._polygons = PolygonIndex({b.code: b.geometry for b in basins})
        edges = match_edges([b.geometry for b in basins])
        inner = edges.where((edges.left >= 0) & (edges.right >= 0))
        level1 = np.array([b.level1 for b in basins])
        self._divides = LineIndex(inner)
        self._level1_divides = LineIndex(inner.where(level1[inner.left] != level1[inner.right]))

    def at(self, geometry: Geometry) -> tuple[BasinHit, ...]:
        """Return the basins a place lies in or reaches into, in the order of their codes."""
        if isinstance(geometry, Point):
            lon, lat = float(geometry.x), float(geometry.y)
            codes = self._polygons.covering(lon=lon, lat=lat)
        else:
            codes = self._polygons.meeting(geometry)
        if not codes:
            return ()
        distance, near, near_level1 = self._near(geometry)
        return tuple(BasinHit(code, near, near_level1, distance) for code in sorted(codes))

    def near_divide(self, *, lon: float, lat: float) -> tuple[bool, bool]:
        """Tell whether a divide, and one between basins of the first level, is near a position."""
        near = _is_near(self._divides, lon, lat)
        near_level1 = _is_near(self._level1_divides, lon, lat) if near else False
        if near is None or near_level1 is None:
            return self._near(Point(lon, lat))[1:]
        return near, near_level1

    def _near(self, geometry: Geometry) -> tuple[float | None, bool, bool]:
        distance = self._distance_m(self._divides, geometry)
        near = distance is not None and distance <= NEAR_DIVIDE_M
        level1 = self._distance_m(self._level1_divides, geometry) if near else None
        return distance, near, level1 is not None and level1 <= NEAR_DIVIDE_M

    @staticmethod
    def _distance_m(lines: LineIndex, geometry: Geometry) -> float | None:
        if isinstance(geometry, Point):
            found = lines.nearest(lon=float(geometry.x), lat=float(geometry.y))
        else:
            found = lines.nearest_to_shape(geometry)
        return found.distance_m if found else None

    def upstream(self, code: str) -> list[str]:
        """Return the codes of all basins that drain to this one, directly or through others."""
        direct = sorted(b.code for b in self.basins.values() if b.drains_to == code)
        return [c for d in direct for c in (d, *self.upstream(d))]

    def downstream(self, code: str) -> list[str]:
        """Return the codes of the basins this one drains to, nearest first."""
        following = self.basins[code].drains_to
        return [following, *self.downstream(following)] if following else []


def _is_near(lines: LineIndex, lon: float, lat: float) -> bool | None:
    """Tell whether a line is near by the tree's own metres; None where those are too close to say."""
    metres = lines.tree.metres_to(lon, lat, within_m=NEAR_DIVIDE_M + 1.0)
    if abs(metres - NEAR_DIVIDE_M) <= 1.0:  # a thousand times what the tree may be off
        return None
    return metres < NEAR_DIVIDE_M
