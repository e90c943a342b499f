"""The watch: hears of every committed change, and never claims to know what it cannot."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import make_url, text

from geo_registry.db import schema
from geo_registry.db.embedded import Cluster
from geo_registry.db.engine import Database
from geo_registry.db.watch import BEAT_S, CHANNEL, TRUSTED_S, Watch
from tests.replica import copied, frozen, kill
from tests.support import Bench, private_home, run

LINE = (
    "insert into audit_log (at, actor, action, subject, changes_answers, detail) "
    "values (clock_timestamp(), 'test', 'test', '', {answers}, '{{}}') returning id"
)
PATIENCE_S = 60  # on a machine with other things to do
CHANGE, NO_CHANGE = LINE.format(answers="true"), LINE.format(answers="false")


@pytest.fixture(scope="module")
def brittle(bench: Bench) -> Iterator[Cluster]:
    """A cluster of one's own, with everything loaded, to be stopped and killed."""
    with private_home() as home:
        cluster = copied(bench.cluster, home, standby=False)
        yield cluster
        cluster.stop()


async def write(database: Database, sql: str) -> int:
    async with database.write() as session:
        return int((await session.execute(text(sql))).scalar_one())


@asynccontextmanager
async def watching(database: Database) -> AsyncIterator[Watch]:
    watch = Watch(database)
    watch.start()
    try:
        await until(lambda: watch.revision() is not None, PATIENCE_S)
        yield watch
    finally:
        await watch.close()


async def until(condition: Callable[[], bool], seconds: float) -> float:
    """Wait until a condition holds; return how long that took."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    while not condition():
        assert loop.time() - began < seconds, f"not within {seconds} s"
        await asyncio.sleep(0.005)
    return loop.time() - began


def test_a_change_is_told_when_it_is_committed_and_not_otherwise(empty_url: str) -> None:
    async def work(database: Database) -> None:
        told: list[str] = []
        async with database.connect("listener") as connection:
            driver = (await connection.get_raw_connection()).driver_connection
            assert driver is not None
            await driver.add_listener(CHANNEL, lambda *message: told.append(message[-1]))
            async with database.write() as session:
                await session.execute(text(CHANGE))
                await session.rollback()
            await write(database, NO_CHANGE)
            async with database.write() as session:
                committed = (await session.execute(text(CHANGE))).scalar_one()
                await asyncio.sleep(0.2)
                assert told == []  # not before its commit
            await until(lambda: bool(told), PATIENCE_S)
            assert told == [str(committed)]

    run(empty_url, work)


def test_a_change_by_anybody_is_known_at_once(empty_url: str) -> None:
    async def work(database: Database) -> None:
        other = Database(database.url, timeout_s=15)
        async with watching(database) as watch:
            assert watch.revision() == 0
            took = []
            for _ in range(5):
                newest = await write(other, CHANGE)
                took.append(await until(lambda newest=newest: watch.revision() == newest, PATIENCE_S))  # type: ignore[misc]
            assert sorted(took)[2] < BEAT_S / 2  # told, not asked for
        await other.close()

    run(empty_url, work)


def test_a_change_nobody_told_of_is_found_by_asking(empty_url: str) -> None:
    """A restore with triggers off tells nothing; it may also take the registry back."""

    async def work(database: Database) -> None:
        async with watching(database) as watch:
            async with database.write() as session:
                await session.execute(text("alter table audit_log disable trigger change_is_told"))
                newest = (await session.execute(text(CHANGE))).scalar_one()
            await until(lambda: watch.revision() == newest, PATIENCE_S)
            async with database.write() as session:
                await session.execute(text("alter table audit_log disable trigger append_only"))
                await session.execute(text("delete from audit_log"))
            await until(lambda: watch.revision() == 0, PATIENCE_S)

    run(empty_url, work)


def test_what_a_reader_has_seen_is_not_forgotten_for_an_older_answer(empty_url: str) -> None:
    async def work(database: Database) -> None:
        async with watching(database) as watch:
            watch.hear(7)
            assert watch.revision() == 7
            await until(
                lambda: watch.revision() == 0, PATIENCE_S
            )  # the database knows of none: it is asked anew

    run(empty_url, work)


def test_without_the_trigger_nothing_is_trusted(empty_url: str, caplog: pytest.LogCaptureFixture) -> None:
    async def work(database: Database) -> None:
        await schema.downgrade(database, "20261123_place_names")
        watch = Watch(database)
        watch.start()
        await asyncio.sleep(1)
        assert watch.revision() is None
        await schema.upgrade(database)
        await until(lambda: watch.revision() is not None, PATIENCE_S)
        await watch.close()

    with caplog.at_level(logging.INFO, logger="geo_registry.db.watch"):
        run(empty_url, work)
    assert [record.levelname for record in caplog.records] == [
        "WARNING",
        "INFO",
    ]  # once each, however often tried
    assert "SchemaOutdated" in caplog.text


def test_a_cut_connection_is_noticed_and_made_anew(bench: Bench, empty_url: str) -> None:
    async def work(database: Database) -> None:
        async with watching(database) as watch:
            for _ in range(3):
                newest = await write(database, CHANGE)
                await until(lambda newest=newest: watch.revision() == newest, PATIENCE_S)  # type: ignore[misc]
                await asyncio.to_thread(cut, bench.cluster, name_of(empty_url))
                await until(lambda: watch.revision() is None, TRUSTED_S * 0.9)  # at once, not by age
                await until(lambda newest=newest: watch.revision() == newest, PATIENCE_S)  # type: ignore[misc]

    run(empty_url, work)


_OF_THE_WATCH = "from pg_stat_activity where application_name = 'geo-registry watch' and datname ="


def name_of(url: str) -> str:
    """Return the database of a URL: servers of other tests watch others in the same cluster."""
    return str(make_url(url).database)


def cut(cluster: Cluster, database: str) -> None:
    ended = cluster.run_sql(f"select count(pg_terminate_backend(pid)) {_OF_THE_WATCH} '{database}'")
    assert ended == "1"


def in_own_cluster(cluster: Cluster, work: Callable[[Database], Awaitable[None]]) -> None:
    run(cluster.url("registry_template"), work)


def test_a_server_that_stopped_answering_is_not_trusted(brittle: Cluster) -> None:
    async def work(database: Database) -> None:
        async with watching(database) as watch:
            known = watch.revision()
            with frozen(brittle):
                took = await until(lambda: watch.revision() is None, PATIENCE_S)
                assert took > TRUSTED_S - BEAT_S - 0.5
                await asyncio.sleep(0.5)
                assert watch.revision() is None
            await until(lambda: watch.revision() == known, PATIENCE_S)

    in_own_cluster(brittle, work)


def test_a_killed_server_is_not_trusted_until_it_is_back(brittle: Cluster) -> None:
    async def work(database: Database) -> None:
        async with watching(database) as watch:
            known = watch.revision()
            kill(brittle)
            await until(lambda: watch.revision() is None, TRUSTED_S * 0.9)  # at once, not by age
            await asyncio.to_thread(brittle.start)
            await until(lambda: watch.revision() == known, PATIENCE_S)

    in_own_cluster(brittle, work)


def test_a_closed_watch_leaves_no_connection(bench: Bench, empty_url: str) -> None:
    async def work(database: Database) -> None:
        async with watching(database) as watch:
            assert await asyncio.to_thread(count, bench.cluster, name_of(empty_url)) == "1"
        assert watch.revision() is None
        for _ in range(100):  # the server needs a moment to see that it was cut
            if await asyncio.to_thread(count, bench.cluster, name_of(empty_url)) == "0":
                break
            await asyncio.sleep(0.1)
        else:
            raise AssertionError("the connection is still there")
        assert [task.get_name() for task in asyncio.all_tasks()] == [asyncio.current_task().get_name()]  # type: ignore[union-attr]

    run(empty_url, work)


def test_a_watch_can_be_closed_at_any_moment(empty_url: str) -> None:
    """Also in the middle of connecting, of asking, and of being told."""

    async def work(database: Database) -> None:
        for milliseconds in range(0, 60, 2):
            watch = Watch(database)
            watch.start()
            await asyncio.sleep(milliseconds / 1000)
            async with asyncio.timeout(PATIENCE_S):
                await watch.close()

    run(empty_url, work)


def test_closing_ends_a_watch_whose_driver_hides_the_cancelling(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hides(_connection: object) -> int:
        try:
            await asyncio.sleep(PATIENCE_S)
        except asyncio.CancelledError:
            raise RuntimeError("another error in its place") from None
        return 0

    async def work(database: Database) -> None:
        monkeypatch.setattr("geo_registry.db.watch.current_revision", hides)
        watch = Watch(database)
        watch.start()
        await asyncio.sleep(0.5)
        async with asyncio.timeout(PATIENCE_S):
            await watch.close()

    run(empty_url, work)


def count(cluster: Cluster, database: str) -> str:
    return cluster.run_sql(f"select count(*) {_OF_THE_WATCH} '{database}'")
