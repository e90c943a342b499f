"""What of the ground changes court from one version to another: exact pieces of polygons. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import Geometry, STRtree

from geo_registry.geo.measure import area_m2
from geo_registry.terms import Territory
from geo_registry.zones.build import as_multipolygon
from geo_registry.zones.coverage import ROUNDING_M2
from geo_registry.zones.model import Designation


@dataclass(frozen=True, slots=True)
class Ruled:
    """A unit's polygon (degrees, EPSG:4326) and the court of its row."""

    court_code: str
    geometry: Geometry


@dataclass(frozen=True, slots=True)
class Moved:
    """Ground that changes court: what of a unit, as the newer version draws it; `share` is of that unit's area."""

    adcode: str
    adcode_before: str
    court_before: str
    court_after: str
    geometry: Geometry
    area_m2: float
    share: float


@dataclass(frozen=True, slots=True)
class MovedDistrict:
    """A forest district whose court changes; None where a version has no row for it."""

    code: str
    court_before: str | None
    court_after: str | None


def ruled_units(rows: Sequence[Designation], units: Mapping[str, Geometry | None]) -> dict[str, Ruled]:
    """Return the units that have a row and a polygon, by adcode."""
    return {
        d.adcode: Ruled(d.court_code, shape)
        for d in rows
        if d.territory is Territory.ORDINARY and d.adcode and (shape := units.get(d.adcode)) is not None
    }


def moved_ground(before: Mapping[str, Ruled], after: Mapping[str, Ruled]) -> list[Moved]:
    """Return the ground whose court differs, by unit of the newer version; empty where none does."""
    if not before or not after:
        return []
    old, new = list(before.items()), list(after.items())
    tree = STRtree(np.array([r.geometry for _, r in new], dtype=object))
    moved = []
    for i, j in tree.query(np.array([r.geometry for _, r in old], dtype=object)).T.tolist():
        (was, a), (now, b) = old[i], new[j]
        if a.court_code == b.court_code:
            continue
        same = was == now and shapely.equals_exact(a.geometry, b.geometry)
        piece = as_multipolygon(b.geometry if same else shapely.intersection(a.geometry, b.geometry))
        area = area_m2(piece) if not piece.is_empty else 0.0
        if area > ROUNDING_M2:
            share = 1.0 if same else area / area_m2(b.geometry)
            moved.append(Moved(now, was, a.court_code, b.court_code, piece, area, share))
    return sorted(moved, key=lambda m: (m.adcode, m.adcode_before))


def moved_districts(before: Sequence[Designation], after: Sequence[Designation]) -> list[MovedDistrict]:
    """Return the forest districts whose court differs, by code."""
    old, new = ({d.district: d.court_code for d in rows if d.district} for rows in (before, after))
    return [
        MovedDistrict(code, old.get(code), new.get(code))
        for code in sorted(old.keys() | new.keys())
        if old.get(code) != new.get(code)
    ]
