"""The nearest edge by the tree against every edge measured; compiled and plain alike."""

import importlib.util
from types import ModuleType

import numpy as np
import pytest
from numpy.typing import NDArray

from geo_registry.routing import kernels
from geo_registry.routing.nearest import EdgeTree, geodesic_m
from tests.distances import segment_distances_m

RNG = np.random.default_rng(0)
STARTS = np.column_stack([RNG.uniform(122, 131, 600), RNG.uniform(41, 46, 600)])
SPANS = RNG.normal(0, 1, (600, 2)) * RNG.choice([0.0, 1e-9, 1e-3, 0.05, 0.8], (600, 1))
TREE = EdgeTree(STARTS, STARTS + SPANS)


def plain_kernels() -> ModuleType:
    """Return the same functions, never compiled."""
    spec = importlib.util.spec_from_file_location("plain_kernels", str(kernels.__file__))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def points(n: int, seed: int) -> NDArray[np.float64]:
    rng = np.random.default_rng(seed)
    on_edges = (STARTS + SPANS * rng.uniform(0, 1, (600, 1)))[: n // 2]
    near = on_edges + rng.normal(0, 1, on_edges.shape) * 10.0 ** rng.integers(-9, 0, (len(on_edges), 1))
    return np.concatenate([near, rng.uniform((120, 39), (133, 48), (n - len(near), 2))])


def test_the_nearest_of_all_and_its_metres() -> None:
    at = points(300, seed=1)
    found = TREE.nearest(at[:, 0].copy(), at[:, 1].copy())
    shown = geodesic_m(at[:, 0], at[:, 1], found.lon, found.lat)
    for i, (lon, lat) in enumerate(at):
        distances, _ = segment_distances_m(lon=lon, lat=lat, starts=STARTS, ends=STARTS + SPANS)
        assert shown[i] == pytest.approx(distances.min(), abs=1e-3)
        assert found.metres[i] == pytest.approx(shown[i], abs=1e-3)
        assert distances[found.edge[i]] == pytest.approx(distances.min(), abs=1e-3)


@pytest.mark.parametrize("seed", [2, 3])
def test_within_a_radius_are_all_that_are(seed: int) -> None:
    for lon, lat in points(60, seed=seed):
        distances, _ = segment_distances_m(lon=lon, lat=lat, starts=STARTS, ends=STARTS + SPANS)
        radius = float(np.sort(distances)[5]) + 0.5
        sure = set(np.flatnonzero(distances <= radius - 0.002))
        maybe = set(np.flatnonzero(distances <= radius + 0.002))
        assert sure <= set(TREE.within(lon=lon, lat=lat, radius_m=radius).tolist()) <= maybe


def test_one_and_many_are_the_same() -> None:
    at = points(200, seed=4)
    many = TREE.nearest(at[:, 0].copy(), at[:, 1].copy())
    for i, (lon, lat) in enumerate(at.tolist()):
        assert TREE.nearest_one(lon, lat)[0] == many.edge[i]
        assert TREE.nearest_one(lon, lat)[1:] == pytest.approx(
            (many.lon[i], many.lat[i], many.metres[i]), rel=1e-12, abs=1e-6
        )


def test_what_is_farther_than_asked_need_not_be_found() -> None:
    at = points(100, seed=5)
    free = TREE.nearest(at[:, 0].copy(), at[:, 1].copy())
    bound = TREE.nearest(at[:, 0].copy(), at[:, 1].copy(), within_m=free.metres + 0.01)
    assert (bound.edge == free.edge).all()
    short = TREE.nearest(at[:, 0].copy(), at[:, 1].copy(), within_m=free.metres * 0.5)
    assert (short.metres[short.edge >= 0] >= free.metres[short.edge >= 0] - 1e-6).all()


def test_far_off_and_opposite() -> None:
    """Almost opposite, edges are told apart on a sphere; the figure of the one chosen is exact all the same."""
    for lon, lat in [(-55.0, -43.0), (0.0, 0.0), (180.0, 90.0), (-180.0, -90.0), (-53.7, -43.9)]:
        distances, _ = segment_distances_m(lon=lon, lat=lat, starts=STARTS, ends=STARTS + SPANS)
        edge, to_lon, to_lat, _ = TREE.nearest_one(lon, lat)
        shown = geodesic_m(np.array([lon]), np.array([lat]), np.array([to_lon]), np.array([to_lat]))[0]
        assert shown == pytest.approx(distances.min(), rel=2e-4 if distances.min() < 1.9e7 else 6e-3)
        assert edge >= 0


def test_plain_and_compiled_agree() -> None:
    kernels.compile_all()
    plain = plain_kernels()
    for lon, lat in points(60, seed=6).tolist():
        arrays = TREE.arrays
        slow = plain.nearest_edge(lon, lat, *arrays, np.inf)
        fast = kernels.nearest_edge(lon, lat, *arrays, np.inf)
        assert slow == pytest.approx(fast, rel=1e-12, abs=1e-9)


def test_an_empty_tree() -> None:
    none = EdgeTree(np.empty((0, 2)), np.empty((0, 2)))
    assert none.nearest_one(125.0, 44.0)[0] == -1
    assert none.nearest(np.array([125.0]), np.array([44.0])).metres.tolist() == [np.inf]
    assert not len(none.within(lon=125.0, lat=44.0, radius_m=1e6))
