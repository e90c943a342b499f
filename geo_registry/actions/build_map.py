"""Build a map: what the registry holds, drawn into one self-contained file."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from geo_registry.actions.snapshots import Snapshots
from geo_registry.catalogue import Catalogue
from geo_registry.db.engine import Database
from geo_registry.db.queries.features import list_rivers, list_site_kinds
from geo_registry.errors import BadChoice, UnwritableFile
from geo_registry.maps.web_map import LAYERS, MapContent, render_map
from geo_registry.routing.answer import Answer


async def build_map(
    out: Path,
    *,
    on: date,
    snapshots: Snapshots,
    database: Database,
    catalogue: Catalogue,
    places: Sequence[tuple[str, Answer]] = (),
    layers: Sequence[str] = LAYERS,
    approval_number: str = "",
) -> int:
    """Write the map of a day and return its size in bytes.

    Raises
    ------
    BadChoice
        A layer that is not drawn.
    UnwritableFile
        The file cannot be written.
    AssetsMissing
        Set-up has not put the browser library beside the code.
    """
    for name in layers:
        if name not in LAYERS:
            raise BadChoice(name="layers", value=name, allowed=", ".join(LAYERS))
    snapshot = await snapshots.get(on)
    async with database.read() as session:
        rivers, kinds = await list_rivers(session), await list_site_kinds(session)
    styles = {id: layer.style() for id, layer in catalogue.layers.items()}
    html = render_map(MapContent(snapshot, on, rivers, kinds, styles, places, layers, approval_number))
    try:
        return out.write_bytes(html.encode())
    except OSError as error:
        raise UnwritableFile(path=str(out), reason=str(error.strerror)) from None
