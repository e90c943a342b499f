"""Surveyors' metres: Gauss–Krüger with and without the number of its zone, in either order.

In Chinese surveying X is north (seven digits) and Y is east: six digits, or eight with the zone in
front. CGCS2000 is taken where no system is named; Xi'an 80 and Beijing 54 must be named (`--crs`).
"""

from collections.abc import Iterator

from geo_registry.errors import BadZone, OutsideCrs
from geo_registry.geo.reading.angles import Angle
from geo_registry.geo.reading.model import DEFAULT_ACCURACY_M, Reading
from geo_registry.geo.reading.numbers import read_numbers
from geo_registry.terms import Notation, Text

_NORTH = (1_000_000.0, 9_999_999.0)
_EAST = (10_000.0, 999_999.0)
_MERIDIANS = (126, 123, 129, 120, 132)  # of the zones over the province, the one with most of it first
_FIRST_PREFIXED, _FIRST_PLAIN = (
    4513,
    4534,
)  # EPSG: CGCS2000 three-degree zones 25–45, central meridians 75E–135E
_FIRST_SIX = 4491  # six-degree zones 13–23


def looks_like_metres(first: Angle, second: Angle) -> bool:
    """Tell whether two plain numbers are too large for degrees."""
    return not (first.marked or second.marked) and min(abs(first.value), abs(second.value)) >= 1_000.0


def read_metres(
    first: Angle,
    second: Angle,
    *,
    text: str,
    accuracy_m: float | None,
    meridian: int | None,
    zone: int | None,
) -> list[Reading]:
    """Return the readings of a north and an east; one per zone that may be meant.

    A zone number in front of the east, or one named beside it, leaves one. Where the zone leads far
    away, those without it are listed, not asked about.

    Raises
    ------
    BadZone
        The number in front is of no zone, or the two are no north and east.
    OutsideCrs
        No zone holds such coordinates.
    """
    north, east = _sides(first, second, text)
    implied = max(DEFAULT_ACCURACY_M, 0.5 * max(north.resolution, east.resolution))
    readings = list(_readings(north.value, east.value, text, accuracy_m, implied, meridian, zone))
    if not readings:
        raise OutsideCrs(x=east.value, y=north.value, crs="CGCS2000 / Gauss-Kruger")
    return readings


def _sides(first: Angle, second: Angle, text: str) -> tuple[Angle, Angle]:
    for north, east in ((first, second), (second, first)):
        if north.axis == "lon" or east.axis == "lat":
            continue
        if _NORTH[0] <= north.value <= _NORTH[1] and (_is_plain(east.value) or _zone_of(east.value)):
            return north, east
    raise BadZone(text=text)


def _is_plain(east: float) -> bool:
    return _EAST[0] <= east <= _EAST[1]


def _zone_of(east: float) -> int | None:
    """Return the number of a Chinese zone in front of an east, None where there is none."""
    zone = int(east // 1_000_000)
    return zone if 13 <= zone <= 45 and _is_plain(east - zone * 1_000_000) else None


def _readings(
    north: float, east: float, text: str, accuracy_m: float | None, implied: float, meridian: int | None, zone: int | None
) -> Iterator[Reading]:  # fmt: skip
    prefix = _zone_of(east)
    plain = east - (prefix or 0) * 1_000_000
    asked = prefix or zone
    sure = [meridian] if meridian is not None else [_meridian(asked)] if asked else list(_MERIDIANS)
    if asked and not (13 <= asked <= 23 or 25 <= asked <= 45):
        raise BadZone(text=text)
    for degrees in dict.fromkeys((*sure, *_MERIDIANS)):
        named = degrees in sure
        if prefix and named and meridian is None:
            crs, x = f"EPSG:{_prefixed_code(prefix)}", east
        else:
            crs, x = f"EPSG:{_FIRST_PLAIN + (degrees - 75) // 3}", plain
        try:
            yield read_numbers(
                x=x, y=north, crs=crs, accuracy_m=accuracy_m, implied_accuracy_m=implied, text=text,
                notation=Notation.GAUSS_KRUGER, why=_why(degrees, asked, meridian, named), plausible=named,
            )  # fmt: skip
        except OutsideCrs:
            continue


def _prefixed_code(zone: int) -> int:
    return _FIRST_PREFIXED + zone - 25 if zone >= 25 else _FIRST_SIX + zone - 13


def _meridian(zone: int) -> int:
    return zone * 3 if zone >= 25 else zone * 6 - 3


def _why(degrees: int, zone: int | None, meridian: int | None, named: bool) -> Text:
    if meridian is not None and named:
        return Text(f"按所写中央子午线 {degrees}°", f"by the central meridian written, {degrees}°E")
    if zone is not None and named:
        width = 3 if zone >= 25 else 6
        return Text(
            f"带号 {zone}（{width}°带，中央子午线 {degrees}°）",
            f"zone {zone} ({width}° zones, central meridian {degrees}°E)",
        )
    if zone is not None:
        return Text(
            f"若带号有误：中央子午线 {degrees}°", f"if the zone is wrong: central meridian {degrees}°E"
        )
    return Text(f"未写带号：中央子午线 {degrees}°", f"no zone written: central meridian {degrees}°E")
