"""Replay recorded answers: decide again from what was known then, and compare byte for byte."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from geo_registry.actions.ask import Asked, Query, parse_query
from geo_registry.actions.route_case import answer_from
from geo_registry.actions.snapshots import Snapshots
from geo_registry.db.decisions import Recorded, get_decision, list_decisions
from geo_registry.db.engine import Database
from geo_registry.routing.answer import Answer

_PAGE = 500


@dataclass(frozen=True, slots=True)
class Replay:
    """A recorded answer beside the one made now; `differences` names the fields that are not the same."""

    recorded: Recorded
    answer: Answer
    differences: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Tell whether both are the same bytes."""
        return self.recorded.answer == self.answer.to_json()


async def replay_decision(
    id: str, snapshots: Snapshots, database: Database, *, known_at: datetime | None = None
) -> Replay:
    """Decide a recorded case again.

    Parameters
    ----------
    known_at
        Decide from what was known at this instant instead of at the time of recording.

    Raises
    ------
    DecisionNotFound
        There is none of that id.
    NothingKnownThen
        The registry held nothing at `known_at`.
    """
    async with database.read() as session:
        recorded = await get_decision(session, id)
    return await _replay(recorded, snapshots, known_at)


async def verify_decisions(snapshots: Snapshots, database: Database) -> AsyncIterator[Replay]:
    """Replay the whole journal, newest first."""
    before: str | None = None
    while True:
        async with database.read() as session:
            page = await list_decisions(session, limit=_PAGE, before=before)
        for recorded in page:
            yield await _replay(recorded, snapshots, None)
        if len(page) < _PAGE:
            return
        before = page[-1].id


async def _replay(recorded: Recorded, snapshots: Snapshots, known_at: datetime | None) -> Replay:
    query = _query(recorded)
    snapshot = await snapshots.get_past(query.on, known_at=known_at or recorded.known_at)
    gazetteer = await snapshots.gazetteer(snapshot) if query.check() else None
    answer = answer_from(snapshot, query, gazetteer=gazetteer, asked_at=recorded.asked_at, id=recorded.id)
    before, after = json.loads(recorded.answer), answer.to_dict()
    differing = tuple(k for k in after if before.get(k) != after[k])
    return Replay(recorded, answer, differing)


def _query(recorded: Recorded) -> Query:
    request = json.loads(recorded.answer)["request"]  # to the last digit, which the searchable column is not
    return parse_query(
        [Asked.from_dict(place) for place in request["places"]],
        kind=request["kind"],
        level=request["level"],
        territory=request["territory"],
        on=request["on"],
    )
