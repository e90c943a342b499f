"""Basins of points against brute force on the source file: ``python -m tests.basin_check`` runs it whole."""

import sys
from pathlib import Path

import geopandas
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod
from shapely import Point, STRtree

from geo_registry.routing.snapshot import Snapshot

SOURCE = Path(__file__).parent.parent / "layers/basins/data.geojson"
_BAND_M = 1.0


class BasinBruteForce:
    """Which basins hold a point, and how far the nearest other basin is, measured on the source polygons."""

    def __init__(self) -> None:
        frame = geopandas.read_file(SOURCE)
        self.codes = list(frame["code"])
        self.level1 = dict(zip(frame["code"], frame["level1"], strict=True))
        self.polygons = np.array(list(frame.geometry), dtype=object)
        self._tree = STRtree(self.polygons)
        self._geod = Geod(ellps="WGS84")

    def covering(self, points: NDArray[np.float64]) -> list[set[str]]:
        """Return the codes of the basins that hold each point."""
        found: list[set[str]] = [set() for _ in points]
        for i, basin in self._tree.query(shapely.points(points), "intersects").T:
            found[i].add(self.codes[basin])
        return found

    def metres_to_other(self, point: NDArray[np.float64], code: str, *, level1: bool) -> float:
        """Return the distance to the nearest basin that is another one, by steps of 1 m at the least."""
        lon, lat = point
        best = float("inf")
        for other, polygon in zip(self.codes, self.polygons, strict=True):
            same = self.level1[other] == self.level1[code] if level1 else other == code
            near = shapely.clip_by_rect(
                shapely.boundary(polygon), lon - 0.12, lat - 0.09, lon + 0.12, lat + 0.09
            )
            if same or near.is_empty:
                continue
            vertices = shapely.get_coordinates(shapely.segmentize(near, 0.00002))
            n = len(vertices)
            best = min(
                best,
                self._geod.inv(np.full(n, lon), np.full(n, lat), vertices[:, 0], vertices[:, 1])[2].min(),
            )
        return best


def compare(snapshot: Snapshot, points: NDArray[np.float64], *, divides_of: int) -> list[str]:
    """Return every difference; the distances to divides are compared for the first `divides_of` points."""
    brute = BasinBruteForce()
    wrong = []
    for i, (point, expected) in enumerate(zip(points, brute.covering(points), strict=True)):
        hits = {hit.code: hit for hit in snapshot.basin_index.at(Point(point))}
        if set(hits) != expected:
            wrong.append(f"{point.tolist()}: {sorted(hits)}, expected {sorted(expected)}")
        if i >= divides_of or len(expected) != 1:
            continue
        (code,) = expected
        for level1, got in ((False, hits[code].near_divide), (True, hits[code].near_level1_divide)):
            metres = brute.metres_to_other(point, code, level1=level1)
            if abs(metres - 5_000.0) > _BAND_M and got != (metres <= 5_000.0):
                wrong.append(f"{point.tolist()}: near divide {got}, {metres:.1f} m (level 1: {level1})")
    return wrong


def random_points(n: int, seed: int) -> NDArray[np.float64]:
    """Return points spread over the province."""
    return np.random.default_rng(seed).uniform((121.6, 40.8), (131.4, 46.4), (n, 2))


def main() -> int:
    """Compare 20,000 points with the registry the settings name."""
    from tests.exactness import _snapshot

    wrong = compare(_snapshot(), random_points(20_000, seed=5), divides_of=2_000)
    print(f"20000 points, 2000 with their divides: {len(wrong)} wrong")
    print("\n".join(wrong[:10]), end="")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
