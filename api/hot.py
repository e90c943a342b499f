"""`GET /route` for one position written in numbers, which is nearly all of it: answered without the framework.

The same parsing, the same decision and the same bytes as the route in `routers/route.py`, which
everything else goes on to: several places, names, other written forms, roles, bad input, and any
request while it is not certain, without a query, that what is held is still the law.
"""

import logging
import re
from functools import lru_cache
from urllib.parse import parse_qsl

from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from geo_registry.actions.ask import Asked, Query, parse_bare
from geo_registry.actions.route_point import route_point
from geo_registry.errors import GeoRegistryError
from geo_registry.geo.reading.model import Reading

from .context import Context
from .headers import SAFE
from .params import CASE_PARAMETERS, case_of_query, places_of_query
from .responses import accepts_json

_log = logging.getLogger(__name__)
_PARAMETERS = frozenset({"place", "lon", "lat", "crs", "accuracy_m", *CASE_PARAMETERS})
_PAIR = re.compile(r"-?\d{1,3}(\.\d+)?, ?-?\d{1,3}(\.\d+)?", re.ASCII)
_PLAIN = re.compile(rb"lon=(-?\d{1,3}(?:\.\d{1,15})?)&lat=(-?\d{1,3}(?:\.\d{1,15})?)")
_SYSTEMS = frozenset({None, "EPSG:4326", "EPSG:4490", "gcj02", "bd09"})
_LONGEST_QUERY = 400
_HEADERS = [
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-store"),
    *((name.lower().encode(), value.encode()) for name, value in SAFE.items()),
]


class HotRoute:
    """Answers the plain questions itself and passes everything else on to the application."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass the request on."""
        body = self._tried(scope) if _is_asked(scope) else None
        if body is None:
            await self._app(scope, receive, send)
            return
        headers = [*_HEADERS, (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _tried(self, scope: Scope) -> bytes | None:
        context = self._app.state.context
        assert isinstance(context, Context)
        try:
            return _answer(scope, context)
        except GeoRegistryError:
            return None  # the ordinary route says what is wrong, in the caller's language
        except Exception:
            _log.exception("GET /route?%s goes the ordinary way", scope["query_string"].decode("latin-1"))
            return None


def _is_asked(scope: Scope) -> bool:
    return bool(scope["type"] == "http" and scope["path"] == "/route" and scope["method"] == "GET")


def _answer(scope: Scope, context: Context) -> bytes | None:
    """Return the answer to a plain question, None for any other."""
    if not all(_json_will_do(value) for name, value in scope["headers"] if name == b"accept"):
        return None
    query = _query(scope["query_string"])
    reading = _only_position(query.places[0]) if query is not None else None
    if query is None or reading is None:
        return None
    snapshot = context.snapshots.held(query.on)
    return route_point(query, reading, snapshot, context.ready) if snapshot is not None else None


def _query(written: bytes) -> Query | None:
    """Return the question of a query that names each parameter once and knows them all."""
    plain = _PLAIN.fullmatch(written)
    if plain is not None:
        return parse_bare(Asked(numbers=(float(plain[1]), float(plain[2]))))
    if len(written) > _LONGEST_QUERY:
        return None
    values: dict[str, list[str]] = {}
    for name, value in parse_qsl(written.decode("latin-1"), keep_blank_values=True):
        if name not in _PARAMETERS or name in values:
            return None
        values[name] = [value]
    return case_of_query(values, places_of_query(values))


def _only_position(asked: Asked) -> Reading | None:
    """Return the reading of two numbers in degrees that can be read in one way."""
    if asked.crs not in _SYSTEMS or (asked.text is not None and not _PAIR.fullmatch(asked.text)):
        return None
    readings = asked.read()
    return readings[0] if len(readings) == 1 else None


@lru_cache(maxsize=256)
def _json_will_do(accept: bytes) -> bool:
    return accepts_json(accept.decode("latin-1"))
