"""`/basins`: basins, what lies in them, and the basin of a place."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from geo_registry.actions.ask import parse_query, today
from geo_registry.actions.find_basins import find_basins
from geo_registry.actions.views import basin_to_dict, hit_to_dict, profile_to_dict
from geo_registry.routing.profiles import find_basin, profile_basin

from ..context import Registry
from ..params import PLACE_PARAMETERS, places_of_query, query_parameters
from ..responses import PROBLEM, PROBLEMS, json_response, require_json

router = APIRouter(tags=["basins"], dependencies=[Depends(require_json)])


@router.get(
    "/basins", response_model=dict[str, Any], responses=PROBLEMS, summary="All basins, or those at a place"
)
async def get_basins(
    request: Request,
    registry: Registry,
    place: Annotated[
        list[str] | None, Query(description="coordinates in any written form, a name or an address")
    ] = None,
    lon: Annotated[str | None, Query(description="longitude in degrees")] = None,
    lat: Annotated[str | None, Query(description="latitude in degrees")] = None,
    crs: Annotated[str | None, Query(description="EPSG code, gcj02 or bd09")] = None,
    accuracy_m: Annotated[str | None, Query(description="radius in metres")] = None,
) -> Response:
    """Without a place, list the basins; with one, say in which it lies and whether a divide is within 5 km."""
    values = query_parameters(request, PLACE_PARAMETERS, repeated=("place", "role"))
    if not values:
        held = await registry.snapshots.get(today())
        return json_response({"items": [basin_to_dict(b) for b in held.basins]})
    hits, snapshot = await find_basins(parse_query(places_of_query(values)), registry.snapshots)
    return json_response({"items": [hit_to_dict(hit, snapshot) for hit in hits]})


@router.get(
    "/basins/{id}",
    response_model=dict[str, Any],
    responses={**PROBLEMS, 404: PROBLEM},
    summary="What lies in a basin",
)
async def get_basin(id: str, registry: Registry) -> Response:
    """Show a basin by code or Chinese name: up- and downstream, courts, sites, agreements."""
    snapshot = await registry.snapshots.get(today())
    return json_response(profile_to_dict(profile_basin(snapshot, find_basin(snapshot, id).code)))
