"""Load layers: bring what the registry knows up to what the files of the catalogue say."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from geo_registry.actions.draft_zones import build_anew
from geo_registry.actions.publish_zones import require_sound
from geo_registry.actions.route_case import ENGINE
from geo_registry.catalogue import Catalogue, Layer
from geo_registry.db.audit import last_details, write_line
from geo_registry.db.engine import AsyncWriteSession, Database, lock_for_writing
from geo_registry.db.history import Changes, carry_out
from geo_registry.db.layer_store import BINDINGS, plan_layer
from geo_registry.db.queries.zones import list_versions
from geo_registry.exchange.layer_rows import read_layer

SAMPLE = "sample_sites"
_LOAD = "layer.load"
_GROUND = ("counties", "forest_districts", "courts")  # what zones are built on and checked against


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading did to one layer."""

    layer: str
    changes: Changes


async def load_layers(
    database: Database, catalogue: Catalogue, *, actor: str, sample: bool = False
) -> list[Loaded]:
    """Load the layers of the catalogue but the zone versions, all or none; return those that were read.

    A layer whose files are the very ones of its last load is not read. Where the ground of the zones
    changed, the zones of every version are built anew and those in force checked.

    Parameters
    ----------
    sample
        Whether to load the sample sites too; without it those that are there stay.

    Raises
    ------
    BadManifest, LayerDataMissing
        A layer is not in order; nothing was loaded.
    RuleBroken
        The database refuses a row; nothing was loaded.
    ZoneChecksFailed
        A version in force would no longer hold on the new ground; nothing was loaded.
    """
    wanted = [catalogue.get(id) for id in BINDINGS if id in catalogue.layers and (sample or id != SAMPLE)]
    async with database.read() as reading:
        before = await last_details(reading, _LOAD)
    digests = {layer.spec.id: _digest(layer) for layer in wanted}
    rows = {
        layer.spec.id: read_layer(layer)
        for layer in wanted
        if before.get(layer.spec.id, {}).get("digest") != digests[layer.spec.id]
    }
    if not rows:
        return []
    async with database.write() as session:
        at = await lock_for_writing(session)
        plans = [await plan_layer(session, id, rows[id]) for id in rows]
        await carry_out(session, plans, at=at)
        loaded = {plan.target.layer: plan.changes for plan in plans}
        for id, changes in loaded.items():
            await write_line(
                session, at=at, actor=actor, action=_LOAD, subject=id, changes_answers=changes.any,
                detail={**asdict(changes), "digest": digests[id]},
            )  # fmt: skip
        await _follow(session, loaded, at)
    return [Loaded(id, changes) for id, changes in loaded.items()]


async def remove_sample(database: Database, *, actor: str) -> int:
    """Close every sample row, so that none shows any more; return how many there were."""
    async with database.write() as session:
        at = await lock_for_writing(session)
        plan = await plan_layer(session, SAMPLE, [])
        await carry_out(session, [plan], at=at)
        if plan.changes.any:
            await write_line(
                session, at=at, actor=actor, action=_LOAD, subject=SAMPLE, changes_answers=True,
                detail=asdict(plan.changes),
            )  # fmt: skip
        return plan.changes.closed


async def _follow(session: AsyncWriteSession, loaded: Mapping[str, Changes], at: datetime) -> None:
    """Build the zones anew on changed ground, and refuse ground on which a version in force does not hold."""
    if not any(id in loaded and loaded[id].any for id in _GROUND):
        return
    for version in await list_versions(session):
        await build_anew(session, version.id, at=at)
        if version.state == "published":
            await require_sound(session, version.id)


def _digest(layer: Layer) -> str:
    return f"{ENGINE}/{layer.digest()}"
