"""Decision to sentences, in Chinese and English: what, why, how sure. One function per outcome."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from geo_registry.records import Source
from geo_registry.routing.model import Candidate, Decision
from geo_registry.routing.notices import PENDING_CASES_UNKNOWN
from geo_registry.routing.snapshot import Snapshot
from geo_registry.terms import Level, Outcome, Territory, Text

_NOWHERE_M = 98_765_432_109.0  # farther than any place on the earth from any other
_NUMERAL = {
    "一": "1",
    "二": "2",
    "三": "3",
    "四": "4",
    "五": "5",
    "六": "6",
    "七": "7",
    "八": "8",
    "九": "9",
    "十": "10",
}


def explain(decision: Decision, held: Snapshot) -> Text:
    """Return the one or two sentences a person reads first."""
    return _BY_OUTCOME[decision.outcome](decision, held)


def tells_distance(decision: Decision) -> bool:
    """Tell whether the sentences name the distance to the nearest line."""
    return decision.boundary is not None and decision.outcome in (Outcome.NEAR_BOUNDARY, Outcome.OUTSIDE)


def by_distance(decision: Decision, held: Snapshot) -> Callable[[float], Text]:
    """Return what explains the points of one class: given a point's own distance in metres, its sentences.

    Points of a class differ in that figure only, so the sentences are made once, with a distance no
    place has, and cut there.
    """
    boundary = decision.boundary
    if boundary is None or not tells_distance(decision):
        text = explain(decision, held)
        return lambda _: text

    def at(distance_m: float) -> Text:
        return explain(replace(decision, boundary=replace(boundary, distance_m=distance_m)), held)

    figure = _kilometres if decision.outcome is Outcome.OUTSIDE else _metres
    marked, on_the_line = at(_NOWHERE_M), at(0.0)
    zh, en = (words.split(figure(_NOWHERE_M)) for words in (marked.zh, marked.en))

    def explained(distance_m: float) -> Text:
        if distance_m == 0.0:
            return on_the_line
        own = figure(distance_m)
        return Text(own.join(zh), own.join(en))

    return explained


def _metres(distance_m: float) -> str:
    return f"{distance_m:.1f}"


def _kilometres(distance_m: float) -> str:
    return f"{distance_m / 1000:.1f}"


def referral(decision: Decision, held: Snapshot) -> Text | None:
    """Return the text of a request to the common superior for a designation (指定管辖), prefilled."""
    if decision.outcome is not Outcome.CROSS_COURT or decision.superior is None:
        return None
    of_places = [c for c in decision.candidates if not c.is_across]
    courts = [c.court.name for c in of_places if c.court and c.court.name]
    unnamed = any(c.is_unresolved for c in of_places)
    zh = "、".join(dict.fromkeys(courts)) + ("及一个尚待核实的法院" if unnamed else "")
    en = ", ".join(dict.fromkeys(courts)) + (", and a court not yet confirmed" if unnamed else "")
    superior = decision.superior.court.name
    where_zh, where_en = _where(decision, held)
    return Text(
        f"本案地点涉及{where_zh}，{zh}均可能有管辖权。如有争议，先由各法院协商；协商不成的，报请共同上级{superior}指定管辖。",
        f"The case touches {where_en}; {en} may each have jurisdiction. In a dispute the courts consult first; "
        f"failing that, {superior}, their common superior, is asked to designate one.",
    )


def cite(sources: Sequence[Source]) -> str:
    """Return sources as they are cited: publisher, title, date, and whether read in reprint."""
    return "；".join(_cite(source) for source in sources)


def _cite(source: Source) -> str:
    publisher = f"{source.publisher}：" if source.publisher else ""
    date = "" if source.date == "XXXX" else f"，{source.date}"
    return f"{publisher}{source.title}{date}{'（据转载）' if source.read_in_reprint else ''}"


def _where(decision: Decision, held: Snapshot) -> tuple[str, str]:
    names = []
    for adcode, _ in decision.counties:
        unit = held.units[adcode]
        city = held.units.get(unit.parent_adcode or "")
        names.append(f"{city.name}{unit.name}" if city else unit.name)
    if len(names) > 6:
        return "、".join(names[:6]) + f"等 {len(names)} 个县区", ", ".join(
            names[:6]
        ) + f" and {len(names) - 6} more"
    return "、".join(names) or "省外", ", ".join(names) or "a place outside the province"


def _because(decision: Decision) -> tuple[str, str]:
    row, version, status = decision.designation, decision.version, decision.status
    if row is None or version is None or status is None:
        return "", ""
    item_zh = f"第{row.article}项" if row.article else "（条款未见）"
    item_en = (
        f", item {_NUMERAL.get(row.article, row.article)}" if row.article else " (its item was not seen)"
    )
    since = version.validity.valid_from
    return (
        f"依据{row.instrument}{item_zh}，{since} 起施行，{status.label.zh}",
        f"by {row.instrument}{item_en}, in force since {since}; {status.label.en}",
    )


def _court(c: Candidate) -> tuple[str, str]:
    if c.court is not None and c.court.name:
        return c.court.name, c.court.name
    if c.is_unresolved:
        return "法院待核实", "a court not confirmed by any source"
    return "省外", "outside the province"


def _list(candidates: Sequence[Candidate]) -> tuple[str, str]:
    """Return candidates as a sentence lists them: each court once, under no condition if one has none."""
    conditions: dict[tuple[str, str], list[Text | None]] = {}
    for c in candidates:
        conditions.setdefault(_court(c), []).append(c.condition)
    zh, en = [], []
    for (name_zh, name_en), found in conditions.items():
        named = [t for t in dict.fromkeys(found) if t is not None] if None not in found else []
        zh.append(f"{name_zh}（{'；或'.join(t.zh for t in named)}）" if named else name_zh)
        en.append(f"{name_en} (if {'; or '.join(t.en for t in named)})" if named else name_en)
    return "；".join(zh), "; ".join(en)


def _clear(decision: Decision, held: Snapshot) -> Text:
    assert decision.court is not None
    where_zh, where_en = _where(decision, held)
    zh, en = _because(decision)
    if decision.court.level is Level.INTERMEDIATE:
        return Text(
            f"{where_zh}应由中级法院一审的环境资源案件，由{decision.court.name}管辖：{zh}。",
            f"An environmental case from {where_en} that starts in an intermediate court is heard by "
            f"{decision.court.name}: {en}.",
        )
    return Text(
        f"{where_zh}由基层法院一审的环境资源案件，由{decision.court.name}管辖：{zh}。",
        f"An environmental case from {where_en} that starts in a basic court is heard by {decision.court.name}: {en}.",
    )


def _near_boundary(decision: Decision, held: Snapshot) -> Text:
    where_zh, where_en = _where(decision, held)
    list_zh, list_en = _list(decision.candidates)
    metres = decision.boundary.distance_m if decision.boundary else 0.0
    if decision.court is None:
        why_zh, why_en = _why_no_court(decision, metres)
        return Text(
            f"该地（{where_zh}）{why_zh}，不能仅凭位置确定法院。可能的法院：{list_zh}。",
            f"The place ({where_en}) {why_en}; position alone does not decide. Possible: {list_en}.",
        )
    zh, en = _because(decision)
    return Text(
        f"按所给位置（{where_zh}）由{decision.court.name}管辖：{zh}。但该地距界线仅 {_metres(metres)} 米，在其精度之内；"
        f"可能的法院：{list_zh}。",
        f"As the position reads ({where_en}), {decision.court.name} hears the case: {en}. But a line runs "
        f"{_metres(metres)} m away, within the accuracy of the place. Possible: {list_en}.",
    )


def _why_no_court(decision: Decision, metres: float) -> tuple[str, str]:
    """Say why no court is named near a line: on it, beyond it, or off it with another fact open."""
    if metres == 0.0:
        return "恰在界线上", "is exactly on a line"
    if not decision.counties:
        return (
            f"读数落在省外，距省界 {_metres(metres)} 米",
            f"reads as outside the province, {_metres(metres)} m from its line",
        )
    return (
        f"距界线 {_metres(metres)} 米，在其精度之内，且线内一侧的法院本身尚不能确定",
        f"is {_metres(metres)} m from a line, within its accuracy, and the court on its own side is not settled either",
    )


def _cross_court(decision: Decision, held: Snapshot) -> Text:
    where_zh, where_en = _where(decision, held)
    inside = [c for c in decision.candidates if c.territory is not Territory.OUTSIDE]
    beyond = len(inside) < len(decision.candidates)
    list_zh, list_en = _list(inside)
    if beyond:
        list_zh, list_en = (
            f"{list_zh}；另有部分在吉林省外",
            f"{list_en}; and part of it is outside Jilin Province",
        )
    return Text(
        f"案件地点涉及{where_zh}，分属不同法院：{list_zh}。不以面积或长度大小定管辖，由最先立案的法院审理；有争议的，协商或报请指定管辖。",
        f"The case touches {where_en}, in the districts of several courts: {list_en}. The larger share does not win: "
        "the first court to file hears it; disputes go to consultation, then to designation.",
    )


def _needs_fact(decision: Decision, held: Snapshot) -> Text:
    where_zh, where_en = _where(decision, held)
    list_zh, list_en = _list(decision.candidates)
    asked = decision.open_question.text if decision.open_question else Text("", "")
    return Text(
        f"{where_zh}：仅凭位置不能确定法院，须先查明：{asked.zh}可能的法院：{list_zh}。",
        f"{where_en}: position alone does not decide. To be found out: {asked.en} Possible: {list_en}.",
    )


def _unresolved(decision: Decision, held: Snapshot) -> Text:
    where_zh, where_en = _where(decision, held)
    row = decision.designation
    if row is not None and row.kinds is not None and not row.lists(decision.question.kind):
        kind = decision.question.kind
        label = kind.label if kind else Text("", "")
        return Text(
            f"{where_zh}：所见来源列出的集中管辖范围不含{label.zh}案件，该类案件由哪个法院管辖尚待核实，故不给出法院名称。",
            f"{where_en}: the source seen does not list {label.en} cases for this territory; which court hears them "
            "is not confirmed by any source held, so no court is named.",
        )
    return Text(
        f"{where_zh}：已掌握的来源均不能证实该地指定由哪个法院管辖，故不给出法院名称{_ask_zh(held)}。",
        f"{where_en}: no source held confirms which court is designated, so none is named here{_ask_en(held)}.",
    )


def _courts_to_ask(held: Snapshot) -> list[str]:
    return [c.name for c in held.courts.values() if c.name and c.level is not Level.BASIC]


def _ask_zh(held: Snapshot) -> str:
    courts = _courts_to_ask(held)
    return f"；请向{'或'.join(courts)}核实" if courts else ""


def _ask_en(held: Snapshot) -> str:
    courts = _courts_to_ask(held)
    return f"; ask {' or '.join(courts)}" if courts else ""


def _no_version(decision: Decision, held: Snapshot) -> Text:
    day = decision.question.on
    begins = held.begins
    if begins is None or begins <= day:
        return Text(f"{day} 没有已发布的管辖版本。", f"No version is published for {day}.")
    pending = PENDING_CASES_UNKNOWN.text
    return Text(
        f"{day} 没有适用的管辖版本：跨区域集中管辖机制自 {begins} 起施行，该日之前不适用。{pending.zh}",
        f"No version applies on {day}: the cross-district mechanism is in force since {begins} and does not "
        f"apply before. {pending.en}",
    )


def _outside(decision: Decision, held: Snapshot) -> Text:
    boundary = decision.boundary
    if boundary is None:
        return Text(
            "所写地名在吉林省外，本省法院不因该地点取得管辖。",
            "The name is of a place outside Jilin Province; no court of the province is competent by it.",
        )
    zh, en = _list(boundary.across)
    km = _kilometres(boundary.distance_m)
    return Text(
        f"该地在吉林省外，距省界 {km} 千米，本省法院不因该地点取得管辖。仅供参考：省界内最近处的法院为{zh}。",
        f"The place is outside Jilin Province, {km} km from its line; no court of the province is competent by "
        f"this place. A hint only: the court on the nearest stretch of the line is {en}.",
    )


_BY_OUTCOME: dict[Outcome, Callable[[Decision, Snapshot], Text]] = {
    Outcome.CLEAR: _clear,
    Outcome.NEAR_BOUNDARY: _near_boundary,
    Outcome.CROSS_COURT: _cross_court,
    Outcome.NEEDS_FACT: _needs_fact,
    Outcome.UNRESOLVED: _unresolved,
    Outcome.NO_VERSION: _no_version,
    Outcome.OUTSIDE: _outside,
}
