"""Foresee what a version would change: its law against what is the law on its first day, on the ground and in the journal."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import shapely
from shapely import Geometry

from geo_registry.access import Person, Right, require
from geo_registry.actions.ask import Asked, Query, parse_query, today
from geo_registry.db.decisions import list_requests
from geo_registry.db.engine import AsyncReadSession, Database
from geo_registry.db.queries.gazetteer import read_names
from geo_registry.db.queries.snapshot import read_snapshot
from geo_registry.db.queries.zones import get_version, list_towns
from geo_registry.errors import InvalidInput
from geo_registry.gazetteer.index import Gazetteer
from geo_registry.geo.reading.model import Reading
from geo_registry.records import Site
from geo_registry.routing.many import PointDecider, Stated
from geo_registry.routing.model import Decision
from geo_registry.routing.rules import decide
from geo_registry.routing.snapshot import Snapshot
from geo_registry.terms import Territory
from geo_registry.zones.draft import key_of
from geo_registry.zones.impact import Moved, MovedDistrict, moved_districts, moved_ground, ruled_units
from geo_registry.zones.model import Designation

_PAGE = 5_000
_SLACK_M = 2_000.0  # a phone's shift is below 800 m; the rest is room
_FINE_M = 200.0  # coarser positions are decided apart: they would slow the others down
_DEGREE_M = 70_000.0  # one of longitude in the north of the province is longer
Request = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Which court a question finds: the outcome, its court, and every answer still possible."""

    outcome: str
    court: str | None
    possible: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, decision: Decision) -> "Verdict":
        """Return the verdict of a decision."""
        court = decision.court.code if decision.court else None
        return cls(decision.outcome.value, court, frozenset(c.key for c in decision.candidates))


@dataclass(frozen=True, slots=True)
class ChangedAnswer:
    """A recorded answer whose question finds another court."""

    id: str
    before: Verdict
    after: Verdict


@dataclass(frozen=True, slots=True)
class Impact:
    """What a version would change.

    Attributes
    ----------
    law
        The version that is the law on `day`, None where there is none.
    day
        The first day of the version; every question is asked of that day.
    moved, districts
        Ground and forest districts that change court.
    towns
        Names of the towns of each unit that changes court, wholly or in part.
    sites
        Sites on such ground, or known to be in a unit that has some and no better.
    answers
        Recorded answers whose question finds another court, newest first.
    asked, unread
        How many recorded answers were asked again; the ids of those whose places can not be read any more.
    """

    version: str
    law: str | None
    day: date
    moved: tuple[Moved, ...]
    districts: tuple[MovedDistrict, ...]
    towns: Mapping[str, tuple[str, ...]]
    names: Mapping[str, str]
    sites: tuple[Site, ...]
    answers: tuple[ChangedAnswer, ...]
    asked: int
    unread: tuple[str, ...]


async def impact_zones(database: Database, version: str, *, person: Person) -> Impact:
    """Return what would change if a version were the law from its first day on. Nothing is written.

    Each recorded question is asked as it was put, but of that first day, once of the law of the day and once
    of the version.

    Raises
    ------
    NotAllowed
        The person may not draft versions.
    ZoneVersionNotFound
        There is none of that id.
    """
    require(person, Right.ZONES)
    async with database.read() as session:
        head = await get_version(session, version)
        day = head.validity.valid_from or today()
        before = await read_snapshot(session, on=day)
        after = await read_snapshot(session, on=day, version_id=version)
        requests = await _journal(session)
        gazetteer = Gazetteer(await read_names(session, known_at=before.known_at))
        moved = await asyncio.to_thread(_moved, before, after)
        towns = await list_towns(session, sorted({m.adcode for m in moved}))
    changed, unread = await asyncio.to_thread(changed_answers, requests, before, after, gazetteer, day)
    law = before.jurisdiction
    return Impact(
        version=version, law=law.version.id if law else None, day=day, moved=tuple(moved),
        districts=tuple(moved_districts(_rows(before), _rows(after))), towns=towns, names=_names(before, after),
        sites=_sites_on(moved, after.sites), answers=tuple(changed), asked=len(requests), unread=tuple(unread),
    )  # fmt: skip


def changed_answers(
    requests: Mapping[str, Request], before: Snapshot, after: Snapshot, gazetteer: Gazetteer, day: date
) -> tuple[list[ChangedAnswer], list[str]]:
    """Return the recorded answers that find another court, and the ids of those that cannot be read.

    Equal questions are decided once; single positions by the engine for many points, which gives what
    deciding each would.
    """
    questions: dict[str, _Question | None] = {}
    asked: dict[str, str] = {}
    for key, request in requests.items():
        asked[key] = text = repr(request)
        if text not in questions:
            questions[text] = _read(request, day, gazetteer)
    readable = {text: question for text, question in questions.items() if question is not None}
    reach = Reach.between(before, after)
    near = reach.near([q.position for q in readable.values() if q.position is not None])
    within = {
        text: q
        for text, q in readable.items()
        if (next(near) if q.position is not None else reach.touches(q.readings))
    }
    sides = [_verdicts(list(within.values()), snapshot, gazetteer) for snapshot in (before, after)]
    found = dict(zip(within, zip(*sides, strict=True), strict=True))
    changed = [
        ChangedAnswer(key, *found[text])
        for key, text in asked.items()
        if text in found and found[text][0] != found[text][1]
    ]
    return changed, [key for key, text in asked.items() if text not in readable]


@dataclass(frozen=True, slots=True)
class Reach:
    """How far the differences of two laws reach: what lies beyond finds the same court under both.

    A verdict rests on the units a place may lie in, counting its accuracy and a phone's shift; where units
    and their rows are all that differs, only what may touch one of those units is decided.

    Attributes
    ----------
    units
        Adcodes of the units that differ; None where more differs than units and their rows: it reaches everywhere.
    ground
        What they cover under either law, degrees.
    """

    units: frozenset[str] | None
    ground: Geometry

    @classmethod
    def between(cls, before: Snapshot, after: Snapshot) -> "Reach":
        """Return how far two laws differ."""
        old, new = _rests_on(before), _rests_on(after)
        if old is None or new is None or old.others != new.others:
            return cls(None, shapely.Point())
        keys = frozenset(
            k for k in old.units.keys() | new.units.keys() if old.units.get(k) != new.units.get(k)
        )
        shapes = [s.units[k].geometry for s in (before, after) for k in keys if k in s.units]
        ground = shapely.union_all([shape for shape in shapes if shape is not None])
        shapely.prepare(ground)
        return cls(keys, ground)

    def near(self, positions: Sequence[Reading]) -> Iterator[bool]:
        """Yield for each of many positions whether it may lie in what differs."""
        if self.units is None or not positions:
            yield from [True] * len(positions)
            return
        lons, lats, metres = (
            np.array([getattr(p, name) for p in positions], dtype=np.float64)
            for name in ("lon", "lat", "accuracy_m")
        )
        slack = (metres + _SLACK_M) / _DEGREE_M
        yield from shapely.dwithin(self.ground, shapely.points(lons, lats), slack).tolist()

    def touches(self, readings: Sequence[Reading]) -> bool:
        """Tell whether one of the readings may lie in what differs."""
        return self.units is None or any(self._touches(r, self.units) for r in readings)

    def _touches(self, reading: Reading, units: frozenset[str]) -> bool:
        if units.intersection(reading.adcodes):
            return True
        if reading.geometry is None:
            return not reading.adcodes
        slack = (reading.accuracy_m + _SLACK_M) / _DEGREE_M
        return bool(shapely.dwithin(self.ground, reading.geometry, slack))


@dataclass(frozen=True, slots=True)
class _Grounds:
    units: dict[str, object]
    others: object


def _rests_on(snapshot: Snapshot) -> _Grounds | None:
    """Return what verdicts rest on: of each unit, and of everything else; None where there is no law."""
    law = snapshot.jurisdiction
    if law is None:
        return None
    rows = {
        d.adcode: (d.court_code, d.kinds, d.status)
        for d in law.designations
        if d.territory is Territory.ORDINARY
    }
    units: dict[str, object] = {
        a: (rows.get(a), u.level, None if u.geometry is None else u.geometry.wkb)
        for a, u in snapshot.units.items()
    }
    others = (
        [(d.territory, key_of(d), d.court_code, d.kinds, d.status) for d in law.designations
         if d.territory is not Territory.ORDINARY],
        [(c.code, c.name is None, c.level, c.membership) for c in snapshot.courts.values()],
        [(d.code, d.seat_adcode, d.status, None if d.geometry is None else d.geometry.wkb) for d in snapshot.districts.values()],
        law.rules,
    )  # fmt: skip
    return _Grounds(units, others)


@dataclass(frozen=True, slots=True)
class _Question:
    """A recorded question asked of another day, with all its readings; `position` where it is a single one without a role."""

    query: Query
    readings: tuple[Reading, ...]
    position: Reading | None


def query_of(request: Request, day: date) -> Query:
    """Return a recorded request as a question of another day."""
    asked = parse_query(
        [Asked.from_dict(place) for place in request["places"]],
        kind=request["kind"],
        level=request["level"],
        territory=request["territory"],
        on=request["on"],
    )
    return replace(asked, on=day)


def _read(request: Request, day: date, gazetteer: Gazetteer) -> _Question | None:
    query = query_of(request, day)
    try:
        readings = [place.read(gazetteer) for place in query.places]
    except InvalidInput:
        return None
    only = readings[0][0] if len(readings) == 1 and len(readings[0]) == 1 else None
    is_point = only is not None and only.lon is not None and only.name is None and not only.adcodes
    is_plain = is_point and query.places[0].role is None
    return _Question(query, tuple(r for place in readings for r in place), only if is_plain else None)


def _verdicts(questions: Sequence[_Question], snapshot: Snapshot, gazetteer: Gazetteer) -> list[Verdict]:
    verdicts: dict[int, Verdict] = {}
    groups: dict[tuple[Stated, bool], list[int]] = {}
    for i, question in enumerate(questions):
        query, at = question.query, question.position
        if at is None:
            verdicts[i] = Verdict.of(decide(query.question(gazetteer), snapshot))
        else:
            stated = Stated(query.on, query.kind, query.level, query.territory, at.datum_known)
            groups.setdefault((stated, at.accuracy_m > _FINE_M), []).append(i)
    for (stated, _), members in groups.items():
        decider = PointDecider(snapshot, stated)
        points = [p for i in members if (p := questions[i].position) is not None]
        columns = [[getattr(p, name) for p in points] for name in ("lon", "lat", "accuracy_m")]
        numbers = decider.outcomes(*(np.array(column, dtype=np.float64) for column in columns))
        made = {n: Verdict.of(decider.decisions[n]) for n in set(numbers.tolist())}
        verdicts |= {i: made[n] for i, n in zip(members, numbers.tolist(), strict=True)}
    return [verdicts[i] for i in range(len(questions))]


async def _journal(session: AsyncReadSession) -> dict[str, Request]:
    found: dict[str, Request] = {}
    last: str | None = None
    while page := await list_requests(session, limit=_PAGE, before=last):
        found |= page
        last = page[-1][0]
    return found


def _rows(snapshot: Snapshot) -> Sequence[Designation]:
    return snapshot.jurisdiction.designations if snapshot.jurisdiction is not None else ()


def _moved(before: Snapshot, after: Snapshot) -> list[Moved]:
    sides = [
        ruled_units(_rows(s), {a: u.geometry for a, u in s.units.items() if u.level == "county"})
        for s in (before, after)
    ]
    return moved_ground(*sides)


def _sites_on(moved: Sequence[Moved], sites: Sequence[Site]) -> tuple[Site, ...]:
    counties = {m.adcode for m in moved} | {m.adcode_before for m in moved}
    shapes = [m.geometry for m in moved]
    on = []
    for site in sites:
        if site.lon is not None and site.lat is not None:
            point = shapely.Point(site.lon, site.lat)
            if any(shapely.intersects(shape, point) for shape in shapes):
                on.append(site)
        elif site.adcode in counties:
            on.append(site)
    return tuple(on)


def _names(before: Snapshot, after: Snapshot) -> dict[str, str]:
    named: dict[str, str] = {}
    for s in (before, after):
        named |= {a: u.name for a, u in s.units.items()}
        named |= {c: k.name for c, k in s.courts.items() if k.name}
        named |= {c: d.name for c, d in s.districts.items()}
    return named
