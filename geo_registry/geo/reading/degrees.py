"""Pairs in degrees: which is the longitude, and whether the digits may be packed degrees-minutes-seconds."""

import re
from collections.abc import Iterator

from geo_registry.errors import LatitudeOutOfRange, LongitudeOutOfRange
from geo_registry.geo.coordinates import LonLat
from geo_registry.geo.reading.angles import Angle
from geo_registry.geo.reading.model import DEFAULT_ACCURACY_M, LARGEST_ACCURACY_M, Reading
from geo_registry.geo.reading.numbers import read_numbers
from geo_registry.terms import Notation, Text

_METRES_PER_DEGREE = 111_320.0
_PACKED = re.compile(r"(\d{1,3})\.(\d{2})(\d{2})(\d*)")
_NAMED = Text("按所写的方向读取", "by the directions written")
_LON_FIRST = Text("第一个数读作经度", "the first number read as longitude")
_LAT_FIRST = Text("第一个数读作纬度", "the first number read as latitude")


def read_degrees(
    first: Angle, second: Angle, *, text: str, crs: str | None, accuracy_m: float | None
) -> list[Reading]:
    """Return the readings of two angles, the decimal ones before the packed ones.

    Four decimals on both sides, all of them possible minutes and seconds, may be packed `ddd.mmss`:
    then both are asked about. With more decimals the packed reading is listed and no more.

    Raises
    ------
    LatitudeOutOfRange, LongitudeOutOfRange
        No order of the two is a position.
    """
    marked = first.marked or second.marked
    found = list(
        _orders(first, second, text, crs, accuracy_m, Notation.DMS if marked else Notation.DEGREES, True)
    )
    if not found:
        lat_first = first.axis == "lat" or second.axis == "lon"
        lon, lat = (second, first) if lat_first else (first, second)
        LonLat(lon=lon.value, lat=lat.value)  # says what is out of range
    packed = None if marked else _unpacked(first, second)
    if packed is not None:
        sure = all(len(a.parts[0].partition(".")[2]) == 4 for a in (first, second))
        found += _orders(*packed, text, crs, accuracy_m, Notation.PACKED_DMS, sure)
    return found


def _orders(
    first: Angle, second: Angle, text: str, crs: str | None, accuracy_m: float | None, notation: Notation, plausible: bool
) -> Iterator[Reading]:  # fmt: skip
    implied = min(max(first.resolution, second.resolution) * 0.5 * _METRES_PER_DEGREE, LARGEST_ACCURACY_M)
    named = first.axis or second.axis
    for lon, lat, why in ((first, second, _LON_FIRST), (second, first, _LAT_FIRST)):
        if lon.axis == "lat" or lat.axis == "lon" or abs(lat.value) > 90:
            continue
        try:
            yield read_numbers(
                x=lon.value, y=lat.value, crs=crs, accuracy_m=accuracy_m, text=text, notation=notation,
                implied_accuracy_m=max(DEFAULT_ACCURACY_M, implied), plausible=plausible,
                why=_why(_NAMED if named else why, notation),
                datum_known=crs is not None or notation is not Notation.DEGREES,
            )  # fmt: skip
        except (LatitudeOutOfRange, LongitudeOutOfRange):
            continue


def _why(order: Text, notation: Notation) -> Text:
    if notation is not Notation.PACKED_DMS:
        return order
    return Text(
        f"小数部分读作分秒（度.分分秒秒），{order.zh}",
        f"decimals read as minutes and seconds (ddd.mmss), {order.en}",
    )


def _unpacked(first: Angle, second: Angle) -> tuple[Angle, Angle] | None:
    """Return two decimal angles read as ddd.mmss, None where one cannot be."""
    both = [_unpack(a) for a in (first, second)]
    return (both[0], both[1]) if both[0] is not None and both[1] is not None else None


def _unpack(angle: Angle) -> Angle | None:
    match = _PACKED.fullmatch(angle.parts[0])
    if not match:
        return None
    degrees, minutes, seconds, rest = match.groups()
    if int(minutes) >= 60 or int(seconds) >= 60:
        return None
    value = int(degrees) + int(minutes) / 60 + float(f"{seconds}.{rest or 0}") / 3600
    sign = -1.0 if angle.value < 0 else 1.0
    return Angle(sign * value, angle.axis, angle.parts, False, 10.0 ** -len(rest) / 3600)
