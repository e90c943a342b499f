"""Coordinates, datums, systems, measuring: relations that must hold whatever is put in."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely import LineString, MultiPoint, Point, Polygon

from geo_registry.errors import (
    BadGeometry,
    LatitudeOutOfRange,
    LongitudeOutOfRange,
    NoTransformation,
    NumberExpected,
    OutsideCrs,
    UnknownCrs,
)
from geo_registry.geo.coordinates import LonLat, parse_number
from geo_registry.geo.crs import to_lonlat
from geo_registry.geo.datum import (
    bd09_from_wgs84,
    gcj02_from_wgs84,
    wgs84_from_bd09,
    wgs84_from_gcj02,
)
from geo_registry.geo.measure import area_m2, distance_m, length_m
from geo_registry.geo.shapes import geometries_from_geojson
from tests.distances import segment_distances_m

lons, lats = st.floats(121.6, 131.4), st.floats(40.8, 46.4)


def test_a_swapped_pair_is_told() -> None:
    with pytest.raises(LatitudeOutOfRange) as caught:
        LonLat(lon=44.4, lat=125.3)
    assert str(caught.value) == (
        "Latitude 125.3 is outside -90..90 degrees. Coordinates are lon, lat in EPSG:4326; were they swapped?"
    )
    assert "是否写反了" in caught.value.zh
    with pytest.raises(LongitudeOutOfRange):
        LonLat(lon=500000.0, lat=44.0)


@pytest.mark.parametrize("text", ["", " ", "nan", "inf", "-Infinity", "1e999", "12,5", "abc", "0x10"])
def test_only_finite_numbers_are_numbers(text: str) -> None:
    with pytest.raises(NumberExpected):
        parse_number("lon", text)


@settings(max_examples=200)
@given(lons, lats)
def test_both_shifted_datums_come_back_within_a_micrometre(lon: float, lat: float) -> None:
    for there, back in ((gcj02_from_wgs84, wgs84_from_gcj02), (bd09_from_wgs84, wgs84_from_bd09)):
        for first, second in ((there, back), (back, there)):
            at = [float(v) for v in second(*first(lon, lat))]
            assert distance_m(lon_a=lon, lat_a=lat, lon_b=at[0], lat_b=at[1]) < 1e-6


def test_the_shift_at_changchun_is_about_590_metres() -> None:
    lon, lat = (float(v) for v in gcj02_from_wgs84(125.3245, 43.8868))
    assert 540 < distance_m(lon_a=125.3245, lat_a=43.8868, lon_b=lon, lat_b=lat) < 640


def test_a_known_point_of_gcj02() -> None:
    """天安门, as published beside its WGS 84 position by several converters, to a metre."""
    lon, lat = (float(v) for v in gcj02_from_wgs84(116.391305, 39.905530))
    assert distance_m(lon_a=lon, lat_a=lat, lon_b=116.397547, lat_b=39.906932) < 1.0


def test_abroad_nothing_is_shifted() -> None:
    assert [float(v) for v in gcj02_from_wgs84(-0.1276, 51.5072)] == [-0.1276, 51.5072]


@given(lons, lats)
@settings(max_examples=50)
def test_equal_vertices_stay_equal(lon: float, lat: float) -> None:
    twice = wgs84_from_gcj02(np.array([lon, lon, lon]), np.array([lat, lat, lat]))
    assert len(np.unique(twice[0])) == len(np.unique(twice[1])) == 1


@pytest.mark.parametrize(
    ("crs", "x", "y", "lon", "lat"),
    [
        ("EPSG:4531", 43500000.0, 4800000.0, 129.0, None),
        ("4552", 500000.0, 4800000.0, 129.0, None),
        ("epsg:32651", 500000.0, 4800000.0, 123.0, None),
        ("EPSG:4490", 125.5, 44.5, 125.5, 44.5),
    ],
)
def test_systems_are_read_east_first(crs: str, x: float, y: float, lon: float, lat: float | None) -> None:
    read = to_lonlat(x=x, y=y, crs=crs)
    assert read.position.lon == pytest.approx(lon, abs=1e-9)
    assert lat is None or read.position.lat == pytest.approx(lat, abs=1e-9)


@pytest.mark.parametrize("crs", ["EPSG:0", "", "gcj", "4979", "EPSG:5703", "abc"])
def test_unknown_systems(crs: str) -> None:
    with pytest.raises(UnknownCrs) as caught:
        to_lonlat(x=125, y=44, crs=crs)
    assert "Give an EPSG code" in str(caught.value)


def test_a_ballpark_is_refused() -> None:
    with pytest.raises(NoTransformation):
        to_lonlat(x=125, y=44, crs="EPSG:4610")


def test_metres_of_a_wrong_zone_are_refused() -> None:
    with pytest.raises(OutsideCrs):
        to_lonlat(x=400000, y=1_000, crs="EPSG:4552")


@settings(max_examples=60, deadline=None)
@given(st.tuples(lons, lats), st.tuples(lons, lats), st.tuples(st.floats(-0.2, 0.2), st.floats(-0.2, 0.2)))
def test_the_distance_to_a_segment_is_the_least_over_it(
    at: tuple[float, float], start: tuple[float, float], step: tuple[float, float]
) -> None:
    a, b = np.array([start]), np.array([[start[0] + step[0], start[1] + step[1]]])
    (got,), _ = segment_distances_m(lon=at[0], lat=at[1], starts=a, ends=b)
    along = np.linspace(0, 1, 4001)[:, None]
    points = a + (b - a) * along
    n = len(points)
    sampled = Geod(ellps="WGS84").inv(np.full(n, at[0]), np.full(n, at[1]), points[:, 0], points[:, 1])[2]
    spacing = distance_m(lon_a=points[0, 0], lat_a=points[0, 1], lon_b=points[1, 0], lat_b=points[1, 1])
    assert got <= sampled.min() + 1e-3
    assert got >= sampled.min() - spacing


def test_areas_and_lengths_are_geodesic() -> None:
    box = shapely.box(125.0, 44.0, 126.0, 45.0)
    assert area_m2(box) == pytest.approx(8.823e9, rel=2e-3)
    assert area_m2(shapely.GeometryCollection([box, Point(0, 0), LineString([(0, 0), (1, 1)])])) == area_m2(
        box
    )
    assert length_m(LineString([(125, 44), (125, 45)])) == pytest.approx(111_114, rel=1e-3)
    hole = Polygon(box.exterior, [shapely.box(125.2, 44.2, 125.4, 44.4).exterior])
    assert area_m2(hole) < area_m2(box)


BROKEN = {"type": "Polygon", "coordinates": [[[125, 44], [126, 45], [126, 44], [125, 45], [125, 44]]]}


@pytest.mark.parametrize(
    "data",
    [
        None, [], "x", {}, {"type": "Pointe"}, {"type": "Point"}, {"type": "Point", "coordinates": []},
        {"type": "Point", "coordinates": ["a", "b"]}, {"type": "Point", "coordinates": [float("nan"), 1]},
        {"type": "FeatureCollection", "features": []}, {"type": "Feature", "geometry": None}, BROKEN,
        {"type": "LineString", "coordinates": [[125, 44]]}, {"type": "Polygon", "coordinates": []},
        {"type": "Point", "coordinates": {"x": 1}}, {"type": "GeometryCollection", "geometries": []},
    ],
)  # fmt: skip
def test_unusable_geojson_is_refused_with_a_sentence(data: object) -> None:
    with pytest.raises(BadGeometry) as caught:
        geometries_from_geojson(data)
    assert caught.value.zh
    assert "Give a valid" in str(caught.value)


def test_a_crossing_ring_is_named_by_its_place() -> None:
    with pytest.raises(BadGeometry) as caught:
        geometries_from_geojson(BROKEN)
    assert "Self-intersection[125.5 44.5]" in str(caught.value)


def test_swapped_geojson_is_told() -> None:
    with pytest.raises(LatitudeOutOfRange):
        geometries_from_geojson({"type": "Point", "coordinates": [44.4, 125.3]})


def test_heights_are_dropped_and_collections_kept() -> None:
    (point,) = geometries_from_geojson({"type": "Point", "coordinates": [125, 44, 200]})
    assert not point.has_z
    (many,) = geometries_from_geojson(shapely.geometry.mapping(MultiPoint([(125, 44), (126, 44)])))
    assert len(many.geoms) == 2
