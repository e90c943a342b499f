"""Geometry on its way out: as text, or as points where a file had numbers."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray
from shapely.errors import ShapelyError
from shapely.geometry import shape


def as_text(wkb: pa.Array) -> pa.Array:
    """Return WKB as WKT, each number as short as it can be; null stays null."""
    shapes = shapely.from_wkb(wkb.to_numpy(zero_copy_only=False), on_invalid="ignore")
    return pa.array(shapely.to_wkt(shapes, rounding_precision=-1), pa.string(), from_pandas=True)


def points_wkb(lons: NDArray[np.float64], lats: NDArray[np.float64]) -> pa.Array:
    """Return positions as WKB points, null where there is none."""
    there = ~(np.isnan(lons) | np.isnan(lats))
    shapes = np.full(len(lons), None, dtype=object)
    shapes[there] = shapely.points(lons[there], lats[there])
    return pa.array(shapely.to_wkb(shapes), pa.binary())


def features_wkb(features: Sequence[dict[str, Any]]) -> pa.Array:
    """Return the geometries of GeoJSON features as WKB, null where there is none or none that can be written."""
    return pa.array([_feature_wkb(f.get("geometry")) for f in features], pa.binary())


def _feature_wkb(geometry: Any) -> bytes | None:
    try:
        return None if geometry is None else bytes(shapely.to_wkb(shape(geometry)))
    except (ShapelyError, ValueError, TypeError, KeyError, IndexError, AttributeError):
        return None
