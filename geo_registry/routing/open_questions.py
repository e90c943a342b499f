"""The question an answer asks back when a fact other than the place decides."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from geo_registry.geo.reading.model import Reading
from geo_registry.routing.jurisdiction import Jurisdiction
from geo_registry.routing.level import CaseReading
from geo_registry.routing.model import (
    Candidate,
    OpenQuestion,
    Option,
    Question,
    State,
    leaves_territory_open,
    merged,
)
from geo_registry.routing.places import Finding
from geo_registry.routing.readings import Settled, described
from geo_registry.terms import CaseKind, Level, Territory, Text


def ask(settled: Sequence[Settled], law: Jurisdiction, case: CaseReading, question: Question) -> OpenQuestion:
    """Return what to find out, with the candidates each reply leaves.

    Level comes before the place, because what an intermediate court hears does not turn on it; which
    reading and which county come before the territory.
    """
    findings = [s.finding for s in settled]
    states = list(dict.fromkeys(s for f in findings for s in f.states))
    if case.level is None:
        return _sort(states, law, case, question)
    open_reading = next((s for s in settled if s.open), None)
    if open_reading is not None:
        return _reading(open_reading)
    several = next((f for f in findings if f.one_of and len(f.signatures) > 1), None)
    if several is not None:
        return _county(several, law)
    if question.territory is Territory.UNKNOWN:
        return _territory(states, law, case)
    return _district(states, law, case)


def _reading(settled: Settled) -> OpenQuestion:
    """Ask which reading of a place is meant; the value of a reply is a place to ask again with."""
    options = [
        Option(_as_place(f.reading), described(f.reading), merged((*f.own, *f.near))) for f in settled.open
    ]
    text = Text(
        "所写地点有几种读法，是哪一种？", "The place as written can be read in several ways: which is meant?"
    )
    return OpenQuestion("reading", text, tuple(options))


def _as_place(reading: Reading) -> str:
    if reading.name is not None or reading.lon is None or reading.lat is None:
        return reading.name or reading.input
    return f"{reading.lon:.7f},{reading.lat:.7f}"


def _county(finding: Finding, law: Jurisdiction) -> OpenQuestion:
    """Ask in which county a place lies whose name several answer to."""
    by_county: dict[str, list[Candidate]] = {}
    for state, part in zip(finding.states, finding.parts, strict=True):
        by_county.setdefault(state.adcode or "", []).extend(part)
    options = [
        Option(adcode, Text(name, name), merged(candidates))
        for adcode, candidates in by_county.items()
        if (name := law.full_name(adcode))
    ]
    text = Text("该地在哪个县（市、区）？", "In which county does the place lie?")
    return OpenQuestion("county", text, tuple(options))


def _sort(states: list[State], law: Jurisdiction, case: CaseReading, question: Question) -> OpenQuestion:
    civil = replace(case, kind=CaseKind.CIVIL_PUBLIC_INTEREST, level=Level.INTERMEDIATE)
    other = replace(case, kind=CaseKind.ADMINISTRATIVE_PUBLIC_INTEREST, level=Level.BASIC)
    attached = replace(case, kind=CaseKind.CRIMINAL, level=Level.BASIC)
    text = Text("这是哪一类公益诉讼？", "Which sort of public-interest case is it?")
    options = (
        Option(civil.kind or "", Text("民事公益诉讼", "civil"), _at(states, law, civil, question.territory)),
        Option(
            other.kind or "",
            Text("行政公益诉讼", "administrative"),
            _at(states, law, other, question.territory),
        ),
        Option(
            attached.kind or "",
            Text("刑事附带民事公益诉讼", "attached to a criminal case"),
            _at(states, law, attached, question.territory),
        ),
    )
    return OpenQuestion("public-interest-sort", text, options)


def _territory(states: list[State], law: Jurisdiction, case: CaseReading) -> OpenQuestion:
    seats = {s.adcode for s in states}
    names = "、".join(d.name for d in law.districts.values() if d.seat_adcode in seats and d.geometry is None)
    text = Text(
        f"该地是否属林区法院辖区（{names}）？", f"Does the place lie in a forest court's district ({names})?"
    )
    options = [
        Option("ordinary", Text("否", "no, ordinary territory"), _as_replied(states, law, case, Territory.ORDINARY)),
        Option("forest", Text("是，属林区法院辖区", "yes, in a forest court's district"), _as_replied(states, law, case, Territory.FOREST)),
    ]  # fmt: skip
    turning = [s for s in states if leaves_territory_open(law.candidates_at(s, case, Territory.UNKNOWN))]
    if len(turning) > 1:
        text = Text(
            f"各地点是否属林区法院辖区（{names}）？",
            f"Do the places lie in a forest court's district ({names})?",
        )
        options.append(Option("each", _EACH, _at(states, law, case, Territory.UNKNOWN)))
    return OpenQuestion("territory", text, tuple(options))


def _district(states: list[State], law: Jurisdiction, case: CaseReading) -> OpenQuestion:
    """Ask in which forest district a place lies that was stated to lie in one, where no forest court sits."""
    turning = [s for s in states if _turns_on_district(s, law, case)]
    districts = {d.code: d for s in turning if s.adcode for d in law.districts_that_may_reach(s.adcode)}
    options = [
        Option(code, Text(d.name, d.name), _with_turning(states, turning, law, case, code))
        for code, d in districts.items()
    ]
    options.append(
        Option(
            "ordinary",
            Text("不在任何林区法院辖区内", "in none of them"),
            _with_turning(states, turning, law, case, None),
        )
    )
    if len(turning) > 1:
        options.append(Option("each", _EACH, _at(states, law, case, Territory.FOREST)))
    text = Text("该地属哪个林区法院的辖区？", "In which forest court's district does the place lie?")
    return OpenQuestion("forest-district", text, tuple(options))


def _turns_on_district(state: State, law: Jurisdiction, case: CaseReading) -> bool:
    return any(c.territory is Territory.ORDINARY for c in law.candidates_at(state, case, Territory.FOREST))


def _with_turning(
    states: list[State], turning: list[State], law: Jurisdiction, case: CaseReading, district: str | None
) -> tuple[Candidate, ...]:
    """Return the candidates once the states that turn on it are in a district, or in none; others keep their own."""
    found: list[Candidate] = []
    for state in states:
        if state not in turning or state.adcode is None:
            found += law.candidates_at(state, case, Territory.FOREST)
        elif district is None:
            found += law.candidates_at(state, case, Territory.ORDINARY)
        else:
            found.append(law.in_district(district, state.adcode, case.kind))
    return merged(found)


_EACH = Text("各地点情况不同，分别查明", "not the same for all: find out for each place")


def _as_replied(
    states: Iterable[State], law: Jurisdiction, case: CaseReading, reply: Territory
) -> tuple[Candidate, ...]:
    """Return the candidates once the reply is known; a state that never turned on it keeps its own."""
    found: list[Candidate] = []
    for state in states:
        unasked = law.candidates_at(state, case, Territory.UNKNOWN)
        found += law.candidates_at(state, case, reply) if leaves_territory_open(unasked) else unasked
    return merged(found)


def _at(
    states: Iterable[State], law: Jurisdiction, case: CaseReading, territory: Territory
) -> tuple[Candidate, ...]:
    return merged(c for state in states for c in law.candidates_at(state, case, territory))
