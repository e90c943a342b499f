"""Colours and strokes from the layers' `style.json`, in the words of Leaflet."""

from collections.abc import Iterable, Mapping
from typing import Any

Style = Mapping[str, Any]
_LEAFLET = {
    "stroke": "color",
    "stroke-width": "weight",
    "stroke-opacity": "opacity",
    "stroke-dasharray": "dashArray",
    "fill": "fillColor",
    "fill-opacity": "fillOpacity",
}
UNRESOLVED = "unresolved"


def leaflet_style(style: Style, value: str | None = None) -> dict[str, Any]:
    """Return a style for Leaflet: the layer's base, and what its class adds.

    Parameters
    ----------
    style
        A layer's `style.json`: `base`, and `classes` by the value of one attribute, in simplestyle names.
    value
        The value of that attribute.
    """
    chosen = {**style.get("base", {}), **style.get("classes", {}).get(value, {})}
    return {_LEAFLET[name]: setting for name, setting in chosen.items()}


def pattern_fill(name: str) -> dict[str, Any]:
    """Return the part of a style that fills with one of the map's hatchings."""
    return {"fillColor": f"url(#hatch-{name})", "fillOpacity": 1.0}


GREY, PALE, WHITE = "#7d7d7d", "#e4e4e4", "#ffffff"


def patterns(style: Style, courts: Iterable[str]) -> str:
    """Return the hatchings a page needs, as one hidden SVG: grey for the unresolved, and each court's own."""
    made = [pattern(UNRESOLVED, GREY, PALE)]
    made += [pattern(code, leaflet_style(style, code)["fillColor"], WHITE) for code in courts]
    return f'<svg class="patterns" width="0" height="0" aria-hidden="true"><defs>{"".join(made)}</defs></svg>'


def pattern(name: str, colour: str, ground: str) -> str:
    """Return the SVG definition of a hatching."""
    return (
        f'<pattern id="hatch-{name}" width="9" height="9" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect width="9" height="9" fill="{ground}"/><line x1="0" y1="0" x2="0" y2="9" stroke="{colour}" '
        'stroke-width="5" stroke-opacity="0.55"/></pattern>'
    )


def pattern_css(colour: str, ground: str) -> str:
    """Return the same hatching as a CSS background, for a legend."""
    return f"repeating-linear-gradient(45deg,{colour} 0 3px,{ground} 3px 6px)"
