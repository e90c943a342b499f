"""`GET /route` against peers over HTTP: ``python -m bench.http [--seconds S] [--rounds N] [--ours URL]``.

One client of 32 connections asks each server in turn for the same points inside the province, round
after round. Before that, each server's answers are held against brute force. Writes out/bench/http.json.
"""

import argparse
import json
import os
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from tempfile import NamedTemporaryFile
from typing import Any

import httpx
import numpy as np

from bench.coverages import counties
from bench.points import NOWHERE, expected, uniform
from bench.postgis import scratch_cluster
from bench.rounds import save
from bench.servers import COURT_APP, REPRESENT, court_app, ours, represent
from geo_registry.db.embedded import Cluster
from tests.exactness import source_answers, source_polygons
from tests.support import Bench

CONNECTIONS = 32
_SCRIPT = Path(__file__).with_name("points.lua")


@dataclass(frozen=True)
class Server:
    """A server, how it is asked for a point, and what its answer says of it.

    Attributes
    ----------
    path
        The address without host for a longitude and a latitude.
    said
        What the body names: an adcode or the codes of courts.
    right
        What it should name for a county.
    """

    name: str
    title: str
    base: str
    path: Callable[[float, float], str]
    said: Callable[[Any], object]
    right: Callable[[str], object]


@dataclass(frozen=True)
class Load:
    """What `wrk` saw in one run."""

    requests: int
    seconds: float
    failed: int
    p50_ms: float
    p99_ms: float

    @property
    def rate(self) -> float:
        """Requests answered in a second."""
        return self.requests / self.seconds


@contextmanager
def servers(cluster: Cluster, running: str | None) -> Iterator[Sequence[Server]]:
    """Give all servers running; ours is started over a registry of its own unless an address is given."""
    courts = {adcode: sorted({code for _, code in keys}) for adcode, keys in source_answers().items()}
    with ExitStack() as stack:
        base = running or stack.enter_context(ours(Bench(cluster).copy()))
        yield [
            Server("ours", "geo-registry `GET /route`, the full answer, one process", base,
                   lambda lon, lat: f"/route?lon={lon!r}&lat={lat!r}",
                   lambda body: body["county"]["adcode"], lambda adcode: adcode),
            Server("court-app", COURT_APP, stack.enter_context(court_app(cluster)),
                   lambda lon, lat: f"/court?lon={lon!r}&lat={lat!r}",
                   lambda body: sorted(body["courts"]), lambda adcode: courts[adcode]),
            Server("represent", REPRESENT, stack.enter_context(represent(cluster)),
                   lambda lon, lat: f"/boundaries/?contains={lat!r},{lon!r}",
                   lambda body: body["objects"][0]["external_id"], lambda adcode: adcode),
        ]  # fmt: skip


def inside(n: int) -> list[tuple[float, float, str]]:
    """Return points inside the province with the county each is in."""
    coverage, adcodes = counties(), list(source_polygons())
    lons, lats = uniform(coverage, 4 * n)
    numbers = expected(coverage.polygons, lons, lats)
    return [
        (float(lons[i]), float(lats[i]), adcodes[numbers[i]]) for i in np.flatnonzero(numbers != NOWHERE)[:n]
    ]


def check(server: Server, points: Sequence[tuple[float, float, str]]) -> None:
    """Stop the measurement where a server answers anything but what brute force says."""
    with httpx.Client(base_url=server.base) as client:
        for lon, lat, adcode in points:
            said = server.said(client.get(server.path(lon, lat)).raise_for_status().json())
            if said != server.right(adcode):
                raise RuntimeError(f"{server.name} says {said} of {lon}, {lat} in {adcode}")


def load(base: str, paths: Path, *, seconds: int) -> Load:
    """Run `wrk` against a server and return what it saw."""
    done = subprocess.run(
        ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", str(_SCRIPT), base],
        env={**os.environ, "BENCH_PATHS": str(paths)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    (line,) = [x for x in done.stdout.splitlines() if x.startswith("BENCH ")]
    seen = Load(**json.loads(line.removeprefix("BENCH ")))
    if not seen.requests:
        raise RuntimeError(f"{base} answered nothing for {seconds} s")
    return seen


def summary(server: Server, loads: Sequence[Load], first: Sequence[Load]) -> dict[str, Any]:
    """Return a row of the table; the ratio is how many times more the first server answers, paired by round."""
    rates = [x.rate for x in loads]
    return {
        "name": server.name, "title": server.title,
        "per_second": median(rates), "least": min(rates), "most": max(rates),
        "ratio": median(f.rate / x.rate for f, x in zip(first, loads, strict=True)),
        "p50_ms": median(x.p50_ms for x in loads), "p99_ms": median(x.p99_ms for x in loads),
        "failed": sum(x.failed for x in loads), "rounds": [asdict(x) for x in loads],
    }  # fmt: skip


def measure(asked: Sequence[Server], *, points: int, rounds: int, seconds: int) -> list[dict[str, Any]]:
    """Return a row for each server, the first being what the others are compared with."""
    places = inside(points)
    loads: Mapping[str, list[Load]] = {server.name: [] for server in asked}
    with ExitStack() as stack:
        files = {}
        for server in asked:
            check(server, places[:200])
            file = stack.enter_context(NamedTemporaryFile("w", suffix=".txt"))
            file.write("\n".join(server.path(lon, lat) for lon, lat, _ in places))
            file.flush()
            files[server.name] = Path(file.name)
            load(server.base, files[server.name], seconds=1)  # warm
        for _ in range(rounds):
            for server in asked:
                loads[server.name].append(load(server.base, files[server.name], seconds=seconds))
    return [summary(server, loads[server.name], loads[asked[0].name]) for server in asked]


def main() -> None:
    """Measure and write."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--ours", help="address of a running geo-registry; unset, one is started")
    options.add_argument("--points", type=int, default=20_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seconds", type=int, default=5, help="of each server in each round")
    chosen = options.parse_args()
    with scratch_cluster() as cluster, servers(cluster, chosen.ours) as asked:
        rows = measure(asked, points=chosen.points, rounds=chosen.rounds, seconds=chosen.seconds)
    for row in rows:
        print(
            f"  {row['name']:12} {row['per_second']:10.0f} /s  {row['ratio']:6.1f} x  p50 {row['p50_ms']:.1f} ms, p99 {row['p99_ms']:.1f} ms"
        )
    save("http", rows, connections=CONNECTIONS, seconds=chosen.seconds, rounds=chosen.rounds)


if __name__ == "__main__":
    main()
