"""Which reading of a place an answer rests on: the ones inside the province are asked, and only if they differ."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import shapely

from geo_registry.geo.coordinates import LonLat
from geo_registry.geo.datum import wgs84_from_gcj02
from geo_registry.geo.measure import distance_m
from geo_registry.geo.reading.model import Reading
from geo_registry.routing.model import Candidate, Notice, Place, Understood, merged
from geo_registry.routing.places import AnswerTable, Finding, find, is_outside
from geo_registry.terms import Notation, Precision, Text

SHIFT_AT_MOST_M = 800.0  # GCJ-02 moves a position in the province by 350 to 700 m


@dataclass(frozen=True, slots=True)
class Settled:
    """What is known of a place once its readings are weighed.

    `open` holds the readings that lead to different answers, each with its finding; empty where one decides.
    """

    finding: Finding
    understood: Understood
    open: tuple[Finding, ...]
    notices: tuple[Notice, ...]


def settle(place: Place, table: AnswerTable) -> Settled:
    """Return the finding of a place: that of its one reading inside the province, or of several that agree.

    Where plausible readings inside the province differ, the finding is of all of them together. A
    reading outside it is put behind those inside; one that is merely possible is listed and no more.
    """
    asked = [find(r, table) for r in place.readings if r.plausible]
    inside = [f for f in asked if not is_outside(f) or f.near_province] or asked[:1]
    chosen, others = inside[0], [r for r in place.readings if r is not inside[0].reading]
    if len({f.reach for f in inside}) > 1:
        return Settled(
            _together(inside), Understood(chosen.reading, tuple(others), place.role), tuple(inside), ()
        )
    chosen = replace(chosen, reading=_with_extent(chosen.reading, table))
    shifted = _if_shifted(chosen, table)
    if shifted is not None:
        others.append(shifted.reading)
    notices = [_datum_matters(shifted)] if shifted is not None else []
    if is_outside(chosen) and any(not is_outside(find(r, table)) for r in others if not r.plausible):
        notices.append(_OTHER_READINGS_INSIDE)
    return Settled(chosen, Understood(chosen.reading, tuple(others), place.role), (), tuple(notices))


def _with_extent(reading: Reading, table: AnswerTable) -> Reading:
    """Return a reading by name, as exact as the counties it lies in are large; a town's is as it is."""
    if (
        reading.name is None
        or not reading.adcodes
        or reading.precision in (Precision.VILLAGE, Precision.TOWN)
    ):
        return reading
    west, south, east, north = shapely.total_bounds([table.locator.units[a] for a in reading.adcodes])
    across = distance_m(lon_a=west, lat_a=south, lon_b=east, lat_b=north)
    return replace(reading, accuracy_m=round(across / 2, -3))


def _together(findings: Sequence[Finding]) -> Finding:
    """Return one finding that leaves open which of several readings is meant."""
    parts = [_on_reading(f) for f in findings]
    return Finding(
        reading=findings[0].reading,
        states=tuple(s for f in findings for s in f.states),
        parts=tuple(part for own in parts for part in own),
        near=merged(c for f in findings for c in f.near),
        on_line=False,
        near_province=False,
        boundary=None,
        one_of=True,
    )


def _on_reading(finding: Finding) -> tuple[tuple[Candidate, ...], ...]:
    condition = described(finding.reading)
    text = Text(f"地点读作{condition.zh}", f"the place is read as {condition.en}")
    return tuple(tuple(c.on_condition(text) for c in part) for part in finding.parts)


def described(reading: Reading) -> Text:
    """Return a reading in a few words: the name, or the position and what it was read by."""
    if reading.name is not None:
        return Text(reading.name, reading.name)
    if reading.lon is None or reading.lat is None:
        return Text(reading.precision.label.zh, reading.precision.label.en)
    where = f"{reading.lon:.5f}, {reading.lat:.5f}"
    return Text(f"{where}（{reading.why.zh}）", f"{where} ({reading.why.en})")


def _if_shifted(finding: Finding, table: AnswerTable) -> Finding | None:
    """Return what the place would be if it came from a phone or a web map, where that changes the answer."""
    reading, boundary = finding.reading, finding.boundary
    if reading.datum_known or reading.notation is not Notation.DEGREES or boundary is None:
        return None
    if boundary.distance_m > SHIFT_AT_MOST_M + reading.accuracy_m or reading.lon is None:
        return None
    found = find(as_shifted(reading), table)
    return found if found.reach != finding.reach else None


def as_shifted(reading: Reading) -> Reading:
    """Return the reading of a point in degrees as if it came from a phone or a web map (GCJ-02)."""
    lon, lat = (float(v) for v in wgs84_from_gcj02(reading.lon, reading.lat))
    why = Text("若取自手机或网络地图（GCJ-02）", "if it came from a phone or a web map (GCJ-02)")
    return replace(
        reading, where=LonLat(lon=lon, lat=lat), datum="gcj02", crs="gcj02", why=why, plausible=False
    )


def _datum_matters(shifted: Finding) -> Notice:
    zh = "、".join(
        dict.fromkeys(c.court.name if c.court and c.court.name else "法院待核实" for c in shifted.own)
    )
    en = ", ".join(
        dict.fromkeys(c.court.name if c.court and c.court.name else "no court confirmed" for c in shifted.own)
    )
    if is_outside(shifted):
        zh, en = "省外", "outside the province"
    return Notice(
        "datum-matters",
        Text(
            f"坐标来源未注明：若取自手机或网络地图（GCJ-02），该处则为{zh}。请注明 crs=gcj02 或 crs=EPSG:4490。",
            f"The origin of the coordinates was not given: from a phone or a web map (GCJ-02) the place would be "
            f"{en}. Say crs=gcj02 or crs=EPSG:4490.",
        ),
    )


_OTHER_READINGS_INSIDE = Notice(
    "other-readings-inside",
    Text(
        "按所写读出的位置在省外；带号或写法若有误，另有读法落在省内，见其他读法。",
        "As written the place is outside the province; if its zone or form is wrong, other readings lie inside: "
        "see the alternatives.",
    ),
)
