"""Rows of layers for showing and handing out: rivers, kinds of site, and any layer as plain features."""

import json
from typing import Any

import shapely
from shapely import Geometry
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from geo_registry.db import tables as t
from geo_registry.db.base import table_of
from geo_registry.db.layer_store import BINDINGS
from geo_registry.terms import Text

_HIDDEN = ("geom", "known", "current", "layer", "row_id", "digest", "valid")


async def list_rivers(session: AsyncSession) -> list[tuple[str, Geometry]]:
    """Return the names and lines of the rivers, by name."""
    r = t.RiverHistory
    found = await session.execute(select(r.name, func.st_asbinary(r.geom)).where(r.current).order_by(r.name))
    return [(name, shapely.from_wkb(wkb)) for name, wkb in found]


async def list_site_kinds(session: AsyncSession) -> dict[str, Text]:
    """Return the titles of the kinds of site by code."""
    k = t.SiteKindHistory
    found = await session.execute(select(k.code, k.title_zh, k.title_en).where(k.current).order_by(k.code))
    return {code: Text(zh, en) for code, zh, en in found}


async def list_features(
    session: AsyncSession, layer: str, *, limit: int, offset: int
) -> tuple[list[dict[str, Any]], int]:
    """Return rows of a layer as GeoJSON features, in the order of their key, and how many there are.

    Coordinates are EPSG:4326, longitude first; `geometry` is None where no position is known.
    """
    binding = BINDINGS[layer]
    table = table_of(binding.model)
    mine = (table.c.layer == layer, table.c.current)
    total = (await session.execute(select(func.count()).where(*mine))).scalar_one()
    columns = [c for c in table.c if c.name not in _HIDDEN]
    shape = [func.st_asgeojson(table.c.geom, 7).label("geojson")] if "geom" in table.c else []
    order = [table.c[k] for k in binding.key]
    rows = await session.execute(
        select(*columns, *shape).where(*mine).order_by(*order).limit(limit).offset(offset)
    )
    return [_feature(dict(row._mapping), binding.key[0]) for row in rows], int(total)


def _feature(row: dict[str, Any], key: str) -> dict[str, Any]:
    geojson = row.pop("geojson", None)
    return {
        "type": "Feature",
        "id": row[key],
        "geometry": json.loads(geojson) if geojson else None,
        "properties": row,
    }
