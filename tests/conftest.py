"""Fixtures: a real PostGIS, made by the product's own code."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from geo_registry.db.embedded import Cluster
from geo_registry.routing.snapshot import Snapshot
from tests.server import serving
from tests.support import CARELESS, Bench, private_home, snapshot_of
from tests.web.browser import launch


@pytest.fixture(scope="session")
def bench() -> Iterator[Bench]:
    with private_home() as home:
        cluster = Cluster(home, options=CARELESS)
        try:
            yield Bench(cluster)
        finally:
            cluster.stop()


@pytest.fixture(scope="session")
def loaded_url(bench: Bench) -> str:
    """A loaded database that tests only read."""
    return bench.copy()


@pytest.fixture
def fresh_url(bench: Bench) -> Iterator[str]:
    """A loaded database of the test's own."""
    url = bench.copy()
    yield url
    bench.drop(url)


@pytest.fixture
def empty_url(bench: Bench) -> Iterator[str]:
    """A database with the schema and no row, of the test's own."""
    url = bench.copy(loaded=False)
    yield url
    bench.drop(url)


@pytest.fixture(scope="session")
def snapshot(loaded_url: str) -> Snapshot:
    """What the loaded registry knows of the law of the tests' day."""
    return snapshot_of(loaded_url)


@pytest.fixture(scope="session")
def server(bench: Bench) -> Iterator[str]:
    """A server over a loaded database of its own; its journal may be written to."""
    with serving({"GEO_REGISTRY_DATABASE_URL": bench.copy()}) as base:
        yield base


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The distribution's Chromium."""
    with sync_playwright() as playwright:
        made = launch(playwright)
        yield made
        made.close()
