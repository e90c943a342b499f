"""The gazetteer's hard cases: names that are others' beginnings, roads, former names, places outside."""

import random
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_registry.gazetteer.forms import town_forms, town_name, unit_forms, village_forms, village_name
from geo_registry.gazetteer.index import Gazetteer
from geo_registry.gazetteer.model import Match, Name
from geo_registry.terms import Precision
from tests.gazetteer import packaged_gazetteer, packaged_names

CHANGCHUN = tuple(f"2201{n}" for n in ("02", "03", "04", "05", "06", "12", "13", "22", "82", "83", "84"))
YANBIAN = tuple(f"2224{n}" for n in ("01", "02", "03", "04", "05", "06", "24", "26"))


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return packaged_gazetteer()


def counties(found: tuple[Match, ...]) -> set[str]:
    return {adcode for match in found for adcode in match.adcodes}


# One place, its county fixed.

SETTLED = [
    ("吉林省长春市农安县农安镇", "220122", "town"),
    ("吉林省珲春市英安镇", "222404", "town"),
    ("珲春市英安镇", "222404", "town"),
    ("珲春 英安", "222404", "town"),
    ("　吉林省　延边州　珲春市　英安镇", "222404", "town"),
    ("珲春市英安镇林区", "222404", "town"),
    ("延边朝鲜族自治州敦化市", "222403", "county"),
    ("吉林省农安县", "220122", "county"),
    ("农安", "220122", "county"),
    ("农安县附近", "220122", "county"),
    ("农安境内", "220122", "county"),
    ("吉林农安", "220122", "county"),
    ("长春农安", "220122", "county"),
    ("九台市", "220113", "county"),
    ("长春市九台市其塔木镇", "220113", "town"),
    ("公主岭", "220184", "county"),
    ("四平市公主岭市", "220184", "county"),
    ("吉林省四平市 公主岭市 范家屯镇", "220184", "town"),
    ("四平公主岭范家屯", "220184", "town"),
    ("扶余县", "220781", "county"),
    ("扶余县三岔河镇", "220781", "town"),
    ("八道江区", "220602", "county"),
    ("白山市八道江区", "220602", "county"),
    ("前郭", "220721", "county"),
    ("前郭县", "220721", "county"),
    ("前郭尔罗斯蒙古族自治县长山镇", "220721", "town"),
    ("长白县", "220623", "county"),
    ("长白", "220623", "county"),
    ("伊通县", "220323", "county"),
    ("梅河口", "220581", "county"),
    ("吉林省梅河口市", "220581", "county"),
    ("池北区", "222426", "town"),
    ("安图县池北区", "222426", "town"),
    ("长白山池西区", "220621", "town"),
    ("二道白河", "222426", "town"),
    ("通化县大安镇", "220521", "town"),
    ("通化县大安", "220521", "town"),
    ("通化市大安镇", "220521", "town"),
    ("白城市大安市", "220882", "county"),
    ("大安市", "220882", "county"),
    ("通化市通化县", "220521", "county"),
    ("蛟河市新站镇爱河村村委会", "220281", "village"),
    ("爱河村", "220281", "village"),
    ("农安县伊通河", "220122", "county"),
    ("蛟河市松花江边", "220281", "county"),
    ("珲春市东北虎豹国家公园", "222404", "county"),
    ("长春铁路运输法院", "220103", "court"),
    ("长春环境资源法庭", "220102", "court"),
    ("珲春林区基层法院", "222404", "court"),
    ("吉林市船营区松江路", "220204", "county"),
    ("长春市朝阳区延安大街", "220104", "county"),
    ("长春市宽城区四平路", "220103", "county"),
    ("长春市南关区重庆路", "220102", "county"),
    ("吉林市昌邑区吉林大街", "220202", "county"),
    ("吉林市丰满区前郭尔罗斯路12号", "220211", "county"),
    ("延吉市长白路", "222401", "county"),
    ("延吉市河南街道办事处", "222401", "town"),
    ("延吉河南", "222401", "town"),
    ("辽源西安", "220403", "county"),
    ("朝阳区", "220104", "county"),
    ("铁西区", "220302", "county"),
    ("长春市南关区玉潭镇", "220102", "town"),
    ("被告人在榆树市大坡镇非法占用农用地", "220182", "town"),
    ("关于德惠市松花江镇秸秆焚烧一案", "220183", "town"),
    ("农安县农安镇爱河村", "220122", "town"),
]


@pytest.mark.parametrize(("text", "adcode", "kind"), SETTLED)
def test_the_county_is_fixed(gazetteer: Gazetteer, text: str, adcode: str, kind: str) -> None:
    (match,) = gazetteer.find(text)
    assert (match.adcodes, match.kind) == ((adcode,), kind)


# Nothing that is a place of the gazetteer: a road, an institution, a name cut out of another, a bare village.

NOTHING = [
    "", " ", "无", "220122", "延安大街", "珲春街", "通化路", "长白山路", "松江路", "松花江路", "四平街", "长春大街",
    "吉林大学", "吉林油田", "长春站", "大安站", "延边大学医院", "吉林市中心医院", "延吉市人民医院", "长春市场", "长春至吉林高速",
    "松花江源区", "白城子", "扶余区", "山东屯", "爱河", "向阳屯", "国营林场", "红旗农场", "高新区", "净月潭", "北京大街", "朝阳区域",
    "穆棱河", "农按县", "爰河村",
]  # fmt: skip


@pytest.mark.parametrize("text", NOTHING)
def test_nothing_is_made_up(gazetteer: Gazetteer, text: str) -> None:
    assert gazetteer.find(text) == ()


OUTSIDE = [
    ("北京市朝阳区", "北京市"),
    ("北京 朝阳区", "北京市"),
    ("辽宁省沈阳市铁西区", "辽宁省"),
    ("沈阳铁西区", "沈阳市"),
    ("黑龙江省哈尔滨市", "黑龙江省"),
    ("黑龙江", "黑龙江省"),
    ("内蒙古通辽", "内蒙古自治区"),
    ("河南省郑州市", "河南省"),
    ("牡丹江市", "牡丹江市"),
]


@pytest.mark.parametrize(("text", "formal"), OUTSIDE)
def test_places_outside_are_told_as_such(gazetteer: Gazetteer, text: str, formal: str) -> None:
    (match,) = gazetteer.find(text)
    assert (match.kind, match.formal, match.adcodes, match.precision) == (
        "outside",
        formal,
        (),
        Precision.UNKNOWN,
    )


# Several places fit, or the text contradicts itself: all are told.

SEVERAL = [
    ("大安", {"220882", "220521"}),
    ("永吉", {"220221", "220102", "220282"}),
    ("二道", {"220105", "220323"}),
    ("朝阳", {"220104", "220183", "220283", "220523"}),
    ("白山", {"220602", "220322"}),
    ("河南街道", {"220184", "220281", "220284", "222401", "222404"}),
    ("长春市珲春市", {"220102", "222404"}),
    ("长春市珲春", {"220102", "222404"}),
    ("农安县英安镇", {"220122", "222404"}),
    ("农安县爱河村", {"220122", "220281"}),
    ("四平市范家屯镇", {"220302", "220184"}),
    ("农安县合隆镇", {"220122", "220103"}),
    ("农安县至德惠市", {"220122", "220183"}),
    ("长春市、农安县", {"220102", "220122"}),
    ("查干湖", {"220721", "220723", "220882"}),
    ("浑江", {"220602", "220582"}),
    ("太平村", {"220122", "220281"}),
]


@pytest.mark.parametrize(("text", "among"), SEVERAL)
def test_what_is_open_stays_open(gazetteer: Gazetteer, text: str, among: set[str]) -> None:
    found = gazetteer.find(text)
    assert len(found) > 1
    assert among <= counties(found)
    assert len({(m.kind, m.formal, m.adcodes) for m in found}) == len(found)


def test_jilin_alone_is_the_city_or_the_province_the_vaguest_last(gazetteer: Gazetteer) -> None:
    city, province = gazetteer.find("吉林")
    assert (city.formal, city.precision, city.code) == ("吉林省吉林市", Precision.CITY, "220200")
    assert (province.formal, province.precision, len(province.adcodes)) == ("吉林省", Precision.UNKNOWN, 60)
    assert [m.formal for m in gazetteer.find("吉林市")] == ["吉林省吉林市"]
    assert [m.formal for m in gazetteer.find("吉林省")] == ["吉林省"]


def test_a_city_beside_another_place_outside(gazetteer: Gazetteer) -> None:
    assert [m.kind for m in gazetteer.find("牡丹江")] == ["river", "outside"]
    assert [m.kind for m in gazetteer.find("吉林省与辽宁省交界处")] == ["province", "outside"]


WIDE = [
    ("长春", "吉林省长春市", CHANGCHUN, "prefecture"),
    ("长春人民大街12号", "吉林省长春市", CHANGCHUN, "prefecture"),
    ("长春市区", "吉林省长春市", CHANGCHUN, "prefecture"),
    ("延边州", "吉林省延边朝鲜族自治州", YANBIAN, "prefecture"),
    ("长白山", "长白山", ("220621", "220623", "222426"), "park"),
    ("长白山天池", "长白山天池", ("220621", "220623", "222426"), "lake"),
    ("长白山保护开发区", "长白山保护开发区", ("220621", "222426"), "zone"),
    ("东北虎豹国家公园", "东北虎豹国家公园", YANBIAN, "park"),
    ("珲春林区", "珲春林区（珲春林区基层法院）", YANBIAN, "forest_district"),
    ("长春经开区", "吉林省长春市长春经济技术开发区", CHANGCHUN, "zone"),
    ("长春市高新区", "吉林省长春市长春高新技术产业开发区", CHANGCHUN, "zone"),
    ("鸭绿江", "鸭绿江", ("220582", "220602", "220621", "220623", "220681"), "river"),
]


@pytest.mark.parametrize(("text", "formal", "adcodes", "kind"), WIDE)
def test_one_place_across_counties(
    gazetteer: Gazetteer, text: str, formal: str, adcodes: tuple[str, ...], kind: str
) -> None:
    (match,) = gazetteer.find(text)
    assert (match.formal, match.adcodes, match.kind, match.precision) == (
        formal,
        adcodes,
        kind,
        Precision.CITY,
    )


def test_a_forestry_bureau_fixes_no_county(gazetteer: Gazetteer) -> None:
    (match,) = gazetteer.find("白河林业局")
    assert (match.adcodes, match.kind) == (YANBIAN, "town")
    (match,) = gazetteer.find("安图县白河林业局")
    assert match.adcodes == ("222426",)


def test_a_match_says_how_it_was_read(gazetteer: Gazetteer) -> None:
    (match,) = gazetteer.find("九台市其塔木镇人民大街12号")
    assert match.formal == "吉林省长春市九台区其塔木镇"
    assert match.precision is Precision.TOWN
    assert match.code is not None
    assert match.code.startswith("220113")
    assert match.rest == "人民大街12号"
    assert "NBS" in match.sources
    assert match.evidence.zh == "“其塔木镇”读作其塔木镇；“九台市”为旧称，读作九台区"
    assert match.evidence.en == "“其塔木镇” read as 其塔木镇; “九台市”, a former name, read as 九台区"
    first, second = gazetteer.find("长春市珲春市")
    assert first.evidence.zh == "“长春市”读作长春市；文中另有他处的地名"
    assert second.evidence.en == "“珲春市” read as 珲春市; the text names another place too"


def test_a_town_brings_its_published_point(gazetteer: Gazetteer) -> None:
    (match,) = gazetteer.find("珲春市英安镇")
    assert (match.lon, match.lat) == pytest.approx((130.28583, 42.89))
    assert match.sources == ("NBS", "GEONAMES")


SLIPS = [
    ("农按县", "吉林省长春市农安县"),
    ("珲村市", "吉林省延边朝鲜族自治州珲春市"),
    ("公主玲市", "吉林省长春市公主岭市"),
    ("英案镇", "吉林省延边朝鲜族自治州珲春市英安镇"),
    ("农安县哈拉害镇", "吉林省长春市农安县哈拉海镇"),
    ("蛟河市新占镇", "吉林省吉林市蛟河市新站镇"),
    ("长春市九抬区", "吉林省长春市九台区"),
    ("前郭尔罗斯蒙古自治县", "吉林省松原市前郭尔罗斯蒙古族自治县"),
]


@pytest.mark.parametrize(("text", "formal"), SLIPS)
def test_a_slip_is_asked_back_and_never_an_answer(gazetteer: Gazetteer, text: str, formal: str) -> None:
    assert formal not in {m.formal for m in gazetteer.find(text)}
    assert gazetteer.similar(text)[0].formal == formal


def test_what_is_read_is_not_read_otherwise(gazetteer: Gazetteer) -> None:
    assert gazetteer.similar("农安县") == ()


TYPED = [
    ("na", "农安县"), ("nax", "农安县"), ("nongan", "农安县"), ("NongAn", "农安县"), ("农", "农安县"),
    ("cc", "长春市"), ("changbai", "长白朝鲜族自治县"), ("hc", "珲春市"), ("hunchun", "珲春市"), ("chaoyangqu", "朝阳区"),
    ("zhenlai", "镇赉县"), ("qg", "前郭尔罗斯蒙古族自治县"), ("英安", "英安镇"), ("九台市", "九台市"), ("jl", "吉林市"),
]  # fmt: skip


@pytest.mark.parametrize(("q", "name"), TYPED)
def test_suggestions_by_character_pinyin_and_initials(gazetteer: Gazetteer, q: str, name: str) -> None:
    assert name in {s.name for s in gazetteer.suggest(q, limit=3)}


def test_suggestions_put_counties_before_towns_before_villages(gazetteer: Gazetteer) -> None:
    rank = {"province": 0, "prefecture": 0, "county": 0, "town": 1, "village": 2}
    for q in ("c", "大", "太平", "长", "na"):
        ranks = [rank.get(s.kind, 3) for s in gazetteer.suggest(q, limit=30)]
        assert ranks == sorted(ranks)
    assert len(gazetteer.suggest("c", limit=4)) == 4
    assert gazetteer.suggest("") == gazetteer.suggest("  ") == gazetteer.suggest("c", limit=0) == ()
    assert gazetteer.suggest("qqqq") == gazetteer.suggest("%") == ()


def test_a_former_name_is_suggested_with_what_it_is_now(gazetteer: Gazetteer) -> None:
    (first, *_) = gazetteer.suggest("九台市")
    assert (first.formal, first.adcodes, first.code) == ("吉林省长春市九台区", ("220113",), "220113")


# The forms of names.


def test_forms_of_units() -> None:
    assert unit_forms("农安县", "county", "长春") == [("农安县", "official"), ("农安", "short")]
    assert ("伊通县", "common") in unit_forms("伊通满族自治县", "county", "四平")
    assert ("延边州", "common") in unit_forms("延边朝鲜族自治州", "prefecture", "吉林")
    assert ("松原经济开发区", "common") in unit_forms("吉林松原经济开发区", "development_zone", "松原")


def test_forms_of_towns_and_villages() -> None:
    assert town_name("四平市铁东区叶赫满族镇") == "叶赫满族镇"
    assert town_name("（工业园区）城南街道") == "城南街道"
    assert dict(town_forms("叶赫满族镇")) == {"叶赫满族镇": "official", "叶赫镇": "common", "叶赫": "short"}
    for written, name in (
        ("合心村委会", "合心村"),
        ("四平市铁东区山门镇山门村村民委员会", "山门村"),
        ("四平市铁东区山门镇英城满族村民委员会", "英城满族村"),
        ("四平市铁东区平东街道丰翼社区居民委员会", "丰翼社区"),
        ("陈家店村委会（合隆经济开发区）（省级）", "陈家店村"),
        ("依兰林场生活区", "依兰林场"),
        ("红旗农场虚拟生活区", None),
    ):
        assert village_name(written) == name
    assert ("陈家店屯", "common") in village_forms("陈家店村")
    assert "邓家屯屯" not in dict(village_forms("邓家屯村"))


# Whatever is given: no failure, known counties, the same answer.

PIECES = st.sampled_from(
    [n.name for n in packaged_names()[::37]]
    + [
        "吉林省",
        "长春",
        "大安",
        "朝阳",
        "、",
        "与",
        "至",
        " ",
        "路",
        "街",
        "12号",
        "附近",
        "辽宁",
        "北京市",
        "村",
        "镇",
        "位于",
        "长白山",
        "（",
    ]
)
TEXTS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=8).map("".join))
KNOWN = {n.adcodes[0] for n in packaged_names() if n.kind == "county"}


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_any_text_is_read_without_failing_and_only_to_known_counties(text: str) -> None:
    gazetteer = packaged_gazetteer()
    for match in (*gazetteer.find(text), *gazetteer.similar(text)):
        assert set(match.adcodes) <= KNOWN
        assert bool(match.adcodes) == (match.kind != "outside")
        assert match.evidence.zh
        assert match.evidence.en
        assert match.evidence.zh.count("读作") == match.evidence.en.count("read as")
    assert len(gazetteer.suggest(text)) <= 10


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_the_order_of_the_names_changes_nothing(text: str) -> None:
    other = _shuffled()
    assert packaged_gazetteer().find(text) == other.find(text)
    assert packaged_gazetteer().suggest(text[:3]) == other.suggest(text[:3])


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(
        [n for n in packaged_names() if n.kind in ("county", "town") and n.relation == "official"]
    )
)
def test_a_county_and_its_own_town_never_lead_elsewhere(name: Name) -> None:
    found = packaged_gazetteer().find(name.formal + "3组12号")
    assert found
    assert counties(found) <= set(name.adcodes)


@cache
def _shuffled() -> Gazetteer:
    names = list(packaged_names())
    random.Random(7).shuffle(names)
    return Gazetteer(names)


def test_a_gazetteer_of_nothing_knows_nothing_but_the_outside() -> None:
    empty = Gazetteer([])
    assert not empty.find("农安县") + empty.similar("农安县")
    assert not empty.suggest("n")
    assert [m.kind for m in empty.find("辽宁省")] == ["outside"]
