"""Servers that answer from memory: a change by a third is in the next answer of each, and 503 before old law."""

import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from geo_registry.db.embedded import Cluster
from geo_registry.db.watch import TRUSTED_S
from tests.places import NONGAN
from tests.replica import copied, frozen, kill, within
from tests.server import COMMAND, clean, serving
from tests.support import Bench, change_samples, private_home, run

NAME = "registry_template"
TIMEOUT_S = 2
PLACE = {"place": f"{NONGAN[0]},{NONGAN[1]}"}


@pytest.fixture(scope="module")
def cluster(bench: Bench) -> Iterator[Cluster]:
    with private_home() as home:
        made = copied(bench.cluster, home, standby=False)
        yield made
        made.stop()


@pytest.fixture(scope="module")
def environment(cluster: Cluster) -> dict[str, str]:
    return {
        "GEO_REGISTRY_DATABASE_URL": cluster.url(NAME),
        "GEO_REGISTRY_DATABASE_TIMEOUT_S": str(TIMEOUT_S),
    }


@pytest.fixture(scope="module")
def servers(environment: dict[str, str]) -> Iterator[list[httpx.Client]]:
    with serving(environment) as one, serving(environment) as other:
        clients = [httpx.Client(base_url=base, timeout=30) for base in (one, other)]
        for client in clients:
            assert client.get("/route", params=PLACE).status_code == 200
        yield clients
        for client in clients:
            client.close()


def has_sample(client: httpx.Client) -> bool:
    answer = client.get("/route", params=PLACE)
    assert answer.status_code == 200
    return "sample-data" in {warning["code"] for warning in answer.json()["warnings"]}


def watches(cluster: Cluster) -> int:
    return int(
        cluster.run_sql("select count(*) from pg_stat_activity where application_name = 'geo-registry watch'")
    )


def test_each_server_watches_over_one_connection(cluster: Cluster, servers: list[httpx.Client]) -> None:
    assert watches(cluster) == len(servers)


def test_what_a_third_changes_is_in_the_next_answer_of_both(
    environment: dict[str, str], servers: list[httpx.Client]
) -> None:
    for words, expected in ((["layers", "load", "--sample"], True), (["layers", "remove-sample"], False)):
        subprocess.run([COMMAND, *words], env={**clean(), **environment}, check=True, capture_output=True)
        assert [has_sample(client) for client in servers] == [expected] * 2


def test_a_request_is_no_transaction(cluster: Cluster, servers: list[httpx.Client]) -> None:
    def transactions() -> int:
        time.sleep(1.2)  # the server counts at least every second
        return int(cluster.run_sql(f"select xact_commit from pg_stat_database where datname = '{NAME}'"))

    before, began = transactions(), time.monotonic()
    for _ in range(200):
        assert servers[0].get("/route", params=PLACE).status_code == 200
    made = transactions() - before
    # each server asks once a second which change is the newest; the server's own housekeeping adds a few
    assert made <= 4 * (time.monotonic() - began) + 20


def test_a_cut_watch_is_made_again_and_nothing_is_missed_meanwhile(
    cluster: Cluster, servers: list[httpx.Client]
) -> None:
    for expected in (True, False):
        cluster.run_sql(
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'geo-registry watch'"
        )
        assert [has_sample(client) for client in servers] == [not expected] * 2  # asked instead
        run(cluster.url(NAME), change_samples)
        assert [has_sample(client) for client in servers] == [expected] * 2
    within(60, lambda: watches(cluster) == len(servers))


def test_a_database_that_stopped_answering_is_503_before_old_law(
    cluster: Cluster, servers: list[httpx.Client]
) -> None:
    addresses = [(client, address) for client in servers for address in ("/route", "/zones")]
    with frozen(cluster), ThreadPoolExecutor(len(addresses)) as pool:
        time.sleep(TRUSTED_S)  # until here the last answer is good: nobody can have changed anything
        began = time.monotonic()
        answers = list(
            pool.map(lambda a: a[0].get(a[1], params=PLACE if a[1] == "/route" else {}), addresses)
        )
        assert time.monotonic() - began < 2 * TIMEOUT_S + 20
        assert [a.json()["code"] for a in answers] == ["database-unavailable"] * len(addresses)
        assert [client.get("/healthz").status_code for client in servers] == [200] * 2
    for client in servers:
        within(60, lambda client=client: client.get("/route", params=PLACE).status_code == 200)  # type: ignore[misc]


def test_a_killed_database_is_503_and_found_again(cluster: Cluster, servers: list[httpx.Client]) -> None:
    kill(cluster)
    within(30, lambda: servers[0].get("/route", params=PLACE).status_code == 503)
    assert servers[1].get("/route", params=PLACE).status_code == 503
    cluster.start()
    for client in servers:
        within(60, lambda client=client: client.get("/route", params=PLACE).status_code == 200)  # type: ignore[misc]
    within(60, lambda: watches(cluster) == len(servers))
