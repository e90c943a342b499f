"""The geometry of a batch: which rows are points, and any shape in stored degrees."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Geometry

from geo_registry.errors import BadGeometry
from geo_registry.exchange.batches import Batch
from geo_registry.geo.crs import to_lonlat
from geo_registry.geo.reading.model import DEFAULT_CRS
from geo_registry.geo.reading.numbers import read_numbers
from geo_registry.geo.shapes import geometries_from_geojson

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Shapes:
    """The shapes of a batch.

    Attributes
    ----------
    there
        Shape (n,): which rows have one.
    features
        GeoJSON as it was written, where it was; else `shapes` holds them.
    crs
        The system they are in.
    """

    there: NDArray[np.bool_]
    shapes: NDArray[Any]
    features: Any
    crs: str

    @classmethod
    def of(cls, batch: Batch, crs: str | None) -> "Shapes":
        """Return the shapes of a batch in a system; what is no geometry at all counts as there, and is refused."""
        if batch.features is not None:
            there = np.array([f.get("geometry") is not None for f in batch.features], dtype=bool)
            return cls(there, np.full(len(there), None), batch.features, DEFAULT_CRS)
        assert batch.geometry is not None
        wkb = batch.geometry.to_numpy(zero_copy_only=False)
        shapes = shapely.from_wkb(wkb, on_invalid="ignore")
        there = np.array([w is not None for w in wkb], dtype=bool)
        return cls(there, shapes, None, crs or DEFAULT_CRS)

    def points(self) -> tuple[Floats, Floats, NDArray[np.bool_]]:
        """Return x and y of the rows that are points, and which those are."""
        if self.features is not None:
            return self._written_points()
        points = (shapely.get_type_id(self.shapes) == 0) & ~shapely.is_empty(self.shapes)
        return shapely.get_x(self.shapes), shapely.get_y(self.shapes), points

    def _written_points(self) -> tuple[Floats, Floats, NDArray[np.bool_]]:
        pairs = [_pair(f.get("geometry")) for f in self.features]
        x = np.array([np.nan if p is None else p[0] for p in pairs], np.float64)
        y = np.array([np.nan if p is None else p[1] for p in pairs], np.float64)
        return x, y, np.array([p is not None for p in pairs], dtype=bool)

    def lonlat(self, i: int) -> Geometry:
        """Return one shape in degrees, EPSG:4326.

        Raises
        ------
        InvalidInput
            It is no usable geometry, or lies outside its system.
        """
        if self.features is not None:
            (geometry,) = geometries_from_geojson(self.features[i]["geometry"])
            return geometry
        shape = self.shapes[i]
        if shape is None:
            raise BadGeometry(reason_zh="读不出图形", reason_en="it cannot be read")
        if shape.is_empty:
            raise BadGeometry(reason_zh="图形为空", reason_en="it is empty")
        return shapely.transform(shapely.force_2d(shape), self._moved)

    def _moved(self, pairs: Floats) -> Floats:
        moved = [_degrees(float(x), float(y), self.crs) for x, y in pairs]
        return np.array(moved, np.float64).reshape(-1, 2)


def _degrees(x: float, y: float, crs: str) -> tuple[float, float]:
    if crs.lower() in ("gcj02", "bd09"):
        reading = read_numbers(x=x, y=y, crs=crs)
        return reading.lon or 0.0, reading.lat or 0.0
    position = to_lonlat(x=x, y=y, crs=crs).position
    return position.lon, position.lat


def _pair(geometry: Any) -> tuple[float, float] | None:
    """Return the position of a GeoJSON point that is one beyond doubt, else None."""
    if not isinstance(geometry, dict) or geometry.get("type") != "Point" or "crs" in geometry:
        return None
    pair = geometry.get("coordinates")
    if not isinstance(pair, list) or len(pair) not in (2, 3):
        return None
    if not all(isinstance(v, float | int) and not isinstance(v, bool) for v in pair):
        return None
    return float(pair[0]), float(pair[1])
