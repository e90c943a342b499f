"""A small made-up province: six counties in a row, courts a to d, one nameless court, two forest districts.

::

    220101  220102 | 220201   | 222401  222402   | 220701
    court a court a| court b  | court c court c  | no court confirmed
                     f1 -> b            f2 -> d    (f2: no administrative cases)
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import shapely
from shapely import Geometry, MultiPolygon

from geo_registry.geo.reading.model import Reading
from geo_registry.geo.reading.numbers import read_geometry, read_numbers
from geo_registry.records import AdminUnit, Basin, Court, LegalRule, Source
from geo_registry.routing.jurisdiction import Jurisdiction
from geo_registry.routing.model import Decision, Place, Question
from geo_registry.routing.rules import decide
from geo_registry.routing.snapshot import Snapshot
from geo_registry.terms import CaseKind, Level, Notation, Precision, Status, Territory, Text
from geo_registry.zones.model import Designation, ForestDistrict, ZoneVersion
from geo_registry.zones.validity import Validity

DAY, BEGINS = date(2026, 6, 1), date(2022, 9, 26)
WEST, SOUTH, SIDE = 125.0, 44.0, 0.1
ALWAYS = Validity(BEGINS)
UNITS = ("220101", "220102", "220201", "222401", "222402", "220701")
COURT_OF = dict(zip(UNITS, ("a", "a", "b", "c", "c", "x"), strict=True))
KINDS = frozenset(CaseKind) - {CaseKind.ADMINISTRATIVE}


def square(i: int) -> MultiPolygon:
    """Return the polygon of the i-th county."""
    return MultiPolygon([shapely.box(WEST + i * SIDE, SOUTH, WEST + (i + 1) * SIDE, SOUTH + SIDE)])


def middle(i: int) -> tuple[float, float]:
    """Return a point in the middle of the i-th county."""
    return WEST + (i + 0.5) * SIDE, SOUTH + SIDE / 2


def edge(i: int) -> tuple[float, float]:
    """Return a vertex shared by county i and the next one; exactly on both."""
    return WEST + (i + 1) * SIDE, SOUTH


def court(code: str, *, name: str | None, level: Level = Level.BASIC, above: str | None = "top") -> Court:
    """Return a court."""
    membership = Status.CONFIRMED if name else Status.UNRESOLVED
    return Court(code, name, None, level, "ten", None, membership, above, Status.INFERRED if above else None)


COURTS = {
    **{code: court(code, name=f"法院{code}") for code in "abcd"},
    "x": court("x", name=None),
    "top": court("top", name="中级法院", level=Level.INTERMEDIATE, above="high"),
    "high": court("high", name="高级法院", level=Level.HIGH, above=None),
}


def row(
    key: str, court_code: str, territory: Territory = Territory.ORDINARY, *,
    kinds: frozenset[CaseKind] | None = None, status: Status | None = None,
) -> Designation:  # fmt: skip
    """Return a designation."""
    known = status or (Status.UNRESOLVED if court_code == "x" else Status.CONFIRMED)
    forest = territory is Territory.FOREST
    return Designation(
        id=f"v/{key}", version_id="v", territory=territory, adcode=None if forest else key,
        district=key if forest else None, court_code=court_code, kinds=kinds, instrument="公告", article="二",
        gist=Text("要旨", "gist"), status=known, sources=("S",),
    )  # fmt: skip


ROWS = (
    row("220000", "top", Territory.PROVINCE),
    *(row(adcode, COURT_OF[adcode]) for adcode in UNITS),
    row("f1", "b", Territory.FOREST),
    row("f2", "d", Territory.FOREST, kinds=KINDS),
)
DISTRICTS = {
    "f1": ForestDistrict("f1", "林区一", "林区法院一", "220201", Status.INFERRED, None, ("S",)),
    "f2": ForestDistrict("f2", "林区二", "林区法院二", "222402", Status.INFERRED, None, ("S",)),
}


def rule(
    kind: CaseKind | None, level: Level | None, *, assumed: bool = False, role: str = "", effect: str = "level"
) -> LegalRule:  # fmt: skip
    """Return a rule on level, or with another effect on the places of its roles."""
    return LegalRule(
        key=f"{effect}/{kind}", effect=effect, case_kind=kind, level=level, assumed=assumed,
        place_role=tuple(role.split()), provision="某法第一条", gist=Text("", ""), valid_from=None, valid_to=None,
        affected_from=None, status=Status.CONFIRMED, sources=("S",),
    )  # fmt: skip


RULES = (
    rule(None, Level.BASIC, assumed=True),
    rule(CaseKind.CRIMINAL, Level.BASIC, assumed=True),
    rule(CaseKind.CIVIL, Level.BASIC),
    rule(CaseKind.ADMINISTRATIVE, Level.BASIC, assumed=True, role="agency-seat"),
    rule(CaseKind.CIVIL_PUBLIC_INTEREST, Level.INTERMEDIATE),
    rule(CaseKind.ADMINISTRATIVE_PUBLIC_INTEREST, Level.BASIC, role="agency-seat"),
    rule(CaseKind.PUBLIC_INTEREST, None),
    rule(CaseKind.DAMAGES, Level.INTERMEDIATE),
    rule(CaseKind.CRIMINAL, None, role="act result residence", effect="territory"),
    rule(CaseKind.CIVIL, None, role="act result domicile", effect="territory"),
    rule(CaseKind.CIVIL, None, role="property", effect="territory-exclusive"),
    rule(CaseKind.ADMINISTRATIVE, None, role="agency-seat", effect="territory"),
)


def units() -> dict[str, AdminUnit]:
    """Return the counties and what is above them."""
    counties = {a: AdminUnit(a, f"县{a}", "county", f"{a[:4]}00", square(i)) for i, a in enumerate(UNITS)}
    cities = {
        f"{a[:4]}00": AdminUnit(f"{a[:4]}00", f"市{a[:4]}", "prefecture", "220000", None) for a in UNITS
    }
    return {**counties, **cities, "220000": AdminUnit("220000", "省", "province", None, None)}


def snapshot(
    rows: Sequence[Designation] = ROWS, *, districts: Mapping[str, ForestDistrict] = DISTRICTS,
    validity: Validity = ALWAYS, courts: Mapping[str, Court] = COURTS,
) -> Snapshot:  # fmt: skip
    """Return the made-up registry."""
    held = units()
    version = ZoneVersion("v", Text("版本", "version"), validity, "published")
    province = shapely.union_all([u.geometry for u in held.values() if u.geometry is not None])
    basin = Basin(
        "B", Text("河", "River"), "水系", "", None, None, MultiPolygon([province.envelope.buffer(0.5)])
    )
    return Snapshot(
        known_at=datetime(2026, 6, 1, tzinfo=UTC), revision=1, data_version="toy", units=held, courts=courts,
        districts=districts, sources={"S": Source("S", "来源", None, "2022", False)},
        jurisdiction=Jurisdiction(version, tuple(rows), courts, held, districts, RULES),
        begins=validity.valid_from, basins=(basin,), sites=(), agreements=(), counts=(),
    )  # fmt: skip


def with_polygon(code: str, geometry: Geometry) -> dict[str, ForestDistrict]:
    """Return the districts, one of them drawn."""
    return {**DISTRICTS, code: replace(DISTRICTS[code], geometry=geometry)}


def point(lon: float, lat: float, accuracy_m: float = 10.0) -> Reading:
    """Return a reading of a point of a known datum."""
    return read_numbers(x=lon, y=lat, accuracy_m=accuracy_m, crs="EPSG:4326")


def named(*adcodes: str) -> Reading:
    """Return a reading of a place known by its name, in one of several counties."""
    return Reading(
        "某地",
        Notation.ADDRESS,
        "wgs84",
        "EPSG:4326",
        None,
        1.0,
        Precision.COUNTY,
        adcodes=adcodes,
        name="某地",
    )


def shape(geometry: Geometry) -> Reading:
    """Return a reading of a line or an area."""
    return read_geometry(geometry, text="@toy")


def ask(
    *places: Place | Reading | tuple[float, float], held: Snapshot | None = None, kind: CaseKind | None = None,
    level: Level | None = None, territory: Territory = Territory.UNKNOWN, on: date = DAY,
) -> Decision:  # fmt: skip
    """Decide a case in the made-up province."""
    return decide(Question(tuple(_place(p) for p in places), kind, level, territory, on), held or TOY)


def _place(place: Place | Reading | tuple[float, float]) -> Place:
    if isinstance(place, Place):
        return place
    return Place((place if isinstance(place, Reading) else point(*place),))


TOY = snapshot()
