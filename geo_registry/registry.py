"""The registry in Python: three lines from import to answer, the same object as on every other door.

::

    from geo_registry import Registry

    with Registry.open() as registry:
        answer = registry.route("125.16791,44.4261")
        print(answer.outcome, answer.court and answer.court.name)
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from geo_registry.actions.ask import Asked, asked_from_geojson, parse_query, parse_statement
from geo_registry.actions.route_case import record_case, route_case
from geo_registry.actions.snapshots import Snapshots
from geo_registry.db.engine import Database, open_database
from geo_registry.db.watch import Watch
from geo_registry.errors import UnreadablePlace
from geo_registry.routing.answer import Answer
from geo_registry.settings import Settings

if TYPE_CHECKING:
    from geo_registry.actions.route_file import Report

_Result = TypeVar("_Result")


class Registry(AbstractContextManager["Registry"]):
    """A registry opened for use from ordinary, synchronous Python; safe to share between threads.

    Use it as a context manager, or call `close` when done.

    Parameters
    ----------
    watch
        Whether to keep a connection over which every change is heard: answers then cost no query. For a
        program that asks often; without it every question asks first whether anything has changed.
    """

    def __init__(self, database: Database, *, watch: bool = False) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="geo-registry", daemon=True)
        self._thread.start()
        self._database = database
        self._watch = Watch(database) if watch else None
        self._snapshots = Snapshots(database, watch=self._watch)
        if self._watch is not None:
            self._loop.call_soon_threadsafe(self._watch.start)

    @classmethod
    def open(cls, settings: Settings | None = None, *, watch: bool = False) -> Self:
        """Open the registry the settings name; by default the private one, started when it is not running."""
        return cls(open_database(settings or Settings.read()), watch=watch)

    def route(
        self,
        *places: str | tuple[float, float] | dict[str, Any],
        crs: str | None = None,
        accuracy_m: float | None = None,
        kind: str | None = None,
        level: str | None = None,
        territory: str | None = None,
        on: str | date | None = None,
        record: bool = False,
        actor: str = "python",
    ) -> Answer:
        """Return which court hears a case.

        Parameters
        ----------
        places
            One or several places of one case: a position in any written form, a name or an address; a pair
            `(lon, lat)` in degrees (or east, north of `crs`); or a GeoJSON object in degrees.
        crs
            System of text and pairs: an EPSG code, `gcj02` or `bd09`; EPSG:4326 when not given.
        accuracy_m
            Radius in metres within which the true place lies.
        kind, level, territory
            As on the command line; None where not known.
        on
            Day of filing; today in the province when not given.
        record
            Keep the answer in the journal.

        Raises
        ------
        InvalidInput
            Something given cannot be used; the sentence says what can.
        Unavailable
            The registry cannot be asked.
        """
        asked = [a for place in places for a in _asked(place, crs, accuracy_m)]
        query = parse_query(asked, kind=kind, level=level, territory=territory, on=on)
        if record:
            return self._run(lambda: record_case(query, self._snapshots, self._database, actor=actor))
        return self._run(lambda: route_case(query, self._snapshots))

    def route_file(
        self,
        path: str | Path,
        out: str | Path,
        *,
        lon: str | None = None,
        lat: str | None = None,
        place: str | None = None,
        crs: str | None = None,
        accuracy_m: float | None = None,
        accuracy_column: str | None = None,
        kind: str | None = None,
        level: str | None = None,
        territory: str | None = None,
        on: str | date | None = None,
        encoding: str | None = None,
        sheet: str | None = None,
        layer: str | None = None,
        bom: bool = False,
        lang: str = "zh",
        workers: int = 1,
        scheduler: str | None = None,
        part_rows: int = 65_536,
        resume: bool = False,
    ) -> "Report":
        """Return what it came to, once each row of a file was written to another with its answer.

        Parameters
        ----------
        path, out
            The format of each is that of its ending; docs/files.md lists them.
        lon, lat, place, accuracy_column
            Columns, where headings do not say which hold the place; `lon` is east, `lat` north.
        crs
            System of the numbers and texts; a layer's own is its own.
        workers
            Processes. They import the program that called: let it do so behind ``if __name__ == "__main__":``.
        scheduler
            Address of a Dask scheduler, whose workers then do it.
        part_rows, resume
            How many rows are kept at a time, and whether to continue an ended run from those kept.

        Raises
        ------
        InvalidInput
            A file or an option cannot be used; rows that cannot be read are marked `refused` instead.
        Unavailable
            The registry, or the scheduler, cannot be asked.
        FileInUse, InputChanged
            Another run is writing the result, or the input was changed meanwhile.
        """
        from geo_registry.actions import route_file as action  # loads pyarrow and numba
        from geo_registry.exchange.columns import Named
        from geo_registry.exchange.sources import Opening

        request = action.FileRequest(
            Path(path), Path(out), parse_statement(kind=kind, level=level, territory=territory, on=on),
            Named(lon, lat, place, accuracy_column), Opening(encoding, sheet, layer, part_rows), crs,
            accuracy_m, lang, bom, workers, scheduler, resume,
        )  # fmt: skip
        return self._run(lambda: action.route_file(request, self._snapshots))

    def close(self) -> None:
        """Close the connections; a private database keeps running for the next caller."""
        if self._loop.is_closed():
            return
        if self._watch is not None:
            self._run(self._watch.close)
        self._run(self._database.close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _run(self, work: Callable[[], Coroutine[Any, Any, _Result]]) -> _Result:
        future: Future[_Result] = asyncio.run_coroutine_threadsafe(work(), self._loop)
        return future.result()


def _asked(
    place: str | tuple[float, float] | dict[str, Any], crs: str | None, accuracy_m: float | None
) -> list[Asked]:
    if isinstance(place, str):
        return [Asked(text=place, crs=crs, accuracy_m=accuracy_m)]
    if isinstance(place, dict):
        return asked_from_geojson(place, label="GeoJSON", accuracy_m=accuracy_m, crs=crs)
    try:
        x, y = (float(v) for v in place)
    except (TypeError, ValueError):
        raise UnreadablePlace(text=repr(place)) from None
    return [Asked(numbers=(x, y), crs=crs, accuracy_m=accuracy_m)]
