"""Everything an answer rests on, read as it was known at an instant, for the law of a day."""

import asyncio
import hashlib
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import shapely
from sqlalchemy import Column, Date, DateTime, Row, Select, Table, func, literal, null, select, true
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncConnection

from geo_registry.db import tables as t
from geo_registry.db.base import Base, table_of
from geo_registry.db.engine import AsyncReadSession, lock_for_reading
from geo_registry.db.queries import rows as make
from geo_registry.errors import NothingKnownThen, NothingLoaded
from geo_registry.records import Site
from geo_registry.routing.amendments import Nouns, amended
from geo_registry.routing.jurisdiction import Jurisdiction
from geo_registry.routing.snapshot import Snapshot

_WITH_DAYS = (t.AdminUnitHistory, t.CourtHistory, t.ForestDistrictHistory, t.LegalRuleHistory)


async def current_revision(session: AsyncReadSession | AsyncConnection) -> int:
    """Return the number of the last change that can change an answer; 0 for an empty registry."""
    newest = select(func.max(t.AuditLog.id)).where(t.AuditLog.changes_answers)
    return int((await session.execute(newest)).scalar() or 0)


async def revision_at(session: AsyncReadSession, at: datetime) -> int:
    """Return the number of the last change that could change an answer, as of an instant."""
    newest = select(func.max(t.AuditLog.id)).where(t.AuditLog.changes_answers, t.AuditLog.at <= at)
    return int((await session.execute(newest)).scalar() or 0)


async def turning_days(session: AsyncReadSession) -> list[date]:
    """Return the days on which something starts or stops being the law, as known now, in order."""
    days: set[date] = set()
    for model in (*_WITH_DAYS, t.ZoneVersionHistory):
        table = table_of(model)
        found = await session.execute(
            select(func.lower(table.c.valid), func.upper(table.c.valid)).where(table.c.current).distinct()
        )
        days |= {day for row in found for day in row if day is not None}
    return sorted(days)


async def read_snapshot(
    session: AsyncReadSession, *, on: date, known_at: datetime | None = None, version_id: str | None = None
) -> Snapshot:
    """Return what was known at an instant (by default: now) of the law of a day.

    Parameters
    ----------
    version_id
        Read as if this version were the law on its days, in whatever state it is: to see what a draft would
        change. Nothing is answered from such a snapshot.

    Raises
    ------
    NothingLoaded, NothingKnownThen
        No county is known; none was known at the instant.
    """
    now = await lock_for_reading(session)
    at = known_at or now
    revision = await revision_at(session, at)
    read = _Reader(session, at, on)
    units = {u.adcode: u for u in await read.rows(t.AdminUnitHistory, "adcode", make.make_unit)}
    if not any(u.geometry is not None for u in units.values()):
        raise (
            NothingLoaded()
            if known_at is None
            else NothingKnownThen(instant=known_at.isoformat(" ", "seconds"))
        )
    courts = {c.code: c for c in await read.rows(t.CourtHistory, "code", make.make_court)}
    districts = {d.code: d for d in await read.rows(t.ForestDistrictHistory, "code", make.make_district)}
    rules = tuple(await read.rows(t.LegalRuleHistory, "key", make.make_rule))
    published = await read.rows(t.ZoneVersionHistory, "id", make.make_version, state="published")
    chosen = published
    if version_id is not None:
        chosen = await read.rows(t.ZoneVersionHistory, "id", make.make_version, id=version_id)
    version = next((v for v in chosen if v.validity.contains(on)), None)
    law = None
    if version is not None:
        rows = await read.rows(t.DesignationHistory, "id", make.make_designation, version_id=version.id)
        amendments = await read.rows(t.AmendmentHistory, "key", make.make_amendment, version_id=version.id)
        nouns = amended(Nouns(units, courts, districts), amendments)
        units, courts, districts = dict(nouns.units), dict(nouns.courts), dict(nouns.districts)
        law = Jurisdiction(version, tuple(rows), courts, units, districts, rules)
    held: dict[str, Any] = {
        "known_at": at,
        "revision": revision,
        "units": units,
        "courts": courts,
        "districts": districts,
        "sources": {s.key: s for s in await read.rows(t.SourceHistory, "key", make.make_source)},
        "jurisdiction": law,
        "begins": min((v.validity.valid_from for v in published if v.validity.valid_from), default=None),
        "basins": tuple(await read.rows(t.BasinHistory, "code", make.make_basin)),
        "sites": tuple(await read.sites()),
        "agreements": tuple(await read.rows(t.AgreementHistory, "id", make.make_agreement)),
        "counts": tuple(await read.rows(t.CountHistory, "id", make.make_count)),
    }
    await read.digests_of(t.TownshipHistory, t.PlaceHistory, t.RiverHistory, t.PlaceNameHistory)
    held["data_version"] = read.data_version()
    return await asyncio.to_thread(lambda: Snapshot(**held))  # its indexes take a while; the loop goes on


class _Reader:
    """Reads one table after another at one instant and day, and remembers the digests of what it read."""

    def __init__(self, session: AsyncReadSession, at: datetime, on: date) -> None:
        self._session, self._at, self._on = session, at, on
        self._digests: list[str] = []

    async def rows(
        self, model: type[Base], key: str, maker: Callable[[Row[Any], Any], Any], **only: str
    ) -> list[Any]:
        """Return the records of a table, in the order of a column of theirs; `only` those with these values."""
        found = (await self._session.execute(self._statement(model, key).filter_by(**only))).all()
        self._digests += [f"{model.__tablename__}:{row.digest}" for row in found]
        return [maker(row, shapely.from_wkb(row.wkb) if row.wkb is not None else None) for row in found]

    def _statement(self, model: type[Base], key: str) -> Select[Any]:
        table = table_of(model)
        wkb = func.st_asbinary(table.c.geom) if "geom" in table.c else null()
        statement = select(*_content(table), wkb.label("wkb")).where(
            table.c.known.op("@>")(_instant(self._at))
        )
        if model in _WITH_DAYS:
            statement = statement.where(table.c.valid.op("@>")(literal(self._on, Date)))
        return statement.order_by(table.c[key])

    async def sites(self) -> list[Site]:
        """Return the sites, each with the point that stands for it: its own, or its town's published one."""
        site, place = table_of(t.SiteHistory), table_of(t.PlaceHistory)
        town = (
            select(place.c.geom, place.c.digest)
            .where(place.c.town_code == site.c.town_code, place.c.known.op("@>")(_instant(self._at)))
            .order_by(place.c.geonameid)
            .limit(1)
            .lateral("town")
        )
        anchor = func.coalesce(site.c.geom, town.c.geom)
        statement = (
            select(
                *_content(site),
                func.st_x(anchor).label("lon"),
                func.st_y(anchor).label("lat"),
                town.c.digest.label("town_digest"),
            )
            .select_from(site.outerjoin(town, true()))
            .where(site.c.known.op("@>")(_instant(self._at)))
            .order_by(site.c.id)
        )
        found = (await self._session.execute(statement)).all()
        self._digests += [f"site_history:{row.digest}:{row.town_digest}" for row in found]
        return [make.make_site(row) for row in found]

    async def digests_of(self, *models: type[Base]) -> None:
        """Remember the digests of tables that are read when a name is looked up."""
        for model in models:
            table = table_of(model)
            rows = func.string_agg(table.c.digest, aggregate_order_by(literal(","), table.c.digest))
            known = table.c.known.op("@>")(_instant(self._at))
            found = (await self._session.execute(select(func.md5(rows)).where(known))).scalar_one()
            self._digests.append(f"{model.__tablename__}:{found}")

    def data_version(self) -> str:
        """Return a digest of everything read, the same wherever the same rows are held."""
        return hashlib.sha256("\n".join(sorted(self._digests)).encode()).hexdigest()[:16]


def _content(table: Table) -> list[Column[Any]]:
    return [c for c in table.c if c.name not in ("geom", "known", "current", "layer", "row_id")]


def _instant(at: datetime) -> Any:
    return literal(at, DateTime(timezone=True))
