"""Answers made ready by class are, byte for byte, those of the ordinary path."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import pytest

from geo_registry.actions.ask import Asked, Query, parse_query
from geo_registry.actions.route_case import answer_from, now
from geo_registry.actions.route_point import ReadyPoints
from geo_registry.errors import InvalidInput
from geo_registry.geo.reading.model import Reading
from geo_registry.routing.many import Stated
from geo_registry.routing.snapshot import Snapshot
from geo_registry.terms import CaseKind
from tests.support import DAY, snapshot_of

BEFORE, AHEAD = date(2021, 5, 1), date(2036, 1, 1)
POINTS = 3_000


@dataclass(frozen=True)
class Drawn:
    """A random question about one point, and its reading."""

    query: Query
    reading: Reading


@pytest.fixture(scope="module")
def snapshots(loaded_url: str) -> dict[date, Snapshot]:
    return {day: snapshot_of(loaded_url, day) for day in (DAY, BEFORE, AHEAD)}


def positions(rng: random.Random, snapshot: Snapshot) -> Iterator[tuple[float, float]]:
    """Yield positions all over the province and beyond; on vertices and edges, and from 0.1 mm to 500 m beside them."""
    edges, divides = snapshot.locator.segments, snapshot.basin_index._divides.segments
    while True:
        yield rng.uniform(121.5, 131.5), rng.uniform(40.7, 46.5)
        for lines in (edges, edges, divides):
            i, along = rng.randrange(len(lines)), rng.choice([0.0, rng.random()])
            lon, lat = lines.starts[i] * (1 - along) + lines.ends[i] * along
            off = rng.choice([0.0, 1e-9, 1e-6, 1e-5, 1e-4, 5e-3])
            yield float(lon + rng.uniform(-off, off)), float(lat + rng.uniform(-off, off))
        digits = rng.randrange(1, 7)
        yield round(rng.uniform(124.0, 130.0), digits), round(rng.uniform(42.0, 45.0), digits)
        yield rng.choice([0.00001, -179.99, 12.5, 1e-7, 180.0]), rng.choice([0.00002, -89.9, 45.0, 90.0])


def questions(seed: int, snapshot: Snapshot) -> Iterator[Drawn]:
    """Yield questions of every kind, in every way of writing a position that has one reading."""
    rng = random.Random(seed)
    for lon, lat in positions(rng, snapshot):
        crs = rng.choice([None, None, None, "EPSG:4326", "EPSG:4490", "gcj02", "bd09"])
        accuracy = rng.choice([None, None, None, 0.0, 5.0, 50.0, 1_000.0, 2e-5])
        text, numbers = rng.choice([(None, (lon, lat)), (f"{lon!r},{lat!r}", None)])
        asked = Asked(text=text, numbers=numbers, crs=crs, accuracy_m=accuracy)
        words = {
            "kind": rng.choice([None] * 4 + [str(k) for k in CaseKind]),
            "level": rng.choice([None, None, None, "basic", "intermediate"]),
            "territory": rng.choice([None, None, "ordinary", "forest"]),
            "on": rng.choice([DAY] * 6 + [BEFORE, AHEAD]).isoformat(),
        }
        try:
            readings = asked.read()
        except InvalidInput:
            continue
        if len(readings) == 1:
            yield Drawn(parse_query([asked], **words), readings[0])


def test_ready_answers_equal_ordinary_ones(snapshots: dict[date, Snapshot]) -> None:
    ready = {day: ReadyPoints() for day in snapshots}
    asked_at, outcomes, shifted = now(), Counter[str](), 0
    for drawn, _ in zip(questions(20261123, snapshots[DAY]), range(POINTS), strict=False):
        query, reading = drawn.query, drawn.reading
        stated = Stated(query.on, query.kind, query.level, query.territory, reading.datum_known)
        ordinary = answer_from(snapshots[query.on], query, asked_at=asked_at)
        made = ready[query.on].of(snapshots[query.on], stated)
        got = made.answer(reading, place=query.places[0].to_dict(), asked_at=asked_at)
        assert got.decode() == ordinary.to_json()
        outcomes[ordinary.outcome.value] += 1
        shifted += bool(ordinary.reading.alternatives)
    assert shifted > 20
    assert min(
        outcomes[name]
        for name in ("clear", "near_boundary", "needs_fact", "unresolved", "no_version", "outside")
    ) > 20  # fmt: skip


def test_what_an_older_law_left_is_let_go(snapshots: dict[date, Snapshot]) -> None:
    kept, stated = ReadyPoints(), Stated(DAY)
    first = kept.of(snapshots[DAY], stated)
    assert kept.of(snapshots[DAY], stated) is first
    newer = replace(snapshots[DAY], revision=snapshots[DAY].revision + 1)
    assert kept.of(newer, stated).decider.snapshot is newer
    assert kept.of(snapshots[DAY], stated) is not first


def test_few_statements_are_kept(snapshots: dict[date, Snapshot]) -> None:
    kept = ReadyPoints()
    first = kept.of(snapshots[DAY], Stated(DAY))
    for kind in CaseKind:
        kept.of(snapshots[DAY], Stated(DAY, kind))
    assert kept.of(snapshots[DAY], Stated(DAY)) is first
    for day in range(1, 20):
        kept.of(snapshots[DAY], Stated(date(2026, 1, day)))
    assert kept.of(snapshots[DAY], Stated(DAY)) is not first
