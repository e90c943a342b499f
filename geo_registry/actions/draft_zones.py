"""Draft a zone version: its rows as the catalogue has them, and the zones they make."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from geo_registry.catalogue import Catalogue, ZoneVersionFolder
from geo_registry.db import zone_store
from geo_registry.db.audit import write_line
from geo_registry.db.engine import AsyncWriteSession, Database, lock_for_writing
from geo_registry.db.history import Changes
from geo_registry.db.queries.zones import list_designations, read_ground, read_state
from geo_registry.errors import AlreadyPublished
from geo_registry.zones.build import build_zones


@dataclass(frozen=True, slots=True)
class Drafted:
    """What drafting did to one version."""

    version: str
    state: str
    changes: Changes


async def draft_zones(database: Database, catalogue: Catalogue, *, actor: str) -> list[Drafted]:
    """Draft every zone version of the catalogue, and build its zones from the polygons held.

    A published version whose rows are those of the file is left alone.

    Raises
    ------
    AlreadyPublished
        The files of a published version differ from what was published.
    NothingLoaded
        There are no counties to build zones from.
    """
    drafted = []
    for folder in catalogue.zone_versions():
        async with database.write() as session:
            drafted.append(await _draft(session, folder, actor))
    return drafted


async def _draft(session: AsyncWriteSession, folder: ZoneVersionFolder, actor: str) -> Drafted:
    at = await lock_for_writing(session)
    await read_ground(session)  # nothing is drafted on nothing; said before a database rule says it worse
    version = folder.spec.id
    rows = [{**row, "version_id": version} for row in folder.rows]
    if await read_state(session, version) == "published":
        changes = await zone_store.compare_designations(session, version, rows)
        head = await zone_store.compare_head(session, head_of(folder), "published")
        if changes.any or head.any:
            raise AlreadyPublished(version=version)
        return Drafted(version, "published", changes)
    await zone_store.store_head(session, head_of(folder), "draft", at=at)
    changes = await zone_store.store_designations(session, version, rows, at=at)
    built = await build_anew(session, version, at=at)
    if changes.any or built.any:
        await write_line(
            session, at=at, actor=actor, action="zones.draft", subject=version, changes_answers=False,
            detail={"rows": asdict(changes), "zones": asdict(built)},
        )  # fmt: skip
        await zone_store.write_edit(
            session, version, at=at, by=actor, why="layers/court_zones", what={"rows": asdict(changes)}
        )
    return Drafted(version, "draft", changes)


async def build_anew(session: AsyncWriteSession, version: str, *, at: datetime) -> Changes:
    """Build the zones of a version from its rows and the polygons held, as it amends them, and keep them."""
    ground = await read_ground(session, version)
    designations = await list_designations(session, version)
    drawn = {code: polygon for code, polygon in ground.districts.items() if polygon is not None}
    zones = build_zones(designations, units=ground.units, districts=drawn)
    return await zone_store.store_zones(session, version, zones, designations, at=at)


def head_of(folder: ZoneVersionFolder) -> Mapping[str, Any]:
    """Return the head of a version as it is stored."""
    spec = folder.spec
    return {
        "id": spec.id,
        "title_zh": spec.title.zh,
        "title_en": spec.title.en,
        "valid_from": spec.valid_from,
        "valid_to": spec.valid_to,
        "sources": spec.sources,
    }
