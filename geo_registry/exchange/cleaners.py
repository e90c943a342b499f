"""The closed list of named cleaners: all the behaviour a manifest can ask for."""

from collections.abc import Callable, Sequence

import numpy as np
import shapely
from shapely import Geometry

from geo_registry.geo.datum import wgs84_from_bd09, wgs84_from_gcj02

Geometries = Sequence[Geometry | None]


def _undo(
    inverse: Callable[..., tuple[np.ndarray, np.ndarray]],
) -> Callable[[Geometries], list[Geometry | None]]:
    """Return a cleaner that moves every vertex by an exact inverse; equal vertices stay equal."""

    def clean(geometries: Geometries) -> list[Geometry | None]:
        shapes = np.array(list(geometries), dtype=object)
        lon, lat = shapely.get_coordinates(shapes).T
        return list(shapely.set_coordinates(shapes, np.column_stack(inverse(lon, lat))))

    return clean


CLEANERS: dict[str, Callable[[Geometries], list[Geometry | None]]] = {
    "gcj02": _undo(wgs84_from_gcj02),
    "bd09": _undo(wgs84_from_bd09),
}
