"""The impact of a draft against brute force: every recorded answer made again, whole, one by one.

Run small by the tests, whole by `script/acceptance`: ``python -m tests.zone_impact``.
"""

import json
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import numpy as np
import shapely

from geo_registry.actions.ask import Asked, Query, parse_query
from geo_registry.actions.impact_zones import impact_zones
from geo_registry.actions.route_case import answer_from
from geo_registry.db.decisions import Recorded, insert_decision, list_decisions
from geo_registry.db.embedded import Cluster
from geo_registry.db.engine import Database
from geo_registry.db.queries.gazetteer import read_names
from geo_registry.db.queries.snapshot import read_snapshot
from geo_registry.gazetteer.index import Gazetteer
from geo_registry.routing.model import Decision
from geo_registry.routing.rules import decide
from geo_registry.routing.snapshot import Snapshot
from tests.support import CARELESS, DAY, Bench, private_home, run
from tests.zone_drafts import DRAFT, DRAFTER, FIRST, NONGAN, moved

_AT = datetime(2026, 11, 23, 4, tzinfo=UTC)
_STATED: tuple[dict[str, str], ...] = (
    {}, {}, {}, {"territory": "ordinary"}, {"territory": "forest"}, {"kind": "damages"},
    {"kind": "administrative", "level": "basic"}, {"kind": "criminal"},
)  # fmt: skip
_NAMES = ("农安县", "长春市", "公主岭市", "农安县哈拉海镇", "舒兰市", "松原市")
Key = tuple[str, str | None, tuple[str, ...]]


def questions(snapshot: Snapshot, n: int) -> Iterator[Query]:
    """Yield n questions: half in and around 农安, the rest all over the province and beyond, names and lines among them."""
    rng = np.random.default_rng(8)
    whole = shapely.total_bounds(snapshot.locator.units.polygons)
    county = snapshot.units[NONGAN].geometry
    assert county is not None
    rim = shapely.get_coordinates(county)
    for i in range(n):
        west, south, east, north = whole if i % 2 else county.bounds
        lon, lat = float(rng.uniform(west, east)), float(rng.uniform(south, north))
        if i % 10 == 3:  # beside the line
            lon, lat = (rim[rng.integers(len(rim))] + rng.normal(0, 2e-4, 2)).tolist()
        place = Asked(numbers=(lon, lat), accuracy_m=(None, 100.0, 2_000.0)[i % 3])
        if i % 25 == 7:
            place = Asked(text=_NAMES[i // 25 % len(_NAMES)])
        elif i % 25 == 8:
            place = Asked(geojson={"type": "LineString", "coordinates": [[lon, lat], [lon + 0.3, lat + 0.1]]})
        elif i % 25 == 9:
            place = Asked(text=f"{lat:.4f}, {lon:.4f}")
        places = [place, Asked(numbers=(126.5, 43.8))] if i % 50 == 11 else [place]
        yield parse_query(places, on=DAY, **_STATED[i % len(_STATED)])


async def fill_journal(database: Database, n: int) -> None:
    """Record n answers under the law of the tests' day, all at one instant."""
    async with database.read() as session:
        snapshot = await read_snapshot(session, on=DAY)
        gazetteer = Gazetteer(await read_names(session, known_at=snapshot.known_at))
    async with database.write() as session:
        for i, query in enumerate(questions(snapshot, n)):
            answer = answer_from(snapshot, query, asked_at=_AT, id=f"20261123-{i:07}", gazetteer=gazetteer)
            await insert_decision(session, Recorded.of(answer, known_at=snapshot.known_at, actor="court-a"))


async def compare_with_brute_force(
    database: Database,
) -> tuple[dict[str, tuple[Key, Key]], dict[str, tuple[Key, Key]]]:
    """Return which answers change to what: as the impact says, and by making each answer twice."""
    begun = time.perf_counter()
    impact = await impact_zones(database, DRAFT, person=DRAFTER)
    took = time.perf_counter() - begun
    found = {
        a.id: tuple(
            (v.outcome, v.court, tuple(sorted(code for _, code in v.possible))) for v in (a.before, a.after)
        )
        for a in impact.answers
    }
    print(
        f"impact: {impact.asked} answers, {len(found)} change, {len(impact.unread)} unread, {took:.1f} s",
        file=sys.stderr,
    )
    expected = {}
    async with database.read() as session:
        sides = [await read_snapshot(session, on=FIRST, version_id=v) for v in (None, DRAFT)]
        gazetteer = Gazetteer(await read_names(session, known_at=sides[0].known_at))
        last: str | None = None
        while page := await list_decisions(session, limit=500, before=last):
            for recorded in page:
                query = _query(json.loads(recorded.answer)["request"])
                keys = [_key(decide(query.question(gazetteer), s)) for s in sides]
                if keys[0] != keys[1]:
                    expected[recorded.id] = (keys[0], keys[1])
            last = page[-1].id
    return found, expected  # type: ignore[return-value]


def _query(request: dict[str, object]) -> Query:
    places = [Asked.from_dict(p) for p in request["places"]]  # type: ignore[attr-defined]
    stated = {k: request[k] for k in ("kind", "level", "territory")}
    return parse_query(places, on=FIRST, **stated)  # type: ignore[arg-type]


def _key(decision: Decision) -> Key:
    codes = {c.key for c in decision.candidates}
    return (
        decision.outcome.value,
        decision.court.code if decision.court else None,
        tuple(sorted(c for _, c in codes)),
    )


def main() -> None:
    """Fill a journal with 50,000 answers, move a county, and compare."""

    async def work(database: Database) -> None:
        await fill_journal(database, 50_000)
        await moved(database)
        found, expected = await compare_with_brute_force(database)
        print(f"brute force: {len(expected)} change; the same: {found == expected}", file=sys.stderr)
        sys.exit(0 if found == expected and expected else 1)

    with private_home() as home:
        cluster = Cluster(home, options=CARELESS)
        try:
            run(Bench(cluster).copy(), work)
        finally:
            cluster.stop()


if __name__ == "__main__":
    main()
