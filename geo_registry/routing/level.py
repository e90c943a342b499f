"""Level before place: what the rules make of a kind of case, and what they leave open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from geo_registry.records import LegalRule
from geo_registry.routing.model import Notice
from geo_registry.terms import CaseKind, Level, Text
from geo_registry.zones.validity import Validity

AGENCY_SEAT = "agency-seat"


@dataclass(frozen=True, slots=True)
class CaseReading:
    """A case once its level is settled; `level` None means that its sort has to be found out first."""

    kind: CaseKind | None
    level: Level | None
    rules: tuple[LegalRule, ...]
    notices: tuple[Notice, ...]


def read_case(
    *, kind: CaseKind | None, level: Level | None, on: date, rules: Sequence[LegalRule]
) -> CaseReading:
    """Return the level at which a case is brought, by the rules in force on a day.

    A level that was stated stands, but for a kind that an intermediate court hears first: such a case
    is in a basic court only after it was handed down with approval, which a bare word does not prove.
    `rules` holds the rule the level rests on; none where it rests on what was stated.
    """
    rule = next((r for r in rules if r.effect == "level" and r.case_kind is kind and _in_force(r, on)), None)
    notices: list[Notice] = []
    if rule is None:
        settled: Level | None = level or Level.BASIC
    elif rule.level is Level.INTERMEDIATE:
        settled = Level.INTERMEDIATE
        if level is Level.BASIC:
            notices.append(_LEVEL_CONTRADICTS_KIND)
    else:
        settled = level or rule.level
    if level is None and rule is not None and rule.assumed and settled is not None:
        notices.append(_LEVEL_ASSUMED if kind is not None else _KIND_AND_LEVEL_ASSUMED)
    if rule is not None and AGENCY_SEAT in rule.place_role and settled is not Level.INTERMEDIATE:
        notices.append(PLACE_READ_AS_AGENCY_SEAT)
    resting_on = tuple(r for r in (rule,) if r is not None and r.level is settled)
    if any(r.affected_from is not None and r.affected_from <= on for r in resting_on):
        notices.append(_LAW_CHANGED)
    return CaseReading(kind, settled, resting_on, tuple(notices))


def _in_force(rule: LegalRule, on: date) -> bool:
    return Validity(rule.valid_from, rule.valid_to).contains(on)


_LEVEL_ASSUMED = Notice(
    "level-assumed",
    Text(
        "按基层法院管辖的一审案件作答；可能判处无期徒刑、死刑的刑事案件，或以县级以上人民政府为被告的行政案件，由中级法院管辖。",
        "Answered as a first-instance case of a basic court; a criminal case that may bring a life or death "
        "sentence, or a suit against a government at county level or above, goes to the intermediate court.",
    ),
)
_KIND_AND_LEVEL_ASSUMED = Notice(
    "level-assumed",
    Text(
        "未说明案件种类，按基层法院管辖的一审案件作答；民事公益诉讼、生态环境损害赔偿诉讼，可能判处无期徒刑、死刑的刑事案件，"
        "以及以县级以上人民政府为被告的行政案件，一审由中级法院管辖。",
        "No kind of case was given: answered as a first-instance case of a basic court. Civil public-interest and "
        "damage-compensation suits, criminal cases that may bring a life or death sentence, and suits against a "
        "government at county level or above start in the intermediate court.",
    ),
)
_LEVEL_CONTRADICTS_KIND = Notice(
    "level-contradicts-kind",
    Text(
        "此类案件的一审由中级法院管辖；基层法院只有在报经批准后裁定交办时才能审理，请核对是否有该裁定。",
        "A case of this kind is first heard by the intermediate court; a basic court hears it only after it "
        "was handed down with approval. Check that such a ruling exists.",
    ),
)
PLACE_READ_AS_AGENCY_SEAT = Notice(
    "place-read-as-agency-seat",
    Text(
        "行政类案件以行政机关所在地确定管辖：所给地点按被诉机关所在地理解。",
        "Administrative cases follow the seat of the agency: the place given was read as that seat.",
    ),
)
_LAW_CHANGED = Notice(
    "law-changed",
    Text(
        "《生态环境法典》自2026-08-15起施行，取代环境保护法等十部法律；其内容未收入本库，所引条文是否受其影响未核，请以现行法为准。",
        "The Ecological and Environmental Code is in force since 2026-08-15 in place of the Environmental "
        "Protection Law and nine others; it is not held here, and whether it touches the provision cited was not "
        "checked. Rely on the law in force.",
    ),
)
