"""The read replica: what may be read there, and when the primary is asked instead.

A replica is behind its primary by however long the network and it take, and nothing it says tells by how
much. So nobody reads it without naming the revision that must be held, known from the primary; one that
does not hold it in good time, or is lost, is passed over.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import TypeVar

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from geo_registry.db.engine import AsyncReadSession, AsyncReplicaSession, Database
from geo_registry.db.queries.snapshot import current_revision
from geo_registry.errors import DatabaseUnavailable, SchemaOutdated

CATCH_UP_S = 1.0  # how long a replica is given to receive what the primary has
REST_S = 5.0  # how long a replica that was lost is not asked
_POLL_S = 0.03
_WHICH = text("select (select system_identifier from pg_control_system()) || '/' || current_database()")
_Result = TypeVar("_Result")
_log = logging.getLogger(__name__)


class _PassedOver(Exception):
    """The replica cannot be read now; the primary is."""


class Reader:
    """Reads what must hold a revision: from the replica where it does, else from the primary."""

    def __init__(self, primary: Database) -> None:
        self._primary = primary
        self._replica = primary.replica
        self._which: str | None = None  # the primary's own name, once asked
        self._rests_until = 0.0
        self._is_late = False

    async def read(self, work: Callable[[AsyncReadSession], Awaitable[_Result]], *, holding: int) -> _Result:
        """Return what `work` reads from a server that holds a revision.

        Parameters
        ----------
        work
            Reads in the transaction it is given; done again from the start when the replica fails in the middle.
        holding
            The revision, as the primary knows it.

        Raises
        ------
        DatabaseUnavailable, SchemaOutdated
            The primary cannot be read either.
        """
        if self._replica is not None and monotonic() >= self._rests_until:
            try:
                return await self._read_replica(self._replica, work, holding)
            except _PassedOver:
                pass
            except (DatabaseUnavailable, SchemaOutdated, DBAPIError) as error:
                # DBAPIError: among others a reading that replay on the replica had to cancel
                self._rest(f"lost: {error.__cause__ or error!r}")
        async with self._primary.read() as session:
            return await work(session)

    async def _read_replica(
        self, replica: Database, work: Callable[[AsyncReadSession], Awaitable[_Result]], holding: int
    ) -> _Result:
        deadline = monotonic() + (0 if self._is_late else CATCH_UP_S)
        while True:
            async with replica.read_replica() as session:
                if await self._holds(session, replica, holding):
                    return await work(session)
            if monotonic() >= deadline:
                break
            await asyncio.sleep(_POLL_S)
        if not self._is_late:
            _log.warning(
                "the read replica is late: it does not hold revision %d; the primary is read", holding
            )
        self._is_late = True  # not waited for again before it has caught up
        raise _PassedOver

    async def _holds(self, session: AsyncReplicaSession, replica: Database, revision: int) -> bool:
        """Tell whether the state seen holds a revision, on a replica of our own database and no other."""
        async with replica.in_time():
            which = (await session.execute(_WHICH)).scalar_one()
            held = await current_revision(session)
        if which != await self._primary_name():
            self._rest("it is no streaming replica of the database that is written to")
            raise _PassedOver
        if held < revision:
            return False
        self._is_late = False
        return True

    async def _primary_name(self) -> str:
        if self._which is None:
            async with self._primary.read() as session:
                self._which = str((await session.execute(_WHICH)).scalar_one())
        return self._which

    def _rest(self, reason: str) -> None:
        self._rests_until = monotonic() + REST_S
        _log.warning("the read replica is not read for %.0f s: %s", REST_S, reason)
