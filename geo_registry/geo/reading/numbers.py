"""Two numbers of a named system, and geometry: one interpretation each."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from shapely import Geometry, Point

from geo_registry.errors import OutsideCrs
from geo_registry.geo.coordinates import LonLat
from geo_registry.geo.crs import (
    CGCS2000,
    Numbers,
    Projected,
    get_crs,
    in_range,
    is_stored_as_given,
    to_lonlat,
    to_lonlats,
)
from geo_registry.geo.datum import wgs84_from_bd09, wgs84_from_gcj02
from geo_registry.geo.reading.model import (
    AS_WRITTEN,
    DEFAULT_ACCURACY_M,
    DEFAULT_CRS,
    LARGEST_ACCURACY_M,
    Reading,
    checked_accuracy,
)
from geo_registry.terms import Notation, Precision, Text

SHIFTED: dict[str, Callable[..., tuple[object, object]]] = {
    "gcj02": wgs84_from_gcj02,
    "bd09": wgs84_from_bd09,
}
_PRECISION = {0: Precision.POINT, 1: Precision.LINE, 2: Precision.AREA}


def read_numbers(
    *,
    x: float,
    y: float,
    crs: str | None = None,
    accuracy_m: float | None = None,
    implied_accuracy_m: float = DEFAULT_ACCURACY_M,
    text: str | None = None,
    notation: Notation | None = None,
    why: Text = AS_WRITTEN,
    plausible: bool = True,
    datum_known: bool | None = None,
) -> Reading:
    """Read two numbers: longitude and latitude in degrees, or east and north of a named system.

    Surveyors write north before east; a projected pair that only fits its system the other way round
    is read that way.

    Parameters
    ----------
    implied_accuracy_m
        What the way of writing allows, where no accuracy is given.
    datum_known
        By default, whether a system is named.

    Raises
    ------
    InvalidInput
        Out of range, an unknown system, or outside the system's area.
    """
    name = crs or DEFAULT_CRS
    if is_shifted(name):
        LonLat(lon=x, lat=y)
        lon, lat = (float(v) for v in SHIFTED[name.lower()](x, y))  # type: ignore[arg-type]
        read, form, datum = Projected(LonLat(lon=lon, lat=lat), 0.0), Notation.DEGREES, name.lower()
    else:
        read, form, datum = _read_in_system(x, y, name)
    accuracy = checked_accuracy(accuracy_m) if accuracy_m is not None else implied_accuracy_m
    return Reading(
        input=text if text is not None else f"{x!r},{y!r}",
        notation=notation or form,
        datum=datum,
        crs=name.lower() if is_shifted(name) else name,
        where=read.position,
        accuracy_m=max(accuracy, read.operation_accuracy_m),
        precision=Precision.POINT,
        why=why,
        plausible=plausible,
        datum_known=crs is not None if datum_known is None else datum_known,
    )


def read_many_numbers(
    xs: Numbers, ys: Numbers, *, crs: str | None, accuracy_m: Numbers
) -> tuple[Numbers, Numbers, Numbers, NDArray[np.bool_]]:
    """Read many pairs of one system, each exactly as `read_numbers` reads it alone.

    Parameters
    ----------
    accuracy_m
        Shape (n,), or (1,) for all alike; metres; NaN where none is given.

    Returns
    -------
    tuple
        Longitudes, latitudes (degrees, EPSG:4326), accuracies (metres), and which pairs were read, each of
        shape (n,) and not to be written to. The rest must be asked of `read_numbers` one by one: it reads
        or refuses them.

    Raises
    ------
    UnknownCrs, NoTransformation
        The system cannot be used at all.
    """
    name = crs or DEFAULT_CRS
    wanted = np.where(np.isnan(accuracy_m), DEFAULT_ACCURACY_M, accuracy_m)
    fits = (wanted >= 0) & (wanted <= LARGEST_ACCURACY_M)
    usable = in_range(xs, ys) if is_in_degrees(name) else np.isfinite(xs) & np.isfinite(ys)
    if not is_shifted(name) and is_stored_as_given(name):
        return xs, ys, np.broadcast_to(wanted, xs.shape), usable & fits
    x, y = np.where(usable, xs, 0.0), np.where(usable, ys, 0.0)
    if is_shifted(name):
        lons, lats = (np.asarray(v) for v in SHIFTED[name.lower()](x, y))
        operation_m, read = np.zeros(len(xs)), in_range(lons, lats)
    else:
        lons, lats, operation_m, read = to_lonlats(x, y, name)
    return lons, lats, np.maximum(wanted, operation_m), read & usable & fits


def read_geometry(
    geometry: Geometry,
    *,
    text: str,
    accuracy_m: float | None = None,
    notation: Notation = Notation.GEOJSON,
    crs: str = DEFAULT_CRS,
) -> Reading:
    """Wrap a checked geometry in EPSG:4326 degrees; `crs` is the system it was written in."""
    return Reading(
        input=text,
        notation=notation,
        datum=datum_of(crs),
        crs=crs,
        where=LonLat(lon=geometry.x, lat=geometry.y) if isinstance(geometry, Point) else geometry,
        accuracy_m=checked_accuracy(accuracy_m) if accuracy_m is not None else DEFAULT_ACCURACY_M,
        precision=_PRECISION[_dimension(geometry)],
    )


def is_shifted(crs: str) -> bool:
    """Tell whether a name is that of a shifted datum of Chinese web maps."""
    return crs.lower() in SHIFTED


def is_in_degrees(crs: str | None) -> bool:
    """Tell whether pairs of a system are degrees; no system named counts as degrees.

    Raises
    ------
    UnknownCrs
        PROJ has no such system.
    """
    return crs is None or is_shifted(crs) or bool(get_crs(crs).is_geographic)


@lru_cache(maxsize=128)
def datum_of(crs: str) -> str:
    """Return the datum of a system as answers name it."""
    if is_shifted(crs):
        return crs.lower()
    base = get_crs(crs).geodetic_crs
    return {4326: "wgs84", CGCS2000: "cgcs2000"}.get(base.to_epsg() or 0, base.name) if base else "unknown"


def _dimension(geometry: Geometry) -> int:
    parts = getattr(geometry, "geoms", None)
    if parts is not None:
        return max(_dimension(part) for part in parts)
    return {"Point": 0, "LineString": 1, "LinearRing": 1}.get(geometry.geom_type, 2)


def _read_in_system(x: float, y: float, name: str) -> tuple[Projected, Notation, str]:
    if name == DEFAULT_CRS:  # nearly all there is: PROJ need not be asked
        return Projected(LonLat(lon=x, lat=y), 0.0), Notation.DEGREES, "wgs84"
    crs = get_crs(name)
    datum = datum_of(name)
    if crs.is_geographic:
        LonLat(lon=x, lat=y)
        return to_lonlat(x=x, y=y, crs=name), Notation.DEGREES, datum
    method = crs.coordinate_operation.method_name if crs.coordinate_operation else ""
    notation = Notation.PROJECTED
    if "UTM" in crs.name:
        notation = Notation.UTM
    elif method == "Transverse Mercator":
        notation = Notation.GAUSS_KRUGER
    return _either_order(x, y, name), notation, datum


def _either_order(x: float, y: float, crs: str) -> Projected:
    try:
        return to_lonlat(x=x, y=y, crs=crs)
    except OutsideCrs as error:
        try:
            return to_lonlat(x=y, y=x, crs=crs)
        except OutsideCrs:
            raise error from None
