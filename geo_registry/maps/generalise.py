"""Shapes for looking at: fewer vertices, the same neighbours."""

from collections.abc import Mapping

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Geometry

OVERVIEW_DEGREES = 0.002  # about 200 m: invisible at the scale of the province
_DIGITS = 4  # about 11 m


def generalise_coverage(
    polygons: Mapping[str, Geometry], *, tolerance: float = OVERVIEW_DEGREES
) -> dict[str, Geometry]:
    """Return the polygons of a coverage with fewer vertices: no gap and no overlap appears between them.

    For pictures only; nothing is decided from the result.
    """
    simpler = shapely.coverage_simplify(np.array(list(polygons.values()), dtype=object), tolerance)
    return {key: shorten(shape) for key, shape in zip(polygons, simpler, strict=True)}


def shorten(geometry: Geometry) -> Geometry:
    """Return the geometry with its coordinates rounded to what a picture shows."""

    def rounded(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.round(xy, _DIGITS)

    return shapely.transform(geometry, rounded)
