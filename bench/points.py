"""Points to ask about, the same in every run, and what the answer to each must be."""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Geometry, STRtree

from bench.coverages import Coverage

Column = NDArray[np.float64]
Numbers = NDArray[np.int32]
NOWHERE = -1
_SPREAD = 0.03  # of points around a town, degrees: about 3 km


def uniform(coverage: Coverage, n: int, *, seed: int = 1) -> tuple[Column, Column]:
    """Return longitudes and latitudes spread evenly over the coverage's box."""
    west, south, east, north = coverage.box
    rng = np.random.default_rng(seed)
    return rng.uniform(west, east, n), rng.uniform(south, north, n)


def clustered(coverage: Coverage, n: int, *, seed: int = 2) -> tuple[Column, Column]:
    """Return longitudes and latitudes as addresses lie: around the coverage's towns, in no order."""
    rng = np.random.default_rng(seed)
    at = coverage.towns[rng.integers(len(coverage.towns), size=n)] + rng.normal(scale=_SPREAD, size=(n, 2))
    return np.ascontiguousarray(at[:, 0]), np.ascontiguousarray(at[:, 1])


def adversarial(coverage: Coverage, *, most: int = 1_300_000, seed: int = 3) -> tuple[Column, Column]:
    """Return points where rounding decides: on corners and edges, an ulp beside, in line with corners.

    Eight for each corner: itself, the middle and the thirds of its edge, one ulp and 1e-12 to 1e-7
    degrees beside it, and somewhere on its parallel and on its meridian.

    Parameters
    ----------
    most
        Where the corners are too many for that, an even sample of them is taken.
    """
    rng = np.random.default_rng(seed)
    starts, ends = _edges(coverage.polygons)
    if 8 * len(starts) > most:
        chosen = rng.choice(len(starts), most // 8, replace=False)
        starts, ends = starts[chosen], ends[chosen]
    west, south, east, north = coverage.box
    step, sign = ends - starts, rng.choice([-1.0, 1.0], starts.shape)
    far = 10.0 ** -rng.integers(7, 13, starts.shape).astype(float)
    parallel = np.column_stack([rng.uniform(west, east, len(starts)), starts[:, 1]])
    meridian = np.column_stack([starts[:, 0], rng.uniform(south, north, len(starts))])
    made = (starts, starts + step / 2, starts + step / 3, starts + step * 2 / 3,
            np.nextafter(starts, sign * np.inf), starts + sign * far, parallel, meridian)  # fmt: skip
    lons, lats = np.concatenate(made).T
    return np.ascontiguousarray(lons), np.ascontiguousarray(lats)


def _edges(polygons: Sequence[Geometry]) -> tuple[Column, Column]:
    """Return each edge once, whichever of two polygons it is of."""
    rings = shapely.get_rings(shapely.get_parts(np.asarray(polygons, dtype=object)))
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[:-1] == ring[1:]
    edges = np.column_stack([corners[:-1][same], corners[1:][same]])
    flip = (edges[:, 0] > edges[:, 2]) | ((edges[:, 0] == edges[:, 2]) & (edges[:, 1] > edges[:, 3]))
    edges[flip] = edges[flip][:, [2, 3, 0, 1]]
    edges = np.unique(edges, axis=0)
    return edges[:, :2], edges[:, 2:]


def expected(polygons: Sequence[Geometry], lons: Column, lats: Column) -> Numbers:
    """Return the lowest number of the polygons whose closed area holds each point, by shapely's `intersects`."""
    tree = STRtree(shapely.points(lons, lats))
    numbers, ids = tree.query(np.asarray(polygons, dtype=object), predicate="intersects")
    return lowest(ids, numbers, len(lons))


def lowest(ids: NDArray[np.integer], numbers: NDArray[np.integer], n: int) -> Numbers:
    """Return the lowest number paired with each of `n` ids, `NOWHERE` for ids in no pair."""
    found = np.full(n, NOWHERE, dtype=np.int32)
    found[ids] = numbers
    while (lower := numbers < found[ids]).any():  # an id in several pairs: rare, so this ends soon
        ids, numbers = ids[lower], numbers[lower]
        found[ids] = numbers
    return found
