"""Forms that say themselves what they are: EPSG-tagged pairs, UTM, MGRS, WKT, GeoJSON, geo: URIs."""

import json
import math
import re

import mgrs
import shapely
from shapely import Geometry

from geo_registry.errors import BadGeometry, OutsideCrs, SystemTwice, UnknownCrs, UnreadablePlace
from geo_registry.geo.crs import get_crs, get_transformer, is_stored_as_given
from geo_registry.geo.reading.model import DEFAULT_ACCURACY_M, DEFAULT_CRS, Reading
from geo_registry.geo.reading.numbers import is_shifted, read_geometry, read_numbers
from geo_registry.geo.shapes import checked, geometries_from_geojson
from geo_registry.terms import Notation, Text

_NUMBER = r"[+-]?\d+(?:\.\d*)?"
_UTM = re.compile(
    rf"(?:UTM\s*)?(?:zone\s*)?(\d{{1,2}})\s*([C-HJ-NP-X])?[\s,]+({_NUMBER})\s*(?:mE|E|m)?[\s,;]+({_NUMBER})\s*(?:mN|N|m)?",
    re.IGNORECASE,
)
_MGRS = re.compile(r"(\d{1,2})\s*([C-HJ-NP-X])\s*([A-HJ-NP-Z]{2})\s*(\d[\d\s]*)", re.IGNORECASE)
_WKT = re.compile(r"(?:SRID\s*=\s*(\d+)\s*;\s*)?((?:MULTI)?(?:POINT|LINESTRING|POLYGON)|GEOMETRYCOLLECTION)\b.*", re.IGNORECASE | re.DOTALL)  # fmt: skip
_GEO = re.compile(
    rf"geo:({_NUMBER}),({_NUMBER})(?:,{_NUMBER})?((?:;[a-z0-9-]+(?:=[^;?]*)?)*)(\?.*)?", re.IGNORECASE
)


def read_marked(text: str, *, crs: str | None, accuracy_m: float | None) -> list[Reading]:
    """Return the readings of a form that names itself; empty where the text is none of them.

    Raises
    ------
    InvalidInput
        It is one of them and cannot be used.
    """
    for form in (_geojson, _wkt, _geo_uri, _mgrs, _utm):
        found = form(text.strip(), crs, accuracy_m)
        if found is not None:
            return [found]
    return []


def _geojson(text: str, crs: str | None, accuracy_m: float | None) -> Reading | None:
    if not text.startswith("{"):
        return None
    _only_one_system(text, crs, DEFAULT_CRS)
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise UnreadablePlace(text=text) from None
    geometries = geometries_from_geojson(data)
    if len(geometries) != 1:
        raise BadGeometry(
            reason_zh="含多个图形，请作为多个地点分别给出",
            reason_en="it holds several; give them as several places",
        )
    return read_geometry(_single(geometries[0]), text=text, accuracy_m=accuracy_m)


def _wkt(text: str, crs: str | None, accuracy_m: float | None) -> Reading | None:
    match = _WKT.fullmatch(text)
    if not match:
        return None
    written = f"EPSG:{match.group(1)}" if match.group(1) else None
    if written:
        _only_one_system(text, crs, written)
    system = written or crs or DEFAULT_CRS
    try:
        geometry = shapely.force_2d(shapely.from_wkt(text[match.start(2) :]))
    except shapely.errors.ShapelyError:
        raise BadGeometry(reason_zh="不是有效的 WKT", reason_en="it is not WKT") from None
    shape = _single(checked(_in_degrees(geometry, system)))
    if shape.geom_type == "Point":
        x, y = shapely.get_coordinates(geometry)[0]
        return read_numbers(
            x=float(x), y=float(y), crs=system, accuracy_m=accuracy_m, text=text, notation=Notation.WKT
        )
    return read_geometry(shape, text=text, accuracy_m=accuracy_m, notation=Notation.WKT, crs=system)


def _in_degrees(geometry: Geometry, crs: str) -> Geometry:
    """Return a geometry of a named system in stored degrees.

    Raises
    ------
    UnknownCrs, NoTransformation, OutsideCrs
        See `geo.crs`.
    """
    if is_shifted(crs):
        raise UnknownCrs(crs=crs)  # the corners of a shape are seldom all from one phone
    if is_stored_as_given(crs):
        return geometry
    transform = get_transformer(crs).transform

    def to_degrees(xy: object) -> object:
        return shapely.get_coordinates(shapely.points(*transform(xy[:, 0], xy[:, 1])))  # type: ignore[index]

    moved = shapely.transform(geometry, to_degrees)
    bounds = shapely.bounds(moved)
    if not all(math.isfinite(v) for v in bounds):
        raise OutsideCrs(x=float(bounds[0]), y=float(bounds[1]), crs=crs)
    return moved


def _single(geometry: Geometry) -> Geometry:
    if geometry.geom_type in ("MultiPoint", "GeometryCollection"):
        raise BadGeometry(reason_zh="含多个点或图形，请作为多个地点分别给出", reason_en="it holds several points or shapes; give them as several places")  # fmt: skip
    return geometry


def _geo_uri(text: str, crs: str | None, accuracy_m: float | None) -> Reading | None:
    if not text.lower().startswith("geo:"):
        return None
    match = _GEO.fullmatch(text)
    if not match:
        raise UnreadablePlace(text=text)
    named = dict(part.partition("=")[::2] for part in match.group(3).lower().split(";") if part)
    if named.get("crs", "wgs84") != "wgs84":
        raise UnknownCrs(crs=named["crs"])
    _only_one_system(text, crs, DEFAULT_CRS)
    lat, lon = match.group(1), match.group(2)
    uncertain = named.get("u", "")
    written = float(uncertain) if re.fullmatch(r"\d+(?:\.\d+)?", uncertain) else None
    return read_numbers(
        x=float(lon), y=float(lat), crs=DEFAULT_CRS, text=text, notation=Notation.GEO_URI,
        accuracy_m=accuracy_m if accuracy_m is not None else written, implied_accuracy_m=implied_by(lon, lat),
        why=Text("geo URI：纬度在前", "a geo URI: latitude first"),
    )  # fmt: skip


def implied_by(*written: str) -> float:
    """Return the radius that the last digits of written degrees allow, 10 m at least."""
    coarsest = max(10.0 ** -len(part.partition(".")[2]) for part in written)
    return max(DEFAULT_ACCURACY_M, 0.5 * coarsest * 111_320.0)


def _mgrs(text: str, crs: str | None, accuracy_m: float | None) -> Reading | None:
    match = _MGRS.fullmatch(text)
    if not match:
        return None
    digits = re.sub(r"\s", "", match.group(4))
    if len(digits) % 2 or len(digits) > 10:
        raise UnreadablePlace(text=text)
    _only_one_system(text, crs, DEFAULT_CRS)
    cell = 10.0 ** (5 - len(digits) // 2)
    half = (
        (digits[: len(digits) // 2] + "5").ljust(5, "0")[:5],
        (digits[len(digits) // 2 :] + "5").ljust(5, "0")[:5],
    )
    try:
        lat, lon = mgrs.MGRS().toLatLon(
            f"{int(match.group(1)):02d}{match.group(2)}{match.group(3)}{half[0]}{half[1]}".upper()
        )
    except mgrs.core.MGRSError:
        raise UnreadablePlace(text=text) from None
    return read_numbers(
        x=lon, y=lat, crs=DEFAULT_CRS, text=text, notation=Notation.MGRS, accuracy_m=accuracy_m,
        implied_accuracy_m=max(DEFAULT_ACCURACY_M, cell / math.sqrt(2)),
        why=Text(f"MGRS 网格，边长 {cell:g} 米，取其中心", f"the middle of an MGRS square of {cell:g} m"),
    )  # fmt: skip


def _utm(text: str, crs: str | None, accuracy_m: float | None) -> Reading | None:
    match = _UTM.fullmatch(text)
    if not match:
        return None
    zone, band, east, north = (
        int(match.group(1)),
        (match.group(2) or "N").upper(),
        match.group(3),
        match.group(4),
    )
    if not 1 <= zone <= 60 or float(east) < 100_000 or float(north) < 0:
        return None
    south = band < "N" or (band == "S" and not 3_540_000 <= float(north) <= 4_430_000)
    code = f"EPSG:{(32700 if south else 32600) + zone}"
    _only_one_system(text, crs, code)
    return read_numbers(
        x=float(east), y=float(north), crs=code, text=text, notation=Notation.UTM, accuracy_m=accuracy_m,
        why=Text(f"UTM {zone} 带", f"UTM zone {zone}"),
    )  # fmt: skip


def _only_one_system(text: str, crs: str | None, written: str) -> None:
    if crs is not None and (is_shifted(crs) or get_crs(crs) != get_crs(written)):
        raise SystemTwice(text=text, written=written, crs=crs)
