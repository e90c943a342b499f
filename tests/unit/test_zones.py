"""Zones from rows, and the checks that keep a bad version from being the law."""

from dataclasses import replace

import pytest
import shapely
from shapely import MultiPolygon

from geo_registry.geo.measure import area_m2
from geo_registry.terms import Territory
from geo_registry.zones.build import build_zones
from geo_registry.zones.checks import Finding, check_version
from geo_registry.zones.model import Designation, Zone
from tests.unit import toy

UNITS = {a: toy.square(i) for i, a in enumerate(toy.UNITS)}
NAMES = {**{a: f"县{a}" for a in UNITS}, "220000": "省"}
PROVINCE = MultiPolygon([shapely.coverage_union_all(list(UNITS.values()))])


def check(rows: list[Designation], zones: list[Zone] | None = None) -> list[Finding]:
    built = build_zones(rows, units=UNITS, districts={}) if zones is None else zones
    return check_version(
        rows, built, units=UNITS, names=NAMES, districts=["f1", "f2"], courts=frozenset(toy.COURTS),
        province_adcode="220000", province=PROVINCE,
    )  # fmt: skip


def test_a_zone_is_the_dissolved_polygon_of_its_rows() -> None:
    zones = {(z.territory, z.court_code): z for z in build_zones(toy.ROWS, units=UNITS, districts={})}
    a = zones[Territory.ORDINARY, "a"]
    assert a.designation_ids == ("v/220101", "v/220102")
    assert a.geometry is not None
    assert a.geometry.equals(UNITS["220101"].union(UNITS["220102"]))
    assert a.area_m2 == pytest.approx(area_m2(UNITS["220101"]) * 2, rel=1e-6)
    assert zones[Territory.FOREST, "d"].geometry is None


def test_a_whole_version_passes() -> None:
    assert check(list(toy.ROWS)) == []


def test_a_missing_unit_is_a_gap_with_its_area() -> None:
    findings = check([r for r in toy.ROWS if r.adcode != "220102"])
    assert {f.code for f in findings} == {"gap", "outline-gap"}
    gap = next(f for f in findings if f.code == "gap")
    assert gap.area_m2 == pytest.approx(area_m2(UNITS["220102"]))
    assert f"{gap.area_m2:.0f} m²" in gap.text.en
    assert "县220102" in gap.text.zh


def test_a_unit_given_twice_is_an_overlap() -> None:
    findings = check([*toy.ROWS, replace(toy.row("220101", "b"), id="v/again")])
    assert {f.code for f in findings} == {"overlap", "zone-overlap"}
    assert next(f for f in findings if f.code == "zone-overlap").area_m2 == pytest.approx(
        area_m2(UNITS["220101"])
    )


def test_a_square_metre_too_much_is_found_and_located() -> None:
    zones = build_zones(toy.ROWS, units=UNITS, districts={})
    metre = 1 / 80_000
    west, south = toy.WEST - metre, toy.SOUTH
    sliver = shapely.box(west, south, toy.WEST, south + metre)
    wider = [
        replace(z, geometry=MultiPolygon([z.geometry.union(sliver)]))
        if z.court_code == "a" and z.geometry
        else z
        for z in zones
    ]
    (finding,) = check(list(toy.ROWS), wider)
    assert finding.code == "outline-excess"
    assert finding.area_m2 == pytest.approx(1.4, rel=0.2)
    assert finding.lon == pytest.approx(west, abs=metre)


def test_a_zone_that_shrank_leaves_a_gap() -> None:
    zones = build_zones(toy.ROWS, units=UNITS, districts={})
    shrunk = [
        replace(z, geometry=MultiPolygon([z.geometry.buffer(-1e-5)]))
        if z.court_code == "x" and z.geometry
        else z
        for z in zones
    ]
    assert {f.code for f in check(list(toy.ROWS), shrunk)} == {"outline-gap"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"court_code": "nobody"}, "unknown-court"),
        ({"sources": ()}, "no-source"),
        ({"instrument": ""}, "no-source"),
        ({"adcode": "220999"}, "unknown-unit"),
    ],
)
def test_rows_without_what_they_need(change: dict[str, object], code: str) -> None:
    rows = [replace(r, **change) if r.adcode == "220101" else r for r in toy.ROWS]  # type: ignore[arg-type]
    assert code in {f.code for f in check(rows)}


@pytest.mark.parametrize("lost", ["f1", "f2", "220000"])
def test_every_forest_district_and_the_province_have_their_row(lost: str) -> None:
    findings = check([r for r in toy.ROWS if lost not in (r.adcode, r.district)])
    assert [f.code for f in findings] == ["gap"]


def test_overlapping_forest_polygons_are_found() -> None:
    drawn = {"f1": toy.square(2), "f2": toy.square(2)}
    rows = list(toy.ROWS)
    zones = build_zones(rows, units=UNITS, districts=drawn)
    assert {f.code for f in check(rows, zones)} == {"zone-overlap"}
    beyond = build_zones(rows, units=UNITS, districts={"f1": MultiPolygon([shapely.box(120, 40, 121, 41)])})
    assert {f.code for f in check(rows, beyond)} == {"forest-excess"}
