"""Positions that cannot be read in the wrong order."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo_registry.errors import LatitudeOutOfRange, LongitudeOutOfRange, NumberExpected


@dataclass(frozen=True, slots=True, kw_only=True)
class LonLat:
    """A position in degrees, EPSG:4326; checked when made.

    Raises
    ------
    NumberExpected
        A part is NaN or infinite.
    LongitudeOutOfRange, LatitudeOutOfRange
        A part is beyond ±180 or ±90; a latitude of 125 is most often a swapped pair.
    """

    lon: float
    lat: float

    def __post_init__(self) -> None:
        if abs(self.lat) <= 90 and abs(self.lon) <= 180:
            return
        for name, value in (("lon", self.lon), ("lat", self.lat)):
            if not math.isfinite(value):
                raise NumberExpected(name=name, value=str(value))
        if abs(self.lat) > 90:
            raise LatitudeOutOfRange(lat=self.lat)
        raise LongitudeOutOfRange(lon=self.lon)


@dataclass(frozen=True, slots=True, kw_only=True)
class BBox:
    """An upright box in degrees, EPSG:4326; `west <= east`, `south <= north`."""

    west: float
    south: float
    east: float
    north: float

    def expanded(self, degrees: float) -> "BBox":
        """Return the box grown on every side."""
        return BBox(
            west=self.west - degrees,
            south=self.south - degrees,
            east=self.east + degrees,
            north=self.north + degrees,
        )

    def contains(self, *, lon: float, lat: float) -> bool:
        """Tell whether a position lies in the closed box."""
        return self.west <= lon <= self.east and self.south <= lat <= self.north

    def holds(self, lons: NDArray[np.float64], lats: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Tell which of many positions lie in the closed box; one that is not finite does not."""
        with np.errstate(invalid="ignore"):
            inside = (self.west <= lons) & (lons <= self.east) & (self.south <= lats) & (lats <= self.north)
        return np.asarray(inside)


def parse_number(name: str, text: str) -> float:
    """Return a finite number written by a person or a program.

    Raises
    ------
    NumberExpected
        The text is empty, not a number, NaN or infinite.
    """
    try:
        value = float(text.strip())
    except ValueError:
        raise NumberExpected(name=name, value=text) from None
    if not math.isfinite(value):
        raise NumberExpected(name=name, value=text)
    return value
