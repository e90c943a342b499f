"""Which columns hold the place: as they were named, or known by their headings; never by their values."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from geo_registry.errors import BareXY, ColumnMissing, ColumnsUnclear

_LON = frozenset({"lon", "lng", "long", "longitude", "经度", "东经"})
_LAT = frozenset({"lat", "latitude", "纬度", "北纬"})
_PLACE = frozenset({"place", "address", "location", "地址", "详细地址", "地点", "案发地", "案发地点", "位置", "坐标", "经纬度"})  # fmt: skip
_ACCURACY = frozenset({"accuracy_m"})
_X, _Y = frozenset({"x", "x坐标"}), frozenset({"y", "y坐标"})
_ASIDE = re.compile(r"[(（\[【].*?[)）\]】]")  # a unit behind a heading: 经度(°)


@dataclass(frozen=True, slots=True)
class Named:
    """The columns a person named; None where none was."""

    lon: str | None = None
    lat: str | None = None
    place: str | None = None
    accuracy: str | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """The columns a row's place is read from: the geometry, or a pair, and what is read where these are blank."""

    geometry: bool = False
    lon: str | None = None
    lat: str | None = None
    place: str | None = None
    accuracy: str | None = None


def choose(columns: Sequence[str], named: Named, *, has_geometry: bool) -> Chosen:
    """Return the columns to read places from.

    Columns named win over a geometry, a geometry over headings. Between longitude and latitude nothing
    is guessed: two headings for one of them, or one without the other, are refused.

    Raises
    ------
    ColumnMissing
        A column named is not there.
    ColumnsUnclear, BareXY
        The headings do not say which columns to read.
    """
    for name in (named.lon, named.lat, named.place, named.accuracy):
        if name is not None and name not in columns:
            raise ColumnMissing(name=name, columns=_listed(columns))
    accuracy = named.accuracy or _only(columns, _ACCURACY)
    if (named.lon is None) != (named.lat is None):
        raise ColumnsUnclear(found=named.lon or named.lat or "", columns=_listed(columns))
    if named.lon is not None:
        return Chosen(lon=named.lon, lat=named.lat, place=named.place, accuracy=accuracy)
    if has_geometry:
        return Chosen(geometry=True, place=named.place, accuracy=accuracy)
    if named.place is not None:
        return Chosen(place=named.place, accuracy=accuracy)
    return _by_heading(columns, accuracy)


def _by_heading(columns: Sequence[str], accuracy: str | None) -> Chosen:
    lons, lats, places = (_all(columns, names) for names in (_LON, _LAT, _PLACE))
    if len(lons) == len(lats) == 1:
        return Chosen(lon=lons[0], lat=lats[0], place=_only(columns, _PLACE), accuracy=accuracy)
    if not lons and not lats and len(places) == 1:
        return Chosen(place=places[0], accuracy=accuracy)
    if not (lons or lats or places) and _all(columns, _X) and _all(columns, _Y):
        raise BareXY(columns=_listed([*_all(columns, _X), *_all(columns, _Y)]))
    raise ColumnsUnclear(found=_listed([*lons, *lats, *places]) or "—", columns=_listed(columns))


def _all(columns: Sequence[str], names: frozenset[str]) -> list[str]:
    return [c for c in columns if _ASIDE.sub("", c).strip().casefold() in names]


def _only(columns: Sequence[str], names: frozenset[str]) -> str | None:
    found = _all(columns, names)
    return found[0] if len(found) == 1 else None


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(columns)


def unlike(name: str, taken: Sequence[str]) -> str:
    """Return a name, with a number behind it where it is taken; case does not tell names apart."""
    held = {t.casefold() for t in taken}
    made, n = name, 1
    while made.casefold() in held:
        n += 1
        made = f"{name}_{n}"
    return made
