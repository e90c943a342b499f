"""How a written pair is read, and how exact it claims to be."""

import pytest

from geo_registry.errors import BadAccuracy, NoTransformation
from geo_registry.geo.reading.numbers import read_geometry, read_numbers
from geo_registry.geo.reading.text import read_text
from geo_registry.terms import Notation, Precision


@pytest.mark.parametrize(
    ("text", "lon", "lat", "accuracy"),
    [
        ("125.16791,44.42610", 125.16791, 44.4261, 10.0),
        ("125.16791，44.4261", 125.16791, 44.4261, 10.0),
        (" 125.18 ; 44.43 ", 125.18, 44.43, 556.6),
        ("125.2 44.4", 125.2, 44.4, 5_566.0),
        ("125,44", 125.0, 44.0, 55_660.0),
        ("125.18000,44.4", 125.18, 44.4, 5_566.0),
        ("+125.18000,44.43000", 125.18, 44.43, 10.0),
    ],
)
def test_pairs_and_what_their_digits_claim(text: str, lon: float, lat: float, accuracy: float) -> None:
    r = read_text(text)[0]
    assert (r.lon, r.lat, r.notation, r.crs, r.datum) == (lon, lat, Notation.DEGREES, "EPSG:4326", "wgs84")
    assert r.accuracy_m == pytest.approx(accuracy)
    assert r.precision is Precision.POINT


def test_a_given_accuracy_stands() -> None:
    assert read_text("125.2,44.4", accuracy_m=25.0)[0].accuracy_m == 25.0
    assert read_numbers(x=125.2, y=44.4).accuracy_m == 10.0


@pytest.mark.parametrize("metres", [-1.0, 100_001.0, float("nan"), float("inf")])
def test_an_accuracy_is_a_radius(metres: float) -> None:
    with pytest.raises(BadAccuracy) as caught:
        read_numbers(x=125.2, y=44.4, accuracy_m=metres)
    assert "Give metres between 0 and 100000" in str(caught.value)


def test_surveyors_write_north_first() -> None:
    for text in ("4900000,400000", "400000,4900000"):
        (r,) = read_text(text, crs="EPSG:4552")
        assert (r.lon, r.lat) == pytest.approx((127.748398, 44.228734), abs=1e-6)
        assert (r.notation, r.datum) == (Notation.GAUSS_KRUGER, "cgcs2000")
    assert read_text("500000 4800000", crs="EPSG:32651")[0].notation is Notation.UTM


def test_a_phone_s_position_is_shifted_back() -> None:
    r = read_numbers(x=125.3, y=43.9, crs="GCJ02")
    assert r.datum == "gcj02"
    assert r.lon == pytest.approx(125.2935569, abs=1e-6)


def test_an_operation_for_another_region_is_not_applied() -> None:
    """For Beijing 54 PROJ would fall back to the Tarim basin's parameters."""
    with pytest.raises(NoTransformation):
        read_numbers(x=125.3, y=43.9, crs="EPSG:4214")


def test_kinds_of_geometry() -> None:
    from shapely import GeometryCollection, LineString, Point, box

    for geometry, precision in (
        (Point(125, 44), Precision.POINT),
        (LineString([(125, 44), (126, 44)]), Precision.LINE),
        (box(125, 44, 126, 45), Precision.AREA),
        (GeometryCollection([Point(125, 44), box(125, 44, 126, 45)]), Precision.AREA),
    ):
        assert read_geometry(geometry, text="@x").precision is precision
