"""A second cluster made from a running one over its socket: a streaming replica, or a copy to be killed at will."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from geo_registry.db.embedded import Cluster
from geo_registry.db.embedded.cluster import ADMIN
from geo_registry.db.embedded.folders import prepare
from tests.support import CARELESS


def copied(primary: Cluster, home: Path, *, standby: bool) -> Cluster:
    """Start a cluster whose data are those of another; as a standby it goes on to receive what that one writes."""
    made = Cluster(home, options=CARELESS)
    prepare(made.folders, made.owner)
    subprocess.run(
        [made.binaries.path("pg_basebackup"), "-h", str(primary.folders.socket_folder), "-U", ADMIN,
         "-D", str(made.folders.data), "-c", "fast", "-X", "stream", "--no-sync", *(["-R"] if standby else [])],
        check=True, capture_output=True, cwd="/", **made.owner.popen(),
    )  # fmt: skip
    made.folders.ready_mark.touch()  # a standby's database is its primary's; nothing is made in it
    made.start()
    return made


@contextmanager
def frozen(cluster: Cluster) -> Iterator[None]:
    """Stop every process of a cluster where it stands: connections stay open and nobody answers."""
    first = server_pid(cluster)
    os.kill(first, signal.SIGSTOP)  # before its processes are listed: it starts no more of them
    pids = [int(pid) for pid in Path(f"/proc/{first}/task/{first}/children").read_text().split()]
    signal_all(pids, signal.SIGSTOP)
    try:
        yield
    finally:
        signal_all([*pids, first], signal.SIGCONT)


def signal_all(pids: list[int], how: signal.Signals) -> None:
    """Signal processes, of which one or the other may just have ended."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, how)


def server_pid(cluster: Cluster) -> int:
    """Return the number of the server's first process."""
    return int((cluster.folders.data / "postmaster.pid").read_text().split()[0])


def kill(cluster: Cluster) -> None:
    """Kill a cluster's server as a power cut would."""
    os.kill(server_pid(cluster), signal.SIGKILL)


def within(seconds: float, condition: Callable[[], bool]) -> float:
    """Wait until a condition holds and return how long that took, in seconds; fail when it takes too long."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, f"not within {seconds} s"
        time.sleep(0.02)
    return time.monotonic() - began
