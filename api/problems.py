"""Errors over HTTP: class to status, sentence to `application/problem+json` (RFC 9457)."""

import logging
from html import escape
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from geo_registry.errors import (
    AddressNotFound,
    Conflict,
    GeoRegistryError,
    InvalidInput,
    LogInNeeded,
    NotAllowed,
    NotFound,
    TooManyPoints,
    Unavailable,
    UnreadableBody,
)

RETRY_AFTER_S = 2
_log = logging.getLogger(__name__)
_STATUS: tuple[tuple[type[GeoRegistryError], int], ...] = (
    (TooManyPoints, 413),
    (InvalidInput, 400),
    (LogInNeeded, 401),
    (NotAllowed, 403),
    (NotFound, 404),
    (Conflict, 409),
    (Unavailable, 503),
)
_OTHER = {
    405: ("method-not-allowed", "此地址不支持该方法。", "The address does not take this method."),
    406: ("not-acceptable", "只能以 JSON 作答。", "Only JSON is served here; accept application/json."),
    413: ("too-large", "请求内容过大。", "The request body is too large."),
    415: (
        "unsupported-media-type",
        "请用 application/json 提交。",
        "Send application/json or application/geo+json.",
    ),
}


def status_of(error: GeoRegistryError) -> int:
    """Return the HTTP status of an error of the library."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def problem(status: int, code: str, zh: str, en: str, request: Request, **more: Any) -> Response:
    """Return a problem document; `detail` is in the language the caller asked for.

    A browser that asked for a page gets one with the same sentences.
    """
    if "text/html" in request.headers.get("accept", ""):
        return _page(status, zh, en)
    body = {
        "type": f"urn:geo-registry:error:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": zh if language_of(request) == "zh" else en,
        "zh": zh,
        "en": en,
        **more,
    }
    return JSONResponse(
        body, status_code=status, headers=_retry(status), media_type="application/problem+json"
    )


def language_of(request: Request) -> str:
    """Return the language a caller asked for: `zh`, or `en` where it was not Chinese."""
    return "zh" if request.headers.get("accept-language", "").strip().lower().startswith("zh") else "en"


def _page(status: int, zh: str, en: str) -> Response:
    text = (
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'<title>{status}</title><link rel="stylesheet" href="/static/page.css"><header><p class="name">{status}</p></header>'
        f'<main class="problem"><p>{escape(zh)}</p><p lang="en">{escape(en)}</p><p><a href="/">←</a></p></main></html>'
    )
    return Response(text, status_code=status, headers=_retry(status), media_type="text/html; charset=utf-8")


def _retry(status: int) -> dict[str, str]:
    return {"Retry-After": str(RETRY_AFTER_S)} if status == 503 else {}


def problem_of(error: GeoRegistryError, request: Request) -> Response:
    """Return the problem document of an error of the library."""
    return problem(status_of(error), error.code, error.zh, error.en, request)


def install(app: FastAPI) -> None:
    """Make every error of the app a problem document."""

    @app.exception_handler(GeoRegistryError)
    async def _of_library(request: Request, error: GeoRegistryError) -> Response:
        if isinstance(error, Unavailable):
            _log.warning("%s %s: %s", request.method, request.url.path, error.__cause__ or error)
        return problem_of(error, request)

    @app.exception_handler(RequestValidationError)
    async def _of_validation(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        return problem_of(
            UnreadableBody(reason_zh=f"{where}：{first['msg']}", reason_en=f"{where}: {first['msg']}"),
            request,
        )

    @app.exception_handler(HTTPException)
    async def _of_starlette(request: Request, error: HTTPException) -> Response:
        if error.status_code == 404:
            return problem_of(AddressNotFound(path=request.url.path), request)
        code, zh, en = _OTHER.get(
            error.status_code, ("error", "请求未能完成。", "The request could not be completed.")
        )
        answered = problem(error.status_code, code, zh, en, request)
        answered.headers.update(error.headers or {})
        return answered

    @app.exception_handler(Exception)
    async def _of_bug(request: Request, error: Exception) -> Response:
        _log.exception("%s %s", request.method, request.url.path, exc_info=error)
        return problem(500, "internal-error", "内部错误，已记录。", "Internal error; it was logged.", request)
