"""The names places are known by, read as they were known at an instant."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

import shapely
from sqlalchemy import Date, DateTime, Row, Select, func, literal, null, select

from geo_registry.db import tables as t
from geo_registry.db.base import Base, table_of
from geo_registry.db.engine import AsyncReadSession
from geo_registry.db.queries import rows as make
from geo_registry.gazetteer.build import names_of
from geo_registry.gazetteer.model import Name

_Record = TypeVar("_Record")


async def read_names(session: AsyncReadSession, *, known_at: datetime) -> list[Name]:
    """Return every form of every place, as known at an instant, for the law of its day.

    Units, towns, villages, published points, forest districts, rivers, courts and the rows of
    `place_names`; a river's counties are worked out from its line. Empty for an empty registry.
    Building them takes about a second, in a thread of its own.
    """

    async def read(model: type[Base], key: str, maker: Callable[[Any, Any], _Record]) -> list[_Record]:
        found = (await session.execute(known_rows(model, key, known_at))).all()
        return [_made(row, maker) for row in found]

    units = await read(t.AdminUnitHistory, "adcode", make.make_unit)
    townships = await read(t.TownshipHistory, "code", make.make_township)
    points = await read(t.PlaceHistory, "geonameid", make.make_point)
    districts = await read(t.ForestDistrictHistory, "code", make.make_district)
    rivers = await read(t.RiverHistory, "name", make.make_river)
    courts = await read(t.CourtHistory, "code", make.make_court)
    aliases = await read(t.PlaceNameHistory, "id", make.make_place_name)
    return await asyncio.to_thread(names_of, units, townships, points, districts, rivers, courts, aliases)


def known_rows(model: type[Base], key: str, known_at: datetime) -> Select[Any]:
    """Return the statement for what was known of a table at an instant, its geometry as WKB."""
    table = table_of(model)
    wkb = func.st_asbinary(table.c.geom) if "geom" in table.c else null()
    content = [c for c in table.c if c.name not in ("geom", "known", "current", "layer", "row_id", "digest")]
    statement = select(*content, wkb.label("wkb")).where(
        table.c.known.op("@>")(literal(known_at, DateTime(timezone=True)))
    )
    if "valid" in table.c:
        statement = statement.where(table.c.valid.op("@>")(literal(known_at.date(), Date)))
    return statement.order_by(table.c[key])


def _made(row: Row[Any], maker: Callable[[Any, Any], _Record]) -> _Record:
    return maker(row, shapely.from_wkb(row.wkb) if row.wkb is not None else None)
