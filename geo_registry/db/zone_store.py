"""Writing zone versions: the head, the rows and the zones they make, each a history of its own."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from geo_registry.db import tables as t
from geo_registry.db.base import Base, table_of
from geo_registry.db.engine import AsyncWriteSession
from geo_registry.db.history import Changes, Target, add_keys, make_plan, sync
from geo_registry.terms import Status, weaker
from geo_registry.zones.draft import Amendment, Content, Noun
from geo_registry.zones.model import Designation, Zone

Row = Mapping[str, Any]
_ZONE_KEY = ("version_id", "territory", "court_code")


def layer_of(version: str) -> str:
    """Return the name under which a version's rows are kept apart from other versions'."""
    return f"court_zones/{version}"


async def store_head(session: AsyncWriteSession, head: Row, state: str, *, at: datetime) -> Changes:
    """Keep a version's head in a state."""
    return await sync(session, _heads(head["id"]), [_head_row(head, state)], at=at)


async def compare_head(session: AsyncWriteSession, head: Row, state: str) -> Changes:
    """Return how the head given differs from the one kept."""
    return (await make_plan(session, _heads(head["id"]), [_head_row(head, state)])).changes


def _heads(version: str) -> Target:
    return Target(t.ZoneVersionHistory, layer_of(version), ("id",), t.ZoneVersion)


def _rows(version: str) -> Target:
    return Target(t.DesignationHistory, layer_of(version), ("id",))


def _head_row(head: Row, state: str) -> dict[str, Any]:
    return {
        "id": head["id"],
        "state": state,
        "title_zh": head["title_zh"],
        "title_en": head["title_en"],
        "valid": Range(head["valid_from"], head["valid_to"]),
        "status": Status.CONFIRMED.value,
        "sources": head["sources"],
        "as_of": head["valid_from"].isoformat(),
    }


async def sources_of(session: AsyncWriteSession, version: str) -> tuple[str, ...]:
    """Return the sources the head of a version cites."""
    h = t.ZoneVersionHistory
    found = await session.execute(select(h.sources).where(h.id == version, h.current))
    return tuple(found.scalar_one())


async def set_state(session: AsyncWriteSession, version: str, state: str, *, at: datetime) -> None:
    """Close the head of a version and keep it again in another state."""
    h = t.ZoneVersionHistory
    row = (await session.execute(select(h).where(h.id == version, h.current))).scalar_one()
    head = {
        "id": row.id,
        "title_zh": row.title_zh,
        "title_en": row.title_en,
        "valid_from": row.valid.lower,
        "valid_to": row.valid.upper,
        "sources": tuple(row.sources),
    }
    await store_head(session, head, state, at=at)


async def store_designations(
    session: AsyncWriteSession, version: str, rows: Sequence[Row], *, at: datetime
) -> Changes:
    """Keep the rows of a version."""
    return await sync(session, _rows(version), _fit(rows), at=at)


async def compare_designations(session: AsyncWriteSession, version: str, rows: Sequence[Row]) -> Changes:
    """Return how the rows given differ from those kept."""
    return (await make_plan(session, _rows(version), _fit(rows))).changes


async def store_content(
    session: AsyncWriteSession, version: str, content: Content, *, at: datetime
) -> tuple[Changes, Changes]:
    """Keep the rows and the amendments of a version; return what changed of either."""
    for noun, keys in _IDENTITIES.items():
        new = [a.key for a in content.amendments if a.noun is noun]
        await add_keys(session, keys[0], keys[1], new)
    amendments = [_amendment_row(version, a) for a in content.amendments]
    target = Target(t.AmendmentHistory, layer_of(version), ("version_id", "noun", "key"))
    amended = await sync(session, target, amendments, at=at)
    rows = await store_designations(session, version, [_content_row(d) for d in content.designations], at=at)
    return rows, amended


_IDENTITIES: dict[Noun, tuple[type[Base], str]] = {
    Noun.UNIT: (t.AdminUnit, "adcode"),
    Noun.COURT: (t.Court, "code"),
    Noun.DISTRICT: (t.ForestDistrict, "code"),
}


def _amendment_row(version: str, a: Amendment) -> dict[str, Any]:
    return {
        "version_id": version,
        "noun": a.noun.value,
        "key": a.key,
        "content": dict(a.content),
        "geom": a.geometry,
        "status": a.status.value,
        "sources": a.sources,
        "as_of": a.as_of,
    }


def _content_row(d: Designation) -> dict[str, Any]:
    return {
        "id": d.id,
        "version_id": d.version_id,
        "territory": d.territory.value,
        "adcode": d.adcode,
        "district": d.district,
        "court_code": d.court_code,
        "kinds": tuple(sorted(k.value for k in d.kinds or ())),
        "instrument": d.instrument,
        "article": d.article,
        "gist_zh": d.gist.zh,
        "gist_en": d.gist.en,
        "status": d.status.value,
        "sources": d.sources,
        "as_of": d.as_of,
    }


async def write_edit(
    session: AsyncWriteSession,
    version: str,
    *,
    at: datetime,
    by: str,
    why: str,
    what: Mapping[str, Any],
    base: str | None = None,
) -> int:
    """Append an edit of a draft and return its number."""
    e = t.ZoneEdit
    number = await read_edition(session, version) + 1
    values = {"version_id": version, "number": number, "at": at, "by": by, "why": why, "base_id": base}
    await session.execute(insert(e).values(**values, what=dict(what)))
    return number


async def read_edition(session: AsyncSession, version: str) -> int:
    """Return the number of the last edit of a version; 0 where there is none."""
    e = t.ZoneEdit
    newest = select(func.coalesce(func.max(e.number), 0)).where(e.version_id == version)
    return int((await session.execute(newest)).scalar_one())


async def store_zones(
    session: AsyncWriteSession,
    version: str,
    zones: Sequence[Zone],
    rows: Sequence[Designation],
    *,
    at: datetime,
) -> Changes:
    """Keep the zones of a version; a zone cites what its rows cite and is as sure as the weakest of them."""
    by_id = {row.id: row for row in rows}
    wanted = [_zone_row(zone, [by_id[id] for id in zone.designation_ids]) for zone in zones]
    return await sync(session, Target(t.ZoneHistory, layer_of(version), _ZONE_KEY), wanted, at=at)


def _zone_row(zone: Zone, members: Sequence[Designation]) -> dict[str, Any]:
    return {
        "version_id": zone.version_id,
        "territory": zone.territory.value,
        "court_code": zone.court_code,
        "designation_ids": zone.designation_ids,
        "area_m2": zone.area_m2,
        "geom": zone.geometry,
        "status": weaker(*(m.status for m in members)).value,
        "sources": tuple(dict.fromkeys(key for m in members for key in m.sources)),
        "as_of": zone.version_id,
    }


def _fit(rows: Sequence[Row]) -> list[dict[str, Any]]:
    columns = set(table_of(t.DesignationHistory).c.keys())
    return [{k: v for k, v in row.items() if k in columns} for row in rows]
