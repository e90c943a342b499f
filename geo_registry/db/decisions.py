"""The journal of recorded answers: append-only, byte for byte."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from geo_registry.db import tables as t
from geo_registry.db.engine import AsyncWriteSession
from geo_registry.errors import DecisionNotFound
from geo_registry.routing.answer import Answer

_HEAD = 3_000  # characters; a request of positions or names is shorter
_FIELD = '"request":'  # the second field of every answer
_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recorded answer: its exact text, and the instant of the knowledge it rests on."""

    id: str
    known_at: datetime
    asked_at: datetime
    actor: str
    outcome: str
    court_code: str | None
    zone_version: str | None
    request: dict[str, Any]
    answer: str
    digest: str

    @classmethod
    def of(cls, answer: Answer, *, known_at: datetime, actor: str) -> "Recorded":
        """Return what is kept of an answer that has an id."""
        assert answer.id is not None
        return cls(
            id=answer.id,
            known_at=known_at,
            asked_at=answer.asked_at,
            actor=actor,
            outcome=answer.outcome.value,
            court_code=answer.court.code if answer.court else None,
            zone_version=answer.zone_version.id if answer.zone_version else None,
            request=answer.to_dict()["request"],
            answer=answer.to_json(),
            digest=answer.digest,
        )


async def insert_decision(session: AsyncWriteSession, recorded: Recorded) -> None:
    """Append a recorded answer."""
    values = {field: getattr(recorded, field) for field in Recorded.__slots__}
    await session.execute(insert(t.DecisionRow).values(**values))


async def get_decision(session: AsyncSession, id: str) -> Recorded:
    """Return one recorded answer.

    Raises
    ------
    DecisionNotFound
        There is none of that id.
    """
    row = await session.get(t.DecisionRow, id)
    if row is None:
        raise DecisionNotFound(id=id)
    return _record(row)


async def list_decisions(session: AsyncSession, *, limit: int, before: str | None = None) -> list[Recorded]:
    """Return recorded answers, newest first; `before` is the last id of the page above."""
    statement = select(t.DecisionRow).order_by(t.DecisionRow.id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(t.DecisionRow.id < before)
    return [_record(row) for row in (await session.execute(statement)).scalars()]


def _record(row: t.DecisionRow) -> Recorded:
    return Recorded(**{field: getattr(row, field) for field in Recorded.__slots__})


async def list_requests(
    session: AsyncSession, *, limit: int, before: str | None = None
) -> list[tuple[str, dict[str, Any]]]:
    """Return the requests of recorded answers to the last digit, newest first, each with its id."""
    d = t.DecisionRow
    statement = select(d.id, func.substring(d.answer, 1, _HEAD)).order_by(d.id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(d.id < before)
    requests = []
    for id, head in await session.execute(statement):
        request = _request_in(head)
        if request is None:  # longer than the head: a drawn area
            request = _request_in((await get_decision(session, id)).answer)
        assert request is not None
        requests.append((id, request))
    return requests


def _request_in(text: str) -> dict[str, Any] | None:
    """Return the request an answer's text begins with; None where the text ends before it does."""
    try:
        request, _ = _DECODER.raw_decode(text, text.index(_FIELD) + len(_FIELD))
    except json.JSONDecodeError:
        return None
    assert isinstance(request, dict)
    return request
