"""The database killed in the middle of a request: 503 at once, nothing half-written, recovery on the next."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from geo_registry.db.embedded import Cluster
from geo_registry.db.embedded.cluster import ADMIN
from tests.places import NONGAN
from tests.server import COMMAND, clean, serving
from tests.support import private_home

PLACE = {"place": f"{NONGAN[0]},{NONGAN[1]}"}


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with private_home() as folder:
        environment = {**clean(), "GEO_REGISTRY_HOME": str(folder)}
        for words in (["db", "upgrade"], ["layers", "load", "--publish"]):
            subprocess.run([COMMAND, *words], env=environment, check=True, capture_output=True)
        yield folder
        Cluster(folder).stop()


@pytest.fixture(scope="module")
def http(home: Path) -> Iterator[httpx.Client]:
    with serving({"GEO_REGISTRY_HOME": str(home)}) as base, httpx.Client(base_url=base, timeout=60) as client:
        assert client.get("/readyz").status_code == 200
        yield client


def hold(cluster: Cluster, sql: str) -> "subprocess.Popen[bytes]":
    """Hold a lock from another session until the server dies."""
    psql = subprocess.Popen(
        [cluster.binaries.path("psql"), "-X", "-q", "-h", str(cluster.folders.socket_folder), "-U", ADMIN, "-d", "geo_registry",
         "-c", f"begin; {sql}; select pg_sleep(600)"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        waiting = cluster.run_sql(
            "select count(*) from pg_stat_activity where wait_event = 'PgSleep'", database="geo_registry"
        )
        if waiting == "1":
            return psql
        time.sleep(0.05)
    raise AssertionError("the lock was not taken")


def kill_while(cluster: Cluster, request: "threading.Thread") -> None:
    """Kill the server once the request waits in it."""
    request.start()
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        count = cluster.run_sql(
            "select count(*) from pg_stat_activity where application_name = 'geo-registry' and wait_event_type = 'Lock'",
            database="geo_registry",
        )
        if count != "0":
            break
        time.sleep(0.05)
    else:
        raise AssertionError("the request does not wait")
    os.kill(int((cluster.folders.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    request.join(timeout=30)
    assert not request.is_alive(), "the request hangs"


@pytest.mark.parametrize(
    ("lock", "method", "address", "body"),
    [
        # The law of another time has to be read, and its reader waits for a writer.
        (
            "select pg_advisory_xact_lock(7220001)",
            "GET",
            "/route?place=125.16791,44.4261&on=2019-01-01",
            None,
        ),
        (
            "lock table decisions in access exclusive mode",
            "POST",
            "/route",
            {"places": ["125.16791,44.4261"], "record": True},
        ),
        (
            "lock table audit_log in access exclusive mode",
            "POST",
            "/route",
            {"places": ["125.16791,44.4261"], "record": True},
        ),
    ],
)
def test_killed_in_the_middle(
    home: Path, http: httpx.Client, lock: str, method: str, address: str, body: object
) -> None:
    cluster = Cluster(home)
    cluster.start()
    assert http.get("/route", params=PLACE).status_code == 200
    before = cluster.run_sql("select count(*) from decisions", database="geo_registry")
    answers: list[httpx.Response] = []
    request = threading.Thread(target=lambda: answers.append(http.request(method, address, json=body)))
    holder = hold(cluster, lock)
    kill_while(cluster, request)
    holder.wait(timeout=30)
    (answer,) = answers
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert int(answer.headers["retry-after"]) > 0
    assert answer.json()["code"] == "database-unavailable"
    again = http.get("/route", params=PLACE)
    assert again.status_code == 200
    assert again.json()["court"]["code"] == "cctl"
    after = cluster.run_sql("select count(*) from decisions", database="geo_registry")
    lines = cluster.run_sql(
        "select count(*) from audit_log where action = 'decision.record'", database="geo_registry"
    )
    assert after == before == lines


def test_a_stopped_database_is_told_and_started_again(home: Path, http: httpx.Client) -> None:
    Cluster(home).stop()
    assert http.get("/healthz").status_code == 200
    statuses = [http.get("/route", params=PLACE).status_code for _ in range(2)]
    assert statuses[-1] == 200
    assert set(statuses) <= {200, 503}


def test_a_database_of_one_s_own_that_is_away_is_503_without_a_hang() -> None:
    environment = {
        "GEO_REGISTRY_DATABASE_URL": "postgresql://nobody@127.0.0.1:9/nothing",
        "GEO_REGISTRY_DATABASE_TIMEOUT_S": "2",
    }
    with serving(environment) as base:
        began = time.monotonic()
        answer = httpx.get(f"{base}/route", params=PLACE, timeout=30)
        assert answer.status_code == 503
        assert time.monotonic() - began < 25
        assert httpx.get(f"{base}/readyz", timeout=30).status_code == 503
        page = httpx.get(f"{base}/", timeout=30, headers={"Accept": "text/html"})
        assert page.status_code == 503
        assert "数据库暂时没有应答" in page.text
