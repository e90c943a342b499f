"""Snapshots kept in memory, never older than the registry: each use asks whether anything has changed."""

import asyncio
from bisect import bisect_right
from datetime import date, datetime

from geo_registry.db.engine import Database
from geo_registry.db.queries.gazetteer import read_names
from geo_registry.db.queries.snapshot import current_revision, read_snapshot, revision_at, turning_days
from geo_registry.gazetteer.index import Gazetteer
from geo_registry.routing.snapshot import Snapshot

_KEPT = 4


class Snapshots:
    """The snapshots of one process.

    Days between which no rule begins or ends share one; a change of the registry lets all of them go.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = asyncio.Lock()
        self._revision: int | None = None
        self._turns: list[date] = []
        self._kept: dict[int, Snapshot] = {}
        self._gazetteers: dict[int, Gazetteer] = {}

    async def get(self, on: date) -> Snapshot:
        """Return what is known now of the law of a day.

        Raises
        ------
        NothingLoaded, DatabaseUnavailable
            There is nothing to answer from; an old snapshot is never used unchecked.
        """
        while True:
            async with self._database.read() as session:
                revision = await current_revision(session)
            async with self._lock:
                if revision != self._revision:
                    await self._start_over(revision)
                held = await self._held(on)
            if held.revision == self._revision == revision:
                return held
            self._revision = None  # the registry was changed in between: what was read is of two states

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
        if snapshot.revision not in self._gazetteers:
            async with self._database.read() as session:
                names = await read_names(session, known_at=snapshot.known_at)
            while len(self._gazetteers) >= _KEPT:
                del self._gazetteers[next(iter(self._gazetteers))]
            self._gazetteers[snapshot.revision] = await asyncio.to_thread(Gazetteer, names)
        return self._gazetteers[snapshot.revision]

    async def _held(self, on: date) -> Snapshot:
        era = bisect_right(self._turns, on)
        if era not in self._kept:
            while len(self._kept) >= _KEPT:
                del self._kept[next(iter(self._kept))]
            async with self._database.read() as session:
                self._kept[era] = await read_snapshot(session, on=on)
        return self._kept[era]

    async def _start_over(self, revision: int) -> None:
        self._kept.clear()
        async with self._database.read() as session:
            self._turns = await turning_days(session)
        self._revision = revision
