"""`/statistics`: what the registers list, beside what was counted."""

from typing import Any

from fastapi import APIRouter, Depends, Response

from geo_registry.actions.ask import today
from geo_registry.actions.views import count_to_dict, register_to_dict
from geo_registry.routing.profiles import compare_registers

from ..context import Registry
from ..responses import PROBLEMS, json_response, require_json

router = APIRouter(tags=["statistics"], dependencies=[Depends(require_json)])


@router.get(
    "/statistics", response_model=dict[str, Any], responses=PROBLEMS, summary="Registers: listed and counted"
)
async def get_statistics(registry: Registry) -> Response:
    """Return each register's quoted count beside what is listed of it, and the other quoted figures."""
    snapshot = await registry.snapshots.get(today())
    registers = [register_to_dict(line) for line in compare_registers(snapshot)]
    quoted = [count_to_dict(c) for c in snapshot.counts if not c.register]
    return json_response({"registers": registers, "quoted": quoted})
