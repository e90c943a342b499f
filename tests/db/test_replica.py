"""A real streaming replica: read where it holds what is known, passed over where it does not."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from sqlalchemy import text

from geo_registry.actions.replay_decision import replay_decision
from geo_registry.actions.route_case import record_case, route_case
from geo_registry.actions.snapshots import Snapshots
from geo_registry.db import replica as room
from geo_registry.db.embedded import Cluster
from geo_registry.db.engine import AsyncReadSession, Database, open_database
from geo_registry.db.queries.snapshot import read_snapshot
from geo_registry.errors import BadSetting, DatabaseUnavailable
from geo_registry.settings import Settings
from tests.actions.test_history import query
from tests.places import NONGAN
from tests.replica import copied, frozen, kill
from tests.support import DAY, Bench, change_samples, private_home, run, statements

_NAME = "registry_template"


@dataclass(frozen=True)
class Pair:
    """A primary and its streaming replica, both ours to stop and kill."""

    primary: Cluster
    standby: Cluster


@pytest.fixture(scope="module")
def pair(bench: Bench) -> Iterator[Pair]:
    with private_home() as home, private_home() as second:
        primary = copied(bench.cluster, home, standby=False)
        standby = copied(primary, second, standby=True)
        yield Pair(primary, standby)
        standby.stop()
        primary.stop()


@asynccontextmanager
async def opened(pair: Pair, read_url: str | None = None) -> AsyncIterator[Database]:
    replica = Database(read_url or pair.standby.url(_NAME), timeout_s=2)
    database = Database(pair.primary.url(_NAME), timeout_s=2, replica=replica)
    try:
        yield database
    finally:
        await database.close()


def in_pair(pair: Pair, work: Callable[[Database, Database], Awaitable[None]], read_url: str = "") -> None:
    async def both(_unused: Database) -> None:
        async with opened(pair, read_url or None) as database:
            assert database.replica is not None
            await work(database, database.replica)

    run(pair.primary.url(_NAME), both)


async def number(session: AsyncReadSession) -> int:
    return int((await session.execute(text("select count(*) from site_history where current"))).scalar_one())


def test_it_is_a_standby(pair: Pair) -> None:
    assert pair.standby.run_sql("select pg_is_in_recovery()") == "t"
    assert pair.primary.run_sql("select count(*) from pg_stat_replication where state = 'streaming'") == "1"


def test_snapshots_and_names_are_read_from_it_and_are_those_of_the_primary(pair: Pair) -> None:
    async def work(database: Database, replica: Database) -> None:
        there = Snapshots(database)
        with statements(database) as at_primary, statements(replica) as at_replica:
            snapshot = await there.get(DAY)
            await there.gazetteer(snapshot)
        assert [s for s in at_primary if "history" in s] == []
        assert [s for s in at_replica if "admin_unit_history" in s]
        assert [s for s in at_replica if "place_name_history" in s]
        database.replica = None
        alone = await Snapshots(database).get(DAY)
        assert (snapshot.revision, snapshot.data_version) == (alone.revision, alone.data_version)
        database.replica = replica

    in_pair(pair, work)


def test_a_change_is_read_from_it_once_it_has_arrived(pair: Pair) -> None:
    async def work(database: Database, replica: Database) -> None:
        snapshots = Snapshots(database)
        before = await snapshots.get(DAY)
        await change_samples(database)
        with statements(replica) as at_replica:
            after = await snapshots.get(DAY)
        assert after.revision > before.revision
        assert len(after.sites) != len(before.sites)
        assert [s for s in at_replica if "admin_unit_history" in s]

    in_pair(pair, work)


def test_one_that_is_late_is_not_believed(pair: Pair, caplog: pytest.LogCaptureFixture) -> None:
    async def work(database: Database, replica: Database) -> None:
        snapshots = Snapshots(database)
        before = await snapshots.get(DAY)
        pair.standby.run_sql("select pg_wal_replay_pause()")
        await change_samples(database)
        began = time.monotonic()
        after = await snapshots.get(DAY)
        assert time.monotonic() - began > room.CATCH_UP_S
        assert len(after.sites) != len(before.sites)
        async with replica.read() as session:
            assert await number(session) == len(before.sites)  # it does hold the old state
        began = time.monotonic()
        assert await snapshots.read(number) == len(after.sites)
        assert time.monotonic() - began < room.CATCH_UP_S / 2  # not waited for a second time
        pair.standby.run_sql("select pg_wal_replay_resume()")
        await asyncio.sleep(0.5)
        with statements(replica) as at_replica:
            assert await snapshots.read(number) == len(after.sites)
        assert [s for s in at_replica if "site_history" in s]

    with caplog.at_level(logging.WARNING, logger="geo_registry.db.replica"):
        in_pair(pair, work)
    assert len([r for r in caplog.records if "late" in r.message]) == 1


def test_what_is_read_there_is_of_one_state(pair: Pair) -> None:
    async def work(database: Database, replica: Database) -> None:
        async with replica.read_replica() as session:
            before = await number(session)
            await change_samples(database)
            while await Snapshots(replica).read(number) == before:  # until the change has arrived
                await asyncio.sleep(0.02)
            assert await number(session) == before

    in_pair(pair, work)


def test_an_answer_recorded_from_it_is_made_again_byte_for_byte(pair: Pair) -> None:
    """What a late replica did not know at an instant must not become known at that instant afterwards."""

    async def work(database: Database, replica: Database) -> None:
        snapshots = Snapshots(database)
        for _ in range(2):
            answer = await record_case(query(NONGAN), snapshots, database, actor="test")
            await change_samples(database)
            assert (await replay_decision(answer.id or "", snapshots, database)).same
        pair.standby.run_sql("select pg_wal_replay_pause()")
        await change_samples(database)  # committed, and yet nothing a reader of the replica can know of
        async with replica.read_replica() as session:
            late = await read_snapshot(session, on=DAY)
        assert (await snapshots.get_past(DAY, known_at=late.known_at)).data_version == late.data_version
        pair.standby.run_sql("select pg_wal_replay_resume()")

    in_pair(pair, work)


def test_a_reading_that_replay_cancels_is_done_on_the_primary(pair: Pair) -> None:
    pair.primary.run_sql(
        "create table if not exists scratch (n int); grant all on scratch to public", database=_NAME
    )
    pair.standby.run_sql("alter system set max_standby_streaming_delay = 0")
    pair.standby.run_sql("select pg_reload_conf()")

    async def work(database: Database, replica: Database) -> None:
        tries: list[str] = []

        async def read(session: AsyncReadSession) -> int:
            where = (await session.execute(text("select pg_is_in_recovery()"))).scalar_one()
            tries.append("replica" if where else "primary")
            await session.execute(text("select count(*) from scratch"))
            if where:
                await asyncio.to_thread(pair.primary.run_sql, "truncate scratch", database=_NAME)
                await session.execute(text("select pg_sleep(5)"))
            return 7

        reader = room.Reader(database)
        await asyncio.sleep(0.3)
        assert await reader.read(read, holding=0) == 7
        assert tries == ["replica", "primary"]

    in_pair(pair, work)


def test_a_killed_one_is_passed_over_and_found_again(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "REST_S", 0.5)

    async def work(database: Database, replica: Database) -> None:
        snapshots = Snapshots(database)
        before = await snapshots.get(DAY)
        killed: list[bool] = []

        async def read(session: AsyncReadSession) -> int:
            if not killed:
                killed.append(True)
                kill(pair.standby)  # in the middle of a reading
                await asyncio.sleep(0.1)
            return await number(session)

        assert await snapshots.read(read) == len(before.sites)
        await change_samples(database)
        assert len((await snapshots.get(DAY)).sites) != len(before.sites)
        await asyncio.sleep(0.6)
        assert (
            await route_case(query(NONGAN), snapshots)
        ).outcome == "clear"  # still gone: asked again in vain
        await asyncio.to_thread(pair.standby.start)
        await asyncio.sleep(0.6)
        with statements(replica) as at_replica:
            await snapshots.read(number)
        assert [s for s in at_replica if "site_history" in s]

    in_pair(pair, work)


def test_one_that_stopped_answering_holds_nobody_up_for_long(pair: Pair) -> None:
    async def work(database: Database, replica: Database) -> None:
        snapshots = Snapshots(database)
        before = await snapshots.read(number)
        with frozen(pair.standby):
            began = time.monotonic()
            assert await snapshots.read(number) == before
            assert time.monotonic() - began < 30  # the time-out is 2 s
            began = time.monotonic()
            assert await snapshots.read(number) == before
            assert time.monotonic() - began < 2  # it rests

    in_pair(pair, work)


def test_a_database_that_is_no_replica_of_ours_is_never_read(
    pair: Pair, caplog: pytest.LogCaptureFixture
) -> None:
    async def work(database: Database, replica: Database) -> None:
        with statements(replica) as elsewhere:
            assert (await Snapshots(database).get(DAY)).units
        assert [s for s in elsewhere if "history" in s] == []

    with caplog.at_level(logging.WARNING, logger="geo_registry.db.replica"):
        in_pair(pair, work, pair.standby.url("registry_empty"))
    assert "no streaming replica" in caplog.text


def test_without_the_primary_nothing_is_answered_however_well_the_replica_is(pair: Pair) -> None:
    async def work(database: Database, replica: Database) -> None:
        snapshots = Snapshots(database)
        await snapshots.get(DAY)
        kill(pair.primary)
        try:
            for _ in range(2):
                with pytest.raises(DatabaseUnavailable):
                    await snapshots.get(DAY)
                with pytest.raises(DatabaseUnavailable):
                    await snapshots.read(number)
            async with replica.read() as session:
                assert await number(session)
        finally:
            await asyncio.to_thread(pair.primary.start)
        assert await snapshots.get(DAY)

    in_pair(pair, work)


def test_a_url_that_cannot_be_used_is_told_by_the_name_of_its_setting() -> None:
    settings = Settings(
        database_url="postgresql://me@db/registry", read_database_url="mysql://me@db2/registry"
    )
    with pytest.raises(BadSetting) as caught:
        open_database(settings)
    assert "GEO_REGISTRY_READ_DATABASE_URL" in str(caught.value)
