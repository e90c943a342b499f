"""The private cluster: idempotent, one for all callers, and back on its feet after any kill."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from geo_registry.db.embedded import Cluster
from geo_registry.db.embedded.binaries import find_binaries
from geo_registry.db.embedded.folders import Folders, get_owner
from geo_registry.db.embedded.locks import is_held
from geo_registry.errors import ClusterTrouble, ServerMissing
from tests.support import CARELESS, private_home

START = "import sys; from pathlib import Path; from geo_registry.db.embedded import Cluster; Cluster(Path(sys.argv[1])).start()"


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with private_home() as home:
        made = Cluster(home, options={"fsync": "off"})  # commits stay synchronous: a kill must lose none
        yield made
        made.stop()


def pid(cluster: Cluster) -> int:
    return int((cluster.folders.data / "postmaster.pid").read_text().splitlines()[0])


def test_start_stop_and_status_can_be_repeated(cluster: Cluster) -> None:
    assert not cluster.status().running
    assert cluster.stop() is False
    url = cluster.start()
    first = pid(cluster)
    assert cluster.start() == url
    assert pid(cluster) == first
    assert cluster.status().running
    assert cluster.stop() is True
    assert cluster.stop() is False
    assert not cluster.is_running()
    cluster.start()
    assert "3." in cluster.run_sql("select postgis_version()", database="geo_registry")


def test_no_port_and_no_password(cluster: Cluster) -> None:
    cluster.start()
    assert cluster.run_sql("show listen_addresses") == ""
    assert (cluster.folders.socket_folder.stat().st_mode & 0o777) == 0o700
    assert cluster.run_sql("select count(*) from pg_hba_file_rules where auth_method <> 'peer'") == "0"
    assert cluster.run_sql("select usesuper from pg_user where usename = 'geo_registry'") == "f"


def test_a_killed_server_comes_back_with_every_committed_row(cluster: Cluster) -> None:
    cluster.start()
    cluster.run_sql(
        "create table kept (n int); insert into kept select generate_series(1, 1000)", database="geo_registry"
    )
    os.kill(pid(cluster), signal.SIGKILL)
    cluster.start()
    assert cluster.run_sql("select count(*) from kept", database="geo_registry") == "1000"


def test_killing_whoever_started_it_does_not_stop_it(cluster: Cluster) -> None:
    script = START + "; import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    done = subprocess.run([sys.executable, "-c", script, str(cluster.folders.home)], check=False)
    assert done.returncode == -signal.SIGKILL
    before = pid(cluster)
    cluster.start()
    assert pid(cluster) == before


def test_a_caller_killed_in_the_middle_of_making_it_leaves_nothing_in_the_way(cluster: Cluster) -> None:
    for delay in (0.2, 0.7, 1.2):
        maker = subprocess.Popen(
            [sys.executable, "-c", START, str(cluster.folders.home)], start_new_session=True
        )
        time.sleep(delay)
        maker.kill()
        maker.wait()
    cluster.start()
    assert cluster.run_sql("select 1", database="geo_registry") == "1"
    assert list(cluster.folders.base.glob("data.new-*")) == []


def test_callers_at_once_get_one_server(cluster: Cluster) -> None:
    callers = [subprocess.Popen([sys.executable, "-c", START, str(cluster.folders.home)]) for _ in range(5)]
    assert [caller.wait(timeout=120) for caller in callers] == [0] * 5
    assert cluster.run_sql("select 1", database="geo_registry") == "1"
    log = cluster.folders.log.read_text()
    assert log.count("database system is ready to accept connections") == 1


def test_somebody_who_only_looks_does_not_keep_it_from_starting(cluster: Cluster) -> None:
    cluster.start()
    over = threading.Event()

    def look() -> None:
        while not over.is_set():
            cluster.is_running()
            is_held(cluster.folders.alive)

    lookers = [threading.Thread(target=look) for _ in range(3)]
    for looker in lookers:
        looker.start()
    try:
        for _ in range(4):
            assert cluster.stop() is True
            cluster.start()
            assert cluster.run_sql("select 1", database="geo_registry") == "1"
    finally:
        over.set()
        for looker in lookers:
            looker.join()


def test_data_taken_away_are_made_anew(cluster: Cluster) -> None:
    cluster.start()
    cluster.stop()
    shutil.rmtree(cluster.folders.data)
    cluster.start()
    assert "3." in cluster.run_sql("select postgis_version()", database="geo_registry")


def test_a_pid_file_of_somebody_else_is_no_server(cluster: Cluster) -> None:
    cluster.start()
    text = (cluster.folders.data / "postmaster.pid").read_text()
    cluster.stop()
    lines = text.splitlines()
    lines[0] = str(os.getpid())  # alive, and not a server
    (cluster.folders.data / "postmaster.pid").write_text("\n".join(lines))
    assert not cluster.is_running()
    cluster.start()
    assert pid(cluster) != os.getpid()


def test_a_long_or_odd_home_gets_its_socket_elsewhere() -> None:
    with private_home() as base:
        home = base / "a folder with spaces, 'quotes' and 汉字" / ("x" * 60)
        home.mkdir(parents=True)
        cluster = Cluster(home, options=CARELESS)
        try:
            cluster.start()
            assert str(cluster.folders.socket_folder).startswith("/tmp/geo-registry-")
            assert len(os.fsencode(cluster.folders.socket)) <= 107
            assert cluster.run_sql("select 1", database="geo_registry") == "1"
        finally:
            cluster.stop()
            cluster.folders.socket_folder.rmdir()


def test_a_planted_socket_folder_is_refused(tmp_path: Path) -> None:
    folders = Folders(Path("/tmp") / ("y" * 100), 15)
    planted = folders.socket_folder
    planted.symlink_to(tmp_path)
    try:
        from geo_registry.db.embedded.folders import _private

        with pytest.raises(ClusterTrouble, match="belongs to somebody else"):
            _private(planted, get_owner())
    finally:
        planted.unlink()


def test_a_missing_server_is_named_with_the_command_that_installs_it(tmp_path: Path) -> None:
    with pytest.raises(ServerMissing) as caught:
        find_binaries(tmp_path)
    assert str(caught.value) == (
        "PostgreSQL is missing. Run: sudo apt-get install --no-install-recommends postgresql-postgis, "
        "or name a PostGIS of your own with GEO_REGISTRY_DATABASE_URL."
    )


def test_data_of_another_major_version_is_never_replaced_by_an_empty_database(tmp_path: Path) -> None:
    (tmp_path / "pg9/data").mkdir(parents=True)
    with pytest.raises(ClusterTrouble, match="holds data of PostgreSQL 9"):
        Cluster(tmp_path)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands its server to another account")
def test_root_is_told_when_the_server_s_account_cannot_reach_the_home(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(ClusterTrouble, match="cannot enter"):
        Cluster(closed / "home").start()
