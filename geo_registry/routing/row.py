"""An answer in one row of a table: what a file of cases is given back with."""

from dataclasses import dataclass, fields

from geo_registry.routing import explain
from geo_registry.routing.model import Candidate, Decision
from geo_registry.routing.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """The answer to one row.

    Attributes
    ----------
    outcome
        One of the seven outcomes; `refused` where the row could not be read.
    court, court_code
        The court, None where none is named.
    candidates
        Names of the courts still possible, joined by 、; empty where one court is named for certain.
    designation, article
        Id of the row the answer rests on, and the item of its instrument.
    confidence
        `confirmed`, `inferred` or `unresolved`.
    county_adcode, county
        The county; several, joined by 、, on a line.
    distance_m, line
        Metres to the nearest line between two answers, and its kind, `court` or `province`.
    warnings
        Codes, joined by a space.
    reason
        The sentence a person reads; of a refused row, why.
    """

    outcome: str
    court: str | None
    court_code: str | None
    candidates: str | None
    designation: str | None
    article: str | None
    confidence: str | None
    county_adcode: str | None
    county: str | None
    distance_m: float | None
    line: str | None
    warnings: str | None
    reason: str


COLUMNS = tuple(f.name for f in fields(AnswerRow))


def row_of(decision: Decision, snapshot: Snapshot, *, lang: str = "zh") -> AnswerRow:
    """Return a decision as a row; `lang` is the language of the reason, `zh` or `en`."""
    text = explain.explain(decision, snapshot)
    row, court = decision.designation, decision.court
    adcodes = [adcode for adcode, _ in decision.counties]
    named = len({c.key for c in decision.candidates}) == 1 and court is not None
    return AnswerRow(
        outcome=decision.outcome.value,
        court=court.name if court else None,
        court_code=court.code if court else None,
        candidates=None if named else _joined([_name(c) for c in decision.candidates]),
        designation=row.id if row else None,
        article=row.article if row else None,
        confidence=decision.status.value if decision.status else None,
        county_adcode=_joined(adcodes),
        county=_joined([snapshot.units[a].name for a in adcodes]),
        distance_m=round(decision.boundary.distance_m, 1) if decision.boundary else None,
        line=decision.boundary.kind if decision.boundary else None,
        warnings=" ".join(dict.fromkeys(n.code for n in decision.notices)) or None,
        reason=text.zh if lang == "zh" else text.en,
    )


def refused_row(reason: str) -> AnswerRow:
    """Return the row of a place that could not be read."""
    return AnswerRow("refused", *(None,) * 11, reason=reason)


def _name(c: Candidate) -> str:
    if c.court is not None and c.court.name:
        return c.court.name
    return "待核实" if c.is_unresolved else "吉林省外"


def _joined(words: list[str]) -> str | None:
    return "、".join(dict.fromkeys(words)) or None
