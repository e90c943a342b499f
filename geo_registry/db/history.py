"""Bringing history up to date: what is new is added, what changed is closed and added, what is gone is closed."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import shapely
from geoalchemy2.elements import WKBElement
from geoalchemy2.shape import from_shape
from shapely import Geometry
from sqlalchemy import Table, func, insert, select, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.ext.asyncio import AsyncSession

from geo_registry.db.base import Base, table_of
from geo_registry.db.engine import AsyncWriteSession

Row = Mapping[str, Any]
_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Changes:
    """How many rows a synchronisation touched."""

    added: int
    changed: int
    closed: int
    unchanged: int

    @property
    def any(self) -> bool:
        """Tell whether anything was touched."""
        return bool(self.added or self.changed or self.closed)


@dataclass(frozen=True, slots=True)
class Target:
    """What is synchronised: a history table, the layer its rows come from, the columns that name a row.

    `identity` is the table of its keys where it has one.
    """

    model: type[Base]
    layer: str
    key: tuple[str, ...]
    identity: type[Base] | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The row numbers to close and the rows to add, with their digests."""

    target: Target
    stale: list[int]
    fresh: list[tuple[str, Row]]
    changes: Changes


async def make_plan(session: AsyncSession, target: Target, rows: Iterable[Row]) -> Plan:
    """Return what it takes to make what is currently known of a layer equal to the rows given.

    Parameters
    ----------
    rows
        Values by column, provenance included; geometries are shapely's, in EPSG:4326.
    """
    table, key = table_of(target.model), target.key
    wanted = {tuple(row[k] for k in key): (_digest(row), row) for row in rows}
    held = await _held(session, table, target.layer, key)
    stale = [row_id for k, (row_id, digest) in held.items() if k not in wanted or wanted[k][0] != digest]
    fresh = [(digest, row) for k, (digest, row) in wanted.items() if k not in held or held[k][1] != digest]
    changed = sum(1 for k in held if k in wanted and wanted[k][0] != held[k][1])
    changes = Changes(len(fresh) - changed, changed, len(stale) - changed, len(wanted) - len(fresh))
    return Plan(target, stale, fresh, changes)


async def carry_out(session: AsyncWriteSession, plans: Sequence[Plan], *, at: datetime) -> None:
    """Carry out plans, known from an instant: all closing before all adding, so that a row can change layers."""
    for plan in plans:
        if plan.stale:
            table = table_of(plan.target.model)
            span = func.tstzrange(func.lower(table.c.known), at)
            await session.execute(update(table).where(table.c.row_id.in_(plan.stale)).values(known=span))
    for plan in plans:
        await _add(session, plan, at)


async def sync(session: AsyncWriteSession, target: Target, rows: Iterable[Row], *, at: datetime) -> Changes:
    """Make what is currently known of a layer equal to the rows given, from an instant."""
    plan = await make_plan(session, target, rows)
    await carry_out(session, [plan], at=at)
    return plan.changes


async def _add(session: AsyncWriteSession, plan: Plan, at: datetime) -> None:
    target = plan.target
    if plan.fresh and target.identity is not None:
        await add_keys(session, target.identity, target.key[0], [row[target.key[0]] for _, row in plan.fresh])
    for start in range(0, len(plan.fresh), _BATCH):
        batch = [_values(row, digest, target.layer, at) for digest, row in plan.fresh[start : start + _BATCH]]
        await session.execute(insert(table_of(target.model)), batch)


async def _held(
    session: AsyncSession, table: Table, layer: str, key: Sequence[str]
) -> dict[tuple[Any, ...], tuple[int, str]]:
    columns = [table.c[k] for k in key]
    found = await session.execute(
        select(table.c.row_id, table.c.digest, *columns).where(table.c.layer == layer, table.c.current)
    )
    return {tuple(row[2:]): (row[0], row[1]) for row in found}


async def add_keys(session: AsyncWriteSession, identity: type[Base], column: str, keys: list[Any]) -> None:
    """Add keys to a table of keys; those it has stay."""
    table = table_of(identity)
    for start in range(0, len(keys), _BATCH):
        batch = [{column: k} for k in keys[start : start + _BATCH]]
        await session.execute(pg_insert(table).on_conflict_do_nothing(), batch)


def _values(row: Row, digest: str, layer: str, at: datetime) -> dict[str, Any]:
    plain = {name: _stored(value) for name, value in row.items()}
    return {**plain, "digest": digest, "layer": layer, "known": Range(at, None)}


def _stored(value: Any) -> Any:
    if isinstance(value, Geometry):
        element: WKBElement = from_shape(value, srid=4326)
        return element
    return list(value) if isinstance(value, tuple) else value


def _digest(row: Row) -> str:
    """Return the digest of a row's content: equal content, equal digest, on any machine."""
    text = json.dumps({k: _digestible(v) for k, v in row.items()}, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _digestible(value: Any) -> Any:
    if isinstance(value, Geometry):
        return hashlib.sha256(shapely.to_wkb(value, byte_order=1)).hexdigest()
    if isinstance(value, Range):
        return [_digestible(value.lower), _digestible(value.upper)]
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple | list | frozenset) else value
