"""Edges matched, lines found, distances true."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_registry.routing.index import Locator, PolygonIndex
from geo_registry.routing.lines import LineIndex, match_edges
from geo_registry.routing.model import OUTSIDE, State
from tests.distances import segment_distances_m
from tests.unit import toy

SQUARES = {a: toy.square(i) for i, a in enumerate(toy.UNITS)}


def test_every_edge_knows_both_sides() -> None:
    edges = match_edges(list(SQUARES.values()))
    assert len(edges) == 6 * 4 - 5  # five are shared
    pairs = {(int(a), int(b)) for a, b in zip(edges.left, edges.right, strict=True)}
    assert {p for p in pairs if -1 not in p} == {(0, 1), (1, 2), (2, 3), (3, 4), (4, 5)}


def test_holes_and_parts_have_edges_too() -> None:
    ring = shapely.box(0, 0, 3, 3).difference(shapely.box(1, 1, 2, 2))
    edges = match_edges([ring, shapely.box(1, 1, 2, 2)])
    inner = edges.where(edges.right >= 0)
    assert (len(edges), len(inner)) == (8, 4)


def test_no_polygon_no_edge() -> None:
    empty = LineIndex(match_edges([]))
    assert empty.nearest(lon=125, lat=44) is None
    assert not len(empty.within(lon=125, lat=44, radius_m=1e6))
    assert not empty.holds(lon=125, lat=44)
    assert empty.nearest_to_shape(shapely.Point(1, 1)) is None


LOCATOR = Locator(SQUARES, {})
OUTLINE = LOCATOR.outline()


@settings(max_examples=150, deadline=None)
@given(st.floats(124.0, 127.0), st.floats(43.0, 45.0))
def test_the_nearest_line_is_the_nearest_of_all(lon: float, lat: float) -> None:
    s = OUTLINE.segments
    distances, _ = segment_distances_m(lon=lon, lat=lat, starts=s.starts, ends=s.ends)
    found = OUTLINE.nearest(lon=lon, lat=lat)
    assert found is not None
    assert found.distance_m == pytest.approx(distances.min(), abs=1e-3)
    within = set(OUTLINE.within(lon=lon, lat=lat, radius_m=found.distance_m + 0.01))
    assert found.segment in within
    assert within == set(np.flatnonzero(distances <= found.distance_m + 0.01))


@pytest.mark.parametrize("at", [(0.0, 0.0), (-74.0, 40.7), (139.7, 35.7), (180.0, 89.9), (-180.0, -90.0)])
def test_far_away_the_nearest_line_is_still_the_nearest(at: tuple[float, float]) -> None:
    s = OUTLINE.segments
    distances, _ = segment_distances_m(lon=at[0], lat=at[1], starts=s.starts, ends=s.ends)
    found = OUTLINE.nearest(lon=at[0], lat=at[1])
    assert found is not None
    assert found.distance_m == pytest.approx(distances.min(), rel=1e-6)


def test_lines_between_answers_ignore_edges_between_equal_ones() -> None:
    answers = ["", *toy.COURT_OF.values()]
    lines = LOCATOR.lines_between(answers)
    assert len(lines.segments) == 3  # a|b, b|c, c|x
    assert LOCATOR.lines_between([answer * 2 for answer in answers]).segments.starts.shape == (3, 2)
    assert len(LOCATOR.lines_between(["same"] * len(answers)).segments) == 0


def test_states_on_a_corner_are_all_told() -> None:
    assert LOCATOR.states_at(lon=toy.edge(0)[0], lat=toy.SOUTH) == (State("220101"), State("220102"))
    assert LOCATOR.states_at(lon=0, lat=0) == ()
    assert LOCATOR.states[0] is OUTSIDE


def test_a_polygon_index_tells_inside_from_on_the_line() -> None:
    index = PolygonIndex(SQUARES)
    on = toy.edge(0)
    assert index.touching(lon=on[0], lat=on[1]) == {"220101", "220102"}
    assert index.touching(lon=toy.middle(0)[0], lat=toy.middle(0)[1]) == set()


def test_parts_of_a_shape_add_up_to_it() -> None:
    shape = shapely.box(124.95, 43.95, 125.65, 44.05)
    parts = LOCATOR.parts_of(shape)
    assert {s.adcode for s, _ in parts} == {*toy.UNITS, None}
    assert sum(p.area for _, p in parts) == pytest.approx(shape.area, rel=1e-12)
    line = shapely.LineString([(124.95, 44.05), (125.65, 44.05)])
    assert sum(p.length for _, p in LOCATOR.parts_of(line)) == pytest.approx(line.length, rel=1e-12)


def test_real_edges_are_as_many_as_their_coverage_has(snapshot: object) -> None:
    from geo_registry.routing.snapshot import Snapshot

    assert isinstance(snapshot, Snapshot)
    segments = snapshot.locator.segments
    polygons = snapshot.locator.units.polygons
    total = int(
        shapely.get_num_coordinates(polygons).sum() - len(shapely.get_rings(shapely.get_parts(polygons)))
    )
    shared = int(((segments.left != 0) & (segments.right != 0)).sum())
    assert len(segments) + shared == total
    outline = shapely.boundary(shapely.coverage_union_all(polygons))
    assert len(segments) - shared >= shapely.get_num_coordinates(outline) - len(shapely.get_parts(outline))
