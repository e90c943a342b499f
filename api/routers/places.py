"""`/places`: names to choose from while one is typed."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from geo_registry.actions.ask import today
from geo_registry.errors import BadChoice

from ..context import Registry
from ..params import one, query_parameters, whole_number
from ..responses import PROBLEMS, json_response, require_json

router = APIRouter(tags=["places"], dependencies=[Depends(require_json)])
_LONGEST = 60


@router.get("/places", response_model=dict[str, Any], responses=PROBLEMS, summary="Place names that begin so")
async def get_places(
    request: Request,
    registry: Registry,
    q: Annotated[
        str | None, Query(description="beginning of a name, of its pinyin or of its initials")
    ] = None,
    limit: Annotated[str | None, Query(description="how many, up to 50; 10 if not given")] = None,
) -> Response:
    """List names by what was typed: counties and cities before towns, towns before villages."""
    values = query_parameters(request, ("q", "limit"))
    typed = (one(values, "q") or "").strip()
    if not typed or len(typed) > _LONGEST:
        raise BadChoice(name="q", value=typed, allowed=f"1-{_LONGEST}")
    most = whole_number(values, "limit", default=10, least=1, most=50)
    snapshot = await registry.snapshots.get(today())
    gazetteer = await registry.snapshots.gazetteer(snapshot)
    items = [
        {
            "name": s.name,
            "formal": s.formal,
            "kind": s.kind,
            "counties": list(s.adcodes),
            "lon": s.lon,
            "lat": s.lat,
        }
        for s in gazetteer.suggest(typed, limit=most)
    ]
    return json_response({"items": items})
