"""A smaller instance of the check in `tests/exactness.py`; `script/acceptance` runs it whole."""

import numpy as np
import pytest

from geo_registry.routing.snapshot import Snapshot
from tests.exactness import (
    TEN,
    BruteForce,
    adversarial_points,
    compare,
    compare_with_fractions,
    random_points,
)


@pytest.fixture(scope="module")
def brute() -> BruteForce:
    return BruteForce()


def test_random_points_are_answered_as_by_brute_force(snapshot: Snapshot, brute: BruteForce) -> None:
    report = compare(snapshot, brute, random_points(8_000, seed=7))
    assert report.wrong == []
    assert set(report.outcomes) >= {"clear", "needs_fact", "unresolved", "outside"}


def test_vertices_edges_and_their_neighbours_are_answered_as_by_brute_force(
    snapshot: Snapshot, brute: BruteForce
) -> None:
    polygons = [brute.polygons[brute.adcodes.index(a)] for a in TEN]
    points = adversarial_points(polygons, every=60)
    report = compare(snapshot, brute, points)
    assert report.wrong == []
    assert report.outcomes["near_boundary"] > 500
    assert report.outcomes["clear"] > 500  # lines between counties of one court


def test_counties_equal_rational_arithmetic(snapshot: Snapshot, brute: BruteForce) -> None:
    polygons = [brute.polygons[brute.adcodes.index(a)] for a in TEN[:3]]
    points = adversarial_points(polygons, every=1)
    sample = np.random.default_rng(3).choice(len(points), 150, replace=False)
    assert compare_with_fractions(snapshot, brute, points[sample]) == []


def test_no_inside_point_is_answered_by_nobody(snapshot: Snapshot, brute: BruteForce) -> None:
    points = random_points(4_000, seed=11)
    inside = np.array([bool(t) for t in brute.touched(points)])
    report = compare(snapshot, brute, points[inside])
    assert "outside" not in report.outcomes
    assert sum(report.outcomes.values()) == inside.sum()
