"""A place as it was written, read once: text or geometry in, a position with its accuracy out.

Pure. A reading says how it was read (notation, datum, system) and never claims to be more exact than
it was written.
"""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from shapely import Geometry, Point

from geo_registry.errors import BadAccuracy, OutsideCrs, UnreadablePlace
from geo_registry.geo.coordinates import LonLat, parse_number
from geo_registry.geo.crs import CGCS2000, Projected, get_crs, to_lonlat
from geo_registry.geo.datum import wgs84_from_bd09, wgs84_from_gcj02
from geo_registry.terms import Notation, Precision

DEFAULT_CRS = "EPSG:4326"
DEFAULT_ACCURACY_M = 10.0
LARGEST_ACCURACY_M = 100_000.0
_METRES_PER_DEGREE = 111_320.0
_NUMBER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
_PAIR = re.compile(rf"\s*({_NUMBER})(?:\s*[,，;；]\s*|\s+)({_NUMBER})\s*")
_SHIFTED = {"gcj02": wgs84_from_gcj02, "bd09": wgs84_from_bd09}
_PRECISION = {0: Precision.POINT, 1: Precision.LINE, 2: Precision.AREA}


@dataclass(frozen=True, slots=True)
class Reading:
    """One place as it was understood.

    Attributes
    ----------
    geometry
        Point, line, area or a mixture; degrees, longitude first, EPSG:4326.
    accuracy_m
        Radius in metres within which the true place lies.
    crs, datum
        The system the input was read in, and its datum (`wgs84`, `cgcs2000`, `gcj02`, `bd09`, or another's name).
    """

    input: str
    notation: Notation
    datum: str
    crs: str
    geometry: Geometry
    accuracy_m: float
    precision: Precision
    alternatives: tuple["Reading", ...] = ()

    @property
    def lon(self) -> float | None:
        """Return the longitude of a point, None for a line or an area."""
        return float(self.geometry.x) if isinstance(self.geometry, Point) else None

    @property
    def lat(self) -> float | None:
        """Return the latitude of a point, None for a line or an area."""
        return float(self.geometry.y) if isinstance(self.geometry, Point) else None


def read_text(text: str, *, crs: str | None = None, accuracy_m: float | None = None) -> Reading:
    """Read a pair written by a person: `lon,lat` in degrees, or east,north of a named system.

    The accuracy, when none is given, is half the last digit written, and 10 m at least: `125.2,44.4`
    is a place known to about 5 km, not to a metre.

    Raises
    ------
    UnreadablePlace
        No two numbers stand there.
    InvalidInput
        Out of range, an unknown system, or outside the system's area.
    """
    match = _PAIR.fullmatch(text)
    if not match:
        raise UnreadablePlace(text=text)
    written = match.groups()
    x, y = (parse_number(name, part) for name, part in zip(("x", "y"), written, strict=True))
    degrees = crs is None or crs.lower() in _SHIFTED or get_crs(crs).is_geographic
    implied = _half_last_digit(written) * (_METRES_PER_DEGREE if degrees else 1.0)
    return read_numbers(
        x=x,
        y=y,
        crs=crs,
        accuracy_m=accuracy_m,
        implied_accuracy_m=max(DEFAULT_ACCURACY_M, implied),
        text=text,
    )


def read_numbers(
    *,
    x: float,
    y: float,
    crs: str | None = None,
    accuracy_m: float | None = None,
    implied_accuracy_m: float = DEFAULT_ACCURACY_M,
    text: str | None = None,
) -> Reading:
    """Read two numbers: longitude and latitude in degrees, or east and north of a named system.

    Surveyors write north before east; a projected pair that only fits its system the other way round
    is read that way.
    """
    name = crs or DEFAULT_CRS
    if name.lower() in _SHIFTED:
        LonLat(lon=x, lat=y)
        lon, lat = (float(v) for v in _SHIFTED[name.lower()](x, y))
        read, notation, datum = Projected(LonLat(lon=lon, lat=lat), 0.0), Notation.DEGREES, name.lower()
    else:
        read, notation, datum = _read_in_system(x, y, name)
    accuracy = _checked_accuracy(accuracy_m) if accuracy_m is not None else implied_accuracy_m
    return Reading(
        input=text if text is not None else f"{x!r},{y!r}",
        notation=notation,
        datum=datum,
        crs=name,
        geometry=Point(read.position.lon, read.position.lat),
        accuracy_m=max(accuracy, read.operation_accuracy_m),
        precision=Precision.POINT,
    )


def read_geometry(geometry: Geometry, *, text: str, accuracy_m: float | None = None) -> Reading:
    """Wrap a checked geometry in EPSG:4326 degrees, as GeoJSON brings it."""
    return Reading(
        input=text,
        notation=Notation.GEOJSON,
        datum="wgs84",
        crs=DEFAULT_CRS,
        geometry=geometry,
        accuracy_m=_checked_accuracy(accuracy_m) if accuracy_m is not None else DEFAULT_ACCURACY_M,
        precision=_PRECISION[_dimension(geometry)],
    )


def _dimension(geometry: Geometry) -> int:
    parts = getattr(geometry, "geoms", None)
    if parts is not None:
        return max(_dimension(part) for part in parts)
    return {"Point": 0, "LineString": 1, "LinearRing": 1}.get(geometry.geom_type, 2)


def _checked_accuracy(value: float) -> float:
    if not 0 <= value <= LARGEST_ACCURACY_M:
        raise BadAccuracy(value=str(value))
    return value


def _half_last_digit(written: tuple[str, ...]) -> float:
    """Return half the unit of the last digit of the coarser number of a pair."""
    try:
        exponents = [Decimal(part).as_tuple().exponent for part in written]
    except InvalidOperation:  # pragma: no cover - the pattern admits only what Decimal reads
        return 0.0
    return 0.5 * max(10.0 ** int(e) for e in exponents)


def _read_in_system(x: float, y: float, name: str) -> tuple[Projected, Notation, str]:
    crs = get_crs(name)
    base = crs.geodetic_crs
    datum = {4326: "wgs84", CGCS2000: "cgcs2000"}.get(base.to_epsg() or 0, base.name) if base else "unknown"
    if crs.is_geographic:
        LonLat(lon=x, lat=y)
        return to_lonlat(x=x, y=y, crs=name), Notation.DEGREES, datum
    method = crs.coordinate_operation.method_name if crs.coordinate_operation else ""
    notation = Notation.PROJECTED
    if "UTM" in crs.name:
        notation = Notation.UTM
    elif method == "Transverse Mercator":
        notation = Notation.GAUSS_KRUGER
    return _either_order(x, y, name), notation, datum


def _either_order(x: float, y: float, crs: str) -> Projected:
    try:
        return to_lonlat(x=x, y=y, crs=crs)
    except OutsideCrs as error:
        try:
            return to_lonlat(x=y, y=x, crs=crs)
        except OutsideCrs:
            raise error from None
