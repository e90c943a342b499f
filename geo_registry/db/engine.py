"""The engine and its two kinds of session; what the driver raises becomes the project's own errors."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import URL, NullPool, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine

from geo_registry.db.constraints import to_error
from geo_registry.db.embedded import Cluster
from geo_registry.errors import BadSetting, DatabaseUnavailable, SchemaOutdated, UnusableText
from geo_registry.settings import Settings

_WRITERS = 7_220_001  # advisory lock: one writer at a time, and no reader of history beside it
_URL_SETTING, _READ_URL_SETTING = "GEO_REGISTRY_DATABASE_URL", "GEO_REGISTRY_READ_DATABASE_URL"
_SCHEMA_STATES = ("42P01", "42703", "3F000")  # undefined table, column, schema


class AsyncReadSession(AsyncSession):
    """A session in a read-only transaction."""


class AsyncReplicaSession(AsyncReadSession):
    """A session that sees one state of a read replica, whatever arrives from the primary meanwhile."""


class AsyncWriteSession(AsyncSession):
    """A session in a transaction that commits when its block ends well, and not otherwise."""


class Database:
    """A PostGIS database, the private cluster's or another; starts the private one again when it died.

    Parameters
    ----------
    url
        SQLAlchemy URL, of any driver of PostgreSQL.
    timeout_s
        Longest wait for a connection that answers, in seconds.
    cluster
        The private cluster the database lies in.
    replica
        A streaming replica of it; who may read there is decided by `db.replica`.
    """

    def __init__(
        self,
        url: str,
        *,
        timeout_s: float,
        cluster: Cluster | None = None,
        replica: "Database | None" = None,
        setting: str = _URL_SETTING,
    ) -> None:
        self.url = url
        self.replica = replica
        self._cluster = cluster
        self._timeout_s = timeout_s
        self._is_down = False
        self._reviving: asyncio.Future[str] | None = None
        self.engine = _make_engine(_parse(url, setting), timeout_s)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncReadSession]:
        """Open a read-only transaction.

        Raises
        ------
        DatabaseUnavailable
            The database cannot be reached or was lost; the next call tries anew.
        SchemaOutdated
            Its tables are not those of this release.
        UnusableText
            A value asked for is one the database cannot take.
        """
        async with self._session(AsyncReadSession) as session:
            assert isinstance(session, AsyncReadSession)
            await session.execute(text("set transaction read only"))
            yield session

    @asynccontextmanager
    async def read_replica(self) -> AsyncIterator[AsyncReplicaSession]:
        """Open a read-only transaction that sees one state of this database, which is a replica.

        Raises
        ------
        DatabaseUnavailable, SchemaOutdated, UnusableText
            As for `read`.
        """
        async with self._session(AsyncReplicaSession) as session:
            assert isinstance(session, AsyncReplicaSession)
            await session.execute(text("set transaction isolation level repeatable read read only"))
            yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncWriteSession]:
        """Open a transaction that commits at the end of the block.

        Raises
        ------
        RuleBroken
            A rule held by the database refuses the change.
        DatabaseUnavailable, SchemaOutdated
            As for `read`.
        """
        async with self._session(AsyncWriteSession) as session:
            assert isinstance(session, AsyncWriteSession)
            yield session

    @asynccontextmanager
    async def connect(self, name: str) -> AsyncIterator[AsyncConnection]:
        """Open a connection of one's own beside the pool, every statement its own transaction.

        The server's administrator sees it under a name.

        It is cut off in the end, not closed by agreement: the server may have stopped answering. It never
        starts the private cluster, which may have been stopped on purpose; what the driver raises is not
        translated.
        """
        alone = _make_engine(
            self.engine.url, self._timeout_s, name=name, poolclass=NullPool, isolation_level="AUTOCOMMIT"
        )
        async with asyncio.timeout(self._timeout_s):
            connection = await alone.connect()
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        try:
            yield connection
        finally:
            driver.terminate()  # held from the start: a statement that was cancelled has let go of it
            await connection.invalidate()
            await connection.close()

    def in_time(self) -> asyncio.Timeout:
        """Return what ends a block that takes longer than the longest wait; inside `read` it tells so."""
        return asyncio.timeout(self._timeout_s)

    async def close(self) -> None:
        """Close all connections, the replica's too."""
        await self.engine.dispose()
        if self.replica is not None:
            await self.replica.close()

    @asynccontextmanager
    async def _session(self, kind: type[AsyncSession]) -> AsyncIterator[AsyncSession]:
        await self._revive()
        with self._translated():
            async with kind(self.engine, expire_on_commit=False) as session, session.begin():
                async with self.in_time():
                    await session.connection()  # a server that stopped answers neither yes nor no
                yield session

    async def _revive(self) -> None:
        """Start the private cluster again if it is down; all who wait for it wait for one start."""
        if self._is_down and self._cluster is not None:
            if self._reviving is None or self._reviving.done():
                self._reviving = asyncio.ensure_future(asyncio.to_thread(self._cluster.start))
            try:
                async with self.in_time():
                    await asyncio.shield(self._reviving)
            except TimeoutError as error:
                raise DatabaseUnavailable() from error
        self._is_down = False

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (OSError, TimeoutError, PoolTimeout) as error:
            self._is_down = True
            raise DatabaseUnavailable() from error
        except InterfaceError as error:
            self._is_down = True
            raise DatabaseUnavailable() from error
        except DBAPIError as error:
            self._raise_for(error)

    def _raise_for(self, error: DBAPIError) -> None:
        state = str(getattr(error.orig, "sqlstate", "") or "")
        cause = getattr(error.orig, "__cause__", None)
        if error.connection_invalidated or state[:2] in ("08", "57", "53", "") or _is_lost(cause):
            self._is_down = True
            raise DatabaseUnavailable() from error
        if state in _SCHEMA_STATES:
            raise SchemaOutdated() from error
        if state[:2] == "22":
            raise UnusableText(reason=str(cause or error.orig)) from error
        refusal = to_error(state, getattr(cause, "constraint_name", None))
        if refusal is not None:
            raise refusal from error
        raise error


def _is_lost(cause: BaseException | None) -> bool:
    return isinstance(cause, OSError | ConnectionError | TimeoutError)


def _parse(url: str, setting: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise BadSetting(
            name=setting, reason_zh="不是数据库 URL", reason_en="it is not a database URL"
        ) from None
    if not parsed.drivername.startswith("postgres"):
        raise BadSetting(
            name=setting,
            reason_zh=f"是 {parsed.drivername} 而不是 postgresql",
            reason_en=f"it names {parsed.drivername}, not postgresql",
        )
    return parsed.set(drivername="postgresql+asyncpg")


def _make_engine(url: URL, timeout_s: float, *, name: str = "geo-registry", **options: Any) -> AsyncEngine:
    pooled = {"pool_pre_ping": True, "pool_timeout": timeout_s}
    return create_async_engine(
        url,
        connect_args={
            "timeout": timeout_s,
            "command_timeout": timeout_s * 20,
            "server_settings": {"application_name": name, "jit": "off"},
        },
        **(options or pooled),
    )


def open_database(settings: Settings) -> Database:
    """Return the database the settings name, starting the private cluster where they name none.

    Raises
    ------
    ServerMissing, ClusterTrouble
        The private cluster is wanted and cannot be had.
    """
    wait = settings.database_timeout_s
    replica = None
    if settings.read_database_url:
        replica = Database(settings.read_database_url, timeout_s=wait, setting=_READ_URL_SETTING)
    if settings.database_url:
        return Database(settings.database_url, timeout_s=wait, replica=replica)
    cluster = Cluster(settings.home, postgres_bin=settings.postgres_bin)
    return Database(cluster.start(), timeout_s=wait, cluster=cluster, replica=replica)


async def lock_for_writing(session: AsyncWriteSession) -> datetime:
    """Wait for the turn to change the registry and return the instant of the change.

    The instant is taken after the turn is had, and readers of history wait until it is over, so that
    "what was known at an instant" has one answer for ever. It is later than that of every change
    before, even where the clock was set back.
    """
    await session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _WRITERS})
    return await _instant(session, after=timedelta(microseconds=1))


async def lock_for_reading(session: AsyncReadSession) -> datetime:
    """Wait until no change is under way and return the instant; none begins before the transaction ends.

    No lock of a replica holds off the primary's writers. What its session sees is the state that the newest
    change seen made, so that the instant is that change's: changes take their turns, and none of an earlier
    instant is still to come.
    """
    if isinstance(session, AsyncReplicaSession):
        seen = text("select coalesce(max(at), 'epoch') from audit_log where changes_answers")
        newest = (await session.execute(seen)).scalar_one()
        assert isinstance(newest, datetime)
        return newest
    await session.execute(text("select pg_advisory_xact_lock_shared(:key)"), {"key": _WRITERS})
    return await _instant(session, after=timedelta())


async def _instant(session: AsyncSession, *, after: timedelta) -> datetime:
    """Return the clock's instant, at least so much after the newest audit line."""
    clock, newest = (await session.execute(text("select clock_timestamp(), max(at) from audit_log"))).one()
    assert isinstance(clock, datetime)
    return clock if newest is None else max(clock, newest + after)
