"""`/zones`: versions of jurisdiction."""

import asyncio
from typing import Any

from fastapi import APIRouter, Depends, Request, Response

from geo_registry.actions.ask import today
from geo_registry.actions.publish_zones import check_zones
from geo_registry.actions.views import designation_to_dict, finding_to_dict, version_to_dict
from geo_registry.db.engine import AsyncReadSession
from geo_registry.db.queries.zones import get_version, list_designations, list_versions
from geo_registry.errors import ZoneVersionNotFound
from geo_registry.maps.features import county_features
from geo_registry.routing.jurisdiction import Jurisdiction
from geo_registry.zones.model import Designation, ZoneVersion

from ..context import Context, Registry
from ..responses import PROBLEM, PROBLEMS, is_fresh, json_response, require_json

router = APIRouter(tags=["zones"], dependencies=[Depends(require_json)])
_RESPONSES: dict[int | str, dict[str, Any]] = {**PROBLEMS, 404: PROBLEM}


@router.get(
    "/zones", response_model=dict[str, Any], responses=PROBLEMS, summary="All versions, by their first day"
)
async def get_zones(registry: Registry) -> Response:
    """List the versions."""
    versions = await registry.snapshots.read(list_versions)
    return json_response({"items": [version_to_dict(v) for v in versions if v.state != "draft"]})


@router.get(
    "/zones/{id}",
    response_model=dict[str, Any],
    responses=_RESPONSES,
    summary="A version with its designations",
)
async def get_zone_version(id: str, registry: Registry) -> Response:
    """Show a version and every designation of it."""
    version, rows = await _version(id, registry)
    return json_response({**version_to_dict(version), "designations": [designation_to_dict(d) for d in rows]})


@router.get(
    "/zones/{id}/check",
    response_model=dict[str, Any],
    responses=_RESPONSES,
    summary="What stands against publishing it",
)
async def get_check(id: str, registry: Registry) -> Response:
    """Check a version for gaps, overlaps and missing sources."""
    await _version(id, registry)
    findings = await check_zones(registry.database, id)
    items = [finding_to_dict(f) for f in findings]
    return json_response({"id": id, "passes": not any(f.blocks for f in findings), "findings": items})


@router.get(
    "/zones/{id}/features",
    response_model=dict[str, Any],
    responses=_RESPONSES,
    summary="Its counties with their courts, for a map",
)
async def get_features(id: str, request: Request, registry: Registry) -> Response:
    """Return the counties, generalised for looking at, each with the courts possible there (GeoJSON)."""
    version, rows = await _version(id, registry)
    snapshot = await registry.snapshots.get(version.validity.valid_from or today())
    etag = f"{snapshot.data_version}-{id}-{version.state}"
    if is_fresh(request, etag):
        return Response(status_code=304, headers={"ETag": f'"{etag}"'})
    law = Jurisdiction(version, tuple(rows), snapshot.courts, snapshot.units, snapshot.districts, ())
    style = registry.catalogue.get("court_zones").style()
    features = await asyncio.to_thread(county_features, law, snapshot.units, style)
    collection = {"type": "FeatureCollection", "features": features}
    return json_response(collection, media_type="application/geo+json", etag=etag)


async def _version(id: str, registry: Context) -> tuple[ZoneVersion, list[Designation]]:
    async def work(session: AsyncReadSession) -> tuple[ZoneVersion, list[Designation]]:
        version = await get_version(session, id)
        if version.state == "draft":  # nobody but its authors need know of it
            raise ZoneVersionNotFound(id=id)
        return version, await list_designations(session, id)

    return await registry.snapshots.read(work)
