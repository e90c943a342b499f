"""The index of cells, whole: every vertex and what is beside it, for the counties and for a made-up coverage.

Run by hand (`script/acceptance`); `tests/unit/test_cells.py` and `tests/actions/test_cells.py` hold smaller instances.
"""

import sys
import time
from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from bench.coverages import Coverage, counties, synthetic
from bench.points import adversarial, clustered, uniform
from geo_registry.routing.cells import CellIndex
from tests.exactness import holds_exactly

Column = NDArray[np.float64]


def wrong_faces(index: CellIndex, lons: Column, lats: Column) -> NDArray[np.intp]:
    """Return which points have other polygons than GEOS gives them, asked polygon by polygon."""
    faces = index.locate(lons, lats)
    owner, member = [], []
    bounds = shapely.bounds(index.polygons)
    for k, (west, south, east, north) in enumerate(bounds.tolist()):
        boxed = np.flatnonzero((lons >= west) & (lons <= east) & (lats >= south) & (lats <= north))
        held = boxed[shapely.intersects_xy(index.polygons[k], lons[boxed], lats[boxed])]
        owner.append(held)
        member.append(np.full(len(held), k))
    points, polygons = np.concatenate(owner), np.concatenate(member)
    order = np.lexsort((polygons, points))
    points, polygons = points[order], polygons[order]
    sizes = np.array([len(face) for face in index.faces])[faces]
    wrong = sizes != np.bincount(points, minlength=len(lons))
    rank = np.arange(len(points)) - np.searchsorted(points, points)
    for step in range(int(sizes.max(initial=0))):
        table = np.array([face[step] if len(face) > step else -1 for face in index.faces])
        here = rank == step
        wrong[points[here]] |= table[faces[points[here]]] != polygons[here]
    return np.flatnonzero(wrong)


def wrong_by_fractions(
    index: CellIndex,
    polygons: Sequence[shapely.Geometry],
    lons: Column,
    lats: Column,
    *,
    sample: int,
    seed: int,
) -> int:
    """Return how many of a sample of points have other polygons than rational arithmetic gives them."""
    chosen = np.random.default_rng(seed).choice(len(lons), min(sample, len(lons)), replace=False)
    bounds = shapely.bounds(list(polygons))
    faces = index.locate(lons[chosen], lats[chosen])
    wrong = 0
    for x, y, face in zip(lons[chosen], lats[chosen], faces.tolist(), strict=True):
        near = np.flatnonzero(
            (bounds[:, 0] <= x) & (x <= bounds[:, 2]) & (bounds[:, 1] <= y) & (y <= bounds[:, 3])
        )
        exact = tuple(k for k in near.tolist() if holds_exactly(polygons[k], np.array([x, y])))
        wrong += exact != index.faces[face]
    return wrong


def check(coverage: Coverage, *, points: int, sample: int) -> tuple[int, int, int]:
    """Return how many points were located, how many wrongly by GEOS, and how many of the sample by fractions."""
    index = CellIndex(coverage.polygons)
    sets = [uniform(coverage, points), clustered(coverage, points), adversarial(coverage, most=4 * points)]
    asked = sum(len(lons) for lons, _ in sets)
    wrong = sum(len(wrong_faces(index, lons, lats)) for lons, lats in sets)
    inexact = sum(
        wrong_by_fractions(index, coverage.polygons, lons, lats, sample=sample, seed=k)
        for k, (lons, lats) in enumerate(sets)
    )
    return asked, wrong, inexact


def main() -> int:
    """Check the counties and 600 made-up polygons; print what was found."""
    failed = 0
    for coverage in (counties(), synthetic(600)):
        began = time.monotonic()
        asked, wrong, inexact = check(coverage, points=1_000_000, sample=1_000)
        failed += wrong + inexact
        print(
            f"{coverage.name}: {asked:,} points, {wrong} wrong; fractions: {inexact} of 3,000 wrong; "
            f"{time.monotonic() - began:.0f} s"
        )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
