"""The decision. First that applies: day, outside, level, several places, territory, confidence, line.

The outcome is judged on the set of answers still possible: all the same court is that court; all
unresolved is unresolved. docs/routing.md tells the same story with examples.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from geo_registry.geo.reading.model import Reading
from geo_registry.records import Court
from geo_registry.routing import notices, trace
from geo_registry.routing.grounds import count_places, with_grounds
from geo_registry.routing.level import read_case
from geo_registry.routing.model import (
    BasinHit,
    Candidate,
    Decision,
    Place,
    Question,
    Superior,
    Understood,
    merged,
)
from geo_registry.routing.open_questions import ask
from geo_registry.routing.places import Finding, Signature, is_outside, signature
from geo_registry.routing.readings import settle
from geo_registry.routing.snapshot import Snapshot
from geo_registry.terms import Outcome, Status, Territory, weaker


@dataclass(frozen=True, slots=True)
class _Verdict:
    outcome: Outcome
    court: Court | None = None


def decide(question: Question, snapshot: Snapshot) -> Decision:
    """Return the answer to a case from what a snapshot holds; reads no clock and no database."""
    law = snapshot.jurisdiction
    if law is None or not law.version.validity.contains(question.on):
        return _without_version(question, snapshot)
    case = read_case(kind=question.kind, level=question.level, on=question.on, rules=law.rules)
    table = snapshot.table(law, case, question.territory)
    settled = [settle(place, table) for place in question.places]
    counted = count_places(question.places, kind=question.kind, on=question.on, rules=law.rules)
    findings = _shares_of_the_whole(
        [with_grounds(settled[i].finding, g) for i, g in zip(counted.places, counted.grounds, strict=True)]
    )
    verdict = _judge(findings)
    candidates = _candidates(findings, verdict)
    deciding = _deciding(merged(c for f in findings for c in f.own), verdict)
    boundary = min((f.boundary for f in findings if f.boundary), key=lambda b: b.distance_m, default=None)
    places = tuple(s.understood for s in settled)
    asked = ask([settled[i] for i in counted.places], law, case, question)
    told = notices.collect(findings, candidates, deciding, law, case, question, verdict.outcome, boundary)
    return Decision(
        question=question,
        places=places,
        outcome=verdict.outcome,
        court=verdict.court,
        candidates=candidates,
        designation=deciding.designation if deciding else None,
        status=deciding.status if deciding else None,
        version=law.version,
        counties=_counties(findings),
        open_question=asked if verdict.outcome is Outcome.NEEDS_FACT else None,
        superior=_superior(candidates, snapshot) if verdict.outcome is Outcome.CROSS_COURT else None,
        boundary=boundary,
        basins=_basins(places, snapshot),
        rules=case.rules,
        notices=(*told, *counted.notices, *(n for s in settled for n in s.notices)),
        trace=trace.of_decision(
            question, places, findings, law, case, verdict.outcome, boundary, snapshot.units
        ),
    )


def _shares_of_the_whole(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return the findings with shares that sum to one over all shapes of the case.

    Shapes of one dimension count by their size; an area and a line cannot be weighed against each
    other and count alike.
    """
    sizes = [f.size for f in findings if f.size is not None]
    if len(sizes) < 2:
        return tuple(findings)
    alike = len({size.dimension for size in sizes}) == 1
    total = sum(size.value for size in sizes)
    return tuple(
        f.weighed(f.size.value / total if alike else 1 / len(sizes)) if f.size else f for f in findings
    )


def _judge(findings: Sequence[Finding]) -> _Verdict:
    """Choose the outcome from the findings of all places."""
    if all(is_outside(f) and not f.near_province for f in findings):
        return _Verdict(Outcome.OUTSIDE)
    signatures = {s for f in findings for s in _possible(f)}
    if len(findings) == 1 and findings[0].near_province and len(findings[0].signatures) == 1:
        return _near_province(findings[0])
    if len(signatures) > 1:
        return _of_several(findings, signatures)
    return _of_one(findings, next(iter(signatures)))


def _possible(finding: Finding) -> set[Signature]:
    """Return the signatures a place contributes; what is in one of its states, not in all, contributes one."""
    if finding.on_line or finding.one_of:
        return {signature(finding.own)}
    return finding.signatures


def _near_province(finding: Finding) -> _Verdict:
    """Within the accuracy of the province's line: its court if the position reads inside and off every line."""
    court = _only_court(finding.own)
    inside = not is_outside(finding) and not finding.on_line
    return _Verdict(Outcome.NEAR_BOUNDARY, court if inside else None)


def _of_several(findings: Sequence[Finding], signatures: set[Signature]) -> _Verdict:
    """Places or parts with different answers: one court may still be possible for all of them, or none."""
    if all(key[0] == "unresolved" for s in signatures for key in s):
        return _Verdict(Outcome.UNRESOLVED)
    if not frozenset.intersection(*signatures):
        return _Verdict(Outcome.CROSS_COURT)
    on_line = any(f.on_line for f in findings)
    return _Verdict(Outcome.NEAR_BOUNDARY if on_line else Outcome.NEEDS_FACT)


def _of_one(findings: Sequence[Finding], keys: Signature) -> _Verdict:
    if all(key[0] == "unresolved" for key in keys):
        return _Verdict(Outcome.UNRESOLVED)
    if any(f.on_line for f in findings):
        return _Verdict(Outcome.NEAR_BOUNDARY)
    if len(keys) > 1:
        return _Verdict(Outcome.NEEDS_FACT)
    court = _only_court([c for f in findings for c in f.own])
    near = any(f.near for f in findings)
    return _Verdict(Outcome.NEAR_BOUNDARY if near else Outcome.CLEAR, court)


def _only_court(candidates: Sequence[Candidate]) -> Court | None:
    courts = {c.key: c.court for c in candidates}
    return next(iter(courts.values())) if len(courts) == 1 else None


def _candidates(findings: Sequence[Finding], verdict: _Verdict) -> tuple[Candidate, ...]:
    """Return the places' own candidates first, then those of other answers within the accuracy."""
    if verdict.outcome is Outcome.OUTSIDE:
        return ()
    own = merged(c for f in findings for c in f.own)
    keys = {c.key for c in own}
    near = merged(c for f in findings for c in f.near if c.key not in keys)
    return own + near


def _deciding(own: Sequence[Candidate], verdict: _Verdict) -> Candidate | None:
    """Return the candidate the answer rests on, as sure as the weakest of those that may apply.

    Where the place is in ordinary or in forest territory and the court is the same, either row may be
    the one that applies; the ordinary one is named.
    """
    if verdict.court is None and verdict.outcome is not Outcome.UNRESOLVED:
        return None
    first = next((c for c in own if c.territory is not Territory.FOREST), own[0])
    return replace(first, status=weaker(*(c.status for c in own)))


def _counties(findings: Sequence[Finding]) -> tuple[tuple[str, float | None], ...]:
    """Return the adcodes the places lie in, with the share of the whole where a place has an extent."""
    shares: dict[str, float | None] = {}
    for finding in findings:
        for state, part in zip(finding.states, finding.parts, strict=True):
            if state.adcode is None:
                continue
            share = part[0].share
            before = shares.get(state.adcode)
            shares[state.adcode] = (before or 0.0) + share.fraction if share else before
    return tuple(shares.items())


def _superior(candidates: Sequence[Candidate], snapshot: Snapshot) -> Superior | None:
    """Return the lowest court above all candidates, and how well that is known.

    None where a candidate lies outside the province or rests on no row: nothing held says who is above it.
    """
    if any(c.designation is None for c in candidates):
        return None
    codes = dict.fromkeys(c.designation.court_code for c in candidates if c.designation is not None)
    chains = [_chain(code, snapshot) for code in codes]
    for court, _ in chains[0] if chains else ():
        links = [status for chain in chains for other, status in chain if other.code == court.code]
        if len(links) == len(chains):
            return Superior(court, weaker(*links))
    return None


def _chain(code: str, snapshot: Snapshot) -> list[tuple[Court, Status]]:
    chain: list[tuple[Court, Status]] = []
    court = snapshot.courts.get(code)
    while court is not None and (above := snapshot.courts.get(court.superior_code or "")) is not None:
        chain.append((above, court.superior_status or Status.UNRESOLVED))
        court = above
    return chain


def basins_of(places: Sequence[Place], snapshot: Snapshot) -> tuple[BasinHit, ...]:
    """Return the basins of places, each by its likeliest reading."""
    return _basins([_likeliest(place, snapshot) for place in places], snapshot)


def basins_at(reading: Reading, snapshot: Snapshot) -> tuple[BasinHit, ...]:
    """Return the basins of one reading of a place, in the order of an answer."""
    return _basins((Understood(reading, (), None),), snapshot)


def _basins(places: Sequence[Understood], snapshot: Snapshot) -> tuple[BasinHit, ...]:
    """Return the basins of all places, those upstream before those they drain to."""
    hits = {hit.code: hit for place in places for hit in snapshot.basins_at(place.reading)}
    return tuple(sorted(hits.values(), key=lambda hit: -len(snapshot.basin_index.downstream(hit.code))))


def _without_version(question: Question, snapshot: Snapshot) -> Decision:
    places = tuple(_likeliest(place, snapshot) for place in question.places)
    adcodes = [a for place in places for a in snapshot.adcodes_at(place.reading)]
    return Decision(
        question=question,
        places=places,
        outcome=Outcome.NO_VERSION,
        court=None,
        candidates=(),
        designation=None,
        status=None,
        version=None,
        counties=tuple((a, None) for a in dict.fromkeys(adcodes)),
        open_question=None,
        superior=None,
        boundary=None,
        basins=_basins(places, snapshot),
        rules=(),
        notices=(notices.PENDING_CASES_UNKNOWN,),
        trace=trace.without_version(question, places),
    )


def _likeliest(place: Place, snapshot: Snapshot) -> Understood:
    """Return a place by its first reading inside the province, or its first."""
    chosen = next((r for r in place.readings if r.plausible and snapshot.adcodes_at(r)), place.readings[0])
    return Understood(chosen, tuple(r for r in place.readings if r is not chosen), place.role)
