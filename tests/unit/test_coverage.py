"""Faults of units that should cover the ground: found with their size, and found only where they are."""

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon, box

from geo_registry.geo.measure import area_m2
from geo_registry.zones.coverage import find_faults, unmatched_edges

_W, _S, _E, _N, _MIDDLE = 125.0, 44.0, 125.2, 44.1, 125.1
_PROVINCE = box(_W, _S, _E, _N)
_EAST = box(_MIDDLE, _S, _E, _N)
_LAT = 44.05


def west(shift: float, lat: float = _LAT) -> Polygon:
    """Return the western unit, its line pulled over by some degrees at a latitude."""
    return Polygon([(_W, _S), (_MIDDLE, _S), (_MIDDLE + shift, lat), (_MIDDLE, _N), (_W, _N)])


def shift_for(size_m2: float, lat: float = _LAT) -> float:
    """Return the degrees by which a vertex has to be off for a triangle of some m²."""
    small = 1e-6
    return small * size_m2 / area_m2(Polygon([(_MIDDLE, _S), (_MIDDLE + small, lat), (_MIDDLE, _N)]))


def test_a_whole_coverage_has_no_fault() -> None:
    units = {"w": box(_W, _S, _MIDDLE, _N), "e": _EAST}
    assert find_faults(units, _PROVINCE) == []
    assert unmatched_edges(units) == []


@pytest.mark.parametrize("size", [0.5, 1.0, 2.0])
@pytest.mark.parametrize(("sign", "kind"), [(1, "overlap"), (-1, "gap")])
def test_a_sliver_of_a_square_metre_is_found_with_its_size_and_place(
    size: float, sign: int, kind: str
) -> None:
    (fault,) = find_faults({"w": west(sign * shift_for(size)), "e": _EAST}, _PROVINCE)
    assert (fault.kind, set(fault.keys), fault.is_sliver) == (kind, {"w", "e"}, True)
    assert fault.area_m2 == pytest.approx(size, rel=1e-3)
    assert shapely.distance(fault.geometry, shapely.Point(_MIDDLE, _LAT)) < 1e-6


def test_a_corner_that_reaches_out_of_the_province_is_found() -> None:
    corner = Polygon([(_W, _S), (_MIDDLE, _S), (_MIDDLE, _N), (_W - 1e-7, _N)])
    (fault,) = find_faults({"w": corner, "e": _EAST}, _PROVINCE)
    assert (fault.kind, fault.keys) == ("excess", ("w",))
    triangle = area_m2(Polygon([(_W, _S), (_W, _N), (_W - 1e-7, _N)]))
    assert fault.area_m2 == pytest.approx(triangle, rel=1e-3)


def test_a_vertex_the_neighbour_does_not_have_is_told_of_though_it_leaves_no_ground() -> None:
    units = {"w": west(0.0), "e": _EAST}
    assert find_faults(units, _PROVINCE) == []
    assert {key for key, _ in unmatched_edges(units)} == {"w", "e"}


def test_what_is_wide_is_no_sliver() -> None:
    (fault,) = find_faults({"w": box(_W, _S, _MIDDLE - 0.01, _N), "e": _EAST}, _PROVINCE)
    assert (fault.kind, fault.is_sliver) == ("gap", False)


@settings(deadline=None, max_examples=60)
@given(size=st.floats(0.01, 1e4), lat=st.floats(_S + 0.001, _N - 0.001), is_overlap=st.booleans())
def test_faults_of_any_size_and_place_are_found_with_their_area(
    size: float, lat: float, is_overlap: bool
) -> None:
    shift = shift_for(size, lat) * (1 if is_overlap else -1)
    unit = west(shift, lat)
    expected = area_m2(Polygon([(_MIDDLE, _S), (_MIDDLE + shift, lat), (_MIDDLE, _N)]).normalize())
    (fault,) = find_faults({"w": unit, "e": _EAST}, _PROVINCE)
    assert fault.kind == ("overlap" if is_overlap else "gap")
    assert fault.area_m2 == pytest.approx(expected, rel=1e-2, abs=1e-3)
