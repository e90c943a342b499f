"""The locator against its peers: ``python -m bench.locator [--points N] [--rounds N]``.

One million uniform and one million clustered points against the 60 counties, and the wrong answers of
each on those and on adversarial points. Writes out/bench/locator.json.
"""

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import numpy as np
import shapely

from bench.coverages import Coverage, counties
from bench.locators import GeoPandas, Locator, Loop, Ours, Sedona
from bench.points import Column, adversarial, clustered, expected, uniform
from bench.postgis import PostGIS, scratch_cluster
from bench.rounds import interleaved, save
from geo_registry.db.embedded import Cluster
from geo_registry.routing.cells import CellIndex

LONGEST_S = 8.0  # a peer that takes longer for one call is called once
Columns = tuple[Column, Column]


class Field:
    """All competitors, each with the same polygons prepared."""

    def __init__(self, coverage: Coverage, cluster: Cluster) -> None:
        self.coverage = coverage
        polygons = coverage.polygons
        CellIndex([shapely.box(0, 0, 1, 1)])  # compiled code is read from the disk once a process
        began = time.perf_counter()
        index = CellIndex(polygons)
        self.index_s = time.perf_counter() - began
        self.index_mb = index.nbytes / 1e6
        made: Sequence[Locator] = (
            Ours(index, threads=2),
            Ours(index, threads=1),
            Loop(polygons),
            Sedona(polygons, library="tg"),
            Sedona(polygons, library="geos"),
            GeoPandas(polygons),
            PostGIS(polygons, cluster),
        )
        self.locators = {locator.name: locator for locator in made}

    def time(self, kind: str, columns: Columns, *, rounds: int) -> dict[str, Any]:
        """Return a run: all competitors timed on the same points."""
        calls = {name: _call(locator, columns) for name, locator in self.locators.items()}
        timings = interleaved(calls, rounds=rounds, longest_s=LONGEST_S)
        print(f"{self.coverage.name}, {len(columns[0]):,} {kind} points", flush=True)
        for name, timing in timings.items():
            print(f"  {name:15} {timing.median_ms:10.1f} ms  {timing.ratio:8.1f} x", flush=True)
        methods = [{"name": n, "title": self.locators[n].title, **asdict(t)} for n, t in timings.items()]
        return {
            **self._about(),
            "kind": kind,
            "points": len(columns[0]),
            "rounds": rounds,
            "methods": methods,
        }

    def wrong(self, kind: str, columns: Columns) -> dict[str, Any]:
        """Return how many points each competitor answers otherwise than shapely's `intersects`."""
        right = expected(self.coverage.polygons, *columns)
        wrong = {
            name: int(np.count_nonzero(x.locate(*columns) != right)) for name, x in self.locators.items()
        }
        print(f"{self.coverage.name}, wrong of {len(right):,} {kind} points: {wrong}", flush=True)
        return {**self._about(), "kind": kind, "points": len(right), "wrong": wrong}

    def _about(self) -> dict[str, Any]:
        return {
            "coverage": self.coverage.name, "polygons": len(self.coverage.polygons),
            "vertices": self.coverage.vertices, "index_s": self.index_s, "index_mb": self.index_mb,
        }  # fmt: skip


def _call(locator: Locator, columns: Columns) -> Callable[[], object]:
    return lambda: locator.locate(*columns)


@contextmanager
def field(coverage: Coverage) -> Iterator[Field]:
    """Give the competitors with a coverage prepared."""
    with scratch_cluster() as cluster:
        yield Field(coverage, cluster)


def main() -> None:
    """Measure and write."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--points", type=int, default=1_000_000)
    options.add_argument("--rounds", type=int, default=7)
    chosen = options.parse_args()
    coverage = counties()
    with field(coverage) as competitors:
        kinds = {"uniform": uniform(coverage, chosen.points), "clustered": clustered(coverage, chosen.points)}
        runs = [competitors.time(kind, columns, rounds=chosen.rounds) for kind, columns in kinds.items()]
        kinds["adversarial"] = adversarial(coverage, most=max(10_000, chosen.points * 13 // 10))
        wrong = [competitors.wrong(kind, columns) for kind, columns in kinds.items()]
    save("locator", runs, wrong=wrong)


if __name__ == "__main__":
    main()
