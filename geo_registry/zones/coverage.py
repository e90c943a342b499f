"""Faults of the ground: where units overlap, leave a gap, or miss each other's vertices. Pure.

Faults are exact: what overlaps is cut out of the polygons themselves, no tolerance is used but for what
cutting rounds, a square millimetre.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import Geometry, STRtree

from geo_registry.geo.measure import area_m2, length_m
from geo_registry.zones.build import as_multipolygon

ROUNDING_M2 = 1e-6  # cutting rounds to 1e-14 degrees; along 100 km that is less than this
SLIVER_WIDTH_M = 20.0
SLIVER_M2 = 10_000.0
_BESIDE = 1e-9  # degrees, about 0.1 mm: a vertex made by cutting lies this near to the edge it is on


@dataclass(frozen=True, slots=True)
class Fault:
    """A piece of ground two units claim (`overlap`), none does (`gap`), or a unit has beyond the province (`excess`).

    `keys` are the units concerned: the two claimants, the neighbours of a gap by their shared length, the
    longest first, or the one that reaches out.
    """

    kind: str
    keys: tuple[str, ...]
    geometry: Geometry
    area_m2: float

    @property
    def is_sliver(self) -> bool:
        """Tell whether it is so small or so thin that it comes from drawing and not from law."""
        width_m = 2 * self.area_m2 / max(length_m(shapely.boundary(self.geometry)), 1e-9)
        return self.area_m2 < SLIVER_M2 or width_m < SLIVER_WIDTH_M


def find_faults(units: Mapping[str, Geometry], province: Geometry) -> list[Fault]:
    """Return every fault of the units in a province, the largest first; empty for a whole coverage.

    Parameters
    ----------
    units, province
        Polygons in degrees, EPSG:4326.
    """
    keys, shapes = list(units), np.array(list(units.values()), dtype=object)
    tree = STRtree(shapes)
    whole = shapely.union_all(shapes)
    faults = _gaps(shapely.difference(province, whole), keys, shapes, tree)
    beyond = shapely.difference(whole, province)
    if _solid(beyond):
        for key, shape in zip(keys, shapes, strict=True):
            faults += _parts("excess", (key,), shapely.intersection(shape, beyond))
    if not shapely.coverage_is_valid(shapes):
        faults += _overlaps(keys, shapes, tree)
    return sorted(faults, key=lambda f: -f.area_m2)


def unmatched_edges(units: Mapping[str, Geometry]) -> list[tuple[str, Geometry]]:
    """Return the edges of units whose neighbour's vertices are others, by key; empty for a valid coverage."""
    edges = shapely.coverage_invalid_edges(np.array(list(units.values()), dtype=object))
    return [(key, edge) for key, edge in zip(units, edges, strict=True) if not edge.is_empty]


def _gaps(gap: Geometry, keys: Sequence[str], shapes: np.ndarray, tree: STRtree) -> list[Fault]:
    faults = []
    for part, area in _solid(gap):
        near = tree.query(part, "dwithin", distance=_BESIDE)
        rim = shapely.buffer(part, _BESIDE)
        shared = {keys[i]: length_m(shapely.intersection(shapely.boundary(shapes[i]), rim)) for i in near}
        faults.append(Fault("gap", tuple(sorted(shared, key=lambda k: (-shared[k], k))), part, area))
    return faults


def _overlaps(keys: Sequence[str], shapes: np.ndarray, tree: STRtree) -> list[Fault]:
    faults: list[Fault] = []
    for i, j in tree.query(shapes, "intersects").T.tolist():
        if i < j:
            faults += _parts("overlap", (keys[i], keys[j]), shapely.intersection(shapes[i], shapes[j]))
    return faults


def _parts(kind: str, keys: tuple[str, ...], shape: Geometry) -> list[Fault]:
    return [Fault(kind, keys, part, area) for part, area in _solid(shape)]


def _solid(shape: Geometry) -> list[tuple[Geometry, float]]:
    measured = [(part, area_m2(part)) for part in as_multipolygon(shape).geoms]
    return [(part, area) for part, area in measured if area > ROUNDING_M2]
