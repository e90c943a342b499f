"""The answer as everybody gets it: the same object on the command line, over HTTP and in Python.

Field names are the public contract. `Answer.to_json()` is canonical: the same answer is the same bytes.
"""

import dataclasses
import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from geo_registry.records import Source
from geo_registry.terms import CaseKind, Level, Notation, Outcome, Precision, Role, Status, Territory, Text

Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Seat:
    """The county a court sits in; no street address is public."""

    adcode: str
    name: str


@dataclass(frozen=True, slots=True)
class CourtRef:
    """A court that is named by a source."""

    code: str
    name: str
    level: Level
    seat: Seat | None


@dataclass(frozen=True, slots=True)
class DesignationRef:
    """The row an answer rests on."""

    id: str
    instrument: str
    article: str | None
    confidence: Status
    source: str
    sources: tuple[Source, ...]
    gist: Text


@dataclass(frozen=True, slots=True)
class VersionRef:
    """The zone version an answer was given under."""

    id: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class ShareRef:
    """How much of a line or an area falls to a court or a county."""

    fraction: float
    area_m2: float | None
    length_m: float | None


@dataclass(frozen=True, slots=True)
class GroundRef:
    """Why a place of a role founds jurisdiction; `rule` is its key."""

    role: Role
    rule: str
    provision: str


@dataclass(frozen=True, slots=True)
class CandidateRef:
    """One answer that is possible; `designation` is the id of its row."""

    court: CourtRef | None
    territory: Territory
    designation: str | None
    status: Status
    condition: Text | None
    counties: tuple[str, ...]
    share: ShareRef | None
    grounds: tuple[GroundRef, ...] = ()


@dataclass(frozen=True, slots=True)
class CountyRef:
    """A county-level unit a place lies in; `share` is its fraction of a line or an area."""

    adcode: str
    name: str
    city: str | None
    share: float | None = None


@dataclass(frozen=True, slots=True)
class BasinRef:
    """A basin a place lies in; near a divide the one across may be the true one."""

    code: str
    name: str
    level1: str
    near_divide: bool
    near_level1_divide: bool


@dataclass(frozen=True, slots=True)
class BoundaryRef:
    """The nearest line between two different answers; `court_across` only where one court is across it."""

    distance_m: float
    kind: str
    court_across: CourtRef | None
    courts_across: tuple[CourtRef, ...]


@dataclass(frozen=True, slots=True)
class ReadingRef:
    """How a place was read; `lon` and `lat` are null for a line or an area."""

    input: str
    notation: Notation
    datum: str
    crs: str
    lon: float | None
    lat: float | None
    accuracy_m: float
    precision: Precision
    name: str | None = None
    why: Text | None = None
    role: Role | None = None
    alternatives: tuple["ReadingRef", ...] = ()


@dataclass(frozen=True, slots=True)
class NearbySite:
    """A site of a register near the place; `distance_m` is to the kilometre for a town, null for a county."""

    id: str
    kind: str
    name: str
    county: str | None
    precision: Precision
    distance_m: float | None
    status: Status
    sample: bool


@dataclass(frozen=True, slots=True)
class Nearby:
    """What the registers hold near the place, nearest first."""

    service_points: tuple[NearbySite, ...]
    restoration_bases: tuple[NearbySite, ...]


@dataclass(frozen=True, slots=True)
class OptionRef:
    """One reply to the question asked back; `court` is set where the reply settles it."""

    value: str
    zh: str
    en: str
    court: CourtRef | None
    candidates: tuple[CandidateRef, ...]


@dataclass(frozen=True, slots=True)
class QuestionRef:
    """The fact to find out, with an answer for each reply."""

    code: str
    zh: str
    en: str
    options: tuple[OptionRef, ...]


@dataclass(frozen=True, slots=True)
class SuperiorRef:
    """The court that may designate one of the candidates."""

    court: CourtRef
    status: Status


@dataclass(frozen=True, slots=True)
class RuleRef:
    """A provision that settled the level; `affected_from` names the day a later law touched it."""

    key: str
    provision: str
    gist: Text
    affected_from: date | None


@dataclass(frozen=True, slots=True)
class StepRef:
    """One line of the trace."""

    step: str
    result: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Warning:
    """Something the reader must know; the code is stable."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Request:
    """The question as it was put, sufficient to put it again."""

    places: tuple[Plain, ...]
    kind: CaseKind | None
    level: Level | None
    territory: Territory
    on: date


@dataclass(frozen=True, slots=True)
class Answer:
    """A routing answer; docs/routing.md explains every field."""

    id: str | None
    request: Request
    outcome: Outcome
    question: QuestionRef | None
    common_superior: SuperiorRef | None
    referral: Text | None
    court: CourtRef | None
    candidates: tuple[CandidateRef, ...]
    designation: DesignationRef | None
    zone_version: VersionRef | None
    county: CountyRef | None
    counties: tuple[CountyRef, ...]
    basins: tuple[BasinRef, ...]
    boundary: BoundaryRef | None
    reading: ReadingRef
    readings: tuple[ReadingRef, ...]
    nearby: Nearby
    explanation: Text
    rules: tuple[RuleRef, ...]
    trace: tuple[StepRef, ...]
    warnings: tuple[Warning, ...]
    data_version: str
    engine: str
    asked_at: datetime
    digest: str = ""

    def to_dict(self) -> Plain:
        """Return plain JSON values in the order of the contract."""
        plain = to_plain(self)
        assert isinstance(plain, dict)
        return plain

    def to_json(self) -> str:
        """Return the canonical JSON text."""
        return to_text(self.to_dict())

    def sealed(self) -> "Answer":
        """Return the answer with its digest: SHA-256 over everything but id, time and the digest itself."""
        return dataclasses.replace(self, digest=digest_of(to_sealed_text(self.to_dict()).encode()))


def to_text(plain: Any) -> str:
    """Return plain values as canonical JSON, in their own order."""
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def to_sealed_text(plain: Plain) -> str:
    """Return the text an answer's digest is taken of: all but id, time and the digest itself, names sorted."""
    return to_sorted_text({k: v for k, v in plain.items() if k not in ("id", "asked_at", "digest")})


def to_sorted_text(plain: Any) -> str:
    """Return plain values as canonical JSON with the names sorted."""
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False)


def digest_of(sealed: bytes) -> str:
    """Return the digest of a sealed text."""
    return "sha256:" + hashlib.sha256(sealed).hexdigest()


def instant_text(value: datetime) -> str:
    """Return an instant as answers show it."""
    return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def to_plain(value: Any) -> Any:
    """Return a part of an answer as plain JSON values."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [to_plain(v) for v in value]
    if isinstance(value, dict):
        return {k: to_plain(v) for k, v in value.items()}
    return value
