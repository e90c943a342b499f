"""A self-contained map: one HTML file with everything in it, made by folium, that asks no host for anything."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import folium
import shapely
from branca.element import Element, Figure
from folium.utilities import JsCode
from jinja2 import Template
from shapely import Geometry
from shapely.geometry import shape

from geo_registry.maps import describe, legend
from geo_registry.maps.assets import leaflet_css, leaflet_js
from geo_registry.maps.features import Feature, county_candidates, county_features, feature
from geo_registry.maps.generalise import generalise_coverage, shorten
from geo_registry.maps.style import Style, leaflet_style
from geo_registry.records import AdminUnit, Site
from geo_registry.routing.answer import Answer
from geo_registry.routing.snapshot import Snapshot
from geo_registry.terms import Precision, Text
from geo_registry.zones.build import dissolve

LAYERS = ("zones", "basins", "rivers", "courts", "sites")
_OPENS_TEMPLATE = re.compile(r"\{(?=[{%#])")
_TOWN_RADIUS_M, _COUNTY_RADIUS_M = 4_000, 12_000

_BIND = JsCode(
    "function(f, l) { if (f.properties.popup) { l.bindPopup(f.properties.popup, {maxWidth: Math.min(340, window.innerWidth - 80)}); } }"
)
_POINT = JsCode(
    """function(f, at) {
      var p = f.properties;
      if (p.icon) { return L.marker(at, {icon: L.divIcon({className: p.icon, html: p.text, iconSize: null}), title: p.title, alt: p.title}); }
      if (p.radius_m) { return L.circle(at, Object.assign({radius: p.radius_m}, p.style)); }
      return L.circleMarker(at, Object.assign({radius: 7}, p.style));
    }"""
)


@dataclass(frozen=True)
class MapContent:
    """What a map shows.

    Attributes
    ----------
    rivers
        Names and lines, degrees.
    kinds
        Titles of the kinds of site, by code.
    styles
        The layers' styles, by layer id.
    places
        Routed places with a label each, numbered on the map in this order.
    layers
        Which of `LAYERS` to draw.
    """

    snapshot: Snapshot
    on: date
    rivers: Sequence[tuple[str, Geometry]]
    kinds: Mapping[str, Text]
    styles: Mapping[str, Style]
    places: Sequence[tuple[str, Answer]] = ()
    layers: Sequence[str] = LAYERS
    approval_number: str = ""


class _OfflineMap(folium.Map):
    """folium's map without its list of content delivery networks."""

    default_js: list[tuple[str, str]] = []  # noqa: RUF012 - folium reads a class attribute
    default_css: list[tuple[str, str]] = []  # noqa: RUF012


class _Verbatim(Element):
    """Text put into the file as it is: branca would read braces in a name or in a library as a template."""

    _template = Template("{{ this.text }}")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


def render_map(content: MapContent) -> str:
    """Return the HTML text of the map.

    Raises
    ------
    AssetsMissing
        Leaflet was not put beside the code by set-up.
    """
    drawn = _OfflineMap(
        tiles=None, control_scale=True, attribution_control=False, zoom_snap=0.25, max_zoom=16
    )
    figure = drawn.get_root()
    assert isinstance(figure, Figure)
    _head(figure)
    makers = {"zones": _zones, "basins": _basins, "rivers": _rivers, "courts": _courts, "sites": _sites}
    for name in (n for n in LAYERS if n in content.layers):
        makers[name](drawn, content)
    if content.places:
        _add(drawn, "查询地点 Places asked", _place_features(content))
    folium.LayerControl(collapsed=True).add_to(drawn)
    figure.script.add_child(_Verbatim(_fit(drawn.get_name(), content)), name="fit")
    figure.html.add_child(_Verbatim(legend.render(content)))
    html: str = figure.render()
    return html


def _head(figure: Figure) -> None:
    figure.title = "geo-registry · 吉林省环境资源案件管辖"
    for name, code in (
        ("viewport", '<meta name="viewport" content="width=device-width, initial-scale=1">'),
        ("icon", '<link rel="icon" href="data:,">'),
        ("leaflet_css", f"<style>{leaflet_css()}</style>"),
        ("leaflet_js", f"<script>{leaflet_js()}</script>"),
        ("own_css", f"<style>{legend.CSS}</style>"),
    ):
        figure.header.add_child(_Verbatim(code), name=name)


def _zones(drawn: folium.Map, content: MapContent) -> None:
    """Draw counties in the look of their court, and a heavier line where the court changes."""
    held, law = content.snapshot, content.snapshot.jurisdiction
    if law is None:
        return
    counties = county_features(law, held.units, content.styles["court_zones"])
    by_court: dict[str | None, list[Geometry]] = {}
    for made in counties:
        properties = made["properties"]
        by_court.setdefault(properties["zone"], []).append(shape(made["geometry"]))
        unit = held.units[properties["adcode"]]
        candidates = county_candidates(law, unit.adcode)
        properties["popup"] = describe.county(unit, properties["city"] or "", candidates)
    _add(drawn, "法院辖区 Court zones", counties)
    lines = [_feature(shapely.boundary(dissolve(members)), _LINE, "") for members in by_court.values()]
    _add(drawn, "辖区界线 Lines between courts", lines)


_LINE = {"color": "#222222", "weight": 1.8, "opacity": 0.9, "fill": False, "interactive": False}


def _basins(drawn: folium.Map, content: MapContent) -> None:
    held, style = content.snapshot, leaflet_style(content.styles["basins"])
    simple = generalise_coverage({b.code: b.geometry for b in held.basins})
    features = []
    for basin in held.basins:
        agreements = "；".join(a.name for a in held.agreements if basin.code in a.basin_codes)
        rows = [
            ("一级流域 System", basin.level1),
            ("下游 Drains to", held.basin_index.basins[basin.drains_to].name.zh if basin.drains_to else ""),
            ("协作 Co-operation", agreements),
            ("精度 Quality", "近似，分水线可偏 1–10 千米 · approximate, divides off by 1–10 km"),
        ]
        popup = describe.lines(f"{basin.name.zh} {basin.name.en}", rows)
        features.append(_feature(simple[basin.code], {**style, "fill": False}, popup))
    _add(drawn, "流域 Basins", features, show=False)


def _rivers(drawn: folium.Map, content: MapContent) -> None:
    style = leaflet_style(content.styles["rivers"])
    features = [
        _feature(shorten(shapely.simplify(line, 0.002)), {**style, "fill": False}, describe.lines(name, []))
        for name, line in content.rivers
    ]
    _add(drawn, "河流 Rivers", features)


def _courts(drawn: folium.Map, content: MapContent) -> None:
    held = content.snapshot
    features = []
    for court in held.courts.values():
        seat = held.units.get(court.seat_adcode or "")
        if seat is None or seat.geometry is None:
            continue
        marker = {"icon": "court", "text": "⚖", "title": court.name or ""}
        features.append(_feature(_inside(seat), {}, describe.court(court, seat.name), **marker))
    _add(drawn, "法院（仅知县区） Courts (county only)", features)


def _sites(drawn: folium.Map, content: MapContent) -> None:
    held, style = content.snapshot, content.styles["sites"]
    features = []
    for site in held.sites:
        where = _where(site, held)
        if where is None:
            continue
        point, radius = where
        look = leaflet_style(style, site.kind)
        extent = {"radius_m": radius} if radius else {}
        soft = {"dashArray": "4 4", "fillOpacity": 0.18} if radius else {}
        unit = held.units.get(site.adcode or "")
        place = (unit.name if unit else "") + (site.town or "")
        popup = describe.site(site, content.kinds.get(site.kind, Text(site.kind, site.kind)), place)
        features.append(_feature(point, {**look, **soft}, popup, **extent))
    _add(drawn, "登记地点 Sites", features)


def _where(site: Site, held: Snapshot) -> tuple[Geometry, int] | None:
    """Return a site's point, and the radius of the circle that says it is no exact point."""
    if site.lon is not None and site.lat is not None:
        return shapely.Point(site.lon, site.lat), 0 if site.precision is Precision.POINT else _TOWN_RADIUS_M
    unit = held.units.get(site.adcode or "")
    return (_inside(unit), _COUNTY_RADIUS_M) if unit is not None and unit.geometry is not None else None


def _place_features(content: MapContent) -> list[Feature]:
    features = []
    for number, (label, answer) in enumerate(content.places, start=1):
        if answer.reading.lon is None:
            continue
        marker = {"icon": f"place {answer.outcome.value}", "text": str(number), "title": label}
        point = shapely.Point(answer.reading.lon, answer.reading.lat)
        features.append(_feature(point, {}, describe.answer(f"{number}. {label}", answer), **marker))
    return features


def _inside(unit: AdminUnit) -> Geometry:
    return shorten(shapely.point_on_surface(unit.geometry))


def _feature(geometry: Geometry, style: Mapping[str, Any], popup: str, **more: Any) -> Feature:
    return feature(geometry, {"style": dict(style), "popup": popup, **more})


def _add(drawn: folium.Map, name: str, features: list[Feature], *, show: bool = True) -> None:
    if not features:
        return
    inert = [{**f, "properties": _inert(f["properties"])} for f in features]
    folium.GeoJson(
        {"type": "FeatureCollection", "features": inert},
        name=name,
        show=show,
        style_function=lambda feature: feature["properties"]["style"],
        on_each_feature=_BIND,
        point_to_layer=_POINT,
        smooth_factor=0.5,
    ).add_to(drawn)


def _inert(value: Any) -> Any:
    """Return values in which no text is a template: folium renders its own output once more.

    A zero-width space goes between the two signs that open one, in every string however deep.
    """
    if isinstance(value, str):
        return _OPENS_TEMPLATE.sub("{\u200b", value)
    if isinstance(value, Mapping):
        return {key: _inert(v) for key, v in value.items()}
    return [_inert(v) for v in value] if isinstance(value, list | tuple) else value


def _fit(map_name: str, content: MapContent) -> str:
    """Return the script that shows the whole province, beside the panel where there is room for both."""
    shapes = [u.geometry for u in content.snapshot.units.values() if u.geometry is not None]
    west, south, east, north = (round(float(v), 3) for v in shapely.total_bounds(shapes))
    return (
        f"window.addEventListener('load', function() {{ {map_name}.fitBounds([[{south}, {west}], [{north}, {east}]], "
        "{paddingTopLeft: [window.innerWidth < 900 ? 0 : 350, 0]}); });"
    )
