"""What a version must satisfy before it may be the law: no gap, no overlap, no court unsaid.

A zone version is refused by findings with areas in m², not by a boolean; `findings == []` is a pass.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import shapely
from shapely import Geometry

from geo_registry.geo.measure import area_m2
from geo_registry.terms import Territory, Text
from geo_registry.zones.build import as_multipolygon
from geo_registry.zones.model import Designation, Zone


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason not to publish; `area_m2` and the place are None where the fault has no shape."""

    code: str
    text: Text
    area_m2: float | None = None
    lon: float | None = None
    lat: float | None = None


def check_version(
    designations: Sequence[Designation],
    zones: Sequence[Zone],
    *,
    units: Mapping[str, Geometry],
    names: Mapping[str, str],
    districts: Sequence[str],
    courts: frozenset[str],
    province_adcode: str,
    province: Geometry,
) -> list[Finding]:
    """Return every reason why the version may not be published; empty when there is none.

    Parameters
    ----------
    designations, zones
        The rows of the version and the zones built from them.
    units
        Polygons of all county-level units by adcode.
    names
        Names of units of any level by adcode.
    districts
        Codes of all forest districts held.
    courts
        Codes of all courts held, named or not; a row that names another is an unknown court.
    province_adcode, province
        Code and outline of the province.
    """
    return [
        *_rows_for(designations, Territory.ORDINARY, {a: names[a] for a in units}, units),
        *_rows_for(designations, Territory.FOREST, {d: d for d in districts}, {}),
        *_rows_for(designations, Territory.PROVINCE, {province_adcode: names[province_adcode]}, {}),
        *_provenance(designations, courts),
        *_shapes(zones, province),
    ]


def _rows_for(
    designations: Sequence[Designation],
    territory: Territory,
    wanted: Mapping[str, str],
    shapes: Mapping[str, Geometry],
) -> list[Finding]:
    """Find units without a row (a gap in the law), with two (an overlap), and rows for unknown units."""
    given = Counter(d.adcode or d.district or "" for d in designations if d.territory is territory)
    findings = []
    for key, name in wanted.items():
        if given[key] == 1:
            continue
        area, lon, lat = _extent(shapes.get(key))
        size = f"{area:.0f} m²" if area is not None else ""
        if given[key] == 0:
            text = Text(
                f"{name}（{key}）没有指定法院，缺口 {size}",
                f"{name} ({key}) has no designation: a gap of {size}",
            )
            findings.append(Finding("gap", text, area, lon, lat))
        else:
            text = Text(
                f"{name}（{key}）被指定 {given[key]} 次，重叠 {size}",
                f"{name} ({key}) is designated {given[key]} times: an overlap of {size}",
            )
            findings.append(Finding("overlap", text, area, lon, lat))
    findings += [
        Finding(
            "unknown-unit", Text(f"没有区划或林区“{key}”", f"there is no unit or forest district '{key}'")
        )
        for key in given
        if key not in wanted
    ]
    return findings


def _provenance(designations: Sequence[Designation], courts: frozenset[str]) -> list[Finding]:
    findings = []
    for d in designations:
        if d.court_code not in courts:
            text = Text(
                f"{d.id} 指向未登记的法院“{d.court_code}”", f"{d.id} names a court not held: '{d.court_code}'"
            )
            findings.append(Finding("unknown-court", text))
        if not d.sources or not d.instrument:
            text = Text(f"{d.id} 缺少文件或来源", f"{d.id} lacks its instrument or source")
            findings.append(Finding("no-source", text))
    return findings


def _shapes(zones: Sequence[Zone], province: Geometry) -> list[Finding]:
    """Compare the zones that have polygons with the outline of the province and with each other."""
    ordinary = [z for z in zones if z.territory is Territory.ORDINARY and z.geometry is not None]
    forest = [z for z in zones if z.territory is Territory.FOREST and z.geometry is not None]
    covered = shapely.union_all([z.geometry for z in ordinary])
    findings = [
        *_faults(
            "outline-gap", "省内未被任何法院覆盖", "of the province in no zone", province.difference(covered)
        ),
        *_faults("outline-excess", "超出省界", "outside the province", covered.difference(province)),
    ]
    for group in (ordinary, forest):
        for a, b in combinations(group, 2):
            shared = shapely.intersection(a.geometry, b.geometry)
            zh, en = (
                f"{a.court_code} 与 {b.court_code} 重叠",
                f"in the zones of both {a.court_code} and {b.court_code}",
            )
            findings += _faults("zone-overlap", zh, en, shared)
    for zone in forest:
        beyond = shapely.difference(zone.geometry, province)
        findings += _faults(
            "forest-excess", "林区超出省界", "of forest territory outside the province", beyond
        )
    return findings


def _faults(code: str, zh: str, en: str, fault: Geometry) -> list[Finding]:
    findings = []
    for part in as_multipolygon(fault).geoms:
        area, lon, lat = _extent(part)
        where = f"({lon:.6f}, {lat:.6f})"
        text = Text(f"{zh}：{area:.3f} m²，位于 {where}", f"{area:.3f} m² {en}, at {where}")
        findings.append(Finding(code, text, area, lon, lat))
    return findings


def _extent(shape: Geometry | None) -> tuple[float | None, float | None, float | None]:
    if shape is None:
        return None, None, None
    point = shape.representative_point()
    return area_m2(shape), float(point.x), float(point.y)
