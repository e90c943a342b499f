"""The index of cells: every polygon that covers a point, as GEOS has it, for any float64."""

import math
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from shapely import Geometry

from geo_registry.routing.cells import MARGIN_M, CellIndex
from tests.exactness import holds_exactly

RING = shapely.box(0, 0, 3, 3).difference(shapely.box(1, 1, 2, 2))
SPIKY = shapely.Polygon([(4, 0), (5, 0), (5, 1), (4.5, 1e-9), (4, 1)])
TWO_PARTS = shapely.MultiPolygon([shapely.box(6, 0, 7, 1), shapely.box(6, 2, 7, 3)])
OVER_ALL = shapely.box(-1, 0.5, 8, 2.5)
TRIANGLE = shapely.Polygon([(0, 3), (1 / 3, 3.7), (1, 3)])
SHAPES: list[Geometry] = [RING, shapely.box(1, 1, 2, 2), SPIKY, TWO_PARTS, OVER_ALL, TRIANGLE]
INDEX = CellIndex(SHAPES)
CORNERS = shapely.get_coordinates(SHAPES)


def expected(index: CellIndex, x: NDArray[np.float64], y: NDArray[np.float64]) -> list[tuple[int, ...]]:
    covers = [shapely.intersects_xy(p, x, y) for p in index.polygons]
    return [tuple(int(k) for k in np.flatnonzero(column)) for column in np.array(covers).T]


def faces(index: CellIndex, x: NDArray[np.float64], y: NDArray[np.float64]) -> list[tuple[int, ...]]:
    return [index.faces[f] for f in index.locate(x, y).tolist()]


def beside(points: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    """Return points, and the same moved by an ulp and by 1e-12 to 1e-7."""
    rng = np.random.default_rng(seed)
    moved = [points, np.nextafter(points, rng.choice([-np.inf, np.inf], points.shape))]
    moved += [points + rng.choice([-1.0, 0.0, 1.0], points.shape) * 10.0**e for e in range(-12, -6)]
    return np.concatenate(moved)


def test_corners_edges_and_what_is_beside_them() -> None:
    between = (CORNERS + np.roll(CORNERS, -1, axis=0)) / 2
    thirds = CORNERS + (np.roll(CORNERS, -1, axis=0) - CORNERS) / 3
    grid = np.array([(a, b) for a in CORNERS[:, 0] for b in CORNERS[:, 1]])  # in line with corners
    points = beside(np.concatenate([CORNERS, between, thirds, grid]), seed=1)
    x, y = points.T.copy()
    assert faces(INDEX, x, y) == expected(INDEX, x, y)
    assert {len(f) for f in faces(INDEX, x, y)} >= {0, 1, 2, 3}


@settings(max_examples=400, deadline=None)
@given(st.floats(-2, 9), st.floats(-1, 5))
@example(0.0, 0.0)
@example(-0.0, 3.0)
@example(5e-324, 5e-324)
@example(1.0000000000000002, 1.0)
def test_any_point(x: float, y: float) -> None:
    at = np.array([x]), np.array([y])
    assert faces(INDEX, *at) == expected(INDEX, *at)
    one = INDEX.locate_one(x, y)
    assert one is None or INDEX.faces[one] == expected(INDEX, *at)[0]


def test_no_number_and_no_place_are_in_no_polygon() -> None:
    odd = np.array([math.nan, math.inf, -math.inf, 1e300, -1e300, 1.5, 1.5])
    other = np.array([1.5, 1.5, 1.5, 1.5, 1.5, math.nan, math.inf])
    assert INDEX.locate(odd, other).tolist() == [0] * 7
    assert INDEX.first[0] == -1


def test_points_at_the_edge_of_the_grid() -> None:
    west, south, east, north = shapely.total_bounds(SHAPES)
    x = np.array([west, east, west, east, np.nextafter(east, np.inf), np.nextafter(west, -np.inf)])
    y = np.array([south, south, north, north, 1.0, 1.0])
    assert faces(INDEX, x, y) == expected(INDEX, x, y)
    on_sides = np.linspace(south, north, 997)
    for lon in (west, east):
        at = np.full(997, lon), on_sides
        assert faces(INDEX, *at) == expected(INDEX, *at)


def test_threads_answer_alike() -> None:
    rng = np.random.default_rng(2)
    x, y = rng.uniform(-1, 8, 300_000), rng.uniform(-1, 4, 300_000)
    assert (INDEX.locate(x, y, threads=3) == INDEX.locate(x, y)).all()
    assert faces(INDEX, x, y) == expected(INDEX, x, y)


def test_many_polygons_in_one_leaf() -> None:
    """Seventy wedges meet in one point: more than a leaf has bits for."""
    angles = np.linspace(0, 2 * np.pi, 71)
    rim = np.column_stack([np.cos(angles), np.sin(angles)])
    rim[-1] = rim[0]
    index = CellIndex([shapely.Polygon([(0, 0), a, b]) for a, b in pairwise(rim)])
    rng = np.random.default_rng(3)
    points = np.concatenate([rng.normal(0, 10.0**e, (500, 2)) for e in range(-9, 1)] + [np.zeros((1, 2))])
    x, y = points.T.copy()
    assert faces(index, x, y) == expected(index, x, y)
    assert len(faces(index, np.zeros(1), np.zeros(1))[0]) == 70


def test_a_thousand_polygons_and_more_faces_than_16_bits_of_pairs() -> None:
    squares = [shapely.box(i, j, i + 1, j + 1) for i in range(40) for j in range(30)]
    index = CellIndex(squares)
    rng = np.random.default_rng(4)
    x, y = rng.uniform(-1, 41, 40_000), rng.uniform(-1, 31, 40_000)
    on = rng.integers(0, 40, 2_000).astype(float), rng.integers(0, 30, 2_000).astype(float)
    x, y = np.concatenate([x, on[0], on[0]]), np.concatenate([y, on[1], rng.uniform(0, 30, 2_000)])
    assert faces(index, x, y) == expected(index, x, y)


def test_nothing_in_it_covers_nothing() -> None:
    empty = CellIndex([])
    assert empty.locate(np.array([1.0]), np.array([2.0])).tolist() == [0]


def test_rational_arithmetic_agrees() -> None:
    points = beside(shapely.get_coordinates(shapely.segmentize(SHAPES, 0.37)), seed=5)
    sample = points[np.random.default_rng(6).choice(len(points), 400, replace=False)]
    for (x, y), face in zip(sample, faces(INDEX, *sample.T.copy()), strict=True):
        exact = tuple(k for k, p in enumerate(SHAPES) if holds_exactly(p, np.array([x, y])))
        assert face == exact


def test_what_may_be_near_an_edge_is_told() -> None:
    index = CellIndex([shapely.box(125, 43, 126, 44), shapely.box(126, 43, 127, 44)])
    rng = np.random.default_rng(7)
    x = np.concatenate([rng.uniform(125.9, 126.1, 20_000), 126 + rng.normal(0, 4e-4, 20_000)])
    y = rng.uniform(43.2, 43.8, 40_000)
    _, near, _ = index.locate_near(x, y, radius_m=20.0)
    metres = np.abs(x - 126) * 111_320 * np.cos(np.radians(y))
    assert near[metres < 19.9].all()
    assert not near[metres > 25].any()
    with pytest.raises(ValueError, match="margin"):
        index.locate_near(x, y, radius_m=MARGIN_M + 1)
