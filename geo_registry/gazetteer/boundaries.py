"""Where a name may begin and end in a text: 长春路 is a road, 长白山 no county, 松江路 nobody's town."""

import re

_GAP = r"\s,.:;()\[\]{}<>«»\"'“”‘’《》〈〉【】。、·•—\-_/\\|~+*#!?…"
GAP = re.compile(f"[{_GAP}]+")
_SHORT_END = re.compile(
    rf"(?:$|[{_GAP}]|附近|境内|境|周边|周围|一带|地区|县城|城区|市区|郊区|城郊|林区|山区|辖区|全境|全市|全县|市内|县内)"
)
# A street of the city: at least two characters of a name of its own, so that 长春大街 and 四平南街 stay roads.
_STREET = re.compile(
    r"(?![屯沟岭堡子村镇乡河山江湖站店庄营窝泡甸岗房林场市县区州省东西南北中大新老前后一二三四五六七八九十第])"
    r"(?!公园|花园|广场|车站|火车|客运|机场|国际|经济|石化|油田)"
    rf"[^{_GAP}路街]{{2,5}}(?:大街|大路|街(?!道)|路|胡同)"
)
_INSTITUTION = (
    r"(?:第?[一二三四五六七八九十\d]+|中心|人民|妇幼|儿童|实验|师范|职业|中医|传染病|国际|商务)?"
    r"(?:大学|学院|医院|中学|小学|学校|幼儿园|银行|宾馆|饭店|酒店|大厦|火车站|高铁站|客运站|汽车站|车站|机场)"
)
_NOT_A_UNIT = re.compile(
    rf"(?:大街|大路|街(?!道|里)|(?:[路站]|大?桥)(?![东西南北前后里头下边旁段口]|.{{1,4}}(?:村|社区|屯|街道|镇|乡))|胡同|巷|弄|高架|立交|"
    rf"高速|公路|铁路|隧道|{_INSTITUTION})"
)
_NOT_A_CITY = re.compile(r"场|民(?:广场|中心|公园|文化|服务|热线|$)")
_NOT_A_DISTRICT = re.compile(r"[域间划]")
_NOT_A_TOWNSHIP = re.compile(r"[村亲愁下间土镇]")
_NOT_A_VILLAGE = re.compile(r"[镇乡屯]|街道")
_AFTER_VILLAGE = re.compile(
    rf"(?:$|[{_GAP}\d]|[一二三四五六七八九十]+[组社队号屯委]|村民|村?民?委|附近|境内|境|内|周边|一带|居委|居民|(?:东|西|南|北|前|后|上|下|大|小)屯)"
)
_AFTER_RANGE = re.compile(
    rf"(?:$|[{_GAP}]|[东西南北两沿左右]?岸|[上中下]游|江?段|河?段|沿[线江河岸]|流域|干流|支流|水[域面体]|河道|大堤|江堤|边|畔|内|附近|"
    r"境内|地区|一带|周边|山?脚下|区域|天池|[东西南北]坡|景区|风景区|湿地|沿湖|湖区|林区|保护区)"
)
_OUTSIDE_UNIT = re.compile(rf"[^{_GAP}路街]{{1,8}}?(?:市|县|区|旗|州|盟)")
LIST = re.compile(r"(?:[、;]|以及|[与和及至到同])")
_LEAD = re.compile(
    r"(?:位于|地处|坐落于|座落于|坐落在|住所地?|住址|住在|家住|地址|地点|来自|发生[于在]|以及|中国|[在与至到及和])(?:[为是在:])?"
)
_LEAD_FIRST = frozenset("位地坐座住家来发以中在与至到及和")
_TAIL = {
    "道": re.compile(r"办事处"),
    "村": re.compile(r"村民委员会|民委员会|委会|民?委(?!员)"),
    "区": re.compile(r"居民委员会|居委会"),
    "市": re.compile(rf"区(?=$|[{_GAP}])"),
}


def ends_full(text: str, end: int, form: str, kind: str) -> bool:
    """Tell whether a form with its suffix ends here: no road, institution or longer word goes on."""
    if end >= len(text):
        return True
    if kind in ("river", "lake", "park"):
        return bool(_AFTER_RANGE.match(text, end))
    if _NOT_A_UNIT.match(text, end):
        return False
    last = form[-1]
    if last == "市":
        return not _NOT_A_CITY.match(text, end)
    if last == "区":
        return not _NOT_A_DISTRICT.match(text, end)
    if last == "乡":
        return not _NOT_A_TOWNSHIP.match(text, end)
    return not (last in "村屯" and _NOT_A_VILLAGE.match(text, end))


def ends_alone(text: str, end: int) -> bool:
    """Tell whether a village's name with no unit above it ends here for certain."""
    return bool(_AFTER_VILLAGE.match(text, end))


def ends_short(text: str, end: int) -> bool:
    """Tell whether a form without suffix ends here, by what follows it."""
    return bool(_SHORT_END.match(text, end))


def street_follows(text: str, end: int) -> bool:
    """Tell whether a street with a name of its own follows: 长春 before 人民大街."""
    return bool(_STREET.match(text, end))


def unit_follows(text: str, end: int) -> bool:
    """Tell whether a city or a county follows, of whatever name: 辽宁 before 本溪县."""
    return bool(_OUTSIDE_UNIT.match(text, end))


def lead_end(text: str, at: int) -> int:
    """Return where a word ends that introduces a place (位于, 至, 与), `at` where there is none."""
    if text[at] not in _LEAD_FIRST:
        return at
    found = _LEAD.match(text, at)
    return found.end() if found else at


def tail_end(text: str, end: int) -> int:
    """Return where the name of the office of a street, village or community ends: 街道办事处, 村委会."""
    tail = _TAIL.get(text[end - 1])
    found = tail.match(text, end) if tail else None
    return found.end() if found else end
