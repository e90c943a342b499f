"""The words of the domain: statuses, levels, kinds of case, territories, precisions, outcomes.

Ground floor: imports nothing of the project. Every word has one code, used in files, tables and
answers alike, and one label in Chinese and English.
"""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence or label in the two languages of the product."""

    zh: str
    en: str


class Status(StrEnum):
    """How well a fact is known: its words were seen, it was deduced, or no source settles it."""

    CONFIRMED = "confirmed"
    INFERRED = "inferred"
    UNRESOLVED = "unresolved"

    @property
    def label(self) -> Text:
        """Return the word shown to people."""
        return _STATUS[self]


_STATUS = {
    Status.CONFIRMED: Text("已确认", "confirmed"),
    Status.INFERRED: Text("推断", "inferred"),
    Status.UNRESOLVED: Text("待核实", "unresolved"),
}


def weaker(*statuses: Status) -> Status:
    """Return the weakest of the statuses given: a chain is as sure as its weakest link."""
    return max(statuses, key=list(Status).index)


class Level(StrEnum):
    """Level of a people's court; cases are brought at `basic` or `intermediate`."""

    BASIC = "basic"
    INTERMEDIATE = "intermediate"
    HIGH = "high"

    @property
    def label(self) -> Text:
        """Return the word shown to people."""
        return _LEVEL[self]


_LEVEL = {
    Level.BASIC: Text("基层法院", "basic court"),
    Level.INTERMEDIATE: Text("中级法院", "intermediate court"),
    Level.HIGH: Text("高级法院", "high court"),
}


class CaseKind(StrEnum):
    """Kind of case a person names; `None` beside it means that no kind was given."""

    CRIMINAL = "criminal"
    CIVIL = "civil"
    ADMINISTRATIVE = "administrative"
    CIVIL_PUBLIC_INTEREST = "civil-public-interest"
    ADMINISTRATIVE_PUBLIC_INTEREST = "administrative-public-interest"
    PUBLIC_INTEREST = "public-interest"
    DAMAGES = "damages"

    @property
    def label(self) -> Text:
        """Return the word shown to people."""
        return _KIND[self]


_KIND = {
    CaseKind.CRIMINAL: Text("刑事", "criminal"),
    CaseKind.CIVIL: Text("民事", "civil"),
    CaseKind.ADMINISTRATIVE: Text("行政", "administrative"),
    CaseKind.CIVIL_PUBLIC_INTEREST: Text("民事公益诉讼", "civil public-interest"),
    CaseKind.ADMINISTRATIVE_PUBLIC_INTEREST: Text("行政公益诉讼", "administrative public-interest"),
    CaseKind.PUBLIC_INTEREST: Text("公益诉讼（未分类）", "public-interest, sort not stated"),
    CaseKind.DAMAGES: Text("生态环境损害赔偿", "ecological damage compensation"),
}


class Territory(StrEnum):
    """Kind of territory a place lies in, as stated by a person or as served by a designation.

    `UNKNOWN` is only ever asked, `PROVINCE` and `OUTSIDE` only ever answered.
    """

    ORDINARY = "ordinary"
    FOREST = "forest"
    PROVINCE = "province"
    UNKNOWN = "unknown"
    OUTSIDE = "outside"

    @property
    def label(self) -> Text:
        """Return the word shown to people."""
        return _TERRITORY[self]


_TERRITORY = {
    Territory.ORDINARY: Text("普通区域", "ordinary territory"),
    Territory.FOREST: Text("林区", "forest-court territory"),
    Territory.PROVINCE: Text("全省", "the whole province"),
    Territory.UNKNOWN: Text("未说明", "not stated"),
    Territory.OUTSIDE: Text("省外", "outside the province"),
}


class Role(StrEnum):
    """What a place is to a case."""

    ACT = "act"
    RESULT = "result"
    DOMICILE = "domicile"
    RESIDENCE = "residence"
    AGENCY_SEAT = "agency-seat"
    PROPERTY = "property"

    @property
    def label(self) -> Text:
        """Return the word shown to people."""
        return _ROLE[self]


_ROLE = {
    Role.ACT: Text("行为地", "place of the act"),
    Role.RESULT: Text("结果地", "place of the result"),
    Role.DOMICILE: Text("被告住所地", "defendant's domicile"),
    Role.RESIDENCE: Text("被告人居住地", "defendant's residence"),
    Role.AGENCY_SEAT: Text("行政机关所在地", "seat of the agency"),
    Role.PROPERTY: Text("不动产所在地", "where the property lies"),
}


class Outcome(StrEnum):
    """What a routing answer amounts to."""

    CLEAR = "clear"
    NEAR_BOUNDARY = "near_boundary"
    CROSS_COURT = "cross_court"
    NEEDS_FACT = "needs_fact"
    UNRESOLVED = "unresolved"
    NO_VERSION = "no_version"
    OUTSIDE = "outside"

    @property
    def label(self) -> Text:
        """Return the word shown to people."""
        return _OUTCOME[self]


_OUTCOME = {
    Outcome.CLEAR: Text("明确", "clear"),
    Outcome.NEAR_BOUNDARY: Text("临界", "near a boundary"),
    Outcome.CROSS_COURT: Text("跨区", "several courts"),
    Outcome.NEEDS_FACT: Text("待查明", "a fact is needed"),
    Outcome.UNRESOLVED: Text("待核实", "not confirmed by any source"),
    Outcome.NO_VERSION: Text("无适用版本", "no version applies"),
    Outcome.OUTSIDE: Text("域外", "outside the province"),
}


class Precision(StrEnum):
    """How exactly a place is known, from a point with stated accuracy to nothing at all."""

    POINT = "point"
    LINE = "line"
    AREA = "area"
    VILLAGE = "village"
    TOWN = "town"
    COUNTY = "county"
    CITY = "city"
    UNKNOWN = "unknown"

    @property
    def label(self) -> Text:
        """Return the word shown to people."""
        return _PRECISION[self]


_PRECISION = {
    Precision.POINT: Text("精确点位", "exact point"),
    Precision.LINE: Text("线", "line"),
    Precision.AREA: Text("面", "area"),
    Precision.VILLAGE: Text("仅知村", "known to the village"),
    Precision.TOWN: Text("仅知乡镇", "known to the town"),
    Precision.COUNTY: Text("仅知县区", "known to the county"),
    Precision.CITY: Text("仅知市州", "known to the city"),
    Precision.UNKNOWN: Text("地点不明", "place not stated"),
}


class Notation(StrEnum):
    """Form in which a position was written."""

    DEGREES = "degrees"
    DMS = "dms"
    PACKED_DMS = "packed-dms"
    GAUSS_KRUGER = "gauss-kruger"
    UTM = "utm"
    PROJECTED = "projected"
    MGRS = "mgrs"
    WKT = "wkt"
    GEO_URI = "geo-uri"
    LINK = "link"
    ADDRESS = "address"
    GEOJSON = "geojson"
