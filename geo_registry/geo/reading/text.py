"""Text to readings: each form is tried in turn, the one that names itself first."""

import re
from dataclasses import replace

from geo_registry.errors import BadZone, NoTransformation, SystemTwice, UnreadablePlace
from geo_registry.geo.crs import get_crs, is_stored_as_given
from geo_registry.geo.reading.angles import Angle, parse_pair, tokenise
from geo_registry.geo.reading.characters import Written, normalise, take_apart
from geo_registry.geo.reading.degrees import read_degrees
from geo_registry.geo.reading.links import read_link
from geo_registry.geo.reading.marked import read_marked
from geo_registry.geo.reading.metres import looks_like_metres, read_metres
from geo_registry.geo.reading.model import DEFAULT_ACCURACY_M, Reading, checked_accuracy
from geo_registry.geo.reading.numbers import is_in_degrees, is_shifted, read_numbers

LONGEST = 100_000
_BARE = re.compile(r"(-?)(\d{1,3}(?:\.\d+)?), ?(-?)(\d{1,3}(?:\.\d+)?)", re.ASCII)
_NO_WORDS = Written("", None, None, None, None)
_TAG = re.compile(r"EPSG\s*[:：]\s*(\d{4,6})|urn:ogc:def:crs:EPSG:[^:]*:(\d{4,6})", re.IGNORECASE)
_THOUSANDS = re.compile(r"(\d{1,3}(?:,\d{3}){1,2}(?:\.\d+)?)[\s;]+(\d{1,3}(?:,\d{3}){1,2}(?:\.\d+)?)")


def read_text(text: str, *, crs: str | None = None, accuracy_m: float | None = None) -> tuple[Reading, ...]:
    """Return every interpretation of a written position, the likeliest first; never empty.

    Where no accuracy is given it is half the last digit written, and 10 m at least: `125.2,44.4` is a
    place known to about 5 km, not to a metre.

    Raises
    ------
    UnreadablePlace
        The text is no position; it may be a name.
    InvalidInput
        It is one and cannot be used: out of range, an unknown system, minutes of 60 and more.
    """
    if accuracy_m is not None:
        checked_accuracy(accuracy_m)
    if len(text) > LONGEST or not text.strip():
        raise UnreadablePlace(text=text)
    bare = _BARE.fullmatch(text)
    if bare is not None:
        pair = _bare(*bare.group(1, 2)), _bare(*bare.group(3, 4))
        return tuple(_first_of_each(_of_pair(pair, text, crs, accuracy_m, _NO_WORDS)))
    plain = normalise(text)
    found = read_link(plain, accuracy_m=accuracy_m) or read_marked(plain, crs=crs, accuracy_m=accuracy_m)
    readings = [replace(r, input=text) for r in found or _read_pair(text, crs, accuracy_m)]
    return tuple(_first_of_each(readings))


def _bare(sign: str, number: str) -> Angle:
    """Return a number with no sign but a minus beside it: the same as the grammar makes of it, and sooner."""
    value = -float(number) if sign else float(number)
    return Angle(value, None, (number,), False, 10.0 ** -len(number.partition(".")[2]))


def is_position(text: str) -> bool:
    """Tell whether a text is, or tries to be, a position: what holds nothing else than numbers and signs."""
    plain = normalise(text)
    if plain.startswith(("{", "geo:", "SRID")) or "://" in plain:
        return True
    tokens = tokenise(take_apart(_TAG.sub(" ", text)).text)
    return tokens is not None and any(t.kind == "number" for t in tokens)


def _first_of_each(readings: list[Reading]) -> list[Reading]:
    """Return the readings without those that lead to a position already there."""
    if len(readings) == 1:
        return readings
    kept: dict[object, Reading] = {}
    for reading in readings:
        kept.setdefault(reading.geometry.wkb if reading.geometry is not None else reading, reading)
    return list(kept.values())


def _read_pair(text: str, crs: str | None, accuracy_m: float | None) -> list[Reading]:
    tag, rest = _tagged(text)
    if tag and crs and (is_shifted(crs) or get_crs(crs) != get_crs(tag)):
        raise SystemTwice(text=text, written=tag, crs=crs)
    written = take_apart(_without_thousands(rest))
    pair = _pair(written, text)
    accuracy = accuracy_m if accuracy_m is not None else written.accuracy_m
    return _of_pair(pair, text, tag or crs or written.crs, accuracy, written)


def _of_pair(
    pair: tuple[Angle, Angle], text: str, named: str | None, accuracy_m: float | None, written: Written
) -> list[Reading]:
    """Return the readings of two numbers: metres of a named system or of none, or degrees."""
    if named is not None and not is_in_degrees(named):
        return [_in_system(*pair, text, named, accuracy_m)]
    if looks_like_metres(*pair):
        return _metres(*pair, text, named, accuracy_m, written)
    return read_degrees(*pair, text=text, crs=named, accuracy_m=accuracy_m)


def _tagged(text: str) -> tuple[str | None, str]:
    match = _TAG.search(text)
    return (f"EPSG:{match.group(1) or match.group(2)}", _TAG.sub(" ", text)) if match else (None, text)


def _without_thousands(text: str) -> str:
    match = _THOUSANDS.fullmatch(normalise(text))
    return f"{match.group(1).replace(',', '')} {match.group(2).replace(',', '')}" if match else text


def _pair(written: Written, text: str) -> tuple[Angle, Angle]:
    tokens = tokenise(written.text)
    pair = parse_pair(tokens, text) if tokens else None
    if pair is None:
        raise UnreadablePlace(text=text)
    return pair


def _in_system(first: Angle, second: Angle, text: str, crs: str, accuracy_m: float | None) -> Reading:
    """Read metres of a named system: north and east where they say so, else whichever order fits."""
    swapped = first.axis == "lat" or second.axis == "lon"
    east, north = (second, first) if swapped else (first, second)
    implied = max(DEFAULT_ACCURACY_M, 0.5 * max(first.resolution, second.resolution))
    return read_numbers(
        x=east.value, y=north.value, crs=crs, accuracy_m=accuracy_m, implied_accuracy_m=implied, text=text
    )


def _metres(
    first: Angle, second: Angle, text: str, named: str | None, accuracy_m: float | None, written: Written
) -> list[Reading]:
    """Read metres of no named zone: those of CGCS2000.

    Raises
    ------
    NoTransformation
        Another datum was named in words, from which no published operation leads to ours.
    BadZone
        The numbers are no north and east of a zone.
    """
    if named is not None and is_shifted(named):
        raise BadZone(text=text)  # the shifted datums have no metres
    if named is not None and not is_stored_as_given(named):
        raise NoTransformation(crs=named)
    return read_metres(
        first, second, text=text, accuracy_m=accuracy_m, meridian=written.meridian, zone=written.zone
    )
