"""Which table a layer is kept in, and how a row of the file becomes a row of the table."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import Range

from geo_registry.db import tables as t
from geo_registry.db.base import Base, table_of
from geo_registry.db.engine import AsyncReadSession, AsyncWriteSession
from geo_registry.db.history import Plan, Target, make_plan

Row = Mapping[str, Any]


def _as_it_is(row: Row) -> dict[str, Any]:
    return dict(row)


def _with_days(row: Row) -> dict[str, Any]:
    return {**row, "valid": Range(row["valid_from"], row["valid_to"])}


def _always(row: Row) -> dict[str, Any]:
    return {**row, "valid": Range(None, None, bounds="()")}


def _citing_itself(row: Row) -> dict[str, Any]:
    return {**row, "status": "confirmed", "sources": [row["key"]], "as_of": row["date"]}


def _sample(row: Row) -> dict[str, Any]:
    return {**row, "sample": True}


def _not_sample(row: Row) -> dict[str, Any]:
    return {**row, "sample": False}


@dataclass(frozen=True, slots=True)
class Binding:
    """A layer's history table, its key, the table of keys where it has one, and the row's last touch."""

    model: type[Base]
    key: tuple[str, ...]
    identity: type[Base] | None = None
    prepare: Callable[[Row], dict[str, Any]] = _as_it_is


# In the order in which layers can be loaded: what is pointed at comes first.
BINDINGS: dict[str, Binding] = {
    "sources": Binding(t.SourceHistory, ("key",), t.Source, _citing_itself),
    "counties": Binding(t.AdminUnitHistory, ("adcode",), t.AdminUnit, _always),
    "courts": Binding(t.CourtHistory, ("code",), t.Court, _always),
    "forest_districts": Binding(t.ForestDistrictHistory, ("code",), t.ForestDistrict, _always),
    "legal_rules": Binding(t.LegalRuleHistory, ("key",), None, _with_days),
    "basins": Binding(t.BasinHistory, ("code",), t.Basin),
    "rivers": Binding(t.RiverHistory, ("name",)),
    "townships": Binding(t.TownshipHistory, ("code",), t.Township),
    "places": Binding(t.PlaceHistory, ("geonameid",)),
    "place_names": Binding(t.PlaceNameHistory, ("id",)),
    "site_kinds": Binding(t.SiteKindHistory, ("code",), t.SiteKind),
    "sites": Binding(t.SiteHistory, ("id",), t.Site, _not_sample),
    "related_places": Binding(t.SiteHistory, ("id",), t.Site, _not_sample),
    "sample_sites": Binding(t.SiteHistory, ("id",), t.Site, _sample),
    "agreements": Binding(t.AgreementHistory, ("id",)),
    "counts": Binding(t.CountHistory, ("id",)),
}


async def plan_layer(session: AsyncWriteSession, layer: str, rows: Iterable[Row]) -> Plan:
    """Return what it takes to make what is known of a layer equal to its rows.

    Columns the table does not have are left in the file.
    """
    binding = BINDINGS[layer]
    columns = set(table_of(binding.model).c.keys())
    prepared = [{k: v for k, v in binding.prepare(row).items() if k in columns} for row in rows]
    target = Target(binding.model, layer, binding.key, binding.identity)
    return await make_plan(session, target, prepared)


async def count_rows(session: AsyncReadSession) -> dict[str, int]:
    """Return how many rows are currently known per layer."""
    counts: dict[str, int] = {}
    for model in dict.fromkeys([b.model for b in BINDINGS.values()] + [t.DesignationHistory]):
        table = table_of(model)
        found = await session.execute(
            select(table.c.layer, func.count()).where(table.c.current).group_by(table.c.layer)
        )
        counts |= {layer: int(n) for layer, n in found}
    return counts
