"""Areas and lines on the real county lines: no sliver of a cut makes a second court, and shares add up."""

import numpy as np
import pytest
import shapely
from pyproj import Geod
from shapely import Geometry

from geo_registry.geo.reading.numbers import read_geometry
from geo_registry.routing.model import Decision, Place, Question
from geo_registry.routing.rules import decide
from geo_registry.routing.snapshot import Snapshot
from geo_registry.terms import Outcome, Territory
from tests.support import DAY

GEOD = Geod(ellps="WGS84")


def area_m2(shape: Geometry) -> float:
    """Return the area of a shape whose edges are straight in degrees."""
    return abs(float(GEOD.geometry_area_perimeter(shapely.segmentize(shape, 0.002))[0]))


SIZES = (0.0003, 0.003, 0.03, 0.2)  # degrees: from a yard to a township


def ask(snapshot: Snapshot, *shapes: Geometry) -> Decision:
    places = tuple(Place((read_geometry(shape, text="@parcel"),)) for shape in shapes)
    return decide(Question(places, None, None, Territory.ORDINARY, DAY), snapshot)


def parcels(county: Geometry, random: np.random.Generator, size: float, n: int = 4) -> list[Geometry]:
    """Return boxes around vertices of a county's line, cut off at the line as a cadastre would."""
    xy = shapely.get_coordinates(county)
    found = []
    for x, y in xy[random.integers(0, len(xy), n)]:
        cut = shapely.intersection(county, shapely.box(x - size, y - size, x + size, y + size))
        found += [
            p for p in shapely.get_parts(cut) if p.geom_type == "Polygon" and p.area > size * size / 100
        ]
    return found


@pytest.mark.parametrize("size", SIZES)
def test_a_parcel_cut_off_at_its_county_s_line_is_not_across_it(snapshot: Snapshot, size: float) -> None:
    random = np.random.default_rng(20220926)
    seen = 0
    for adcode in snapshot.locator.units.keys:
        for parcel in parcels(snapshot.locator.units[adcode], random, size):
            d = ask(snapshot, parcel)
            assert d.outcome in (Outcome.CLEAR, Outcome.NEAR_BOUNDARY, Outcome.UNRESOLVED), (
                adcode,
                parcel.wkt,
            )
            assert [a for a, _ in d.counties] == [adcode]
            assert all(c.share is None or c.territory is not Territory.OUTSIDE for c in d.candidates)
            seen += 1
    assert seen > 200


@pytest.mark.parametrize("size", SIZES)
def test_shares_are_those_of_the_counties_by_geodesic_area(snapshot: Snapshot, size: float) -> None:
    random = np.random.default_rng(20260815)
    units = {a: snapshot.locator.units[a] for a in snapshot.locator.units.keys}
    province = shapely.coverage_union_all(list(units.values()))
    lines = shapely.get_coordinates(list(units.values()))
    checked = 0
    for x, y in lines[random.integers(0, len(lines), 150)]:
        box = shapely.box(x - size, y - size * 0.7, x + size * 0.8, y + size)
        if not province.covers(box):
            continue
        d = ask(snapshot, box)
        parts = {a: area_m2(g & box) for a, g in units.items() if g.intersects(box)}
        held = {a: share for a, share in d.counties if share is not None}
        assert sum(held.values()) == pytest.approx(1.0, abs=1e-9)
        for adcode, area in parts.items():
            assert held.get(adcode, 0.0) == pytest.approx(area / sum(parts.values()), abs=1e-5)
        assert sum(c.share.fraction for c in d.candidates if c.share) == pytest.approx(1.0, abs=1e-9)
        checked += 1
    assert checked > 40


def test_two_parcels_of_one_case_have_shares_of_the_whole(snapshot: Snapshot) -> None:
    nongan = shapely.box(125.16, 44.42, 125.17, 44.43)
    jiaohe = shapely.box(127.33, 43.72, 127.36, 43.73)
    d = ask(snapshot, nongan, jiaohe)
    assert d.outcome is Outcome.CROSS_COURT
    assert sum(c.share.fraction for c in d.candidates if c.share) == pytest.approx(1.0, abs=1e-9)
    assert sum(share or 0.0 for _, share in d.counties) == pytest.approx(1.0, abs=1e-9)
    assert sum(c.share.area_m2 or 0.0 for c in d.candidates if c.share) == pytest.approx(
        area_m2(nongan) + area_m2(jiaohe), rel=1e-7
    )


def test_a_river_line_has_lengths_that_add_up(snapshot: Snapshot) -> None:
    line = shapely.LineString([(124.9, 44.0), (126.2, 44.9), (127.3, 43.7)])
    d = ask(snapshot, line)
    assert d.outcome is Outcome.CROSS_COURT
    assert sum(c.share.length_m or 0.0 for c in d.candidates if c.share) == pytest.approx(
        GEOD.geometry_length(shapely.segmentize(line, 0.001)), rel=1e-5
    )
