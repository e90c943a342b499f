"""Zone versions as they are currently known: their state, rows, zones, and what they are checked against."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import shapely
from shapely import Geometry
from sqlalchemy import func, null, select
from sqlalchemy.ext.asyncio import AsyncSession

from geo_registry.db import tables as t
from geo_registry.db.base import Base, table_of
from geo_registry.db.queries import rows as make
from geo_registry.errors import NothingLoaded, ZoneVersionNotFound
from geo_registry.routing.amendments import Nouns, amended
from geo_registry.terms import Territory
from geo_registry.zones.draft import Amendment, Content
from geo_registry.zones.model import Designation, Zone, ZoneVersion

_Record = TypeVar("_Record")


@dataclass(frozen=True, slots=True)
class Ground:
    """What zones are built on and checked against: units with their polygons, districts, courts, outline."""

    units: dict[str, Geometry]
    unit_names: dict[str, str]
    districts: dict[str, Geometry | None]
    courts: frozenset[str]
    province_adcode: str
    province: Geometry


@dataclass(frozen=True, slots=True)
class DraftEdit:
    """One edit of a version while it was a draft; `number` counts from 1, `base_id` is set where it was copied."""

    version_id: str
    number: int
    at: datetime
    by: str
    why: str
    base_id: str | None
    what: Mapping[str, Any]


async def read_state(session: AsyncSession, id: str) -> str | None:
    """Return the state of a version (`draft`, `published`, `withdrawn`), None where there is none."""
    h = t.ZoneVersionHistory
    found = await session.execute(select(h.state).where(h.id == id, h.current))
    return found.scalar_one_or_none()


async def list_versions(session: AsyncSession) -> list[ZoneVersion]:
    """Return all versions, by their first day."""
    h = t.ZoneVersionHistory
    found = await session.execute(select(h).where(h.current).order_by(func.lower(h.valid), h.id))
    return [make.make_version(row, None) for row in found.scalars()]


async def get_version(session: AsyncSession, id: str) -> ZoneVersion:
    """Return one version.

    Raises
    ------
    ZoneVersionNotFound
        There is none of that id.
    """
    h = t.ZoneVersionHistory
    row = (await session.execute(select(h).where(h.id == id, h.current))).scalar_one_or_none()
    if row is None:
        raise ZoneVersionNotFound(id=id)
    return make.make_version(row, None)


async def list_designations(session: AsyncSession, version: str) -> list[Designation]:
    """Return the rows of a version, by id."""
    h = t.DesignationHistory
    found = await session.execute(select(h).where(h.version_id == version, h.current).order_by(h.id))
    return [make.make_designation(row, None) for row in found.scalars()]


async def list_zones(session: AsyncSession, version: str) -> list[Zone]:
    """Return the zones of a version with their polygons, by territory and court."""
    h = t.ZoneHistory
    columns: list[Any] = [h.version_id, h.territory, h.court_code, h.designation_ids, h.area_m2]
    found = await session.execute(
        select(*columns, func.st_asbinary(h.geom).label("wkb"))
        .where(h.version_id == version, h.current)
        .order_by(h.territory, h.court_code)
    )
    return [
        Zone(
            version_id=row.version_id,
            territory=Territory(row.territory),
            court_code=row.court_code,
            designation_ids=tuple(row.designation_ids),
            geometry=_geometry(row.wkb),
            area_m2=row.area_m2,
        )
        for row in found
    ]


async def read_content(session: AsyncSession, version: str) -> Content:
    """Return the rows and the amendments of a version; both empty where there is none of that id."""
    rows = await list_designations(session, version)
    return Content(tuple(rows), tuple(await list_amendments(session, version)))


async def list_amendments(session: AsyncSession, version: str) -> list[Amendment]:
    """Return what a version amends of the ground, by noun and key."""
    h = t.AmendmentHistory
    columns: list[Any] = [h.noun, h.key, h.content, h.status, h.sources, h.as_of]
    found = await session.execute(
        select(*columns, func.st_asbinary(h.geom).label("wkb"))
        .where(h.version_id == version, h.current)
        .order_by(h.noun, h.key)
    )
    return [make.make_amendment(row, _geometry(row.wkb)) for row in found]


async def list_publications(session: AsyncSession) -> dict[str, datetime]:
    """Return the instant at which each version was first published, by id; drafts have none."""
    h = t.ZoneVersionHistory
    first = select(h.id, func.min(func.lower(h.known))).where(h.state == "published").group_by(h.id)
    return dict((await session.execute(first)).tuples().all())


async def list_towns(session: AsyncSession, counties: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the names of the towns of counties, by adcode, in the order of their codes."""
    h = t.TownshipHistory
    found = await session.execute(
        select(h.county_code, h.name)
        .where(h.county_code.in_(counties), h.level == "town", h.current)
        .order_by(h.code)
    )
    towns: dict[str, tuple[str, ...]] = {}
    for county, name in found:
        towns[county] = (*towns.get(county, ()), name)
    return towns


async def list_edits(session: AsyncSession, version: str) -> list[DraftEdit]:
    """Return the edits a version was made by, the first one first."""
    e = t.ZoneEdit
    found = await session.execute(select(e).where(e.version_id == version).order_by(e.number))
    return [DraftEdit(r.version_id, r.number, r.at, r.by, r.why, r.base_id, r.what) for r in found.scalars()]


async def list_authors(session: AsyncSession, version: str) -> frozenset[str]:
    """Return the log-ins of all who drafted or edited a version."""
    e = t.ZoneEdit
    return frozenset((await session.execute(select(e.by).where(e.version_id == version))).scalars())


async def read_ground(session: AsyncSession, version: str | None = None) -> Ground:
    """Return what zones are built on, as it is currently known, and as a version amends it.

    Raises
    ------
    NothingLoaded
        The province is not held.
    """
    amendments = await list_amendments(session, version) if version is not None else []
    return ground_of(amended(await read_nouns(session), amendments))


async def read_nouns(session: AsyncSession) -> Nouns:
    """Return the units, courts and forest districts as the layers have them now."""
    return Nouns(
        {u.adcode: u for u in await _current(session, t.AdminUnitHistory, make.make_unit)},
        {c.code: c for c in await _current(session, t.CourtHistory, make.make_court)},
        {d.code: d for d in await _current(session, t.ForestDistrictHistory, make.make_district)},
    )


def ground_of(nouns: Nouns) -> Ground:
    """Return the ground made of units, courts and districts.

    Raises
    ------
    NothingLoaded
        The province is not among them.
    """
    province = next((u for u in nouns.units.values() if u.level == "province"), None)
    if province is None:
        raise NothingLoaded()
    counties = {a: u for a, u in sorted(nouns.units.items()) if u.level == "county"}
    return Ground(
        units={a: u.geometry for a, u in counties.items() if u.geometry is not None},
        unit_names={a: u.name for a, u in nouns.units.items()},
        districts={c: nouns.districts[c].geometry for c in sorted(nouns.districts)},
        courts=frozenset(nouns.courts),
        province_adcode=province.adcode,
        province=province.geometry,
    )


async def _current(
    session: AsyncSession, model: type[Base], maker: Callable[[Any, Any], _Record]
) -> list[_Record]:
    table = table_of(model)
    content = [c for c in table.c if c.name not in ("geom", "known", "current", "layer", "row_id")]
    wkb = func.st_asbinary(table.c.geom) if "geom" in table.c else null()
    found = (await session.execute(select(*content, wkb.label("wkb")).where(table.c.current))).all()
    return [maker(row, _geometry(row.wkb)) for row in found]


def _geometry(wkb: bytes | None) -> Geometry | None:
    return shapely.from_wkb(wkb) if wkb is not None else None
