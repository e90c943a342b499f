"""What a version of jurisdiction is made of."""

from dataclasses import dataclass

from shapely import Geometry

from geo_registry.terms import CaseKind, Status, Territory, Text
from geo_registry.zones.validity import Validity


@dataclass(frozen=True, slots=True)
class Designation:
    """One row of the instrument: for this unit or forest district, this court hears.

    Attributes
    ----------
    adcode, district
        The county (or the province, for `Territory.PROVINCE`), or the forest district; never both.
    kinds
        The kinds of case the source lists; None when it lists no limit.
    status
        How well the territory of the row is known. An answer is as sure as the weaker of this and the
        membership of its court.
    as_of
        The date of what the row states, EDTF.
    """

    id: str
    version_id: str
    territory: Territory
    adcode: str | None
    district: str | None
    court_code: str
    kinds: frozenset[CaseKind] | None
    instrument: str
    article: str | None
    gist: Text
    status: Status
    sources: tuple[str, ...]
    as_of: str = ""

    def lists(self, kind: CaseKind | None) -> bool:
        """Tell whether the row reaches a kind of case; no kind named counts as listed."""
        return self.kinds is None or kind is None or kind in self.kinds


@dataclass(frozen=True, slots=True)
class ForestDistrict:
    """The district of a forest court. No polygon is public; `geometry` is None until one is imported."""

    code: str
    name: str
    court_name: str
    seat_adcode: str
    status: Status
    geometry: Geometry | None
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ZoneVersion:
    """A version of jurisdiction and the days on which it is the law."""

    id: str
    title: Text
    validity: Validity
    state: str


@dataclass(frozen=True, slots=True)
class Zone:
    """The territory of one court in one version; `geometry` is None where no polygon is known."""

    version_id: str
    territory: Territory
    court_code: str
    designation_ids: tuple[str, ...]
    geometry: Geometry | None
    area_m2: float | None
