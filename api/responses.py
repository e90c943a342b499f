"""JSON as it is sent, and what the OpenAPI document says of errors."""

import json
from typing import Any

from fastapi import Request, Response
from starlette.exceptions import HTTPException

_ACCEPTED = ("*/*", "application/*", "application/json", "application/geo+json", "application/problem+json")
PROBLEM = {
    "description": "One sentence: what was given, what is allowed, what to do (RFC 9457).",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
PROBLEMS: dict[int | str, dict[str, Any]] = {400: PROBLEM, 406: PROBLEM, 503: PROBLEM}


def require_json(request: Request) -> None:
    """Refuse a caller that does not accept JSON.

    Raises
    ------
    HTTPException
        406.
    """
    if not accepts_json(request.headers.get("accept", "*/*")):
        raise HTTPException(406)


def accepts_json(accept: str) -> bool:
    """Tell whether a caller's `Accept` takes JSON."""
    return any(kind in _ACCEPTED for kind in accepted_types(accept))


def accepted_types(accept: str) -> list[str]:
    """Return the media types of an `Accept`, without their parameters."""
    return [part.split(";")[0].strip().lower() for part in accept.split(",")]


def json_response(
    value: Any, *, status: int = 200, media_type: str = "application/json", etag: str | None = None
) -> Response:
    """Return JSON in UTF-8; text is sent as it is."""
    text = (
        value
        if isinstance(value, str)
        else json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    )
    headers = {"ETag": f'"{etag}"', "Cache-Control": "no-cache"} if etag else {"Cache-Control": "no-store"}
    return Response(text.encode(), status_code=status, media_type=media_type, headers=headers)


def is_fresh(request: Request, etag: str) -> bool:
    """Tell whether the caller holds this version already."""
    held = [
        tag.strip().removeprefix("W/").strip('"')
        for tag in request.headers.get("if-none-match", "").split(",")
    ]
    return etag in held
