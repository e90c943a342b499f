"""Zone versions as they are currently known: their state, rows, zones, and what they are checked against."""

from dataclasses import dataclass
from typing import Any

import shapely
from shapely import Geometry
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from geo_registry.db import tables as t
from geo_registry.db.queries import rows as make
from geo_registry.errors import NothingLoaded, ZoneVersionNotFound
from geo_registry.terms import Territory
from geo_registry.zones.model import Designation, Zone, ZoneVersion


@dataclass(frozen=True, slots=True)
class Ground:
    """What zones are built on and checked against: units with their polygons, districts, courts, outline."""

    units: dict[str, Geometry]
    unit_names: dict[str, str]
    districts: dict[str, Geometry | None]
    courts: frozenset[str]
    province_adcode: str
    province: Geometry


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


async def read_ground(session: AsyncSession) -> Ground:
    """Return what zones are built on, as it is currently known.

    Raises
    ------
    NothingLoaded
        The province is not held.
    """
    u, d, c = t.AdminUnitHistory, t.ForestDistrictHistory, t.CourtHistory
    units = (
        await session.execute(
            select(u.adcode, u.name, u.level, func.st_asbinary(u.geom).label("wkb"))
            .where(u.current)
            .order_by(u.adcode)
        )
    ).all()
    districts = await session.execute(
        select(d.code, func.st_asbinary(d.geom).label("wkb")).where(d.current).order_by(d.code)
    )
    province = next((row for row in units if row.level == "province"), None)
    if province is None:
        raise NothingLoaded()
    counties = [row for row in units if row.level == "county"]
    return Ground(
        units={row.adcode: shapely.from_wkb(row.wkb) for row in counties},
        unit_names={row.adcode: row.name for row in units},
        districts={row.code: _geometry(row.wkb) for row in districts},
        courts=frozenset((await session.execute(select(c.code).where(c.current))).scalars()),
        province_adcode=province.adcode,
        province=shapely.from_wkb(province.wkb),
    )


def _geometry(wkb: bytes | None) -> Geometry | None:
    return shapely.from_wkb(wkb) if wkb is not None else None
