"""What a server does before anybody asks: nothing that a caller could not wait for, so that none has to."""

import asyncio
import gc

from geo_registry.actions.ask import Asked, parse_query, today
from geo_registry.actions.route_point import route_point
from geo_registry.errors import GeoRegistryError

from .context import Context

_ANYWHERE = Asked(numbers=(125.16791, 44.4261))


async def warm(context: Context) -> None:
    """Read today's law, answer once, and take what is then in memory out of the collector's rounds.

    The collector's full round over the polygons would stop every answer for tens of milliseconds.
    A registry that cannot be asked yet is no matter here: whoever asks is told.
    """
    try:
        snapshot = await context.snapshots.get(today())
    except GeoRegistryError:
        return
    (reading,) = _ANYWHERE.read()
    # In a thread: compiled code is fetched from its cache, or compiled where there is none yet.
    await asyncio.to_thread(route_point, parse_query([_ANYWHERE]), reading, snapshot, context.ready)
    gc.collect()
    gc.freeze()
