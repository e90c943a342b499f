"""Shapes as they come in: read from GeoJSON, checked, never repaired in silence."""

import json
import math
import re
from collections.abc import Mapping
from typing import Any

import shapely
from shapely import Geometry
from shapely.errors import ShapelyError
from shapely.geometry import shape

from geo_registry.errors import BadGeometry
from geo_registry.geo.coordinates import LonLat

MOST_VERTICES = 20_000
WIDEST_DEGREES = 90
MOST_DEGREES = 500
_TYPES = {
    "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection",
}  # fmt: skip


def geometries_from_geojson(data: object) -> list[Geometry]:
    """Return the geometries of a GeoJSON object: a geometry, a Feature, or a FeatureCollection.

    Raises
    ------
    BadGeometry
        It is not GeoJSON, or a geometry is missing, empty, invalid (with the place of the fault),
        out of range or too large.
    """
    if not isinstance(data, Mapping):
        raise BadGeometry(reason_zh="不是 GeoJSON 对象", reason_en="not a GeoJSON object")
    check_system(data.get("crs"))
    kind = data.get("type")
    if kind == "FeatureCollection":
        features = data.get("features")
        if not isinstance(features, list) or not features:
            raise BadGeometry(reason_zh="要素集合是空的", reason_en="a FeatureCollection without features")
        return [g for feature in features for g in geometries_from_geojson(feature)]
    if kind == "Feature":
        return geometries_from_geojson(data.get("geometry"))
    if kind not in _TYPES:
        raise BadGeometry(
            reason_zh=f"类型 {kind!r} 不是 GeoJSON 图形类型",
            reason_en=f"type {kind!r} is not a GeoJSON geometry",
        )
    return [checked(_shape(data))]


def check_system(member: object) -> None:
    """Refuse a `crs` member that names another system; RFC 7946 has no such member, older files do."""
    if member is None:
        return
    named = json.dumps(member, ensure_ascii=False)
    if not re.search(r"CRS84|EPSG:+4326|EPSG:+4490", named):
        raise BadGeometry(
            reason_zh=f"crs 成员为 {named[:80]}，GeoJSON 应为经纬度（WGS 84）",
            reason_en=f"its crs member is {named[:80]}, and GeoJSON is in WGS 84 degrees",
        )


def _only_numbers(coordinates: object) -> bool:
    if isinstance(coordinates, list | tuple):
        return all(_only_numbers(c) for c in coordinates)
    return isinstance(coordinates, int | float) and not isinstance(coordinates, bool)


def _shape(data: Mapping[str, Any]) -> Geometry:
    try:
        if not _only_numbers(data.get("coordinates", [])):
            raise TypeError
        geometry = shape(data)
    except (ShapelyError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        raise BadGeometry(reason_zh="坐标格式有误", reason_en="its coordinates are malformed") from None
    return shapely.force_2d(geometry)


def checked(geometry: Geometry) -> Geometry:
    """Return the geometry itself once it is known to be usable.

    Raises
    ------
    BadGeometry
        Empty, not finite, out of range, too large, or invalid; the sentence names the place.
    """
    if geometry.is_empty:
        raise BadGeometry(reason_zh="图形为空", reason_en="it is empty")
    if shapely.get_num_coordinates(geometry) > MOST_VERTICES:
        raise BadGeometry(
            reason_zh=f"顶点超过 {MOST_VERTICES} 个", reason_en=f"more than {MOST_VERTICES} vertices"
        )
    for x, y in shapely.get_coordinates(geometry):
        if not (math.isfinite(x) and math.isfinite(y)):
            raise BadGeometry(reason_zh="坐标不是有限的数", reason_en="a coordinate is not a finite number")
        LonLat(lon=float(x), lat=float(y))
    west, _, east, _ = shapely.bounds(geometry)
    if east - west > WIDEST_DEGREES:
        raise BadGeometry(
            reason_zh=f"东西跨度超过 {WIDEST_DEGREES}°，疑为跨越180°经线或范围有误",
            reason_en=f"it is more than {WIDEST_DEGREES}° wide; does it cross the date line?",
        )
    if shapely.length(geometry) > MOST_DEGREES:
        raise BadGeometry(
            reason_zh=f"边线总长超过 {MOST_DEGREES}°（约为全省界线的十倍）",
            reason_en=f"its edges are more than {MOST_DEGREES}° long in all, some ten times the line of the province",
        )
    if not geometry.is_valid:
        fault = shapely.is_valid_reason(geometry)
        raise BadGeometry(reason_zh=f"图形无效（{fault}）", reason_en=f"it is not valid ({fault})")
    return geometry
