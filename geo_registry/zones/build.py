"""Zones from designations: the polygons of the units a court is given, dissolved."""

from collections.abc import Mapping, Sequence
from itertools import groupby

import shapely
from shapely import Geometry, MultiPolygon

from geo_registry.geo.measure import area_m2
from geo_registry.terms import Territory
from geo_registry.zones.model import Designation, Zone


def build_zones(
    designations: Sequence[Designation],
    *,
    units: Mapping[str, Geometry],
    districts: Mapping[str, Geometry],
) -> list[Zone]:
    """Return one zone per territory kind and court, ordered by both.

    Parameters
    ----------
    units, districts
        Polygons in degrees by adcode and by district code; the units are a valid coverage. What has
        no polygon adds none: a zone of forest districts alone has geometry None.
    """
    rows = sorted(designations, key=lambda d: (d.territory, d.court_code, d.id))
    return [
        _zone(territory, court_code, list(members), units, districts)
        for (territory, court_code), members in groupby(rows, key=lambda d: (d.territory, d.court_code))
    ]


def _zone(
    territory: Territory,
    court_code: str,
    members: list[Designation],
    units: Mapping[str, Geometry],
    districts: Mapping[str, Geometry],
) -> Zone:
    polygons = [units[d.adcode] for d in members if d.adcode is not None and d.adcode in units]
    geometry = dissolve(polygons) if polygons else None
    if territory is Territory.FOREST:
        polygons = [
            districts[d.district] for d in members if d.district is not None and d.district in districts
        ]
        geometry = as_multipolygon(shapely.union_all(polygons)) if polygons else None
    return Zone(
        version_id=members[0].version_id,
        territory=territory,
        court_code=court_code,
        designation_ids=tuple(d.id for d in members),
        geometry=geometry,
        area_m2=None if geometry is None else area_m2(geometry),
    )


def dissolve(polygons: Sequence[Geometry]) -> MultiPolygon:
    """Return the union of members of a valid coverage; every vertex that is kept is kept exactly."""
    return as_multipolygon(shapely.coverage_union_all(polygons))


def as_multipolygon(geometry: Geometry) -> MultiPolygon:
    """Return a polygon or a collection of polygons as one MultiPolygon; lines and points are dropped."""
    parts = [p for p in shapely.get_parts(geometry) if p.geom_type == "Polygon"]
    if geometry.geom_type == "GeometryCollection":
        parts = [
            q for p in shapely.get_parts(geometry) for q in shapely.get_parts(p) if q.geom_type == "Polygon"
        ]
    return MultiPolygon(parts)
