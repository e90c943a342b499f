"""Find the basins of places, however they were written."""

from collections.abc import Sequence

from geo_registry.actions.ask import Query
from geo_registry.actions.snapshots import Snapshots
from geo_registry.routing.model import BasinHit
from geo_registry.routing.rules import basins_of
from geo_registry.routing.snapshot import Snapshot


async def find_basins(query: Query, snapshots: Snapshots) -> tuple[Sequence[BasinHit], Snapshot]:
    """Return the basins of all places of a question, those upstream first, and the snapshot they are from.

    Raises
    ------
    InvalidInput
        A place cannot be read.
    """
    needs_names = query.check()
    snapshot = await snapshots.get(query.on)
    gazetteer = await snapshots.gazetteer(snapshot) if needs_names else None
    return basins_of(query.question(gazetteer).places, snapshot), snapshot
