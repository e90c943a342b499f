"""Links copied from map sites, whose datum is known: 高德, 百度, 腾讯, Google, OpenStreetMap, Apple."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from geo_registry.errors import LinkWithoutPosition
from geo_registry.geo.reading.marked import implied_by
from geo_registry.geo.reading.model import Reading
from geo_registry.geo.reading.numbers import read_numbers
from geo_registry.terms import Notation, Text

_LINK = re.compile(r"(?:https?://|(?:www|m|map|maps|ditu|uri|wb|apis|api|uri)\.)\S+", re.IGNORECASE)
_NUMBER = r"-?\d{1,3}(?:\.\d+)?"
_PAIR = re.compile(rf"({_NUMBER})\s*,\s*({_NUMBER})")
_AT = re.compile(rf"@({_NUMBER}),({_NUMBER})")
_PIN = re.compile(rf"!3d({_NUMBER})!4d({_NUMBER})")
_HASH = re.compile(rf"map=\d+(?:\.\d+)?/({_NUMBER})/({_NUMBER})")
_COORD = re.compile(rf"coord:({_NUMBER}),({_NUMBER})")
_BAIDU = {
    "bd09ll": "bd09",
    "bd09": "bd09",
    "gcj02": "gcj02",
    "gcj02ll": "gcj02",
    "wgs84": "EPSG:4326",
    "wgs84ll": "EPSG:4326",
}


@dataclass(frozen=True, slots=True)
class Found:
    """The longitude and latitude in a link, as written, and their datum."""

    lon: str
    lat: str
    crs: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link taken apart; the text is unquoted, the query's names are lower case."""

    host: str
    text: str
    query: Mapping[str, str]


def read_link(text: str, *, accuracy_m: float | None) -> list[Reading]:
    """Return the readings of the map link in a text; empty where there is no link.

    Google's and Apple's maps of China are drawn in GCJ-02, their satellite pictures are not: both are
    asked about, the shifted one first.

    Raises
    ------
    LinkWithoutPosition
        The site is not known, or the link holds no coordinates: a short link, or a mere name.
    """
    match = _LINK.search(text)
    if not match:
        return []
    link = _take_apart(match.group())
    for site, (reader, name) in _SITES.items():
        if site.search(link.host):
            found = reader(link)
            if found is None:
                break
            others = [] if name not in ("Google", "Apple") else ["EPSG:4326"]
            return [_reading(found, crs, name, text, accuracy_m) for crs in (found.crs, *others)]
    raise LinkWithoutPosition(link=match.group())


def _take_apart(link: str) -> Link:
    parts = urlsplit(link if "//" in link else f"//{link}")
    query = {k.lower(): v for k, v in parse_qsl(parts.query.replace("+", "%20"))}
    return Link(
        (parts.hostname or "").lower(), unquote(f"{parts.path}?{parts.query}#{parts.fragment}"), query
    )


def _reading(found: Found, crs: str, site: str, text: str, accuracy_m: float | None) -> Reading:
    datum = {"gcj02": "GCJ-02", "bd09": "BD-09"}.get(crs, "WGS 84")
    return read_numbers(
        x=float(found.lon), y=float(found.lat), crs=crs, accuracy_m=accuracy_m, text=text, notation=Notation.LINK,
        implied_accuracy_m=implied_by(found.lon, found.lat),
        why=Text(f"{site} 链接，{datum}", f"a {site} link, {datum}"),
    )  # fmt: skip


def _lon_first(link: Link, names: tuple[str, ...]) -> tuple[str, str] | None:
    match = next((m for n in names if (m := _PAIR.search(link.query.get(n, "")))), None)
    return (match.group(1), match.group(2)) if match else None


def _lat_first(link: Link, names: tuple[str, ...]) -> tuple[str, str] | None:
    found = _lon_first(link, names)
    return (found[1], found[0]) if found else None


def _two(link: Link, lon: str, lat: str) -> tuple[str, str] | None:
    values = link.query.get(lon, ""), link.query.get(lat, "")
    return values if all(re.fullmatch(_NUMBER, v) for v in values) else None


def _amap(link: Link) -> Found | None:
    found = (
        _lon_first(link, ("position", "location", "dest", "to", "center"))
        or _two(link, "lng", "lat")
        or _two(link, "lon", "lat")
    )
    if not found and (match := re.match(rf"[^,]*,({_NUMBER}),({_NUMBER})", link.query.get("p", ""))):
        found = match.group(2), match.group(1)
    found = found or _lat_first(link, ("q",))
    return Found(*found, "gcj02") if found else None


def _baidu(link: Link) -> Found | None:
    found = _lat_first(link, ("location", "latlng", "destination", "center"))
    kind = (link.query.get("coord_type") or link.query.get("coordtype") or "bd09ll").lower()
    return Found(*found, _BAIDU[kind]) if found and kind in _BAIDU else None


def _tencent(link: Link) -> Found | None:
    if match := _COORD.search(link.text):
        return Found(match.group(2), match.group(1), "gcj02")
    found = _lat_first(link, ("coord", "center", "tocoord", "latlng")) or _two(link, "pointx", "pointy")
    return Found(*found, "gcj02") if found else None


def _google(link: Link) -> Found | None:
    match = _PIN.search(link.text) or _AT.search(link.text)
    found = (
        (match.group(2), match.group(1))
        if match
        else _lat_first(link, ("q", "query", "ll", "center", "destination", "daddr"))
    )
    return Found(*found, "gcj02") if found else None


def _openstreetmap(link: Link) -> Found | None:
    found = _two(link, "mlon", "mlat") or _two(link, "lon", "lat")
    if not found and (match := _HASH.search(link.text)):
        found = match.group(2), match.group(1)
    return Found(*found, "EPSG:4326") if found else None


def _apple(link: Link) -> Found | None:
    found = _lat_first(link, ("ll", "q", "coordinate", "sll", "daddr"))
    return Found(*found, "gcj02") if found else None


_SITES: dict[re.Pattern[str], tuple[Callable[[Link], Found | None], str]] = {
    re.compile(r"(?:^|\.)(?:amap|gaode)\.com$"): (_amap, "高德 Amap"),
    re.compile(r"(?:^|\.)baidu\.com$"): (_baidu, "百度 Baidu"),
    re.compile(r"(?:^|\.)qq\.com$"): (_tencent, "腾讯 Tencent"),
    re.compile(r"(?:^|\.)google\.(?:com|cn|com\.hk|co\.[a-z]{2}|[a-z]{2})$"): (_google, "Google"),
    re.compile(r"(?:^|\.)openstreetmap\.org$|(?:^|\.)osm\.org$"): (_openstreetmap, "OpenStreetMap"),
    re.compile(r"(?:^|\.)maps\.apple\.com$"): (_apple, "Apple"),
}
