"""What a server does before anybody asks: nothing that a caller could not wait for, so that none has to."""

import asyncio
import gc

import numpy as np
import shapely

from geo_registry.actions.ask import Asked, parse_bare, today
from geo_registry.actions.route_point import ReadyPoints, route_point
from geo_registry.errors import GeoRegistryError
from geo_registry.routing.snapshot import Snapshot

from .context import Context

_GRID = 48


async def warm(context: Context) -> None:
    """Read today's law, answer all over the province, and take what is then in memory out of the collector's rounds.

    The collector's full round over the polygons would stop every answer for tens of milliseconds.
    A registry that cannot be asked yet is no matter here: whoever asks is told.
    """
    try:
        snapshot = await context.snapshots.get(today())
    except GeoRegistryError:
        return
    # In a thread: compiled code is fetched from its cache, or compiled where there is none yet.
    await asyncio.to_thread(_answer_all_over, snapshot, context.ready)
    gc.collect()
    gc.freeze()
    gc.set_threshold(
        10_000, 20, 50
    )  # an answer leaves nothing in circles; the default looks every few answers


def _answer_all_over(snapshot: Snapshot, ready: ReadyPoints) -> None:
    """Answer points on a grid over the province: most classes of answers are then rendered."""
    west, south, east, north = shapely.total_bounds(snapshot.locator.units.polygons)
    for lon in np.linspace(west, east, _GRID).tolist():
        for lat in np.linspace(south, north, _GRID).tolist():
            place = Asked(numbers=(lon, lat))
            route_point(parse_bare(place), place.read()[0], snapshot, ready)
