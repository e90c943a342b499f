"""Counties in the look of their court, as GeoJSON features: for the map file and for the pages alike."""

import json
from collections.abc import Mapping
from typing import Any

import shapely
from shapely import Geometry

from geo_registry.maps.generalise import generalise_coverage
from geo_registry.maps.style import UNRESOLVED, Style, leaflet_style, pattern_fill
from geo_registry.records import AdminUnit
from geo_registry.routing.jurisdiction import Jurisdiction
from geo_registry.routing.level import CaseReading
from geo_registry.routing.model import Candidate, State
from geo_registry.terms import Level, Territory

Feature = dict[str, Any]
_CASE = CaseReading(None, Level.BASIC, (), ())


def feature(geometry: Geometry, properties: Mapping[str, Any], id: str | None = None) -> Feature:
    """Return a GeoJSON feature."""
    made: Feature = {
        "type": "Feature",
        "geometry": json.loads(shapely.to_geojson(geometry)),
        "properties": dict(properties),
    }
    return made if id is None else {"type": "Feature", "id": id, **made}


def county_candidates(law: Jurisdiction, adcode: str) -> tuple[Candidate, ...]:
    """Return what a basic-level case, nothing else known, leaves possible in a county."""
    return law.candidates_at(State(adcode), _CASE, Territory.UNKNOWN)


def county_features(law: Jurisdiction, units: Mapping[str, AdminUnit], style: Style) -> list[Feature]:
    """Return the counties, generalised for looking at, each with its style and the courts possible there.

    Grey hatching says that no court is confirmed, hatching in a court's colour that a fact decides.
    """
    counties = {a: u for a, u in units.items() if u.level == "county" and u.geometry is not None}
    simple = generalise_coverage({a: u.geometry for a, u in counties.items()})
    return [feature(simple[a], _properties(law, units, unit, style), id=a) for a, unit in counties.items()]


def _properties(
    law: Jurisdiction, units: Mapping[str, AdminUnit], unit: AdminUnit, style: Style
) -> dict[str, Any]:
    candidates = county_candidates(law, unit.adcode)
    first = candidates[0]
    code = first.designation.court_code if first.designation else None
    look = leaflet_style(style, code)
    if first.court is None:
        look |= pattern_fill(UNRESOLVED)
    elif len({c.key for c in candidates}) > 1:
        look |= pattern_fill(first.court.code)
    city = units.get(unit.parent_adcode or "")
    return {
        "adcode": unit.adcode,
        "name": unit.name,
        "city": city.name if city else None,
        "zone": code,
        "courts": [
            {
                "code": c.court.code if c.court else None,
                "name": c.court.name if c.court else None,
                "territory": c.territory,
                "status": c.status,
                "condition": {"zh": c.condition.zh, "en": c.condition.en} if c.condition else None,
            }
            for c in candidates
        ],
        "style": {**look, "color": "#666666", "weight": 0.6},
    }
