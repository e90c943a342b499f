"""The watch: how a process that answers from memory knows, without asking each time, that nothing has changed.

One connection of its own listens for what the database tells of every change, and asks over the same
connection every second which change is the newest. So a change is known within milliseconds of its commit;
one whose telling was lost, within a second; and a connection that is gone, or a server that stopped
answering, takes the watch's word away within three.
"""

import asyncio
import logging
import math
from time import monotonic
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from geo_registry.db.engine import Database
from geo_registry.db.queries.snapshot import current_revision
from geo_registry.errors import SchemaOutdated

CHANNEL = "geo_registry_changed"
BEAT_S = 1.0  # between two questions
TRUSTED_S = 3.0  # how long an answer to that question is good for, from when it was asked
_PAUSES_S = (0.1, 2.0)  # before connecting again: the first, doubled up to the last
_TELLS = text(
    "select exists (select from pg_trigger where tgname = 'change_is_told' and tgenabled in ('O', 'A') "
    "and tgrelid = to_regclass('audit_log'))"
)
_log = logging.getLogger(__name__)


class Watch:
    """The newest revision of a registry, known without asking, or known not to be known."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._task: asyncio.Task[None] | None = None
        self._revision = 0
        self._told = 0  # the newest revision heard of since the last question was asked
        self._asked_at = -math.inf
        self._pause_s = _PAUSES_S[0]
        self._is_lost = False
        self._is_closed = False

    def revision(self) -> int | None:
        """Return the newest revision, None while it cannot be known: not connected, or no answer of late."""
        return self._revision if monotonic() - self._asked_at <= TRUSTED_S else None

    def hear(self, revision: int) -> None:
        """Take note of a revision: the database told of it, or a reader of this process has seen it."""
        self._told = max(self._told, revision)
        self._revision = max(self._revision, revision)

    def start(self) -> None:
        """Begin to watch; needs a running loop. Whether the database can be reached is seen later."""
        self._task = asyncio.create_task(self._run(), name="geo-registry watch")

    async def close(self) -> None:
        """End the watch and its connection."""
        self._is_closed = True
        self._lose()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while not self._is_closed:  # a driver may turn the cancelling into an error of its own
            try:
                await self._watch()
            except Exception as error:  # whatever it was: nothing is trusted meanwhile, and it is tried again
                self._lose()
                if not self._is_closed:
                    self._complain(error)
            await asyncio.sleep(self._pause_s)
            self._pause_s = min(self._pause_s * 2, _PAUSES_S[1])

    async def _watch(self) -> None:
        """Watch over one connection until it is lost."""
        async with self._database.connect("geo-registry watch") as connection:
            lost = asyncio.Event()
            driver = (await connection.get_raw_connection()).driver_connection
            assert driver is not None

            def on_end(_driver: Any) -> None:
                self._lose()
                lost.set()

            driver.add_termination_listener(on_end)
            await _require_telling(connection)
            await driver.add_listener(CHANNEL, self._on_notification)
            while not lost.is_set():
                await self._ask(connection)
                await _wait(lost, BEAT_S)
        raise ConnectionError("the connection was closed")

    async def _ask(self, connection: AsyncConnection) -> None:
        asked_at, self._told = monotonic(), 0
        async with asyncio.timeout(TRUSTED_S):
            newest = await current_revision(connection)
        # What was told meanwhile may be newer than the answer. Otherwise the answer holds even where it is
        # lower than before: a registry restored from a backup goes back.
        self._revision = max(newest, self._told)
        self._asked_at = asked_at
        self._pause_s = _PAUSES_S[0]
        if self._is_lost:
            self._is_lost = False
            _log.info("watching for changes")

    def _on_notification(self, _driver: Any, _pid: int, _channel: str, payload: str) -> None:
        self.hear(int(payload))

    def _lose(self) -> None:
        self._asked_at = -math.inf

    def _complain(self, error: Exception) -> None:
        """Say once why nothing is known; the next attempts fail for the same reason."""
        if not self._is_lost:
            _log.warning("changes are not heard of, every answer asks the database first: %r", error)
        self._is_lost = True


async def _require_telling(connection: AsyncConnection) -> None:
    if not (await connection.execute(_TELLS)).scalar_one():
        raise SchemaOutdated()


async def _wait(event: asyncio.Event, most_s: float) -> None:
    try:
        async with asyncio.timeout(most_s):
            await event.wait()
    except TimeoutError:
        return
