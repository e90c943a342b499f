"""`/layers`: the catalogue, and the rows of its public layers."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from geo_registry.db.layer_store import BINDINGS, count_rows
from geo_registry.db.queries.features import list_features
from geo_registry.errors import LayerNotFound

from ..context import Context, Registry
from ..params import query_parameters, whole_number
from ..responses import PROBLEM, PROBLEMS, json_response, require_json

router = APIRouter(tags=["layers"], dependencies=[Depends(require_json)])
_RESPONSES: dict[int | str, dict[str, Any]] = {**PROBLEMS, 404: PROBLEM}
_MOST, _LAST = 1_000, 1_000_000


@router.get("/layers", response_model=dict[str, Any], responses=PROBLEMS, summary="The catalogue")
async def get_layers(registry: Registry) -> Response:
    """List the public layers, whose they are, and how many rows are held."""
    counts = await registry.snapshots.read(count_rows)
    zones = sum(n for layer, n in counts.items() if layer.startswith("court_zones/"))
    items = [
        {**_head(id, registry), "rows": zones if id == "court_zones" else counts.get(id, 0)}
        for id in _public(registry)
    ]
    return json_response({"items": items})


@router.get("/layers/{id}", response_model=dict[str, Any], responses=_RESPONSES, summary="A layer's manifest")
async def get_layer(id: str, registry: Registry) -> Response:
    """Show a manifest: authority, source, licence, quality, columns."""
    if id not in _public(registry):
        raise LayerNotFound(id=id, known=", ".join(_public(registry)))
    return json_response(registry.catalogue.get(id).spec.model_dump(mode="json", by_alias=True))


@router.get(
    "/layers/{id}/items",
    response_model=dict[str, Any],
    responses=_RESPONSES,
    summary="A layer's rows as GeoJSON",
)
async def get_items(
    id: str,
    request: Request,
    registry: Registry,
    limit: Annotated[str | None, Query(description="how many, up to 1000; 100 if not given")] = None,
    offset: Annotated[str | None, Query(description="how many to pass over")] = None,
) -> Response:
    """Return rows with their provenance; a row without a position has `geometry` null."""
    values = query_parameters(request, ("limit", "offset"))
    known = [name for name in _public(registry) if name in BINDINGS]
    if id not in known:
        raise LayerNotFound(id=id, known=", ".join(known))
    size = whole_number(values, "limit", default=100, least=1, most=_MOST)
    start = whole_number(values, "offset", default=0, least=0, most=_LAST)
    features, total = await registry.snapshots.read(
        lambda session: list_features(session, id, limit=size, offset=start)
    )
    sample = registry.catalogue.get(id).spec.sample
    body = {
        "type": "FeatureCollection",
        "numberMatched": total,
        "numberReturned": len(features),
        "sample": sample,
        "features": features,
    }
    return json_response(body, media_type="application/geo+json")


def _public(registry: Context) -> list[str]:
    return [id for id, layer in registry.catalogue.layers.items() if layer.spec.visibility.public]


def _head(id: str, registry: Context) -> dict[str, Any]:
    spec = registry.catalogue.get(id).spec
    return {
        "id": id,
        "title": spec.title.model_dump(),
        "description": spec.description.model_dump(),
        "geometry": spec.geometry,
        "licence": spec.licence.name,
        "sample": spec.sample,
    }
