"""Characters as people type them, made few: one degree sign, one comma, one kind of digit, one word per idea."""

import re
import unicodedata
from dataclasses import dataclass

_SIGNS = str.maketrans(
    {
        **dict.fromkeys("º˚∘⁰ᵒ", "°"),
        **dict.fromkeys("′‵’‘`´ʹʼ", "'"),
        **dict.fromkeys("″‶”“〃ʺ", '"'),
        **dict.fromkeys("−–—﹣－", "-"),
        **dict.fromkeys("、，﹐،", ","),
        **dict.fromkeys("；;﹔|｜", ";"),
        **dict.fromkeys("：﹕∶", ":"),
        **dict.fromkeys(
            "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff\u00ad", None
        ),
    }
)
# Words to signs, the longer ones first.
_WORDS = [
    (re.compile(pattern, re.IGNORECASE), sign)
    for pattern, sign in (
        (r"(?<=\d)\s*[。·](?=\d)", "."), (r"经纬度|經緯度", " "),
        (r"北纬|北緯", " N "), (r"南纬|南緯", " S "), (r"东经|東經|东經", " E "), (r"西经|西經", " W "),
        (r"latitude|纬度|緯度|\blat\b", " @lat "), (r"longitude|经度|經度|\blong?\b|\blng\b", " @lon "),
        (r"(?:northing|北坐标|纵坐标|縱坐標)", " @north "), (r"(?:easting|东坐标|横坐标|橫坐標)", " @east "),
        (r"(?<!@)\bnorth\b|北", " N "), (r"\bsouth\b|南", " S "), (r"(?<!@)\beast\b|东|東", " E "), (r"\bwest\b|西", " W "),
        (r"(?<=\d)\s*(?:degrees?|deg|度)", "°"), (r"(?<=\d)\s*(?:minutes?|min|分)", "'"),
        (r"(?<=\d)\s*(?:seconds?|sec|秒)", '"'), (r"''", '"'),
        (r"(?<=\d)\s*(?:米|公尺|metres?|meters?|m)(?![a-z])", " "),
        (r"\b[xX]\s*[=:坐]\s*标?", " @x "), (r"\b[yY]\s*[=:坐]\s*标?", " @y "),
        (r"(?:地理)?坐标(?:值|点)?|坐標|位置|定位|地点|coordinates?|coords?|position|location", " "),
        (r"[()\[\]{}<>【】《》「」]", " "),
    )
]  # fmt: skip
_DATUMS = [
    (re.compile(pattern, re.IGNORECASE), name)
    for pattern, name in (
        (r"GCJ-?\s?02|火星坐标系?|高德(?:地图)?|腾讯(?:地图)?", "gcj02"),
        (r"BD-?\s?09(?:ll)?|百度(?:地图)?", "bd09"),
        (r"WGS-?\s?(?:19)?84(?:坐标系?)?|\bGPS\b", "EPSG:4326"),
        (r"CGCS\s?2000(?:坐标系?)?|国家\s?2000(?:大地)?(?:坐标系?)?|2000\s?国家大地坐标系", "EPSG:4490"),
        (r"西安\s?(?:19)?80(?:坐标系?)?|Xi'?an\s?(?:19)?80", "EPSG:4610"),
        (r"北京\s?(?:19)?54(?:坐标系?)?|Beijing\s?(?:19)?54", "EPSG:4214"),
    )
]
_ACCURACY = re.compile(
    r"(?:精度|误差|accuracy)?\s*(?:±|\+/-|\+-)\s*(\d+(?:\.\d+)?)\s*(公里|千米|km|米|m)?\s*$", re.IGNORECASE
)
_MERIDIAN = re.compile(r"(?:中央(?:子午线|经线)|\bCM\b)\s*[:=]?\s*(\d{2,3})\s*°?\s*E?", re.IGNORECASE)
_ZONE = re.compile(r"第?\s*(\d{2})\s*(?:号|度)?\s*(?:投影)?带")
_WIDTH = re.compile(r"(?<!\d)[36]\s*[°度]?\s*分?带")


@dataclass(frozen=True, slots=True)
class Written:
    """A text in few characters, and what stood beside the numbers.

    `crs` is a datum named in words, `accuracy_m` one written as ±, `meridian` a central meridian in
    degrees, `zone` the number of a zone.
    """

    text: str
    crs: str | None
    accuracy_m: float | None
    meridian: int | None
    zone: int | None


def normalise(text: str) -> str:
    """Return a text with one character per sign; letters and words stay."""
    return unicodedata.normalize("NFKC", text.translate(_SIGNS)).translate(_SIGNS).strip()


def take_apart(text: str) -> Written:
    """Return the numbers and signs of a text apart from the words beside them."""
    rest = normalise(text)
    accuracy, rest = _accuracy(rest)
    meridian, rest = _number(_MERIDIAN, rest)
    zone, rest = _number(_ZONE, _WIDTH.sub(" ", rest))
    crs = None
    for pattern, name in _DATUMS:
        if pattern.search(rest):
            crs, rest = crs or name, pattern.sub(" ", rest)
    for pattern, sign in _WORDS:
        rest = pattern.sub(sign, rest)
    return Written(rest.strip(" ,;:.\t\n"), crs, accuracy, meridian, zone)


def _accuracy(text: str) -> tuple[float | None, str]:
    match = _ACCURACY.search(text)
    if not match:
        return None, text
    kilo = (match.group(2) or "").lower() in ("公里", "千米", "km")
    return float(match.group(1)) * (1000.0 if kilo else 1.0), text[: match.start()]


def _number(pattern: re.Pattern[str], text: str) -> tuple[int | None, str]:
    match = pattern.search(text)
    return (int(match.group(1)), pattern.sub(" ", text, count=1)) if match else (None, text)
