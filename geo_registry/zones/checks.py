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
from geo_registry.terms import Status, Territory, Text
from geo_registry.zones.build import as_multipolygon
from geo_registry.zones.coverage import ROUNDING_M2, find_faults, unmatched_edges
from geo_registry.zones.model import Designation, Zone


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason not to publish; `area_m2` and the place are None where the fault has no shape.

    `blocks` is False for what a person should look at and may publish nonetheless; `is_sliver` marks a
    fault so small or thin that it comes from drawing and not from law.
    """

    code: str
    text: Text
    area_m2: float | None = None
    lon: float | None = None
    lat: float | None = None
    blocks: bool = True
    is_sliver: bool = False


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
        *_ground(units, names, province),
        *_shapes(zones, province),
    ]


def remarks(designations: Sequence[Designation]) -> list[Finding]:
    """Return what a person should look at before publishing and what does not stand against it."""
    found = []
    for d in designations:
        if not d.article:
            text = Text(f"{d.id} 没有写明第几项", f"{d.id} names no item of its instrument")
            found.append(Finding("no-article", text, blocks=False))
        if d.status is not Status.CONFIRMED:
            text = Text(f"{d.id} 的把握是{d.status.label.zh}", f"{d.id} is {d.status.label.en}")
            found.append(Finding("not-confirmed", text, blocks=False))
    return found


_FAULTS = {
    "gap": ("sliver-gap", "unit-gap", "不属任何县区", "in no unit"),
    "overlap": ("sliver-overlap", "unit-overlap", "被重复占有", "claimed twice"),
    "excess": ("sliver-excess", "unit-excess", "超出省界", "outside the province"),
}


def _ground(units: Mapping[str, Geometry], names: Mapping[str, str], province: Geometry) -> list[Finding]:
    """Find where the units are no coverage of the province, with the units concerned."""
    findings = []
    for fault in find_faults(units, province):
        sliver, other, zh, en = _FAULTS[fault.kind]
        who = [f"{names.get(k, k)}（{k}）" for k in fault.keys]
        _, lon, lat = _extent(fault.geometry)
        where = f"({lon:.7f}, {lat:.7f})"
        text = Text(
            f"{'、'.join(who)}：{fault.area_m2:.3f} m² {zh}，位于 {where}",
            f"{', '.join(who)}: {fault.area_m2:.3f} m² {en}, at {where}",
        )
        code = sliver if fault.is_sliver else other
        findings.append(Finding(code, text, fault.area_m2, lon, lat, is_sliver=fault.is_sliver))
    if not findings:  # edges that overlap or gape are no more than a sign of what was found
        findings = [_unmatched(key, edge, names) for key, edge in unmatched_edges(units)]
    return findings


def _unmatched(key: str, edge: Geometry, names: Mapping[str, str]) -> Finding:
    lon, lat = (float(v) for v in shapely.get_coordinates(edge)[0])
    where = f"({lon:.7f}, {lat:.7f})"
    return Finding(
        "edge-mismatch",
        Text(
            f"{names.get(key, key)}（{key}）与相邻县区的界线顶点不一致，位于 {where}",
            f"{names.get(key, key)} ({key}) and its neighbour do not share the vertices of their line, at {where}",
        ),
        None,
        lon,
        lat,
        is_sliver=True,
    )


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
        if area is not None and area <= ROUNDING_M2:
            continue
        where = f"({lon:.6f}, {lat:.6f})"
        text = Text(f"{zh}：{area:.3f} m²，位于 {where}", f"{area:.3f} m² {en}, at {where}")
        findings.append(Finding(code, text, area, lon, lat))
    return findings


def _extent(shape: Geometry | None) -> tuple[float | None, float | None, float | None]:
    if shape is None:
        return None, None, None
    point = shape.representative_point()
    return area_m2(shape), float(point.x), float(point.y)
