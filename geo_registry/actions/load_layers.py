"""Load layers: bring what the registry knows up to what the files of the catalogue say."""

from dataclasses import asdict, dataclass

from geo_registry.actions.route_case import ENGINE
from geo_registry.catalogue import Catalogue
from geo_registry.db.audit import last_detail, write_line
from geo_registry.db.engine import Database, lock_for_writing
from geo_registry.db.history import Changes
from geo_registry.db.layer_store import BINDINGS, store_layer
from geo_registry.exchange.layer_rows import read_layer

SAMPLE = "sample_sites"
_LOADED = "catalogue.load"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading did to one layer."""

    layer: str
    changes: Changes


async def load_layers(
    database: Database, catalogue: Catalogue, *, actor: str, sample: bool = False
) -> list[Loaded]:
    """Load every layer of the catalogue but the zone versions; a layer that is as it was is not touched.

    Where the files are the very ones of the last load, nothing is read at all and the list is empty.

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
    """
    digest = f"{ENGINE}/{catalogue.digest()}/{'sample' if sample else ''}"
    async with database.read() as reading:
        if await last_detail(reading, _LOADED) == {"digest": digest}:
            return []
    wanted = [id for id in BINDINGS if id in catalogue.layers and (sample or id != SAMPLE)]
    rows = {id: read_layer(catalogue.get(id)) for id in wanted}
    loaded = []
    async with database.write() as session:
        at = await lock_for_writing(session)
        for id in wanted:
            changes = await store_layer(session, id, rows[id], at=at)
            loaded.append(Loaded(id, changes))
            if changes.any:
                await write_line(
                    session,
                    at=at,
                    actor=actor,
                    action="layer.load",
                    subject=id,
                    changes_answers=True,
                    detail=asdict(changes),
                )
        await write_line(
            session, at=at, actor=actor, action=_LOADED, subject=str(len(loaded)), changes_answers=False,
            detail={"digest": digest},
        )  # fmt: skip
    return loaded


async def remove_sample(database: Database, *, actor: str) -> int:
    """Close every sample row, so that none shows any more; return how many there were."""
    async with database.write() as session:
        at = await lock_for_writing(session)
        changes = await store_layer(session, SAMPLE, [], at=at)
        if changes.any:
            await write_line(
                session, at=at, actor=actor, action=_LOADED, subject="0", changes_answers=False, detail={}
            )
            await write_line(
                session,
                at=at,
                actor=actor,
                action="sample.remove",
                subject=SAMPLE,
                changes_answers=True,
                detail=asdict(changes),
            )
        return changes.closed
