"""GCJ-02 and BD-09, the shifted datums of Chinese web maps, and their exact inverses.

The forward formulas are those in common use; neither datum is published, so "exact" means that
going there and back returns the start (below a micrometre over Jilin), not that the formula is
official. Outside the box in which the shift is applied, positions are returned unchanged.

Never apply these to data that is not known to be shifted: in 长春 the shift is about 590 m.
All functions take and return arrays (or numbers) of degrees, longitude first.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Degrees = NDArray[np.float64]
Pair = tuple[Degrees, Degrees]

_A = 6378245.0  # Krassowsky ellipsoid, which the shift is defined on
_EE = 0.00669342162296594323
_BD_PI = np.pi * 3000.0 / 180.0
_BOX = (72.004, 0.8293, 137.8347, 55.8271)
_STEPS = 30
_CLOSE = 1e-13  # degrees: about 10 nm


def gcj02_from_wgs84(lon: Any, lat: Any) -> Pair:
    """Shift WGS 84 degrees to GCJ-02 (高德, 腾讯, phones in China)."""
    lon, lat = _arrays(lon, lat)
    east, north = _gcj_offset(lon, lat)
    return lon + east, lat + north


def wgs84_from_gcj02(lon: Any, lat: Any) -> Pair:
    """Undo GCJ-02 by fixed-point iteration; the round trip closes below 1e-6 m over Jilin."""
    return _inverse(gcj02_from_wgs84, *_arrays(lon, lat))


def bd09_from_gcj02(lon: Any, lat: Any) -> Pair:
    """Shift GCJ-02 degrees on to BD-09 (百度)."""
    lon, lat = _arrays(lon, lat)
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD_PI)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD_PI)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def gcj02_from_bd09(lon: Any, lat: Any) -> Pair:
    """Undo the BD-09 step by fixed-point iteration."""
    return _inverse(bd09_from_gcj02, *_arrays(lon, lat))


def wgs84_from_bd09(lon: Any, lat: Any) -> Pair:
    """Undo BD-09 and then GCJ-02."""
    return wgs84_from_gcj02(*gcj02_from_bd09(lon, lat))


def bd09_from_wgs84(lon: Any, lat: Any) -> Pair:
    """Shift WGS 84 degrees to BD-09."""
    return bd09_from_gcj02(*gcj02_from_wgs84(lon, lat))


def _arrays(lon: Any, lat: Any) -> Pair:
    return np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)


def _inverse(forward: Callable[[Any, Any], Pair], lon: Degrees, lat: Degrees) -> Pair:
    """Find what `forward` maps to (lon, lat): both shifts are small and smooth, so iteration contracts.

    Each position stops by its own steps, so that one among many comes out as it would alone.
    """
    at_lon, at_lat = lon.copy(), lat.copy()
    open_ = np.ones(lon.shape, dtype=bool)
    for _ in range(_STEPS):
        there_lon, there_lat = forward(at_lon, at_lat)
        step_lon, step_lat = np.where(open_, lon - there_lon, 0.0), np.where(open_, lat - there_lat, 0.0)
        at_lon, at_lat = at_lon + step_lon, at_lat + step_lat
        open_ = open_ & ~(np.maximum(np.abs(step_lon), np.abs(step_lat)) < _CLOSE)
        if not np.any(open_):
            break
    return at_lon, at_lat


def _gcj_offset(lon: Degrees, lat: Degrees) -> Pair:
    west, south, east, north = _BOX
    shifted = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    x, y = lon - 105.0, lat - 35.0
    wave = 20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)
    d_lat = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x))
    d_lat += (wave + 20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    d_lat += (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    d_lon = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x))
    d_lon += (wave + 20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    d_lon += (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    phi = np.radians(lat)
    magic = 1.0 - _EE * np.sin(phi) ** 2
    per_degree_lat = np.radians(_A * (1.0 - _EE) / (magic * np.sqrt(magic)))
    per_degree_lon = np.radians(_A / np.sqrt(magic) * np.cos(phi))
    return np.where(shifted, d_lon / per_degree_lon, 0.0), np.where(shifted, d_lat / per_degree_lat, 0.0)
