"""All the registry knew at one instant of the law of a day: immutable, shared by threads, quick to ask."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from functools import cached_property
from typing import Any

from geo_registry.geo.reading.model import Reading
from geo_registry.records import AdminUnit, Agreement, Basin, Court, QuotedCount, Site, Source
from geo_registry.routing.basins import BasinIndex
from geo_registry.routing.cells import CellIndex
from geo_registry.routing.index import Locator
from geo_registry.routing.jurisdiction import Jurisdiction
from geo_registry.routing.level import CaseReading
from geo_registry.routing.model import BasinHit
from geo_registry.routing.places import AnswerTable
from geo_registry.terms import CaseKind, Level, Territory
from geo_registry.zones.model import ForestDistrict


@dataclass(frozen=True)
class Snapshot:
    """What was known at an instant.

    Attributes
    ----------
    known_at
        The instant; an answer recorded with it can be made again from the same rows.
    revision
        Number of the last change of the data this was read after.
    data_version
        Digest of the rows read: equal data have equal versions on any machine.
    units, courts, districts, sources
        The nouns by their codes.
    jurisdiction
        The version in force on the days this snapshot is for, or None.
    begins
        The first day on which any published version is in force.
    """

    known_at: datetime
    revision: int
    data_version: str
    units: Mapping[str, AdminUnit]
    courts: Mapping[str, Court]
    districts: Mapping[str, ForestDistrict]
    sources: Mapping[str, Source]
    jurisdiction: Jurisdiction | None
    begins: date | None
    basins: tuple[Basin, ...]
    sites: tuple[Site, ...]
    agreements: tuple[Agreement, ...]
    counts: tuple[QuotedCount, ...]
    locator: Locator = field(init=False, repr=False)
    basin_index: BasinIndex = field(init=False, repr=False)
    _tables: dict[tuple[object, ...], AnswerTable] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        counties = {
            a: u.geometry for a, u in self.units.items() if u.level == "county" and u.geometry is not None
        }
        drawn = {c: d.geometry for c, d in self.districts.items() if d.geometry is not None}
        object.__setattr__(self, "locator", Locator(counties, drawn))
        object.__setattr__(self, "basin_index", BasinIndex(self.basins))
        object.__setattr__(self, "_tables", {})

    def __reduce__(self) -> tuple[Any, ...]:
        """Send what it was made from; whoever receives it makes the indexes anew."""
        return Snapshot, tuple(getattr(self, f.name) for f in fields(self) if f.init)

    @cached_property
    def cells(self) -> CellIndex:
        """Return the counties, the drawn forest districts and the basins, in this order, for many points; made on first use."""
        districts = self.locator.districts.polygons
        return CellIndex([*self.locator.units.polygons, *districts, *(b.geometry for b in self.basins)])

    def table(self, law: Jurisdiction, case: CaseReading, territory: Territory) -> AnswerTable:
        """Return the answers of every state to one kind of question; made on first use."""
        key: tuple[str, CaseKind | None, Level | None, Territory] = (
            law.version.id,
            case.kind,
            case.level,
            territory,
        )
        if key not in self._tables:
            self._tables[key] = AnswerTable(lambda s: law.candidates_at(s, case, territory), self.locator)
        return self._tables[key]

    def adcodes_at(self, reading: Reading) -> list[str]:
        """Return the counties a place lies in or reaches into, or may lie in where only its name is known."""
        if reading.name is not None or reading.geometry is None:
            return list(reading.adcodes)
        return self.locator.adcodes_at(reading.geometry)

    def basins_at(self, reading: Reading) -> tuple[BasinHit, ...]:
        """Return the basins of a place; of its counties where no point of it is known."""
        if reading.geometry is not None:
            return self.basin_index.at(reading.geometry)
        return tuple(
            hit for adcode in reading.adcodes for hit in self.basin_index.at(self.locator.units[adcode])
        )
