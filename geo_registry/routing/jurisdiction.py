"""The law of one day: who is designated where, by which row, and what stays open at a place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from geo_registry.records import AdminUnit, Court, LegalRule
from geo_registry.routing.level import CaseReading
from geo_registry.routing.model import Candidate, State
from geo_registry.terms import CaseKind, Level, Status, Territory, Text, weaker
from geo_registry.zones.model import Designation, ForestDistrict, ZoneVersion


@dataclass(frozen=True)
class Jurisdiction:
    """A published version with its rows, and the nouns they name.

    Answers what candidates a state leaves for a case; knows no distances.
    """

    version: ZoneVersion
    designations: tuple[Designation, ...]
    courts: Mapping[str, Court]
    units: Mapping[str, AdminUnit]
    districts: Mapping[str, ForestDistrict]
    rules: tuple[LegalRule, ...]
    _rows: Mapping[tuple[Territory, str], Designation] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        rows = {(d.territory, d.adcode or d.district or ""): d for d in self.designations}
        object.__setattr__(self, "_rows", rows)

    def row(self, territory: Territory, key: str) -> Designation | None:
        """Return the designation of a unit or a forest district, if there is one."""
        return self._rows.get((territory, key))

    def candidates_at(self, state: State, case: CaseReading, territory: Territory) -> tuple[Candidate, ...]:
        """Return every answer that is still possible at a state; never empty.

        Parameters
        ----------
        territory
            What the asker stated: ordinary, forest or unknown.
        """
        if state.adcode is None:
            return (Candidate(None, Territory.OUTSIDE, None, Status.CONFIRMED, ()),)
        if case.level is Level.INTERMEDIATE:
            return (self._intermediate(state.adcode),)
        basic = self._basic(state, state.adcode, case.kind, territory)
        if case.level is not None:
            return basic
        return (
            self._intermediate(state.adcode).on_condition(_CIVIL_SORT),
            *(c.on_condition(_OTHER_SORT) for c in basic),
        )

    def _intermediate(self, adcode: str) -> Candidate:
        row = next((d for d in self.designations if d.territory is Territory.PROVINCE), None)
        return self._candidate(row, Territory.PROVINCE, adcode, None)

    def _basic(
        self, state: State, adcode: str, kind: CaseKind | None, territory: Territory
    ) -> tuple[Candidate, ...]:
        """Settle the territory: by what was stated, by a polygon where there is one, else leave it open."""
        ordinary = self._candidate(self.row(Territory.ORDINARY, adcode), Territory.ORDINARY, adcode, kind)
        if territory is Territory.ORDINARY:
            return (ordinary,)
        drawn = sorted(state.districts)
        if drawn:
            return tuple(self.in_district(code, adcode, kind) for code in drawn)
        seated = [d.code for d in self.districts.values() if d.seat_adcode == adcode and d.geometry is None]
        if territory is Territory.UNKNOWN:
            forest = [self.in_district(code, adcode, kind).on_condition(_IF_FOREST) for code in seated]
            if all(c.key == ordinary.key for c in forest):  # the same answer either way: nothing to find out
                return (replace(ordinary, status=weaker(ordinary.status, *(c.status for c in forest))),)
            return (ordinary.on_condition(_IF_ORDINARY), *forest)
        if seated:
            return tuple(self.in_district(code, adcode, kind) for code in seated)
        return self._some_forest_district(ordinary, adcode, kind)

    def _some_forest_district(
        self, ordinary: Candidate, adcode: str, kind: CaseKind | None
    ) -> tuple[Candidate, ...]:
        """Forest territory was stated where no forest court sits: one whose extent is unknown may reach here."""
        forest = [
            self.in_district(d.code, adcode, kind).on_condition(
                Text(f"位于{d.name}", f"it lies in the forest district {d.name}")
            )
            for d in self.districts_that_may_reach(adcode)
        ]
        return (*forest, ordinary.on_condition(_IN_NO_DISTRICT))

    def districts_that_may_reach(self, adcode: str) -> Sequence[ForestDistrict]:
        """Return the forest districts without a polygon that may reach into a unit.

        Those seated in the same prefecture; where it has none, all of them.
        """
        undrawn = [d for d in self.districts.values() if d.geometry is None]
        same = [d for d in undrawn if self._prefecture(d.seat_adcode) == self._prefecture(adcode)]
        return same or undrawn

    def full_name(self, adcode: str) -> str | None:
        """Return the name of a unit with that of its city in front, None where there is no such unit."""
        unit = self.units.get(adcode)
        if unit is None:
            return None
        city = self.units.get(unit.parent_adcode or "")
        return f"{city.name}{unit.name}" if city else unit.name

    def seats_forest_court(self, adcode: str) -> bool:
        """Tell whether a forest court without a polygon sits in a unit."""
        return any(d.seat_adcode == adcode and d.geometry is None for d in self.districts.values())

    def forest_extent_unknown(self, adcode: str) -> bool:
        """Tell whether a forest court of the same prefecture sits elsewhere, its extent unknown."""
        prefecture = self._prefecture(adcode)
        return not self.seats_forest_court(adcode) and any(
            d.geometry is None and self._prefecture(d.seat_adcode) == prefecture
            for d in self.districts.values()
        )

    def _prefecture(self, adcode: str) -> str | None:
        unit = self.units.get(adcode)
        return unit.parent_adcode if unit else None

    def in_district(self, code: str, adcode: str, kind: CaseKind | None) -> Candidate:
        """Return the answer for a place in a unit once it is known to lie in a forest district."""
        return self._candidate(self.row(Territory.FOREST, code), Territory.FOREST, adcode, kind)

    def _candidate(
        self, row: Designation | None, territory: Territory, adcode: str, kind: CaseKind | None
    ) -> Candidate:
        """Return the candidate a row makes: no court where the row, its court, or its reach is unresolved."""
        if row is None or not row.lists(kind):
            return Candidate(None, territory, row, Status.UNRESOLVED, (adcode,))
        court = self.courts.get(row.court_code)
        if court is None or court.name is None:
            return Candidate(None, territory, row, Status.UNRESOLVED, (adcode,))
        status = weaker(row.status, court.membership)
        return Candidate(
            court if status is not Status.UNRESOLVED else None, territory, row, status, (adcode,)
        )


_IF_ORDINARY = Text("该地不属林区法院辖区", "the place lies in no forest court's district")
_IF_FOREST = Text("该地属林区法院辖区", "the place lies in a forest court's district")
_IN_NO_DISTRICT = Text("不在任何林区法院辖区内", "it lies in none of these forest districts")
_CIVIL_SORT = Text("属民事公益诉讼", "it is a civil public-interest case")
_OTHER_SORT = Text(
    "属行政公益诉讼或刑事附带民事公益诉讼", "it is an administrative one, or attached to a criminal case"
)
