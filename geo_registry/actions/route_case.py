"""Route a case: read the question, decide from what is held, render, and record when asked."""

import asyncio
import secrets
from datetime import UTC, datetime

from geo_registry.actions.ask import Query
from geo_registry.actions.snapshots import Snapshots
from geo_registry.db.audit import write_line
from geo_registry.db.decisions import Recorded, insert_decision
from geo_registry.db.engine import Database
from geo_registry.gazetteer.index import Gazetteer
from geo_registry.routing.answer import Answer
from geo_registry.routing.render import render
from geo_registry.routing.rules import decide
from geo_registry.routing.snapshot import Snapshot
from geo_registry.version import __version__

ENGINE = f"geo-registry {__version__}"


async def route_case(query: Query, snapshots: Snapshots) -> Answer:
    """Return the answer to a question, not recorded.

    Raises
    ------
    InvalidInput
        A place cannot be read.
    Unavailable
        The registry cannot be asked.
    """
    needs_names = query.check()  # bad input is told before the database is asked
    snapshot = await snapshots.get(query.on)
    gazetteer = await snapshots.gazetteer(snapshot) if needs_names else None
    return await asyncio.to_thread(answer_from, snapshot, query, gazetteer=gazetteer, asked_at=now())


async def record_case(query: Query, snapshots: Snapshots, database: Database, *, actor: str) -> Answer:
    """Return the answer to a question and keep it in the journal, whole or not at all."""
    needs_names = query.check()
    snapshot = await snapshots.get(query.on)
    gazetteer = await snapshots.gazetteer(snapshot) if needs_names else None
    asked_at = now()
    answer = await asyncio.to_thread(
        answer_from, snapshot, query, gazetteer=gazetteer, asked_at=asked_at, id=new_id(asked_at)
    )
    async with database.write() as session:
        await insert_decision(session, Recorded.of(answer, known_at=snapshot.known_at, actor=actor))
        await write_line(
            session, at=None, actor=actor, action="decision.record", subject=answer.id or "", changes_answers=False,
            detail={"outcome": answer.outcome.value, "digest": answer.digest},
        )  # fmt: skip
    return answer


def answer_from(
    snapshot: Snapshot,
    query: Query,
    *,
    asked_at: datetime,
    id: str | None = None,
    gazetteer: Gazetteer | None = None,
) -> Answer:
    """Decide and render from a snapshot; the one path every door, file and replay goes."""
    places = [place.to_dict() for place in query.places]
    return render(
        decide(query.question(gazetteer), snapshot),
        snapshot,
        places=places,
        asked_at=asked_at,
        engine=ENGINE,
        id=id,
    )


def now() -> datetime:
    """Return the instant, to the millisecond that an answer shows."""
    instant = datetime.now(UTC)
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


def new_id(instant: datetime) -> str:
    """Return a fresh id for a recorded answer; ids sort by time."""
    return f"{instant:%Y%m%d%H%M%S}-{secrets.token_hex(5)}"
