"""Snapshots kept in memory, never older than the registry: nothing is used before the newest change is known."""

import asyncio
from bisect import bisect_right
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import TypeVar

from geo_registry.db.engine import AsyncReadSession, Database
from geo_registry.db.queries.gazetteer import read_names
from geo_registry.db.queries.snapshot import current_revision, read_snapshot, revision_at, turning_days
from geo_registry.db.replica import Reader
from geo_registry.db.watch import Watch
from geo_registry.gazetteer.index import Gazetteer
from geo_registry.routing.snapshot import Snapshot

_KEPT = 4
_Result = TypeVar("_Result")


class Snapshots:
    """The snapshots of one process.

    Days between which no rule begins or ends share one; a change of the registry lets all of them go.

    Parameters
    ----------
    database
        Where they are read from.
    watch
        Knows the newest change without asking, in a process that answers for long; without one, and while it
        cannot know, each use asks the database.
    """

    def __init__(self, database: Database, *, watch: Watch | None = None) -> None:
        self._database = database
        self._watch = watch
        self._reader = Reader(database)
        self._lock = asyncio.Lock()
        self._revision: int | None = None
        self._turns: list[date] = []
        self._kept: dict[int, Snapshot] = {}
        self._gazetteers: dict[int, Gazetteer] = {}
        self._gazetteers_lock = asyncio.Lock()

    def held(self, on: date) -> Snapshot | None:
        """Return the snapshot of a day if it may be used this instant without asking, else None: then `get` it."""
        revision = self._watch.revision() if self._watch is not None else None
        return None if revision is None else self._find(on, revision)

    async def get(self, on: date) -> Snapshot:
        """Return what is known now of the law of a day.

        Raises
        ------
        NothingLoaded, DatabaseUnavailable
            There is nothing to answer from; an old snapshot is never used unchecked.
        """
        held = self._find(on, await self.revision())
        if held is None:
            async with (
                self._lock
            ):  # one reads; who waited for it finds what was read, unless it is old already
                revision = await self.revision()
                held = self._find(on, revision) or await self._read(on, revision)
        return held

    async def get_past(self, on: date, *, known_at: datetime) -> Snapshot:
        """Return what was known at an instant of the law of a day.

        Where nothing has changed since, that is what is known now.

        Raises
        ------
        NothingKnownThen
            The registry held nothing at that instant.
        """
        now = await self.get(on)
        async with self._database.read() as session:
            if await revision_at(session, known_at) == now.revision:
                return now
            return await read_snapshot(session, on=on, known_at=known_at)

    async def gazetteer(self, snapshot: Snapshot) -> Gazetteer:
        """Return the names that were known when a snapshot was; read on first use."""
        held = self._gazetteers.get(snapshot.revision)
        if held is None:
            async with self._gazetteers_lock:
                held = self._gazetteers.get(snapshot.revision) or await self._read_gazetteer(snapshot)
        return held

    async def read(self, work: Callable[[AsyncReadSession], Awaitable[_Result]]) -> _Result:
        """Return what `work` reads where the newest change is held: on the replica, or the primary."""
        return await self._reader.read(work, holding=await self.revision())

    async def revision(self) -> int:
        """Return the number of the newest change, from the watch or by asking.

        Raises
        ------
        DatabaseUnavailable
            Neither knows.
        """
        known = self._watch.revision() if self._watch is not None else None
        if known is not None:
            return known
        async with self._database.read() as session, self._database.in_time():
            return await current_revision(session)

    def _find(self, on: date, revision: int) -> Snapshot | None:
        return self._kept.get(bisect_right(self._turns, on)) if revision == self._revision else None

    async def _read(self, on: date, revision: int) -> Snapshot:
        if revision != self._revision:
            self._kept.clear()  # before reading: two states of the registry need not be in memory at once
        while len(self._kept) >= _KEPT:
            del self._kept[next(iter(self._kept))]

        async def snapshot_and_turns(session: AsyncReadSession) -> tuple[Snapshot, list[date]]:
            return await read_snapshot(session, on=on), await turning_days(session)  # of one state

        read, turns = await self._reader.read(snapshot_and_turns, holding=revision)
        if read.revision != self._revision:
            self._kept.clear()
        self._revision, self._turns = read.revision, turns
        self._kept[bisect_right(turns, on)] = read
        if self._watch is not None:
            self._watch.hear(read.revision)  # it may be newer than what was told so far
        return read

    async def _read_gazetteer(self, snapshot: Snapshot) -> Gazetteer:
        names = await self._reader.read(
            lambda session: read_names(session, known_at=snapshot.known_at), holding=snapshot.revision
        )
        while len(self._gazetteers) >= _KEPT:
            del self._gazetteers[next(iter(self._gazetteers))]
        self._gazetteers[snapshot.revision] = await asyncio.to_thread(Gazetteer, names)
        return self._gazetteers[snapshot.revision]
