"""The question, the candidate, the decision: what goes into the engine and what comes out of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from geo_registry.geo.reading.model import Reading
from geo_registry.records import Court, LegalRule
from geo_registry.terms import CaseKind, Level, Outcome, Role, Status, Territory, Text, weaker
from geo_registry.zones.model import Designation, ZoneVersion


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a case: every reading of it, the likeliest first, and what it is to the case where that was said."""

    readings: tuple[Reading, ...]
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One case: its places as they were read, and what the asker stated of it."""

    places: tuple[Place, ...]
    kind: CaseKind | None
    level: Level | None
    territory: Territory
    on: date


@dataclass(frozen=True, slots=True)
class State:
    """What lies under a point: the county, and the forest districts whose polygon covers it.

    `adcode` None is outside the province.
    """

    adcode: str | None
    districts: frozenset[str] = frozenset()


OUTSIDE = State(None)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the reader of an answer must know; `code` is stable, docs/routing.md lists them all."""

    code: str
    text: Text


@dataclass(frozen=True, slots=True)
class Share:
    """How much of a line or an area falls to a candidate; one of area and length is set."""

    fraction: float
    area_m2: float | None
    length_m: float | None


@dataclass(frozen=True, slots=True)
class Ground:
    """Why a place of a role founds jurisdiction: the rule, and its provision."""

    role: Role
    rule: str
    provision: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """One answer that is still possible, and what it rests on.

    `court` is None where the designation is not confirmed by any source, where its court has no name
    yet, and for another province (`territory` is then `OUTSIDE`).
    """

    court: Court | None
    territory: Territory
    designation: Designation | None
    status: Status
    adcodes: tuple[str, ...]
    condition: Text | None = None
    share: Share | None = None
    grounds: tuple[Ground, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """Return what makes two candidates the same answer."""
        if self.territory is Territory.OUTSIDE:
            return ("outside", "")
        if self.court is not None:
            return ("court", self.court.code)
        return ("unresolved", self.designation.court_code if self.designation else "".join(self.adcodes))

    @property
    def is_unresolved(self) -> bool:
        """Tell whether this answer is inside the province and names no court."""
        return self.court is None and self.territory is not Territory.OUTSIDE

    @property
    def is_across(self) -> bool:
        """Tell whether it is possible only if the place lies across a line near it."""
        return self.condition is not None and self.condition.zh.startswith(ACROSS_THE_LINE.zh)

    def on_condition(self, condition: Text) -> "Candidate":
        """Return the candidate under a condition, joined to the one it may have already."""
        if self.condition is None:
            return replace(self, condition=condition)
        joined = Text(f"{condition.zh}；{self.condition.zh}", f"{condition.en}; {self.condition.en}")
        return replace(self, condition=joined)


ACROSS_THE_LINE = Text("实际位置在界线另一侧", "the true position lies across the line")


def merged(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Return the candidates with those of one answer, territory and condition made one.

    The merged candidate names the designation of its largest share, every county, the sum of the
    shares, and the weakest status.
    """
    groups: dict[tuple[object, ...], list[Candidate]] = {}
    for c in candidates:
        groups.setdefault((c.key, c.territory, c.condition), []).append(c)
    return tuple(_one(group) for group in groups.values())


def _one(group: list[Candidate]) -> Candidate:
    if len(group) == 1:
        return group[0]
    largest = max(group, key=lambda c: c.share.fraction if c.share else 0.0)
    shares = [c.share for c in group if c.share is not None]
    adcodes = tuple(dict.fromkeys(a for c in group for a in c.adcodes))
    share = _sum(shares) if shares else None
    grounds = tuple(dict.fromkeys(g for c in group for g in c.grounds))
    return replace(
        largest, adcodes=adcodes, status=weaker(*(c.status for c in group)), share=share, grounds=grounds
    )


def _sum(shares: list[Share]) -> Share:
    areas = [s.area_m2 for s in shares if s.area_m2 is not None]
    lengths = [s.length_m for s in shares if s.length_m is not None]
    return Share(
        sum(s.fraction for s in shares), sum(areas) if areas else None, sum(lengths) if lengths else None
    )


def leaves_territory_open(candidates: Sequence[Candidate]) -> bool:
    """Tell whether the answer at a state turns on its being ordinary or forest territory."""
    keys: dict[Territory, set[tuple[str, str]]] = {Territory.ORDINARY: set(), Territory.FOREST: set()}
    for c in candidates:
        keys.get(c.territory, set()).add(c.key)
    ordinary, forest = keys.values()
    return bool(ordinary and forest) and ordinary != forest


@dataclass(frozen=True, slots=True)
class Option:
    """One reply to the question an answer asks back, and the candidates it leaves."""

    value: str
    text: Text
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """The fact to find out before a court can be named."""

    code: str
    text: Text
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Understood:
    """How a place was understood: the reading the answer rests on, and the others it could be."""

    reading: Reading
    alternatives: tuple[Reading, ...]
    role: Role | None


@dataclass(frozen=True, slots=True)
class Boundary:
    """The nearest line between two different answers; `kind` is `court` or `province`."""

    distance_m: float
    kind: str
    across: tuple[Candidate, ...]
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Superior:
    """The court that may designate among the candidates, and how well that is known."""

    court: Court
    status: Status


@dataclass(frozen=True, slots=True)
class BasinHit:
    """A basin that covers a place, and whether a line between two basins runs within 5 km."""

    code: str
    near_divide: bool
    near_level1_divide: bool
    divide_distance_m: float | None


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the trace: what was settled, and how."""

    step: str
    result: str
    text: Text


@dataclass(frozen=True, slots=True)
class Decision:
    """What the engine decided; `routing.answer` renders it.

    `counties` are the adcodes of the places, with their share where a line or an area has one.
    """

    question: Question
    places: tuple[Understood, ...]
    outcome: Outcome
    court: Court | None
    candidates: tuple[Candidate, ...]
    designation: Designation | None
    status: Status | None
    version: ZoneVersion | None
    counties: tuple[tuple[str, float | None], ...]
    open_question: OpenQuestion | None
    superior: Superior | None
    boundary: Boundary | None
    basins: tuple[BasinHit, ...]
    rules: tuple[LegalRule, ...]
    notices: tuple[Notice, ...]
    trace: tuple[Step, ...]
