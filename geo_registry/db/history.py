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
class _Plan:
    """The row numbers to close and the rows to add, with their digests."""

    stale: list[int]
    fresh: list[tuple[str, Row]]
    changes: Changes


async def compare(
    session: AsyncSession, model: type[Base], rows: Iterable[Row], *, layer: str, key: Sequence[str]
) -> Changes:
    """Return what `sync` would do, and do nothing."""
    return (await _plan(session, table_of(model), rows, layer, key)).changes


async def sync(
    session: AsyncWriteSession,
    model: type[Base],
    rows: Iterable[Row],
    *,
    layer: str,
    key: Sequence[str],
    at: datetime,
    identity: type[Base] | None = None,
) -> Changes:
    """Make what is currently known of a layer equal to the rows given.

    Parameters
    ----------
    model, identity
        The history table, and the table of its keys where it has one.
    rows
        Values by column, provenance included; geometries are shapely's, in EPSG:4326.
    layer
        Only rows that came from this layer are closed.
    key
        The columns that name a row.
    at
        The instant from which the change is known.
    """
    table = table_of(model)
    plan = await _plan(session, table, rows, layer, key)
    if plan.stale:
        span = func.tstzrange(func.lower(table.c.known), at)
        await session.execute(update(table).where(table.c.row_id.in_(plan.stale)).values(known=span))
    if plan.fresh and identity is not None:
        await _add_keys(session, identity, key[0], [row[key[0]] for _, row in plan.fresh])
    for start in range(0, len(plan.fresh), _BATCH):
        batch = [_values(row, digest, layer, at) for digest, row in plan.fresh[start : start + _BATCH]]
        await session.execute(insert(table), batch)
    return plan.changes


async def _plan(
    session: AsyncSession, table: Table, rows: Iterable[Row], layer: str, key: Sequence[str]
) -> _Plan:
    wanted = {tuple(row[k] for k in key): (_digest(row), row) for row in rows}
    held = await _held(session, table, layer, key)
    stale = [row_id for k, (row_id, digest) in held.items() if k not in wanted or wanted[k][0] != digest]
    fresh = [(digest, row) for k, (digest, row) in wanted.items() if k not in held or held[k][1] != digest]
    changed = sum(1 for k in held if k in wanted and wanted[k][0] != held[k][1])
    changes = Changes(len(fresh) - changed, changed, len(stale) - changed, len(wanted) - len(fresh))
    return _Plan(stale, fresh, changes)


async def _held(
    session: AsyncSession, table: Table, layer: str, key: Sequence[str]
) -> dict[tuple[Any, ...], tuple[int, str]]:
    columns = [table.c[k] for k in key]
    found = await session.execute(
        select(table.c.row_id, table.c.digest, *columns).where(table.c.layer == layer, table.c.current)
    )
    return {tuple(row[2:]): (row[0], row[1]) for row in found}


async def _add_keys(session: AsyncWriteSession, identity: type[Base], column: str, keys: list[Any]) -> None:
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
