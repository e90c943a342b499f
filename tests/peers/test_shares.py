"""Shares of courts, counties and the outside against turf, run in node on the zones as the database gives them.

turf cuts with polyclip, not GEOS, and measures on a sphere, edges straight in degrees. The sphere nearly
cancels in a share: an area is off by the change of M·N over a shape (0.03 % between two parts a degree of
latitude apart), a length by 0.34 % between north–south and east–west, so by f·(1 − f)·0.34 % < 0.00085.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray
from shapely import Geometry
from sqlalchemy import text

from geo_registry.db.engine import Database
from geo_registry.geo.reading.numbers import read_geometry
from geo_registry.routing.model import Decision, Place, Question
from geo_registry.routing.rules import decide
from geo_registry.routing.snapshot import Snapshot
from geo_registry.terms import Territory
from tests.peers import engines
from tests.support import DAY, run

OUTSIDE = "outside"
TOLERANCE = 1e-3
Shares = dict[str, float]

_ZONES = text(
    """
    select u.adcode, d.court_code, st_asgeojson(u.geom, 15) as geojson
    from admin_unit_history u
    join designation_history d on d.adcode = u.adcode and d.territory = 'ordinary' and d.current
    join zone_version_history v on v.id = d.version_id and v.state = 'published' and v.current
    where u.current and u.level = 'county' and u.geom is not null
      and u.valid @> cast(:day as date) and v.valid @> cast(:day as date)
    order by u.adcode
    """
)
_RIVERS = text(
    "select st_asgeojson(geom, 15) from river_history where current order by name, st_length(geom)"
)


@dataclass(frozen=True, slots=True)
class Ground:
    """The counties as the database gives them: their shapes and the court designated in each; and rivers."""

    counties: Mapping[str, dict[str, Any]]
    courts: Mapping[str, str]
    rivers: tuple[Geometry, ...]

    def shapes(self) -> dict[str, Geometry]:
        """Return the counties as shapely's, only to choose places and rivers by."""
        return {a: shapely.geometry.shape(geometry) for a, geometry in self.counties.items()}


@pytest.fixture(scope="module")
def ground(loaded_url: str) -> Ground:
    async def read(database: Database) -> Ground:
        async with database.read() as session:
            rows = (await session.execute(_ZONES, {"day": DAY})).all()
            rivers = (await session.execute(_RIVERS)).scalars().all()
        return Ground(
            {row.adcode: json.loads(row.geojson) for row in rows},
            {row.adcode: row.court_code for row in rows},
            tuple(shapely.from_geojson(river) for river in rivers),
        )

    return run(loaded_url, read)


class Corners:
    """Vertices of the counties' lines: where two courts meet, and on the province's own line."""

    def __init__(self, ground: Ground) -> None:
        around: dict[tuple[float, float], set[str]] = {}
        edges: Counter[tuple[tuple[float, float], ...]] = Counter()
        for adcode, county in ground.shapes().items():
            for ring in shapely.get_rings(shapely.get_parts(county)):
                at = [(x, y) for x, y in shapely.get_coordinates(ring).tolist()]
                edges.update(tuple(sorted(step)) for step in pairwise(at))
                for vertex in at:
                    around.setdefault(vertex, set()).add(ground.courts[adcode])
        self.between = np.array(sorted(vertex for vertex, courts in around.items() if len(courts) > 1))
        self.rim = np.array(sorted({vertex for edge, n in edges.items() if n == 1 for vertex in edge}))


def some(points: NDArray[np.float64], n: int, random: np.random.Generator) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in points[random.choice(len(points), n, replace=False)]]


def box(x: float, y: float, size: float) -> Geometry:
    return shapely.box(x - size, y - size * 0.7, x + size * 0.8, y + size)


def star(x: float, y: float, size: float) -> Geometry:
    """Return a star of nine rays with a hole off its middle."""
    turn = np.linspace(0, 2 * np.pi, 18, endpoint=False)
    reach = np.where(np.arange(18) % 2, size * 0.45, size)
    shell = np.column_stack([x + reach * np.cos(turn), y + reach * np.sin(turn) * 0.7])
    return shapely.Polygon(shell, [shapely.box(x, y, x + size * 0.2, y + size * 0.15).exterior.coords])


def zigzag(x: float, y: float, size: float, random: np.random.Generator) -> Geometry:
    """Return a line that wanders past a point."""
    around = np.array([x, y])
    steps = around + random.uniform(-size, size, (6, 2))
    return shapely.LineString([around - size, *steps, around + size])


def areas(corners: Corners, random: np.random.Generator) -> list[Geometry]:
    shapes = []
    for points in (corners.between, corners.rim):
        for size in (0.002, 0.01, 0.05, 0.2, 0.45):
            shapes += [box(x, y, size) for x, y in some(points, 4 if size < 0.4 else 2, random)]
        shapes += [star(x, y, 0.15) for x, y in some(points, 4, random)]
    for (x, y), (u, v) in zip(some(corners.between, 3, random), some(corners.rim, 3, random), strict=True):
        shapes.append(shapely.MultiPolygon([box(x, y, 0.03), box(u, v, 0.04)]))
    return shapes


def lines(ground: Ground, corners: Corners, random: np.random.Generator) -> list[Geometry]:
    shapes = [zigzag(x, y, 0.3, random) for x, y in some(corners.between, 8, random)]
    shapes += [zigzag(x, y, 0.1, random) for x, y in some(corners.rim, 8, random)]
    for start, end in zip(some(corners.between, 5, random), some(corners.rim, 5, random), strict=True):
        shapes.append(shapely.LineString([start, end]))
    for (x, y), (u, v) in zip(some(corners.between, 2, random), some(corners.rim, 2, random), strict=True):
        shapes.append(
            shapely.MultiLineString([zigzag(x, y, 0.05, random).coords, zigzag(u, v, 0.05, random).coords])
        )
    return shapes + crossing_rivers(ground, 6)


def crossing_rivers(ground: Ground, n: int) -> list[Geometry]:
    """Return rivers that flow through the counties of two courts or more, as they are drawn."""
    shapes, found = ground.shapes(), []
    for river in ground.rivers:
        through = {ground.courts[a] for a, county in shapes.items() if shapely.intersects(county, river)}
        if len(through) > 1 and shapely.get_num_coordinates(river) < 400:
            found.append(river)
    return found[:n]


def by_turf(ground: Ground, shapes: Sequence[Geometry]) -> list[tuple[float, Shares]]:
    """Return the size turf finds of each shape, and of its part in each county."""
    zones = [{"key": adcode, "geometry": geometry} for adcode, geometry in ground.counties.items()]
    given = {"zones": zones, "shapes": [shapely.geometry.mapping(shape) for shape in shapes]}
    return [(answer["whole"], answer["parts"]) for answer in engines.node("shares.js", given)]


def of_courts(ground: Ground, whole: float, parts: Shares) -> Shares:
    """Return the shares of the courts, and what is in no county as the share of the outside."""
    shares: Shares = dict.fromkeys((ground.courts[adcode] for adcode in parts), 0.0)
    for adcode, size in parts.items():
        shares[ground.courts[adcode]] += size / whole
    return {**shares, OUTSIDE: 1.0 - sum(parts.values()) / whole}


def ask(snapshot: Snapshot, *shapes: Geometry) -> Decision:
    places = tuple(Place((read_geometry(shape, text="@shape"),)) for shape in shapes)
    return decide(Question(places, None, None, Territory.ORDINARY, DAY), snapshot)


def of_decision(decision: Decision) -> Shares:
    """Return the share of each court, named or not, and of the outside, which has to be one candidate."""
    shares = {}
    for candidate in decision.candidates:
        if candidate.share is None:
            continue
        code = OUTSIDE
        if candidate.territory is not Territory.OUTSIDE:
            assert candidate.designation is not None
            code = candidate.designation.court_code
        assert code not in shares
        shares[code] = candidate.share.fraction
    return shares


def worst(ours: Mapping[str, float], theirs: Mapping[str, float]) -> float:
    return max(abs(ours.get(key, 0.0) - theirs.get(key, 0.0)) for key in {*ours, *theirs})


@dataclass(frozen=True, slots=True)
class Compared:
    """A shape, what the product decided of it, and what turf found."""

    shape: Geometry
    decision: Decision
    ours: Shares
    theirs: Shares
    whole: float
    parts: Shares


@pytest.fixture(scope="module")
def compared(snapshot: Snapshot, ground: Ground) -> list[Compared]:
    random, corners = np.random.default_rng(20220926), Corners(ground)
    shapes = [*areas(corners, random), *lines(ground, corners, random)]
    found = []
    for shape, (whole, parts) in zip(shapes, by_turf(ground, shapes), strict=True):
        decision = ask(snapshot, shape)
        theirs = of_courts(ground, whole, parts)
        found.append(Compared(shape, decision, of_decision(decision), theirs, whole, parts))
    return found


def test_the_shapes_are_many_and_cross(compared: list[Compared]) -> None:
    crossing = [c for c in compared if sum(share > 0.01 for share in c.theirs.values()) > 1]
    flat = [c for c in crossing if shapely.get_dimensions(c.shape) == 2]
    assert len(compared) >= 70
    assert len(flat) >= 40
    assert len(crossing) - len(flat) >= 20
    assert sum(c.theirs[OUTSIDE] > 0.01 for c in compared) >= 25


def test_the_share_of_every_court_is_turf_s(compared: list[Compared]) -> None:
    for c in compared:
        assert worst(c.ours, c.theirs) < TOLERANCE, c.shape.wkt
        assert sum(c.ours.values()) == pytest.approx(1.0, abs=1e-9)


def test_the_share_of_every_county_is_turf_s(compared: list[Compared]) -> None:
    for c in compared:
        held = {adcode: share for adcode, share in c.decision.counties if share is not None}
        assert worst(held, {a: size / c.whole for a, size in c.parts.items()}) < TOLERANCE, c.shape.wkt


def test_the_part_outside_the_province_is_a_share_of_its_own(compared: list[Compared]) -> None:
    for c in compared:
        outside = [x for x in c.decision.candidates if x.territory is Territory.OUTSIDE and x.share]
        if c.theirs[OUTSIDE] > TOLERANCE:
            (only,) = outside
            assert only.share is not None
            assert only.share.fraction == pytest.approx(c.theirs[OUTSIDE], abs=TOLERANCE)
            assert only.court is None
            assert only.adcodes == ()
        else:
            assert sum(x.share.fraction for x in outside if x.share) < 2 * TOLERANCE


def test_several_shapes_of_one_case_share_the_whole(
    snapshot: Snapshot, ground: Ground, compared: list[Compared]
) -> None:
    for dimension in (2, 1):
        alike = [c for c in compared if shapely.get_dimensions(c.shape) == dimension]
        for group in (alike[3:6], alike[6:10], alike[-4:-1]):
            whole = sum(c.whole for c in group)
            keys = {adcode for c in group for adcode in c.parts}
            parts = {adcode: sum(c.parts.get(adcode, 0.0) for c in group) for adcode in keys}
            ours = of_decision(ask(snapshot, *(c.shape for c in group)))
            assert worst(ours, of_courts(ground, whole, parts)) < TOLERANCE


# An edge along a parallel is straight in degrees; its geodesic runs up to a kilometre off over three degrees.
_TOP = [(float(x), 43.902) for x in np.linspace(124, 127, 301)]
LONG_EDGES = {
    "strip of 220 m along a parallel": shapely.box(124, 43.9, 127, 43.902),
    "the same strip, one side in many steps": shapely.Polygon([(127, 43.9), (124, 43.9), *_TOP]),
    "a box of one degree by a fifth, across the province's line": shapely.box(130.25, 42.74, 131.25, 42.94),
}


@pytest.mark.parametrize("shape", [pytest.param(g, id=name) for name, g in LONG_EDGES.items()])
def test_long_edges_are_straight_in_degrees(snapshot: Snapshot, ground: Ground, shape: Geometry) -> None:
    ((whole, parts),) = by_turf(ground, [shape])
    assert worst(of_decision(ask(snapshot, shape)), of_courts(ground, whole, parts)) < TOLERANCE
