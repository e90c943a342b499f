"""A name or an address as a reading: the counties it fixes, and no position it does not have."""

from geo_registry.errors import UnknownName
from geo_registry.gazetteer.index import Gazetteer
from geo_registry.gazetteer.model import Match
from geo_registry.geo.coordinates import LonLat
from geo_registry.geo.reading.model import DEFAULT_CRS, Reading, checked_accuracy
from geo_registry.terms import Notation, Precision

_MOST_HINTS = 5
# Where nothing says how far a place reaches: a town has about 180 km² on average and many reach
# farther. For counties and cities the extent is taken from their polygons when the answer is made.
_ACCURACY_M = {Precision.VILLAGE: 5_000.0, Precision.TOWN: 15_000.0}
_UNKNOWN_EXTENT_M = 100_000.0


def read_name(text: str, gazetteer: Gazetteer, *, accuracy_m: float | None = None) -> tuple[Reading, ...]:
    """Return a reading for every place a name or an address may mean, the likeliest first.

    Raises
    ------
    UnknownName
        No place of that name is held; the sentence tells those that differ by one character.
    """
    matches = gazetteer.find(text)
    if not matches:
        hints = dict.fromkeys(m.formal for m in gazetteer.similar(text))
        raise UnknownName(text=text, hints="、".join(list(hints)[:_MOST_HINTS]) or "—")
    return tuple(_reading(text, match, accuracy_m) for match in matches)


def _reading(text: str, match: Match, accuracy_m: float | None) -> Reading:
    lon, lat = match.lon, match.lat
    implied = _ACCURACY_M.get(match.precision, _UNKNOWN_EXTENT_M)
    return Reading(
        input=text,
        notation=Notation.ADDRESS,
        datum="wgs84",
        crs=DEFAULT_CRS,
        where=LonLat(lon=lon, lat=lat) if lon is not None and lat is not None else None,
        accuracy_m=checked_accuracy(accuracy_m) if accuracy_m is not None else implied,
        precision=match.precision,
        why=match.evidence,
        adcodes=match.adcodes,
        name=match.formal,
    )
