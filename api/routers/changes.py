"""`/zones/changes`: the public log of versions, as JSON and as an Atom feed."""

from typing import Any

from fastapi import APIRouter, Depends, Request, Response

from geo_registry.actions.list_changes import list_changes
from geo_registry.actions.views import change_to_dict

from ..atom import render_feed
from ..context import Registry
from ..responses import PROBLEM, PROBLEMS, json_response, require_json

router = APIRouter(tags=["zones"])


@router.get(
    "/zones/changes",
    response_model=dict[str, Any],
    responses=PROBLEMS,
    summary="The public log of versions",
    dependencies=[Depends(require_json)],
)
async def get_changes(registry: Registry) -> Response:
    """List the versions that were ever published, the latest first, each with what it changed."""
    changes = await registry.snapshots.read(list_changes)
    return json_response({"items": [change_to_dict(c) for c in changes]})


@router.get(
    "/zones/changes.atom",
    response_class=Response,
    responses={200: {"content": {"application/atom+xml": {}}}, 503: PROBLEM},
    summary="The public log of versions as an Atom feed",
)
async def get_feed(request: Request, registry: Registry) -> Response:
    """Return the log as Atom (RFC 4287)."""
    changes = await registry.snapshots.read(list_changes)
    feed = render_feed(changes, base=str(request.base_url).rstrip("/"))
    return Response(feed, media_type="application/atom+xml", headers={"Cache-Control": "no-cache"})
