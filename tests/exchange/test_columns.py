"""Columns known by their headings, and refusals where headings do not say."""

import pytest

from geo_registry.errors import BareXY, ColumnMissing, ColumnsUnclear
from geo_registry.exchange.columns import Chosen, Named, choose
from geo_registry.exchange.outputs import Headings


@pytest.mark.parametrize(
    ("columns", "chosen"),
    [
        (["id", "lon", "lat"], Chosen(lon="lon", lat="lat")),
        (["纬度(°)", "经度(°)"], Chosen(lon="经度(°)", lat="纬度(°)")),
        ([" LNG ", "Latitude", "地址"], Chosen(lon=" LNG ", lat="Latitude", place="地址")),
        (["案号", "地点"], Chosen(place="地点")),
        (["lon", "lat", "x", "y"], Chosen(lon="lon", lat="lat")),
        (["lon", "lat", "地址", "位置"], Chosen(lon="lon", lat="lat")),
        (["lon", "lat", "accuracy_m"], Chosen(lon="lon", lat="lat", accuracy="accuracy_m")),
    ],
)
def test_headings(columns: list[str], chosen: Chosen) -> None:
    assert choose(columns, Named(), has_geometry=False) == chosen


@pytest.mark.parametrize(
    ("columns", "error", "says"),
    [
        (["lon", "lng", "lat"], ColumnsUnclear, "lon, lng, lat"),
        (["经度", "名称"], ColumnsUnclear, "经度"),
        (["地址", "地点"], ColumnsUnclear, "地址, 地点"),
        (["a", "b"], ColumnsUnclear, "—"),
        (["x", "y"], BareXY, "X for north"),
        (["X坐标", "Y坐标"], BareXY, "X坐标"),
        (["x"], ColumnsUnclear, "x"),
    ],
)
def test_what_headings_do_not_say(columns: list[str], error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        choose(columns, Named(), has_geometry=False)


def test_columns_named_win_and_must_be_there() -> None:
    columns = ["x", "y", "lon", "lat"]
    assert choose(columns, Named(lon="y", lat="x"), has_geometry=True) == Chosen(lon="y", lat="x")
    assert choose(columns, Named(), has_geometry=True) == Chosen(geometry=True)
    with pytest.raises(ColumnMissing, match="no column 'east'"):
        choose(columns, Named(lon="east", lat="x"), has_geometry=False)
    with pytest.raises(ColumnsUnclear):
        choose(columns, Named(lon="y"), has_geometry=False)


def test_a_name_that_is_taken_prefixes_all() -> None:
    assert Headings.beside(["id", "Court"]).names[0] == "answer_outcome"
    assert Headings.beside(["court", "answer_county"]).names[0] == "answer_answer_outcome"
    assert not Headings.beside(["id"]).is_prefixed
