"""What a reader must know beside the answer. The codes are stable; docs/routing.md explains each."""

from collections.abc import Sequence

from geo_registry.routing.jurisdiction import Jurisdiction
from geo_registry.routing.level import PLACE_READ_AS_AGENCY_SEAT, CaseReading
from geo_registry.routing.model import (
    Boundary,
    Candidate,
    Notice,
    Question,
    State,
    leaves_territory_open,
)
from geo_registry.routing.places import Finding
from geo_registry.terms import Level, Outcome, Status, Territory, Text

MAP_ACCURACY_M = 200.0


def collect(
    findings: Sequence[Finding],
    candidates: Sequence[Candidate],
    deciding: Candidate | None,
    law: Jurisdiction,
    case: CaseReading,
    question: Question,
    outcome: Outcome,
    boundary: Boundary | None,
) -> tuple[Notice, ...]:
    """Return the notices an answer carries, in the order a reader wants them."""
    if outcome is Outcome.OUTSIDE:
        return _near_map_line(boundary)
    seats_stated = all(place.role is not None for place in question.places)
    found = [n for n in case.notices if not (n is PLACE_READ_AS_AGENCY_SEAT and seats_stated)]
    if question.kind is None and any(c.designation and c.designation.kinds is not None for c in candidates):
        found.append(KIND_ASSUMED)
    named = [deciding] if deciding is not None else [c for c in candidates if c.court is not None]
    if any(c.status is Status.INFERRED for c in named):
        found.append(DESIGNATION_INFERRED)
    found += _of_territory(findings, law, case, question, outcome)
    kept = (Outcome.NEEDS_FACT, Outcome.UNRESOLVED, Outcome.CROSS_COURT)
    if outcome in kept and any(f.near or f.on_line for f in findings):
        found.append(NEAR_BOUNDARY)
    if outcome is Outcome.CROSS_COURT and any(c.territory is Territory.OUTSIDE for c in candidates):
        found.append(BEYOND_PROVINCE)
    return (*found, *_near_map_line(boundary))


def _of_territory(
    findings: Sequence[Finding], law: Jurisdiction, case: CaseReading, question: Question, outcome: Outcome
) -> list[Notice]:
    if case.level is Level.INTERMEDIATE or question.territory is not Territory.UNKNOWN:
        by_seat = question.territory is Territory.FOREST and any(_by_seat(f) for f in findings)
        return [*_contradictions(findings, question, case), *([FOREST_BY_SEAT] if by_seat else [])]
    found = []
    states = [s for f in findings for s in f.states if s.adcode is not None]
    if any(not s.districts and s.adcode and law.forest_extent_unknown(s.adcode) for s in states):
        found.append(FOREST_EXTENT_UNKNOWN)
    if any(_decided_seat(s, law, case) for s in states):
        found.append(FOREST_SAME_COURT)
    if outcome is Outcome.NEAR_BOUNDARY and any(leaves_territory_open(p) for f in findings for p in f.parts):
        found.append(TERRITORY_OPEN)
    return found


def _decided_seat(state: State, law: Jurisdiction, case: CaseReading) -> bool:
    """Tell whether a forest court sits in a county where one named court hears, in its district and outside it."""
    if state.adcode is None or state.districts or not law.seats_forest_court(state.adcode):
        return False
    candidates = law.candidates_at(state, case, Territory.UNKNOWN)
    return len({c.key for c in candidates}) == 1 and candidates[0].court is not None


def _by_seat(finding: Finding) -> bool:
    """Tell whether a forest district was taken because its court sits in the county, not by a polygon."""
    return any(
        c.territory is Territory.FOREST and not state.districts
        for state, part in zip(finding.states, finding.parts, strict=True)
        for c in part
    )


def _contradictions(findings: Sequence[Finding], question: Question, case: CaseReading) -> list[Notice]:
    """Find a stated territory that a drawn forest district speaks against; no matter to an intermediate court."""
    drawn = any(s.districts for f in findings for s in f.states)
    contradicts = question.territory is Territory.ORDINARY and drawn and case.level is not Level.INTERMEDIATE
    return [TERRITORY_CONTRADICTS_MAP] if contradicts else []


def _near_map_line(boundary: Boundary | None) -> tuple[Notice, ...]:
    return (MAP_ACCURACY,) if boundary is not None and boundary.distance_m <= MAP_ACCURACY_M else ()


KIND_ASSUMED = Notice(
    "kind-assumed",
    Text(
        "未说明案件种类：按指定文件所列种类作答；行政案件的答案可能不同。",
        "No kind of case was given: answered for the kinds the designations list; an administrative case may differ.",
    ),
)
DESIGNATION_INFERRED = Notice(
    "designation-inferred",
    Text(
        "所涉指定系推断所得，公开来源未见完整原文；立案前请核实。",
        "A designation named here is inferred; its full wording was not seen in a public source. Verify before filing.",
    ),
)
FOREST_EXTENT_UNKNOWN = Notice(
    "forest-extent-unknown",
    Text(
        "林区法院的辖区界线未公开，可能延伸到本县区；若该地属林区法院辖区，请以 territory=forest 重新查询。",
        "The limits of the forest courts' districts are not public and may reach into this county; "
        "if the place lies in one, ask again with territory=forest.",
    ),
)
FOREST_BY_SEAT = Notice(
    "forest-by-seat",
    Text(
        "所属林区系按林区法院驻地所在县区推断，林区辖区界线未公开；立案前请核实该地属哪个林区法院辖区。",
        "The forest district was inferred from the county in which its court sits; the limits of the districts are not "
        "public. Verify in which the place lies before filing.",
    ),
)
FOREST_SAME_COURT = Notice(
    "forest-same-court",
    Text(
        "该县区设有林区法院；无论是否林区，环境资源案件都指定到同一法院。",
        "A forest court sits in this county; environmental cases go to the same court in its district and outside it.",
    ),
)
TERRITORY_OPEN = Notice(
    "territory-open",
    Text(
        "除界线外，还须查明该地是否属林区法院辖区。",
        "Beside the line, it must be found out whether the place lies in a forest court's district.",
    ),
)
TERRITORY_CONTRADICTS_MAP = Notice(
    "territory-contradicts-map",
    Text(
        "所述为普通区域，但该地位于已登记的林区范围内；已按所述作答，请核对。",
        "Ordinary territory was stated, but the place lies in a forest district that is drawn; "
        "answered as stated, please check.",
    ),
)
NEAR_BOUNDARY = Notice(
    "near-boundary",
    Text(
        "该地距法院辖区界线在其精度之内，界线另一侧的法院也列为候选。",
        "The place is within its accuracy of a line between courts; those across it are among the candidates.",
    ),
)
BEYOND_PROVINCE = Notice(
    "beyond-province",
    Text(
        "部分地点在吉林省外，省外部分的管辖不在本库范围内。",
        "Part of the case lies outside Jilin Province, which this registry does not cover.",
    ),
)
MAP_ACCURACY = Notice(
    "map-accuracy",
    Text(
        "距界线不足 200 米；县界数据本身约有 75 米（中位数）误差，请以现场勘界为准。",
        "Less than 200 m from a line; the county lines themselves are off by about 75 m (median). "
        "Rely on the demarcation on the ground.",
    ),
)
PENDING_CASES_UNKNOWN = Notice(
    "pending-cases-unknown",
    Text(
        "机制施行时尚未审结的案件由谁继续审理，已知来源均未说明。",
        "No source held says which court went on with cases that were pending when the mechanism began.",
    ),
)
SAMPLE_DATA = Notice(
    "sample-data",
    Text("附近地点中含示例数据，并非事实。", "Sample data, which is not fact, is among the places nearby."),
)
FUTURE_DAY = Notice(
    "future-day",
    Text(
        "所问日期尚未到来，按现已发布的版本作答。",
        "The day lies ahead; answered by the versions published so far.",
    ),
)
