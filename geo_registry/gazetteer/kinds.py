"""Kinds of place: how fine each is, and how much of a name it takes to be read as one."""

import re
from enum import IntEnum

from geo_registry.gazetteer.model import Name
from geo_registry.terms import Precision

# How fine a kind fixes a place. What spans counties stands above the county: a county named beside it decides.
FINENESS = {
    "outside": 0, "province": 0, "prefecture": 1, "zone": 2, "forest_district": 2, "park": 2, "river": 2,
    "lake": 2, "court": 3, "county": 3, "town": 4, "village": 5,
}  # fmt: skip
# Which kind comes first in a list of several: what people mean most often, the vaguest last.
ORDER = (
    "prefecture", "county", "town", "village", "zone", "forest_district", "park", "lake", "river", "court",
    "province", "outside",
)  # fmt: skip
_EXACT = {"village": Precision.VILLAGE, "town": Precision.TOWN, "prefecture": Precision.CITY}
_VAGUE = ("province", "outside")

_SUFFIX = re.compile(
    r"(?:省|自治州|州|盟|市|县|旗|区|镇|乡|街道|村|屯|社区|居委会|特区|林场|[农牧渔马牛羊猪鹿]场|种畜场|良种场|原种场|"
    r"局|中心|公司|基地|集中区|学院|农科院|水库|法院|法庭|江|河|湖|公园|林区|苗圃|饲养场|繁殖场|场)$"
)
_ANYWHERE_A = re.compile(
    r"(?:国营|国有|良种|繁育|繁殖|原种|种畜|机械|果树|园艺|畜牧|养殖|中心|基地|苗圃|省|市|县|林|农|牧|渔|总|场)+$"
)
_ZONE_OF_ANY_CITY = re.compile(r"(?:经济|高新|汽车|工业|经开|汽开)")


class Standing(IntEnum):
    """How far a form stands for its place by itself."""

    FULL = 0  # carries the suffix of its kind
    SHORT = 1  # does not; only where nothing else can be meant
    NEAR = 2  # only beside a unit above it: many places not listed bear it too


class Tier(IntEnum):
    """How readily a form without its suffix is taken for its place: 四平 at once, a village hardly."""

    KNOWN = 1
    PLAIN = 2
    FAINT = 3


def precision_of(kind: str, counties: int) -> Precision:
    """Return how exactly a place of a kind is known when so many counties fit."""
    if kind in _VAGUE:
        return Precision.UNKNOWN
    return _EXACT.get(kind) or (Precision.COUNTY if counties == 1 else Precision.CITY)


def standing_of(name: Name) -> Standing:
    """Return how far a form stands for its place by itself."""
    if name.relation == "short":
        return Standing.SHORT
    if _needs_company(name):
        return Standing.NEAR
    return Standing.FULL if _SUFFIX.search(name.name) else Standing.SHORT


def _needs_company(name: Name) -> bool:
    """Tell whether a form is borne by many places: farms, forest farms, hamlets, a zone without its city."""
    text = name.name
    if name.kind == "zone":
        return bool(_ZONE_OF_ANY_CITY.match(text))
    if name.kind not in ("town", "village"):
        return False
    hamlet = text.endswith("屯") and name.relation == "common"
    farm = text.endswith("场") and (len(text) <= 4 or name.kind == "village")
    return hamlet or farm or text.endswith("苗圃") or bool(_ANYWHERE_A.fullmatch(text))


def tier_of(kind: str, formal: str) -> Tier:
    """Return how readily a form without suffix is taken for a place: districts bear everyday words."""
    if kind == "village":
        return Tier.FAINT
    known = kind in ("province", "prefecture", "outside") or (kind == "county" and not formal.endswith("区"))
    return Tier.KNOWN if known else Tier.PLAIN
