"""`/decisions`: the journal, for this machine only until log-in exists."""

import json
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from geo_registry.actions.replay_decision import replay_decision
from geo_registry.db.decisions import get_decision, list_decisions
from geo_registry.routing.answer import Answer

from ..context import Local, Registry
from ..params import one, query_parameters, whole_number
from ..responses import PROBLEM, PROBLEMS, json_response, require_json

router = APIRouter(tags=["decisions"], dependencies=[Depends(require_json), Local])
_MOST = 1000
_RESPONSES: dict[int | str, dict[str, Any]] = {**PROBLEMS, 403: PROBLEM, 404: PROBLEM}


@router.get(
    "/decisions",
    response_model=dict[str, Any],
    responses=_RESPONSES,
    summary="Recorded answers, newest first",
)
async def get_decisions(
    request: Request,
    registry: Registry,
    limit: Annotated[str | None, Query(description="how many, up to 1000; 50 if not given")] = None,
    before: Annotated[str | None, Query(description="last id of the page above")] = None,
) -> Response:
    """List what was recorded."""
    values = query_parameters(request, ("limit", "before"))
    limit_ = whole_number(values, "limit", default=50, least=1, most=_MOST)
    async with registry.database.read() as session:
        page = await list_decisions(session, limit=limit_, before=one(values, "before"))
    items = [
        {"id": r.id, "asked_at": r.asked_at.isoformat(), "outcome": r.outcome, "court": r.court_code,
         "zone_version": r.zone_version, "digest": r.digest, "actor": r.actor}
        for r in page
    ]  # fmt: skip
    return json_response({"items": items, "next": page[-1].id if len(page) == limit_ else None})


@router.get(
    "/decisions/{id}", response_model=Answer, responses=_RESPONSES, summary="A recorded answer, byte for byte"
)
async def get_recorded(id: str, registry: Registry) -> Response:
    """Return a recorded answer exactly as it was given."""
    async with registry.database.read() as session:
        return json_response((await get_decision(session, id)).answer)


@router.get(
    "/decisions/{id}/replay",
    response_model=dict[str, Any],
    responses=_RESPONSES,
    summary="Decide a recorded case again",
)
async def get_replay(id: str, registry: Registry) -> Response:
    """Decide again from what was known then, and say whether the bytes are the same."""
    made = await replay_decision(id, registry.snapshots, registry.database)
    answer = json.loads(made.answer.to_json())
    return json_response({"same": made.same, "differences": list(made.differences), "answer": answer})
