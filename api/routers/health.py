"""`/healthz` and `/readyz`: is the process up, and can it answer."""

from typing import Any

from fastapi import APIRouter, Response

from geo_registry.actions.ask import today
from geo_registry.version import __version__

from ..context import Registry
from ..responses import PROBLEM, json_response

router = APIRouter(tags=["health"])


@router.get("/healthz", response_model=dict[str, Any], summary="The process is up")
async def healthz() -> Response:
    """Answer without asking the database."""
    return json_response({"status": "ok", "version": __version__})


@router.get("/readyz", response_model=dict[str, Any], responses={503: PROBLEM}, summary="It can answer")
async def readyz(registry: Registry) -> Response:
    """Answer 200 when the registry can be asked, 503 with the reason when it cannot."""
    snapshot = await registry.snapshots.get(today())
    law = snapshot.jurisdiction
    return json_response(
        {
            "status": "ready",
            "data_version": snapshot.data_version,
            "zone_version": law.version.id if law else None,
        }
    )
