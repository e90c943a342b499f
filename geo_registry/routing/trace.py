"""The steps of a decision in the order they were taken, for a reader who wants to check it."""

from collections.abc import Iterator, Mapping, Sequence

from geo_registry.geo.reading.model import Reading
from geo_registry.records import AdminUnit
from geo_registry.routing.jurisdiction import Jurisdiction
from geo_registry.routing.level import CaseReading
from geo_registry.routing.model import Boundary, Candidate, Question, Step, Understood, merged
from geo_registry.routing.places import Finding
from geo_registry.terms import Level, Outcome, Role, Text

_LINES = {
    "province": Text("省界", "line of the province"),
    "court": Text("法院辖区界线", "line between courts"),
}
_DATUM = {"wgs84": "WGS 84", "cgcs2000": "CGCS2000", "gcj02": "GCJ-02", "bd09": "BD-09"}


def of_decision(
    question: Question,
    places: Sequence[Understood],
    findings: Sequence[Finding],
    law: Jurisdiction,
    case: CaseReading,
    outcome: Outcome,
    boundary: Boundary | None,
    units: Mapping[str, AdminUnit],
) -> tuple[Step, ...]:
    """Return the trace of a decision made under a published version."""
    steps = [reading(place.reading, place.role) for place in places]
    title = law.version.title
    steps.append(
        Step(
            "day",
            law.version.id,
            Text(f"{question.on} 适用 {title.zh}", f"on {question.on} {title.en} applies"),
        )
    )
    steps += _location(findings, units)
    steps.append(_level(case))
    if case.level is not Level.INTERMEDIATE:
        label = question.territory.label
        steps.append(
            Step("territory", question.territory, Text(f"辖区性质：{label.zh}", f"territory: {label.en}"))
        )
    steps += _rows(merged(c for f in findings for c in f.own))
    if boundary is not None:
        steps.append(line(boundary.distance_m, boundary.kind))
    steps.append(_outcome(outcome))
    return tuple(steps)


def without_version(question: Question, places: Sequence[Understood]) -> tuple[Step, ...]:
    """Return the trace of a day on which no version was in force."""
    day = Step(
        "day",
        "none",
        Text(f"{question.on} 没有已发布的管辖版本", f"no version is published for {question.on}"),
    )
    return (*(reading(place.reading, place.role) for place in places), day, _outcome(Outcome.NO_VERSION))


def line(distance_m: float, kind: str) -> Step:
    """Return the step that tells how far the nearest line is; `kind` as in `Boundary`."""
    return line_at(metres_text(distance_m), kind)


def line_at(metres: str, kind: str) -> Step:
    """Return the same with the figure as it is to stand in the words."""
    words = _LINES[kind]
    return Step(
        "line",
        f"{metres} m",
        Text(f"距最近的{words.zh} {metres} 米", f"{metres} m from the nearest {words.en}"),
    )


def metres_text(distance_m: float) -> str:
    """Return a distance as the trace shows it."""
    return f"{distance_m:.1f}"


def accuracy_text(accuracy_m: float) -> str:
    """Return an accuracy as the trace shows it."""
    return f"{accuracy_m:.5g}"


def position_text(lon: float, lat: float) -> str:
    """Return a position as the trace shows it."""
    return f"{round(lon, 7)}, {round(lat, 7)}"


def reading(reading: Reading, stated_role: Role | None) -> Step:
    """Return the step that tells how a place was read."""
    lon, lat = reading.lon, reading.lat
    position = position_text(lon, lat) if lon is not None and lat is not None else ""
    return reading_at(reading, stated_role, position=position, accuracy=accuracy_text(reading.accuracy_m))


def reading_at(reading: Reading, stated_role: Role | None, *, position: str, accuracy: str) -> Step:
    """Return the same with the figures as they are to stand in the words; `position` empty where there is none."""
    what, english = position or reading.precision.label.zh, position or reading.precision.value
    role = Text(f"（{stated_role.label.zh}）", f" ({stated_role.label.en})") if stated_role else Text("", "")
    if reading.name is not None:
        text = Text(
            f"地名读作{reading.name}{role.zh}：{reading.why.zh}",
            f"read as {reading.name}{role.en}: {reading.why.en}",
        )
        return Step("reading", reading.name, text)
    datum = _DATUM.get(reading.datum, reading.datum)
    text = Text(
        f"按 {datum} 读作 {what}{role.zh}，精度 {accuracy} 米（{reading.why.zh}）",
        f"read in {datum} as {english}{role.en}, accurate to {accuracy} m ({reading.why.en})",
    )
    return Step("reading", english, text)


def _location(findings: Sequence[Finding], units: Mapping[str, AdminUnit]) -> Iterator[Step]:
    for finding in findings:
        adcodes = list(dict.fromkeys(s.adcode for s in finding.states))
        names = "、".join(units[a].name if a in units else "省外" for a in adcodes if a) or "省外"
        english = ", ".join(units[a].name for a in adcodes if a and a in units) or "outside the province"
        result = ",".join(a or "outside" for a in adcodes)
        yield Step(
            "location", result, Text(f"位于{names}", f"lies in {english}" if result != "outside" else english)
        )


def _level(case: CaseReading) -> Step:
    zh, en = (case.rules[0].provision,) * 2 if case.rules else ("按所述", "as stated")
    if case.level is None:
        return Step("level", "open", Text(f"级别待定（{zh}）", f"level open ({en})"))
    label = case.level.label
    return Step("level", case.level, Text(f"由{label.zh}管辖（{zh}）", f"level of court: {label.en} ({en})"))


def _rows(candidates: Sequence[Candidate]) -> Iterator[Step]:
    for c in candidates:
        if c.designation is None:
            continue
        court = c.court.name if c.court else None
        status = c.status.label
        text = Text(
            f"{c.territory.label.zh}：{court or '法院待核实'}（{status.zh}）",
            f"{c.territory.label.en}: {court or 'no court confirmed'} ({status.en})",
        )
        yield Step("designation", c.designation.id, text)


def _outcome(outcome: Outcome) -> Step:
    return Step("outcome", outcome, Text(f"结论：{outcome.label.zh}", f"outcome: {outcome.label.en}"))
