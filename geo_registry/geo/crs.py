"""The one wrapper around PROJ: foreign coordinates in, degrees in longitude-latitude order out.

Stored positions are EPSG:4326 degrees. CGCS2000 (EPSG:4490) has no published grid to WGS 84; the two
are taken as equal, which holds to well under the accuracy of anything in the registry, and every
reading says which of the two it came from.
"""

import math
import warnings
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError
from pyproj.transformer import TransformerGroup

from geo_registry.errors import NoTransformation, OutsideCrs, UnknownCrs
from geo_registry.geo.coordinates import BBox, LonLat

Numbers = NDArray[np.float64]
WGS84, CGCS2000 = 4326, 4490
_MARGIN_DEGREES = 3.0  # surveyors stay in a zone somewhat past its edge; farther off it is a wrong zone


@dataclass(frozen=True, slots=True)
class Projected:
    """A position read from a foreign system, and how well PROJ's operation is known to hold."""

    position: LonLat
    operation_accuracy_m: float


@lru_cache(maxsize=128)
def get_crs(text: str) -> CRS:
    """Return the system an EPSG code names; `EPSG:4531`, `epsg:4531` and `4531` are one.

    Raises
    ------
    UnknownCrs
        PROJ has no such system, or it is not a horizontal one.
    """
    code = text.strip().upper().removeprefix("EPSG:")
    try:
        crs = CRS.from_epsg(int(code))
    except (ValueError, CRSError):
        raise UnknownCrs(crs=text) from None
    if not (crs.is_geographic or crs.is_projected) or len(crs.axis_info) != 2:
        raise UnknownCrs(crs=text)
    return crs


@lru_cache(maxsize=128)
def get_transformer(text: str) -> Transformer:
    """Return the operation from a system to stored degrees, x before y on both sides.

    Raises
    ------
    NoTransformation
        Only a ballpark operation exists; a shift of unknown size is never applied in silence.
    """
    crs = get_crs(text)
    base = crs.geodetic_crs
    target = CGCS2000 if base is not None and base.to_epsg() == CGCS2000 else WGS84
    try:
        return Transformer.from_crs(crs, target, always_xy=True, allow_ballpark=False)
    except ProjError:
        raise NoTransformation(crs=text) from None


@lru_cache(maxsize=128)
def is_stored_as_given(crs: str) -> bool:
    """Tell whether positions of a system are stored as they are: degrees of WGS 84 or CGCS2000.

    Raises
    ------
    UnknownCrs
        PROJ has no such system.
    """
    return get_crs(crs).to_epsg() in (WGS84, CGCS2000)


def to_lonlat(*, x: float, y: float, crs: str) -> Projected:
    """Read a pair in the order east, north (or longitude, latitude) of a foreign system.

    Parameters
    ----------
    x, y
        Easting and northing in the unit of the system, or longitude and latitude in degrees.

    Raises
    ------
    UnknownCrs, NoTransformation
        See `get_crs` and `get_transformer`.
    OutsideCrs
        The result lies more than three degrees outside the area the system is made for.
    """
    if is_stored_as_given(crs):
        return Projected(LonLat(lon=x, lat=y), 0.0)  # no operation: the position stays the very number given
    transformer = get_transformer(crs)
    try:
        lon, lat = transformer.transform(x, y, errcheck=True)
    except ProjError:
        raise OutsideCrs(x=x, y=y, crs=crs) from None
    if not (math.isfinite(lon) and math.isfinite(lat)) or not _area(crs).contains(lon=lon, lat=lat):
        raise OutsideCrs(x=x, y=y, crs=crs)
    operation = transformer.get_last_used_operation()
    area = operation.area_of_use
    if operation.accuracy > 0 and area is not None:
        box = BBox(west=area.west, south=area.south, east=area.east, north=area.north)
        if not box.contains(lon=lon, lat=lat):  # PROJ falls back to an operation published for another region
            raise NoTransformation(crs=crs)
    return Projected(LonLat(lon=lon, lat=lat), max(operation.accuracy, 0.0))


def to_lonlats(xs: Numbers, ys: Numbers, crs: str) -> tuple[Numbers, Numbers, Numbers, NDArray[np.bool_]]:
    """Read many pairs, each exactly as `to_lonlat` reads it alone.

    Returns
    -------
    tuple
        Longitudes and latitudes in degrees, the metres to which the operation holds, and which pairs
        were read. The rest must be asked of `to_lonlat` one by one: it reads or refuses them.
    """
    if is_stored_as_given(crs):
        return xs, ys, np.zeros(len(xs)), in_range(xs, ys)
    if not len(xs) or not _has_one_operation(crs):
        return xs, ys, np.zeros(len(xs)), np.zeros(len(xs), dtype=bool)
    transformer = get_transformer(crs)
    lons, lats = transformer.transform(xs, ys)
    read = _area(crs).holds(lons, lats) & in_range(lons, lats)
    if not read.any():
        return lons, lats, np.zeros(len(xs)), read
    operation = transformer.get_last_used_operation()
    area, accuracy_m = operation.area_of_use, max(operation.accuracy, 0.0)
    if operation.accuracy > 0 and area is not None:
        read &= BBox(west=area.west, south=area.south, east=area.east, north=area.north).holds(lons, lats)
    return lons, lats, np.full(len(xs), accuracy_m), read


def in_range(lons: Numbers, lats: Numbers) -> NDArray[np.bool_]:
    """Tell which pairs are degrees: finite, within ±180 and ±90."""
    with np.errstate(invalid="ignore"):
        if all(
            -most <= v.min(initial=0.0) and v.max(initial=0.0) <= most
            for v, most in ((lons, 180), (lats, 90))
        ):
            return np.ones(lons.shape, np.bool_)  # NaN is the least and the greatest of what it is in
        return np.asarray((np.abs(lons) <= 180) & (np.abs(lats) <= 90))


@lru_cache(maxsize=128)
def _has_one_operation(crs: str) -> bool:
    """Tell whether PROJ has one way from a system to ours; where there are more it chooses by position."""
    target = get_transformer(crs).target_crs
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a better operation whose grid is not installed
        group = TransformerGroup(get_crs(crs), target, always_xy=True, allow_ballpark=False)
    return len(group.transformers) == 1


@lru_cache(maxsize=128)
def _area(crs: str) -> BBox:
    area = get_crs(crs).area_of_use
    if area is None:
        return BBox(west=-180, south=-90, east=180, north=90)
    return BBox(west=area.west, south=area.south, east=area.east, north=area.north).expanded(_MARGIN_DEGREES)
