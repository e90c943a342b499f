"""Written forms and what each is read as: one table, hostile ones included."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from geo_registry.errors import InvalidInput
from geo_registry.geo.datum import gcj02_from_wgs84
from geo_registry.geo.reading.model import Reading
from geo_registry.geo.reading.text import is_position, read_text

LON, LAT = 125.16791, 44.4261
DEGREES = """
125.16791,44.42610|44.42610,125.16791|125.16791 44.42610|44.42610 125.16791|125.16791，44.42610|125.16791、44.42610
125.16791;44.42610|125.16791；44.42610|125.16791/44.42610|125.16791 ,  44.42610|  125.16791,44.42610  |125.16791\t44.42610
１２５．１６７９１，４４．４２６１０|１２５.16791，44．42610|125。16791，44。42610|(125.16791, 44.42610)|（125.16791，44.42610）|[125.16791,44.42610]
125.16791E,44.42610N|125.16791E44.42610N|44.42610N 125.16791E|E125.16791 N44.42610|N44.42610E125.16791|e125.16791,n44.42610
东经125.16791，北纬44.42610|北纬44.42610东经125.16791|北纬 44.42610 东经 125.16791|125.16791东，44.42610北|东125.16791 北44.42610|東經125.16791 北緯44.42610
经度125.16791纬度44.42610|经度：125.16791，纬度：44.42610|纬度：44.42610 经度：125.16791|lon=125.16791 lat=44.42610|lat: 44.42610, lon: 125.16791
lng:125.16791,lat:44.42610|longitude 125.16791 latitude 44.42610|坐标：125.16791,44.42610|经纬度：125.16791,44.42610|位置：（125.16791，44.42610）|x=125.16791,y=44.42610
+125.16791,+44.42610|125.16791°,44.42610°|125.16791°E 44.42610°N|44.42610°N, 125.16791°E|125.16791度，44.42610度|东经125.16791度 北纬44.42610度
125.16791\u200b,44.42610|\ufeff125.16791,44.42610|125.16791\u00a044.42610|125.16791,44.42610 N|【125.16791,44.42610】|125.16791 E , 44.42610 N
"""
DMS_LON, DMS_LAT = 125 + 10 / 60 + 4 / 3600, 44 + 25 / 60 + 34 / 3600
DMS = """
125°10′04″E 44°25′34″N|44°25′34″N 125°10′04″E|44°25′34″N125°10′04″E|N44°25′34″E125°10′04″|E125°10′04″,N44°25′34″
125°10'04"E,44°25'34"N|125°10’04”E 44°25’34”N|125º10´04´´ 44º25´34´´|125°10′04″，44°25′34″|125˚10′4″ 44˚25′34″
东经125度10分4秒，北纬44度25分34秒|东经125°10′04″北纬44°25′34″|北纬44度25分34秒 东经125度10分4秒|北纬４４°２５′３４″ 东经１２５°１０′０４″|东经125度10分04秒北纬44度25分34秒
125:10:04 44:25:34|44:25:34,125:10:04|125:10:04E 44:25:34N|125：10：04，44：25：34|125 10 04 44 25 34
125 10 04, 44 25 34|44 25 34 N 125 10 04 E|125,10,04,44,25,34|N 44 25 34 E 125 10 04|125 ° 10 ′ 04 ″ E , 44 ° 25 ′ 34 ″ N
经度125°10′04″ 纬度44°25′34″|lat 44°25'34" lon 125°10'04"|125deg10min04sec 44deg25min34sec|125°10'04''E 44°25'34''N|44°25′34″北 125°10′04″东
"""
DM_LON, DM_LAT = 125 + 10.5 / 60, 44 + 25.25 / 60
MINUTES = """
125°10.5′E 44°25.25′N|125°10.5' 44°25.25'|东经125度10.5分，北纬44度25.25分|125 10.5 44 25.25|125:10.5 44:25.25
N44 25.25 E125 10.5|125 10.5, 44 25.25|44°25.25′N, 125°10.5′E
"""
GK_LON, GK_LAT = Transformer.from_crs(4551, 4490, always_xy=True).transform(434000, 4919300)
PLAIN = """
4919300,434000|434000,4919300|4919300 434000|X=4919300 Y=434000|Y=434000,X=4919300|x:4919300 y:434000|4919300.00米，434000.00米
4,919,300 434,000|纵坐标4919300 横坐标434000|４９１９３００，４３４０００|北坐标4919300，东坐标434000|CGCS2000 4919300 434000|4919300m 434000m
"""
PREFIXED = "42434000,4919300|4919300,42434000|X=4919300 Y=42434000|4919300.000 42434000.000|2000国家大地坐标系 X4919300 Y42434000".replace(
    "X4919300 Y42434000", "4919300 42434000"
)
ZONED = "4919300 434000 42带|4919300 434000 第42带|4919300,434000 3度带42带|4919300 434000 中央子午线126|4919300 434000 中央经线：126°|4919300 434000 CM 126"


def texts(table: str) -> list[str]:
    return [text for line in table.strip("\n").split("\n") for text in line.split("|")]


def shapes(readings: tuple[Reading, ...]) -> list[tuple[str, str, bool]]:
    return [(r.notation.value, r.crs, r.plausible) for r in readings]


def near(reading: Reading, lon: float, lat: float, within: float = 1e-6) -> bool:
    assert reading.lon is not None
    assert reading.lat is not None
    return abs(reading.lon - lon) < within and abs(reading.lat - lat) < within


@pytest.mark.parametrize("text", texts(DEGREES))
def test_decimal_degrees(text: str) -> None:
    (r,) = read_text(text)
    assert (r.lon, r.lat) == (LON, LAT)
    assert (r.notation, r.accuracy_m, r.input) == ("degrees", 10.0, text) or r.notation == "dms"


@pytest.mark.parametrize("text", texts(DMS))
def test_degrees_minutes_seconds(text: str) -> None:
    (r,) = read_text(text)
    assert near(r, DMS_LON, DMS_LAT, 1e-12)
    assert r.notation == "dms"
    assert r.accuracy_m == pytest.approx(15.46, abs=0.01)


@pytest.mark.parametrize("text", texts(MINUTES))
def test_degrees_and_decimal_minutes(text: str) -> None:
    (r,) = read_text(text)
    assert near(r, DM_LON, DM_LAT, 1e-12)
    assert (r.notation, round(r.accuracy_m, 1)) == ("dms", 92.8)


@pytest.mark.parametrize("text", texts(PLAIN))
def test_metres_without_a_zone_may_be_of_any_zone_over_the_province(text: str) -> None:
    readings = read_text(text)
    assert shapes(readings) == [
        ("gauss-kruger", f"EPSG:{code}", True) for code in (4551, 4550, 4552, 4549, 4553)
    ]
    assert near(readings[0], GK_LON, GK_LAT)
    assert near(readings[1], GK_LON - 3, GK_LAT)
    assert near(readings[2], GK_LON + 3, GK_LAT)


@pytest.mark.parametrize("text", texts(PREFIXED))
def test_metres_with_the_zone_in_front(text: str) -> None:
    first, *others = read_text(text)
    assert (first.notation, first.crs, first.datum) == ("gauss-kruger", "EPSG:4530", "cgcs2000")
    assert near(first, GK_LON, GK_LAT)
    assert [r.plausible for r in others] == [False] * 4  # listed for the case that the zone is wrong


@pytest.mark.parametrize("text", texts(ZONED))
def test_metres_with_the_zone_beside_them(text: str) -> None:
    first, *others = read_text(text)
    assert (first.crs, [r.plausible for r in others]) == ("EPSG:4551", [False] * 4)
    assert near(first, GK_LON, GK_LAT)


UTM = Transformer.from_crs(32651, 4326, always_xy=True)
U_LON, U_LAT = UTM.transform(672558, 4921510)
M_LON, M_LAT = UTM.transform(672558.5, 4921510.5)
S_LON, S_LAT = Transformer.from_crs(32652, 4326, always_xy=True).transform(500000, 3600000)
ONE: list[tuple[str, dict[str, str], str, str, float, float]] = [
    # six-degree zones, a zone that leads elsewhere, systems named
    ("4919300 22434000", {}, "gauss-kruger", "EPSG:4500", GK_LON + 3, GK_LAT),
    ("4919300 21434000", {}, "gauss-kruger", "EPSG:4499", GK_LON - 3, GK_LAT),
    ("39434000 4919300", {}, "gauss-kruger", "EPSG:4527", GK_LON - 9, GK_LAT),
    ("4919300,434000", {"crs": "EPSG:4551"}, "gauss-kruger", "EPSG:4551", GK_LON, GK_LAT),
    ("434000,4919300", {"crs": "EPSG:4551"}, "gauss-kruger", "EPSG:4551", GK_LON, GK_LAT),
    ("4919300N 434000E", {"crs": "EPSG:4551"}, "gauss-kruger", "EPSG:4551", GK_LON, GK_LAT),
    ("EPSG:4551 434000 4919300", {}, "gauss-kruger", "EPSG:4551", GK_LON, GK_LAT),
    ("434000,4919300 epsg:4551", {}, "gauss-kruger", "EPSG:4551", GK_LON, GK_LAT),
    ("urn:ogc:def:crs:EPSG::4551 434000 4919300", {}, "gauss-kruger", "EPSG:4551", GK_LON, GK_LAT),
    ("EPSG：4490 125.16791,44.42610", {}, "degrees", "EPSG:4490", LON, LAT),
    ("125.16791,44.42610", {"crs": "EPSG:4490"}, "degrees", "EPSG:4490", LON, LAT),
    ("44.42610,125.16791", {"crs": "4326"}, "degrees", "4326", LON, LAT),
    ("WGS84 125.16791,44.42610", {}, "degrees", "EPSG:4326", LON, LAT),
    ("GPS：125.16791,44.42610", {}, "degrees", "EPSG:4326", LON, LAT),
    ("国家2000坐标系 125.16791,44.42610", {}, "degrees", "EPSG:4490", LON, LAT),
    ("51T 672558 4921510", {}, "utm", "EPSG:32651", U_LON, U_LAT),
    ("UTM 51N 672558 4921510", {}, "utm", "EPSG:32651", U_LON, U_LAT),
    ("51 672558mE 4921510mN", {}, "utm", "EPSG:32651", U_LON, U_LAT),
    ("672558,4921510", {"crs": "EPSG:32651"}, "utm", "EPSG:32651", U_LON, U_LAT),
    ("52S 500000 3600000", {}, "utm", "EPSG:32652", S_LON, S_LAT),
    ("51TXK7255821510", {}, "mgrs", "EPSG:4326", M_LON, M_LAT),
    ("51T XK 72558 21510", {}, "mgrs", "EPSG:4326", M_LON, M_LAT),
    ("51txk72552151", {}, "mgrs", "EPSG:4326", M_LON, M_LAT),
    ("geo:44.42610,125.16791", {}, "geo-uri", "EPSG:4326", LON, LAT),
    ("geo:44.42610,125.16791;u=35", {}, "geo-uri", "EPSG:4326", LON, LAT),
    ("geo:44.42610,125.16791,120;crs=wgs84?z=12", {}, "geo-uri", "EPSG:4326", LON, LAT),
    ("POINT(125.16791 44.42610)", {}, "wkt", "EPSG:4326", LON, LAT),
    ("point z (125.16791 44.42610 120)", {}, "wkt", "EPSG:4326", LON, LAT),
    ("SRID=4490;POINT(125.16791 44.42610)", {}, "wkt", "EPSG:4490", LON, LAT),
    ("SRID=4551;POINT(434000 4919300)", {}, "wkt", "EPSG:4551", GK_LON, GK_LAT),
    ("POINT(434000 4919300)", {"crs": "EPSG:4551"}, "wkt", "EPSG:4551", GK_LON, GK_LAT),
    ('{"type":"Point","coordinates":[125.16791,44.42610]}', {}, "geojson", "EPSG:4326", LON, LAT),
    ('{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[125.16791,44.42610]}}', {}, "geojson", "EPSG:4326", LON, LAT),
    ("https://www.openstreetmap.org/?mlat=44.42610&mlon=125.16791#map=15/44.4/125.1", {}, "link", "EPSG:4326", LON, LAT),
    ("https://www.openstreetmap.org/#map=15/44.42610/125.16791", {}, "link", "EPSG:4326", LON, LAT),
    ("https://api.map.baidu.com/marker?location=44.42610,125.16791&coord_type=wgs84&title=x", {}, "link", "EPSG:4326", LON, LAT),
    ("位于 https://www.openstreetmap.org/?mlat=44.42610&mlon=125.16791 附近", {}, "link", "EPSG:4326", LON, LAT),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words", "notation", "crs", "lon", "lat"), ONE)
def test_forms_that_say_what_they_are(
    text: str, words: dict[str, str], notation: str, crs: str, lon: float, lat: float
) -> None:
    first, *others = read_text(text, **words)  # type: ignore[arg-type]
    assert (first.notation, first.crs) == (notation, crs)
    assert near(first, lon, lat, 1e-4 if notation == "mgrs" else 1e-7)
    assert first.plausible
    assert not any(r.plausible for r in others)


G_LON, G_LAT = (round(float(v), 7) for v in gcj02_from_wgs84(LON, LAT))
SHIFTED_LINKS = [
    f"https://uri.amap.com/marker?position={G_LON},{G_LAT}&name=x",
    f"https://www.amap.com/regeo?lng={G_LON}&lat={G_LAT}",
    f"https://wb.amap.com/?q={G_LAT},{G_LON},name",
    f"https://ditu.amap.com/?p=B0FFG,{G_LAT},{G_LON},name",
    f"https://apis.map.qq.com/uri/v1/marker?marker=coord:{G_LAT},{G_LON};title:x",
    f"https://map.qq.com/?type=marker&pointx={G_LON}&pointy={G_LAT}",
    f"https://api.map.baidu.com/marker?location={G_LAT},{G_LON}&coord_type=gcj02",
    f"高德坐标：{G_LON},{G_LAT}",
    f"{G_LON},{G_LAT}（腾讯地图）",
    f"GCJ-02 {G_LAT} {G_LON}",
    f"火星坐标 {G_LON},{G_LAT}",
]


@pytest.mark.parametrize("text", SHIFTED_LINKS)
def test_links_and_words_of_shifted_maps(text: str) -> None:
    (r,) = read_text(text)
    assert (r.datum, r.datum_known) == ("gcj02", True)
    assert near(r, LON, LAT, 2e-7)


@pytest.mark.parametrize(
    "text",
    [
        "https://www.google.com/maps/@{lat},{lon},15z", "https://www.google.com/maps/place/x/@1,2,15z/data=!3d{lat}!4d{lon}",
        "https://maps.google.com/?q={lat},{lon}", "https://maps.apple.com/?ll={lat},{lon}", "www.google.cn/maps/@{lat},{lon},15z",
    ],
)  # fmt: skip
def test_google_and_apple_are_asked_about_both_ways(text: str) -> None:
    shifted, plain = read_text(text.format(lat=G_LAT, lon=G_LON))
    assert (shifted.datum, plain.datum, plain.plausible) == ("gcj02", "wgs84", True)
    assert near(shifted, LON, LAT, 2e-7)


def test_baidu_is_bd09_unless_it_says_otherwise() -> None:
    (r,) = read_text("https://api.map.baidu.com/marker?location=44.43,125.18&title=a")
    assert (r.datum, r.notation) == ("bd09", "link")
    assert read_text("百度 125.18000,44.43000")[0].datum == "bd09"


PACKED = [
    ("125.1030,44.2512", True), ("44.2512 125.1030", True), ("125.1030E,44.2512N", True), ("125.103045,44.251256", False),
    ("125.10304,44.25125", False),
]  # fmt: skip


@pytest.mark.parametrize(("text", "asked"), PACKED)
def test_decimals_that_may_be_packed_minutes_and_seconds(text: str, asked: bool) -> None:
    degrees, packed = read_text(text)
    assert (degrees.notation, packed.notation, packed.plausible) == ("degrees", "packed-dms", asked)
    assert packed.lon == pytest.approx(125 + 10 / 60 + 30 / 3600, abs=2e-4)
    assert packed.lat == pytest.approx(44 + 25 / 60 + 12 / 3600, abs=2e-4)


@pytest.mark.parametrize(
    "text", ["125.1679,44.4261", "125.1030,44.2572", "125.18,44.43", "125.103,44.251", "125.6030,44.2512"]
)
def test_decimals_that_cannot_be_packed(text: str) -> None:
    assert len(read_text(text)) == 1


@pytest.mark.parametrize("text", ["44.43,43.5", "89,-89", "-10.5 20.25"])
def test_pairs_that_fit_both_orders_are_read_both_ways(text: str) -> None:
    first, second = read_text(text)
    assert (first.lon, first.lat) == (second.lat, second.lon)


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        ("125.2,44.4", 5566.0), ("125,44", 55660.0), ("125.18 , 44.4", 5566.0), ("125°E 44°N", 55660.0),
        ("125.2,44.4 ±20m", 20.0), ("125.2,44.4 精度±20米", 20.0), ("125.2,44.4±1.5公里", 1500.0),
    ],
)  # fmt: skip
def test_what_the_digits_claim(text: str, metres: float) -> None:
    assert read_text(text)[0].accuracy_m == pytest.approx(metres)


REFUSED = [
    ("", "unreadable-place"), ("   ", "unreadable-place"), ("x", "unreadable-place"), ("长春市", "unreadable-place"),
    ("125.18", "unreadable-place"), ("125,44,1", "unreadable-place"), ("125.1,", "unreadable-place"), (",44", "unreadable-place"),
    ("125 44 1", "unreadable-place"), ("°,°", "unreadable-place"), ("′28″ 43", "unreadable-place"), ("125°°10 44", "unreadable-place"),
    ("1 2 3 4 5 6 7 8", "unreadable-place"), ("NaN,44", "unreadable-place"), ("inf 44", "unreadable-place"), ("1e3,44", "unreadable-place"),
    ("125°10′75″E 44°25′34″N", "bad-angle"), ("125°60′ 44°25′", "bad-angle"), ("125°10.5′04″ 44°25′34″", "bad-angle"),
    ("125.5°10′ 44°25′", "bad-angle"), ("44.43N,43N", "bad-angle"), ("125E 126E", "bad-angle"), ("-125°W 44N", "bad-angle"),
    ("125:10:61 44:25:34", "bad-angle"), ("东经125度70分 北纬44度", "bad-angle"),
    ("200,95", "latitude-out-of-range"), ("200,44", "longitude-out-of-range"), ("95N 125E", "latitude-out-of-range"),
    ("125.18,144.43", "latitude-out-of-range"), ("181 10", "longitude-out-of-range"),
    ("12345,67890", "bad-zone"), ("4919300 4919300", "bad-zone"), ("50434000 4919300", "bad-zone"), ("491930 434000", "bad-zone"),
    ("4919300 434000 24带", "bad-zone"), ("西安80 4919300 434000", "no-transformation"), ("北京54坐标系 4919300,434000", "no-transformation"),
    ("高德 4919300 434000", "bad-zone"), ("西安80 125.18,44.43", "no-transformation"),
    ("EPSG:99999 125,44", "unknown-crs"), ("SRID=4979;POINT(125 44)", "unknown-crs"), ("geo:44,125;crs=mars", "unknown-crs"),
    ("geo:44", "unreadable-place"), ("geo:", "unreadable-place"), ("POINT(125)", "bad-geometry"), ("POINT EMPTY", "bad-geometry"),
    ("POLYGON((125 44,126 45,126 44,125 45,125 44))", "bad-geometry"), ("MULTIPOINT(125 44,126 44)", "bad-geometry"),
    ("POINT(44 125)", "latitude-out-of-range"), ("POINT(nan 44)", "bad-geometry"), ("{", "unreadable-place"), ("{}", "bad-geometry"),
    ('{"type":"Point","coordinates":[]}', "bad-geometry"), ('{"type":"FeatureCollection","features":[]}', "bad-geometry"),
    ("https://surl.amap.com/abcd", "link-without-position"), ("https://j.map.baidu.com/1a/bc", "link-without-position"),
    ("https://example.com/?q=44,125", "link-without-position"), ("https://map.baidu.com/@13942000,5400000,13z", "link-without-position"),
    ("https://maps.google.com/?q=Changchun", "link-without-position"), ("51TXK123", "unreadable-place"), ("61T 500000 4900000", "unreadable-place"),
    ("99TXK1234512345", "unreadable-place"), ("1" * 200_000, "unreadable-place"), ("125.18,44.43\x00", "unreadable-place"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code"), REFUSED, ids=[f"{i}-{code}" for i, (_, code) in enumerate(REFUSED)]
)
def test_what_cannot_be_is_refused_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_text(text)
    assert caught.value.code == code
    assert caught.value.zh
    assert caught.value.en


@pytest.mark.parametrize(
    ("text", "crs"),
    [
        ("EPSG:4551 434000 4919300", "EPSG:4549"), ("SRID=4551;POINT(434000 4919300)", "EPSG:4549"),
        ("51T 672558 4921510", "EPSG:32652"), ("51TXK7255821510", "gcj02"), ("geo:44,125", "gcj02"),
        ('{"type":"Point","coordinates":[125,44]}', "EPSG:4551"),
    ],
)  # fmt: skip
def test_a_system_cannot_be_named_twice(text: str, crs: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_text(text, crs=crs)
    assert caught.value.code == "system-twice"


def test_the_table_is_long_enough() -> None:
    forms = [
        *texts(DEGREES),
        *texts(DMS),
        *texts(MINUTES),
        *texts(PLAIN),
        *texts(PREFIXED),
        *texts(ZONED),
        *SHIFTED_LINKS,
    ]
    assert len(set(forms)) + len(ONE) + len(PACKED) + len(REFUSED) >= 220


@pytest.mark.parametrize("text", ["长春市农安县", "合隆镇3组", "延安大街1088号", "农安 125", "吉林省"])
def test_names_are_no_positions(text: str) -> None:
    assert not is_position(text)


@pytest.mark.parametrize("text", ["125.18", "125,44,1", "{", "geo:x", "44°", "https://x.y/"])
def test_broken_positions_are_not_looked_up_as_names(text: str) -> None:
    assert is_position(text)


signs = st.sampled_from([*"0123456789.,;:°′″'\"NSEWnsew-+ /()=", "度", "分", "秒", "北纬", "东经", "，", "EPSG:4551 ", "POINT(", "geo:", "51T", "带", "https://uri.amap.com/?position=", "{"])  # fmt: skip


def written() -> st.SearchStrategy[str]:
    numbers = st.one_of(st.floats(-200, 200).map(lambda v: f"{v:.4f}"), st.integers(0, 50_000_000).map(str))
    return st.lists(st.one_of(signs, numbers), max_size=14).map("".join)


@settings(max_examples=1500, deadline=None)
@given(st.one_of(written(), st.text(max_size=60)), st.sampled_from([None, "gcj02", "EPSG:4551", "EPSG:4490"]))
def test_whatever_is_typed_only_invalid_input_comes_out_and_never_nan(text: str, crs: str | None) -> None:
    try:
        readings = read_text(text, crs=crs)
    except InvalidInput:
        return
    assert readings
    for r in readings:
        assert r.accuracy_m >= 0
        if r.lon is not None and r.lat is not None:
            assert abs(r.lon) <= 180
            assert abs(r.lat) <= 90


def grid() -> Iterator[tuple[float, float]]:
    for lon in (121.7, 123.4, 125.16791, 127.9, 130.9):
        for lat in (41.0, 43.5, 46.2):
            yield lon, lat


@pytest.mark.parametrize(("zone", "code"), [(41, 4529), (42, 4530), (43, 4531), (44, 4532), (40, 4528)])
def test_every_zone_over_the_province_comes_back_to_the_millimetre(zone: int, code: int) -> None:
    forward = Transformer.from_crs(4490, code, always_xy=True)
    for lon, lat in grid():
        if abs(lon - zone * 3) > 3:
            continue
        east, north = forward.transform(lon, lat)
        first = read_text(f"{north:.4f},{east:.4f}")[0]
        assert first.crs == f"EPSG:{code}"
        assert near(first, lon, lat, 1e-8)


_NUMBER = st.from_regex(r"-?[0-9]{1,3}(\.[0-9]{1,8})?", fullmatch=True)


@given(
    _NUMBER, _NUMBER, st.sampled_from([",", ", "]), st.sampled_from([None, "EPSG:4490", "gcj02", "EPSG:4549"])
)
def test_two_bare_numbers_read_as_the_grammar_reads_them(
    first: str, second: str, comma: str, crs: str | None
) -> None:
    """The short way takes the very text; a space in front sends it the long way."""
    text = f"{first}{comma}{second}"

    def outcome(written: str) -> object:
        try:
            return [replace(r, input=text) for r in read_text(written, crs=crs)]
        except InvalidInput as error:
            return type(error), error.en.replace(written, text)

    assert outcome(text) == outcome(f" {text}")
