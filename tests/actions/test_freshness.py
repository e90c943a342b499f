"""Answers from memory: no query while nothing has changed, and never the old law once a change is known."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from geo_registry.actions.load_layers import load_layers, remove_sample
from geo_registry.actions.route_case import route_case
from geo_registry.actions.snapshots import Snapshots
from geo_registry.catalogue import get_catalogue
from geo_registry.db.engine import Database
from geo_registry.db.queries import snapshot as room
from geo_registry.routing.snapshot import Snapshot
from tests.actions.test_history import query
from tests.db.test_watch import until, watching
from tests.places import NONGAN
from tests.support import DAY, run, statements


@asynccontextmanager
async def two_processes(database: Database) -> AsyncIterator[tuple[Snapshots, Database]]:
    """Give the snapshots of one that watches, and a database that another writes through."""
    elsewhere = Database(database.url, timeout_s=15)
    async with watching(database) as watch:
        yield Snapshots(database, watch=watch), elsewhere
    await elsewhere.close()


def samples(snapshot: Snapshot) -> int:
    return sum(site.sample for site in snapshot.sites)


def test_an_answer_costs_no_query_while_nothing_changes(loaded_url: str) -> None:
    async def work(database: Database) -> None:
        async with two_processes(database) as (snapshots, _):
            assert snapshots.held(DAY) is None  # not read yet
            first = await snapshots.get(DAY)
            with statements(database) as sent:
                for _ in range(50):
                    assert (await route_case(query(NONGAN), snapshots)).outcome == "clear"
                    assert snapshots.held(DAY) is first
                    assert snapshots.held(DAY - timedelta(days=30)) is first
                assert snapshots.held(DAY.replace(year=2020)) is None  # another law, not read yet
            assert sent == []

    run(loaded_url, work)


def test_without_a_watch_every_answer_asks(loaded_url: str) -> None:
    async def work(database: Database) -> None:
        snapshots = Snapshots(database)
        await snapshots.get(DAY)
        assert snapshots.held(DAY) is None
        with statements(database) as sent:
            for _ in range(5):
                await snapshots.get(DAY)
        assert len([s for s in sent if "max(audit_log.id)" in s]) == 5

    run(loaded_url, work)


def test_while_the_watch_does_not_know_every_answer_asks(loaded_url: str) -> None:
    async def work(database: Database) -> None:
        async with two_processes(database) as (snapshots, _):
            first = await snapshots.get(DAY)
            assert snapshots._watch is not None
            await snapshots._watch.close()
            assert snapshots.held(DAY) is None
            with statements(database) as sent:
                assert await snapshots.get(DAY) is first
            assert len([s for s in sent if "max(audit_log.id)" in s]) == 1

    run(loaded_url, work)


def test_a_change_elsewhere_is_in_the_next_answer(fresh_url: str) -> None:
    async def work(database: Database) -> None:
        async with two_processes(database) as (snapshots, elsewhere):
            assert samples(await snapshots.get(DAY)) == 0
            await load_layers(elsewhere, get_catalogue(), actor="test", sample=True)
            await until(lambda: snapshots.held(DAY) is None, 0.5)
            assert samples(await snapshots.get(DAY)) == 4
            await remove_sample(elsewhere, actor="test")
            await until(lambda: snapshots.held(DAY) is None, 0.5)
            assert samples(await snapshots.get(DAY)) == 0

    run(fresh_url, work)


def test_one_reads_what_changed_and_all_others_wait_for_it(
    fresh_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[int] = []

    async def counted(session: Any, **words: Any) -> Snapshot:
        reads.append(1)
        return await room.read_snapshot(session, **words)

    monkeypatch.setattr("geo_registry.actions.snapshots.read_snapshot", counted)

    async def work(database: Database) -> None:
        async with two_processes(database) as (snapshots, elsewhere):
            await snapshots.get(DAY)
            await load_layers(elsewhere, get_catalogue(), actor="test", sample=True)
            await until(lambda: snapshots.held(DAY) is None, 0.5)
            reads.clear()
            asked = [asyncio.create_task(snapshots.get(DAY)) for _ in range(10)]
            await asyncio.sleep(0.05)
            assert not any(task.done() for task in asked)
            assert snapshots.held(DAY) is None  # the old one is used by nobody while the new one is read
            asked += [asyncio.create_task(snapshots.get(DAY)) for _ in range(10)]
            answers = await asyncio.gather(*asked)
            assert {samples(answer) for answer in answers} == {4}
            assert len({id(answer) for answer in answers}) == 1
            assert len(reads) == 1
            names = await asyncio.gather(*(snapshots.gazetteer(answers[0]) for _ in range(5)))
            assert len({id(held) for held in names}) == 1

    run(fresh_url, work)


def test_who_waited_for_a_reading_that_is_old_by_then_reads_again(fresh_url: str) -> None:
    async def work(database: Database) -> None:
        async with two_processes(database) as (snapshots, elsewhere):
            changed = asyncio.Event()
            read = snapshots._reader.read

            async def then_changed(work: Any, *, holding: int) -> Any:
                done = await read(work, holding=holding)
                if not changed.is_set():
                    await load_layers(elsewhere, get_catalogue(), actor="test", sample=True)
                    changed.set()
                    await asyncio.sleep(0.2)
                return done

            snapshots._reader.read = then_changed  # type: ignore[method-assign]
            first = asyncio.create_task(snapshots.get(DAY))
            await changed.wait()
            assert samples(await snapshots.get(DAY)) == 4
            assert samples(await first) == 0  # it asked before the change

    run(fresh_url, work)
