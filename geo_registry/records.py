"""The nouns of the registry as frozen records. Pure; imports `terms` and shapely's geometry type only."""

from dataclasses import dataclass
from datetime import date

from shapely import Geometry

from geo_registry.terms import CaseKind, Level, Precision, Status, Text


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact was read. `date` is EDTF (ISO 8601-2): `2022-09-13`, `2022-09`, `2022~`, `XXXX` for undated."""

    key: str
    title: str
    publisher: str | None
    date: str
    read_in_reprint: bool


@dataclass(frozen=True, slots=True)
class Court:
    """A court of the mechanism, or the one above it. `name` is None while no source names the court."""

    code: str
    name: str | None
    other_name: str | None
    level: Level
    role: str
    seat_adcode: str | None
    membership: Status
    superior_code: str | None
    superior_status: Status | None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AdminUnit:
    """A unit of the administrative division; `geometry` is a MultiPolygon in degrees, or None."""

    adcode: str
    name: str
    level: str
    parent_adcode: str | None
    geometry: Geometry | None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Township:
    """A town or a village (`level`): codes and a name, no position.

    `county_code` may be a development zone's statistical code, which no polygon stands for.
    """

    code: str
    name: str
    level: str
    parent_code: str
    county_code: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NamedPoint:
    """A published point with its names; `town_code` where it was matched to a town. Degrees, EPSG:4326."""

    geonameid: str
    name: str
    names_zh: tuple[str, ...]
    adcode: str
    town_code: str | None
    lon: float
    lat: float
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class River:
    """A river's centre line; approximate, with gaps at reservoirs."""

    name: str
    geometry: Geometry
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A former or common name, or a special place, and the counties it lies in or may lie in.

    `within` holds the names of units above that people still write beside it, `code` the code of the
    unit or town meant, where it has one. A river's counties are empty: they follow from its line.
    """

    id: str
    name: str
    kind: str
    relation: str
    formal: str
    adcodes: tuple[str, ...]
    within: tuple[str, ...]
    code: str | None
    note: Text
    status: Status
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Basin:
    """A drainage basin; `drains_to` is the code of the next one downstream, None at the last one held."""

    code: str
    name: Text
    level1: str
    parent_name: str
    drains_to: str | None
    area_in_province_km2: float | None
    geometry: Geometry
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Site:
    """A place of a register, located no better than its `precision` says.

    `lon` and `lat` are an anchor for drawing and rough distances: the place itself for a point, the
    town's published point for a town, None where nothing better than the county is known.
    """

    id: str
    kind: str
    name: str
    holders: tuple[str, ...]
    operator: str
    adcode: str | None
    town: str | None
    precision: Precision
    lon: float | None
    lat: float | None
    established: str
    status: Status
    among_counted: Status
    sample: bool
    note: Text
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Agreement:
    """An agreement of judicial co-operation, by basin or park. `date` is EDTF."""

    id: str
    name: str
    basin: str | None
    basin_codes: tuple[str, ...]
    parties: tuple[str, ...]
    date: str | None
    place: str | None
    status: Status
    note: Text
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QuotedCount:
    """A figure as a source printed it: never summed, never mixed with what is listed."""

    id: str
    register: str
    holders: tuple[str, ...]
    label: Text
    value: str
    unit: Text
    as_of: str
    status: Status
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LegalRule:
    """A rule of procedure as data: what decides, by which provision, for how long.

    `case_kind` and `level` are set where the rule fixes the level of a kind; `assumed` says that the
    level also turns on a fact that was not asked; `place_role` says what the place of
    a case is under the rule: the act, the result, a domicile, an agency's seat, a property.
    """

    key: str
    effect: str
    case_kind: CaseKind | None
    level: Level | None
    assumed: bool
    place_role: tuple[str, ...]
    provision: str
    gist: Text
    valid_from: date | None
    valid_to: date | None
    affected_from: date | None
    status: Status
    sources: tuple[str, ...] = ()
