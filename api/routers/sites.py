"""`/sites`: the sites of the registers, located no better than they are known."""

from typing import Any

from fastapi import APIRouter, Depends, Response

from geo_registry.actions.ask import today
from geo_registry.records import Site

from ..context import Registry
from ..responses import PROBLEMS, json_response, require_json

router = APIRouter(tags=["sites"], dependencies=[Depends(require_json)])


@router.get("/sites", response_model=dict[str, Any], responses=PROBLEMS, summary="Sites as GeoJSON")
async def get_sites(registry: Registry) -> Response:
    """Return the sites.

    `geometry` is the place itself only where `precision` is `point`; for a town it is the town's
    published point, and null where nothing better than the county is known.
    """
    snapshot = await registry.snapshots.get(today())
    features = [_feature(site) for site in snapshot.sites]
    return json_response(
        {"type": "FeatureCollection", "features": features}, media_type="application/geo+json"
    )


def _feature(site: Site) -> dict[str, Any]:
    located = site.lon is not None and site.lat is not None
    return {
        "type": "Feature",
        "id": site.id,
        "geometry": {"type": "Point", "coordinates": [site.lon, site.lat]} if located else None,
        "properties": {
            "kind": site.kind,
            "name": site.name,
            "holders": list(site.holders),
            "operator": site.operator,
            "adcode": site.adcode,
            "town": site.town,
            "precision": site.precision,
            "established": site.established,
            "status": site.status,
            "among_counted": site.among_counted,
            "sample": site.sample,
            "note": {"zh": site.note.zh, "en": site.note.en},
            "sources": list(site.sources),
        },
    }
