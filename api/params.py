"""Queries and bodies, read by hand: every slip gets its own sentence, and nothing unknown is ignored."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from fastapi import Request
from starlette.exceptions import HTTPException

from geo_registry.actions.ask import Asked, Query, asked_from_geojson, parse_query, parse_role, with_roles
from geo_registry.errors import (
    BadAccuracy,
    BadChoice,
    NoPlace,
    NumberExpected,
    PlaceTwice,
    RepeatedParameter,
    UnknownParameter,
    UnreadableBody,
)
from geo_registry.geo.coordinates import parse_number

LARGEST_BODY = 5_000_000
MOST_PLACES = 1_000
PLACE_PARAMETERS = ("place", "lon", "lat", "crs", "accuracy_m", "role")
CASE_PARAMETERS = ("kind", "level", "territory", "on")
_JSON_TYPES = ("application/json", "application/geo+json", "application/vnd.geo+json")
_GEOJSON_TYPES = {
    "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection",
    "Feature", "FeatureCollection",
}  # fmt: skip


def query_parameters(
    request: Request, allowed: Iterable[str], *, repeated: Iterable[str] = ()
) -> dict[str, list[str]]:
    """Return the query's values by name.

    Raises
    ------
    UnknownParameter
        A name that is not allowed: ignored, it would change the answer in silence.
    RepeatedParameter
        A name given twice that may be given once.
    """
    names, many = tuple(allowed), tuple(repeated)
    values: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        if name not in names:
            raise UnknownParameter(name=name, allowed=", ".join(names))
        values.setdefault(name, []).append(value)
        if len(values[name]) > 1 and name not in many:
            raise RepeatedParameter(name=name)
    return values


def one(values: Mapping[str, list[str]], name: str) -> str | None:
    """Return the single value of a name, None where it was not given."""
    return values[name][0] if name in values else None


def whole_number(values: Mapping[str, list[str]], name: str, *, default: int, least: int, most: int) -> int:
    """Return a count given in the query.

    Raises
    ------
    BadChoice
        It is no whole number, or beyond its bounds.
    """
    text = one(values, name) or str(default)
    if not (text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most):
        raise BadChoice(name=name, value=text, allowed=f"{least}-{most}")
    return int(text)


def places_of_query(values: Mapping[str, list[str]]) -> list[Asked]:
    """Return the places of a query: `place=` once or several times, or `lon=` with `lat=`."""
    return with_roles(_places_of_query(values), [r for r in values.get("role", []) if r])


def _places_of_query(values: Mapping[str, list[str]]) -> list[Asked]:
    crs, accuracy = one(values, "crs") or None, accuracy_of(one(values, "accuracy_m"))
    numbered = [name for name in ("lon", "lat") if name in values]
    if "place" in values and numbered:
        raise PlaceTwice()
    if "place" in values:
        return [Asked(text=text, crs=crs, accuracy_m=accuracy) for text in values["place"]]
    if len(numbered) == 1:
        missing = "lat" if numbered == ["lon"] else "lon"
        raise NumberExpected(name=missing, value="")
    if not numbered:
        raise NoPlace()
    lon, lat = (parse_number(name, values[name][0]) for name in ("lon", "lat"))
    return [Asked(numbers=(lon, lat), crs=crs, accuracy_m=accuracy)]


def case_of_query(values: Mapping[str, list[str]], places: list[Asked]) -> Query:
    """Return the question of a query."""
    return parse_query(places, **{name: one(values, name) for name in CASE_PARAMETERS})


async def read_json(request: Request) -> Any:
    """Return the JSON of a request body.

    Raises
    ------
    HTTPException
        415 for another media type, 413 for too much.
    UnreadableBody
        It is not JSON in UTF-8.
    """
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind not in _JSON_TYPES:
        raise HTTPException(415)
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise HTTPException(413)
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise UnreadableBody(reason_zh="不是 UTF-8 的 JSON", reason_en="it is not JSON in UTF-8") from None


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def case_of_body(body: Any, values: Mapping[str, list[str]]) -> tuple[Query, bool]:
    """Return the question in a body, and whether to record it.

    The body is a GeoJSON object, the rest of the question standing in the query; or an object with
    `places` and the names of the query.
    """
    if isinstance(body, Mapping) and body.get("type") in _GEOJSON_TYPES:
        accuracy = accuracy_of(one(values, "accuracy_m"))
        places = _limited(asked_from_geojson(body, label="GeoJSON", accuracy_m=accuracy))
        return case_of_query(values, places), _flag("record", one(values, "record"))
    if not isinstance(body, Mapping):
        raise UnreadableBody(reason_zh="应为 JSON 对象", reason_en="a JSON object is wanted")
    allowed = ("places", "crs", "accuracy_m", "record", *CASE_PARAMETERS)
    for name in body:
        if name not in allowed:
            raise UnknownParameter(name=str(name), allowed=", ".join(allowed))
    given = body.get("places")
    if not isinstance(given, list) or not given:
        raise NoPlace()
    shared = {name: body.get(name) for name in ("crs", "accuracy_m")}
    places = _limited([asked for place in given for asked in _place(place, shared)])
    words = {name: text_of(name, body.get(name)) for name in CASE_PARAMETERS}
    return parse_query(places, **words), _flag("record", body.get("record"))


def _place(place: Any, shared: Mapping[str, Any]) -> list[Asked]:
    """Return one place of a body: text, `{lon, lat}`, `{text}`, a GeoJSON object, or `{geometry}`."""
    if isinstance(place, str):
        return [
            Asked(text=place, crs=text_of("crs", shared["crs"]), accuracy_m=_metres(shared["accuracy_m"]))
        ]
    if not isinstance(place, Mapping):
        raise UnreadableBody(reason_zh="地点应为文字或对象", reason_en="a place is text or an object")
    if place.get("type") in _GEOJSON_TYPES:
        return asked_from_geojson(
            place,
            label="GeoJSON",
            accuracy_m=_metres(shared["accuracy_m"]),
            crs=text_of("crs", shared["crs"]),
        )
    allowed = ("text", "lon", "lat", "geometry", "crs", "accuracy_m", "role")
    for name in place:
        if name not in allowed:
            raise UnknownParameter(name=f"places.{name}", allowed=", ".join(allowed))
    crs = text_of("crs", place.get("crs", shared["crs"]))
    accuracy = _metres(place.get("accuracy_m", shared["accuracy_m"]))
    role = parse_role(text_of("role", place.get("role")))
    if "geometry" in place:
        found = asked_from_geojson(place["geometry"], label="GeoJSON", accuracy_m=accuracy, crs=crs)
        return [replace(asked, role=role) for asked in found]
    if "text" in place:
        return [Asked(text=text_of("text", place["text"]) or "", crs=crs, accuracy_m=accuracy, role=role)]
    lon, lat = (_number(name, place.get(name)) for name in ("lon", "lat"))
    return [Asked(numbers=(lon, lat), crs=crs, accuracy_m=accuracy, role=role)]


def _limited(places: list[Asked]) -> list[Asked]:
    if len(places) > MOST_PLACES:
        raise UnreadableBody(
            reason_zh=f"地点超过 {MOST_PLACES} 个", reason_en=f"there are more than {MOST_PLACES} places"
        )
    return places


def text_of(name: str, value: Any) -> str | None:
    """Return a word of a body, None where it was not given; what is no text is refused by its name."""
    if value is None or isinstance(value, str):
        return value or None
    raise UnreadableBody(reason_zh=f"{name} 应为文字", reason_en=f"{name} must be text")


def _number(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise NumberExpected(name=name, value="" if value is None else str(value))
    return parse_number(name, str(value))


def _flag(name: str, value: Any) -> bool:
    """Return yes or no as JSON says it, or as `true` and `false` in a query; nothing is no."""
    known = {None: False, True: True, False: False, "true": True, "false": False}
    if not isinstance(value, bool | str | None) or value not in known:
        raise BadChoice(name=name, value=str(value), allowed="true, false")
    return known[value]


def _metres(value: Any) -> float | None:
    return None if value is None else accuracy_of(str(value))


def accuracy_of(text: str | None) -> float | None:
    """Return a radius in metres as it was written, None where none was.

    Raises
    ------
    BadAccuracy
        It is no number.
    """
    if text is None or text == "":
        return None
    try:
        return parse_number("accuracy_m", text)
    except ValueError:
        raise BadAccuracy(value=text) from None
