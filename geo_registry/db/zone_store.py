"""Writing zone versions: the head, the rows and the zones they make, each a history of its own."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from geo_registry.db import tables as t
from geo_registry.db.base import table_of
from geo_registry.db.engine import AsyncWriteSession
from geo_registry.db.history import Changes, Target, make_plan, sync
from geo_registry.terms import Status, weaker
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
