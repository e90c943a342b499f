"""What tests share: one private cluster per worker, one loaded database as template, copies of it on demand."""

import asyncio
import itertools
import os
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TypeVar

from sqlalchemy import event

from geo_registry.actions.draft_zones import draft_zones
from geo_registry.actions.load_layers import load_layers, remove_sample
from geo_registry.actions.publish_zones import publish_zones
from geo_registry.catalogue import get_catalogue
from geo_registry.db import schema
from geo_registry.db.embedded import Cluster
from geo_registry.db.engine import Database
from geo_registry.db.queries.snapshot import read_snapshot
from geo_registry.routing.snapshot import Snapshot

DAY = date(2026, 11, 23)  # the day tests ask about, unless they ask about days
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
_TEMPLATE, _EMPTY = "registry_template", "registry_empty"
_Result = TypeVar("_Result")
_numbers = itertools.count()


@contextmanager
def private_home() -> Iterator[Path]:
    """Give a folder for a cluster that an unprivileged server can reach, with a short path for its socket."""
    folder = Path(tempfile.mkdtemp(prefix="geo-registry-test-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Bench:
    """A running cluster with an empty and a loaded template."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        cluster.start()
        self._create(_EMPTY)
        run(self.cluster.url(_EMPTY), schema.upgrade)
        self._create(_TEMPLATE, template=_EMPTY)
        run(self.cluster.url(_TEMPLATE), load)

    def copy(self, *, loaded: bool = True) -> str:
        """Return the URL of a fresh database, loaded or with nothing but its schema."""
        name = f"copy_{os.getpid()}_{next(_numbers)}"
        self._create(name, template=_TEMPLATE if loaded else _EMPTY)
        return self.cluster.url(name)

    def drop(self, url: str) -> None:
        """Drop a copy, whoever is connected."""
        name = url.split("/")[3].split("?")[0]
        self.cluster.run_sql(f'drop database if exists "{name}" with (force)')

    def _create(self, name: str, template: str = "template0") -> None:
        self.cluster.run_sql(f'create database "{name}" owner geo_registry template "{template}"')
        if template == "template0":
            self.cluster.run_sql("create extension postgis; create extension btree_gist", database=name)


async def load(database: Database) -> None:
    """Load the packaged layers and publish the first zone version, as set-up does."""
    catalogue = get_catalogue()
    await load_layers(database, catalogue, actor="test")
    for drafted in await draft_zones(database, catalogue, actor="test"):
        await publish_zones(database, drafted.version, actor="test")


async def change_samples(database: Database) -> None:
    """Make a change that answers near 农安 show: the sample sites come, or go where they were there."""
    if not await remove_sample(database, actor="test"):
        await load_layers(database, get_catalogue(), actor="test", sample=True)


def run(url: str, work: Callable[[Database], Awaitable[_Result]]) -> _Result:
    """Open a database, do the work, close it; in a thread of its own, since a browser test runs a loop here."""

    async def opened() -> _Result:
        database = Database(url, timeout_s=15)
        try:
            return await work(database)
        finally:
            await database.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(opened())).result()


def snapshot_of(url: str, on: date = DAY) -> Snapshot:
    """Return what a database knows now of the law of a day."""

    async def read(database: Database) -> Snapshot:
        async with database.read() as session:
            return await read_snapshot(session, on=on)

    return run(url, read)


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """Give the list of what is sent to a database over its pool from now on."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(database.engine.sync_engine, "before_cursor_execute", note)
