"""The ground as a version amends it: units, courts and forest districts as they are under that version."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from geo_registry.errors import BadEdit
from geo_registry.records import AdminUnit, Court
from geo_registry.terms import Level, Status
from geo_registry.zones.draft import Amendment, Noun
from geo_registry.zones.model import ForestDistrict


@dataclass(frozen=True, slots=True)
class Nouns:
    """Units by adcode, courts and forest districts by code."""

    units: Mapping[str, AdminUnit]
    courts: Mapping[str, Court]
    districts: Mapping[str, ForestDistrict]

    def get(self, noun: Noun, key: str) -> AdminUnit | Court | ForestDistrict | None:
        """Return one of them, None where it is not held."""
        held: Mapping[str, AdminUnit | Court | ForestDistrict] = {
            Noun.UNIT: self.units,
            Noun.COURT: self.courts,
            Noun.DISTRICT: self.districts,
        }[noun]  # type: ignore[assignment]
        return held.get(key)


def amended(nouns: Nouns, amendments: Sequence[Amendment]) -> Nouns:
    """Return the nouns under a version.

    Raises
    ------
    BadEdit
        Something new lacks what it needs.
    """
    return Nouns(
        amended_units(nouns.units, amendments),
        amended_courts(nouns.courts, amendments),
        amended_districts(nouns.districts, amendments),
    )


def amended_units(units: Mapping[str, AdminUnit], amendments: Sequence[Amendment]) -> dict[str, AdminUnit]:
    """Return the units by adcode under a version; a new one needs a name, a level, and as a county a polygon.

    Raises
    ------
    BadEdit
        A new unit lacks one of them.
    """
    made = dict(units)
    for a in _of(Noun.UNIT, amendments):
        before = made.get(a.key)
        if before is None:
            _require(a, ("name", "level"))
            before = AdminUnit(a.key, "", "", None, None)
        after = replace(before, **a.content, sources=a.sources)  # type: ignore[arg-type]
        if after.level == "county" and a.geometry is None and after.geometry is None:
            raise _lacking(a, "geometry")
        made[a.key] = after if a.geometry is None else replace(after, geometry=a.geometry)
    return dict(sorted(made.items()))


def amended_courts(courts: Mapping[str, Court], amendments: Sequence[Amendment]) -> dict[str, Court]:
    """Return the courts by code under a version; a new one needs a name, a level and a role.

    Raises
    ------
    BadEdit
        A new court lacks one of them, or a court without a name is said to be known.
    """
    made = dict(courts)
    for a in _of(Noun.COURT, amendments):
        before = made.get(a.key)
        if before is None:
            _require(a, ("name", "level", "role"))
            before = Court(a.key, None, None, Level.BASIC, "", None, a.status, None, None)
        content: dict[str, Any] = dict(a.content)
        if "level" in content:
            content["level"] = Level(content["level"])
        if content.get("superior_status"):
            content["superior_status"] = Status(content["superior_status"])
        made[a.key] = replace(before, **content, membership=a.status, sources=a.sources)
        if (made[a.key].name is None) != (a.status is Status.UNRESOLVED):
            raise BadEdit(
                key=a.key,
                reason_zh="没有名称的法院必须且只能标为待核实",
                reason_en="a court is unresolved exactly when it has no name",
            )
    return dict(sorted(made.items()))


def amended_districts(
    districts: Mapping[str, ForestDistrict], amendments: Sequence[Amendment]
) -> dict[str, ForestDistrict]:
    """Return the forest districts by code under a version; a new one needs all its fields.

    Raises
    ------
    BadEdit
        A new district lacks one.
    """
    made = dict(districts)
    for a in _of(Noun.DISTRICT, amendments):
        before = made.get(a.key)
        if before is None:
            _require(a, ("name", "court_name", "seat_adcode"))
            before = ForestDistrict(a.key, "", "", "", a.status, None, ())
        after = replace(before, **a.content, status=a.status, sources=a.sources)  # type: ignore[arg-type]
        made[a.key] = after if a.geometry is None else replace(after, geometry=a.geometry)
    return dict(sorted(made.items()))


def _of(noun: Noun, amendments: Sequence[Amendment]) -> list[Amendment]:
    return [a for a in amendments if a.noun is noun]


def _require(a: Amendment, names: Sequence[str]) -> None:
    for name in names:
        if not a.content.get(name):
            raise _lacking(a, name)


def _lacking(a: Amendment, name: str) -> BadEdit:
    return BadEdit(
        key=a.key,
        reason_zh=f"新的{a.noun.label.zh}缺少 {name}",
        reason_en=f"a new {a.noun.label.en} needs its {name}",
    )
