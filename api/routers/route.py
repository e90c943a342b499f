"""`/route`: which court hears a case."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from geo_registry.actions.route_case import record_case, route_case
from geo_registry.routing.answer import Answer

from ..context import Registry, require_loopback
from ..params import (
    CASE_PARAMETERS,
    PLACE_PARAMETERS,
    case_of_body,
    case_of_query,
    places_of_query,
    query_parameters,
    read_json,
)
from ..responses import PROBLEM, PROBLEMS, json_response, require_json

router = APIRouter(tags=["route"], dependencies=[Depends(require_json)])
_GET = (*PLACE_PARAMETERS, *CASE_PARAMETERS)
_POST = ("accuracy_m", "record", *CASE_PARAMETERS)
_EXAMPLE = {"places": ["125.16791,44.4261"], "kind": "criminal", "on": "2026-11-23"}

Kind = Annotated[str | None, Query(description="criminal, civil, administrative, civil-public-interest, administrative-public-interest, public-interest or damages")]  # fmt: skip
Level = Annotated[str | None, Query(description="basic or intermediate")]
Territory = Annotated[str | None, Query(description="ordinary, forest or unknown")]
On = Annotated[str | None, Query(description="day of filing, YYYY-MM-DD; today in the province if not given")]
Crs = Annotated[str | None, Query(description="EPSG code, gcj02 or bd09; EPSG:4326 if not given")]
Accuracy = Annotated[str | None, Query(description="radius in metres within which the place lies")]


@router.get("/route", response_model=Answer, responses=PROBLEMS, summary="Which court hears a case")
async def get_route(
    request: Request,
    registry: Registry,
    place: Annotated[
        list[str] | None,
        Query(description="coordinates in any written form, a name or an address; several are one case"),
    ] = None,
    lon: Annotated[str | None, Query(description="longitude in degrees, or easting of `crs`")] = None,
    lat: Annotated[str | None, Query(description="latitude in degrees, or northing of `crs`")] = None,
    crs: Crs = None,
    accuracy_m: Accuracy = None,
    role: Annotated[
        list[str] | None,
        Query(
            description="what each place is to the case, in their order: act, result, domicile, residence, agency-seat or property"
        ),
    ] = None,
    kind: Kind = None,
    level: Level = None,
    territory: Territory = None,
    on: On = None,
) -> Response:
    """Answer for one or several places given in the query."""
    values = query_parameters(request, _GET, repeated=("place", "role"))
    query = case_of_query(values, places_of_query(values))
    return json_response((await route_case(query, registry.snapshots)).to_json())


@router.post(
    "/route",
    response_model=Answer,
    responses={
        **PROBLEMS,
        201: {"model": Answer, "description": "Recorded"},
        403: PROBLEM,
        413: PROBLEM,
        415: PROBLEM,
    },
    summary="Which court hears a case: places, lines and areas",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": {"type": "object"}, "example": _EXAMPLE},
                "application/geo+json": {"schema": {"type": "object"}},
            },
        }
    },
)
async def post_route(
    request: Request,
    registry: Registry,
    accuracy_m: Accuracy = None,
    kind: Kind = None,
    level: Level = None,
    territory: Territory = None,
    on: On = None,
    record: Annotated[str | None, Query(description="true: keep the answer in the journal")] = None,
) -> Response:
    """Answer for GeoJSON, or for `{"places": […], "kind": …, "record": true}`; a recorded answer is 201."""
    values = query_parameters(request, _POST)
    query, wants_record = case_of_body(await read_json(request), values)
    if not wants_record:
        return json_response((await route_case(query, registry.snapshots)).to_json())
    require_loopback(request, registry)
    answer = await record_case(query, registry.snapshots, registry.database, actor="http:local")
    answered = json_response(answer.to_json(), status=201)
    answered.headers["Location"] = f"/decisions/{answer.id}"
    return answered
