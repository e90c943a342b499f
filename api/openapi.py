"""The OpenAPI document in version 3.0.3: FastAPI writes 3.1, whose schemas are converted, not relabelled."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from geo_registry.routing.row import COLUMNS
from geo_registry.terms import Outcome

_PROBLEM = {
    "type": "object",
    "description": "RFC 9457 problem details; `detail` is in the language asked for, `zh` and `en` are both.",
    "required": ["type", "title", "status", "code", "detail", "zh", "en"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "zh": {"type": "string"},
        "en": {"type": "string"},
    },
}
_NUMBERS = {"type": "array", "items": {"type": "number"}}
_MANY_POINTS = {
    "type": "object",
    "description": "Either `points`, pairs of longitude and latitude, or the two lists `lon` and `lat`.",
    "properties": {
        "points": {"type": "array", "items": {**_NUMBERS, "minItems": 2, "maxItems": 2}},
        "lon": _NUMBERS,
        "lat": _NUMBERS,
        "accuracy_m": {"oneOf": [{"type": "number"}, _NUMBERS]},
        **{name: {"type": "string"} for name in ("crs", "kind", "level", "territory", "on")},
    },
}
_ANSWER_ROW = {
    "type": "object",
    "description": "docs/files.md explains the columns; null where an answer says nothing.",
    "required": ["lon", "lat", *COLUMNS],
    "properties": {
        "lon": {"type": "number", "nullable": True},
        "lat": {"type": "number", "nullable": True},
        **{name: {"type": "string", "nullable": True} for name in COLUMNS},
        "outcome": {"type": "string", "enum": [*(o.value for o in Outcome), "refused"]},
        "distance_m": {"type": "number", "nullable": True},
        "reason": {"type": "string"},
    },
}
_REMOVED = ("HTTPValidationError", "ValidationError")


def install(app: FastAPI) -> None:
    """Serve the converted document at /openapi.json."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            made = get_openapi(
                title=app.title,
                version=app.version,
                summary=app.summary,
                routes=app.routes,
                openapi_version="3.1.0",
            )
            app.openapi_schema = to_3_0(made)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def to_3_0(document: dict[str, Any]) -> dict[str, Any]:
    """Return an OpenAPI 3.1 document as 3.0.3."""
    made: dict[str, Any] = _converted(document)
    made["openapi"] = "3.0.3"
    made["info"].setdefault("description", made["info"].pop("summary", ""))
    schemas = made.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = _PROBLEM
    schemas["ManyPoints"] = _MANY_POINTS
    schemas["AnswerRow"] = _ANSWER_ROW
    for name in _REMOVED:
        schemas.pop(name, None)
    for operations in made["paths"].values():
        for operation in operations.values():
            operation["responses"].pop("422", None)  # nothing here answers 422
    return made


def _converted(node: Any) -> Any:
    if isinstance(node, list):
        return [_converted(item) for item in node]
    if not isinstance(node, dict):
        return node
    made = {key: _converted(value) for key, value in node.items()}
    made = _without_null(made)
    if "const" in made:
        made["enum"] = [made.pop("const")]
    if isinstance(made.get("examples"), list) and made["examples"]:
        made["example"] = made.pop("examples")[0]
    for limit in ("Minimum", "Maximum"):
        bound = made.get(f"exclusive{limit}")
        if isinstance(bound, int | float) and not isinstance(bound, bool):
            made[limit.lower()] = bound
            made[f"exclusive{limit}"] = True
    if "prefixItems" in made:
        made["items"] = {"anyOf": made.pop("prefixItems")}
    return made


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Turn "this or null" into `nullable`."""
    choices = schema.get("anyOf")
    if not isinstance(choices, list) or {"type": "null"} not in choices:
        return schema
    rest = [choice for choice in choices if choice != {"type": "null"}]
    kept = {key: value for key, value in schema.items() if key != "anyOf"}
    if len(rest) == 1 and "type" in rest[0] and "enum" not in rest[0]:
        return {**rest[0], **kept, "nullable": True}
    # `nullable` speaks only for a type that stands beside it, never through a reference (OpenAPI 3.0.3).
    return {**kept, "anyOf": [*rest, {"type": "string", "nullable": True, "enum": [None]}]}
