"""Names from the records of the registry: every form of every place, with the counties it may lie in."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import shapely

from geo_registry.gazetteer.forms import (
    Form,
    town_forms,
    town_name,
    unit_forms,
    village_forms,
    village_name,
)
from geo_registry.gazetteer.model import Name
from geo_registry.records import AdminUnit, Court, NamedPoint, PlaceName, River, Township
from geo_registry.zones.model import ForestDistrict

# River lines are off by up to about 900 m and often are the line between counties: both banks count.
_BANK_DEGREES = 0.02
# Listed under the county of its offices; how far its forest reaches is in no source.
_BUREAU = re.compile(r"(?:林业局|林业有限公司)$")
_KINDS = {"development_zone": "zone"}


@dataclass(frozen=True, slots=True)
class _Ground:
    """The units by code, what they are called in full, and the counties of each."""

    units: dict[str, AdminUnit]

    @property
    def counties(self) -> list[AdminUnit]:
        return [u for u in self.units.values() if u.level == "county"]

    def formal(self, code: str) -> str:
        """Return the full form of a unit: 吉林省长春市农安县."""
        unit = self.units[code]
        above = self.formal(unit.parent_adcode) if unit.parent_adcode in self.units else ""
        return above + unit.name

    def within(self, code: str) -> tuple[str, ...]:
        """Return the counties of a unit; of a development zone, which no polygon fixes, those of its city."""
        unit = self.units[code]
        if unit.level == "development_zone" and unit.parent_adcode:
            return self.within(unit.parent_adcode)
        prefix = {"province": code[:2], "prefecture": code[:4]}.get(unit.level, code)
        return tuple(sorted(c.adcode for c in self.counties if c.adcode.startswith(prefix)))

    def code_of(self, name: str) -> str | None:
        """Return the code of a unit by its name, None where none or several bear it."""
        found = [u.adcode for u in self.units.values() if u.name == name]
        return found[0] if len(found) == 1 else None


def names_of(
    units: Iterable[AdminUnit],
    townships: Iterable[Township],
    points: Iterable[NamedPoint],
    districts: Iterable[ForestDistrict],
    rivers: Iterable[River],
    courts: Iterable[Court],
    aliases: Iterable[PlaceName],
) -> list[Name]:
    """Return every form of every place, in the order of the records.

    A development zone and its towns may lie in any county of their city. A forest district may lie in
    any county of the prefecture where its court sits, a forestry bureau in any of the prefecture it is
    listed under: no source says how far they reach. A river lies
    in the counties within about two kilometres of its line; those that do
    not reach the province are left out, as is every court without a name.
    """
    ground = _Ground({u.adcode: u for u in units})
    held = list(points)
    found = [*_units(ground, held), *_townships(ground, list(townships), held)]
    found += _courts(ground, courts)
    named = {n.name for n in found if n.kind == "court"}
    found += _districts(ground, districts, named)
    lines = list(_rivers(ground, rivers))
    return [*found, *lines, *_aliases(ground, found + lines, aliases)]


def _forms(pattern: Name, forms: Iterable[Form]) -> Iterator[Name]:
    for form, relation in forms:
        yield Name(
            form, pattern.kind, pattern.formal, pattern.adcodes, pattern.code, relation,
            pattern.lon, pattern.lat, pattern.sources, pattern.within,
        )  # fmt: skip


def _units(ground: _Ground, points: Sequence[NamedPoint]) -> Iterator[Name]:
    for unit in ground.units.values():
        parent = ground.units.get(unit.parent_adcode or "")
        forms = unit_forms(unit.name, unit.level, parent.name.removesuffix("市") if parent else "")
        within = ground.within(unit.adcode)
        point = _point_of({form for form, _ in forms}, within, points) if unit.level != "province" else None
        pattern = Name(
            unit.name, _KINDS.get(unit.level, unit.level), ground.formal(unit.adcode), within, unit.adcode,
            "official", point.lon if point else None, point.lat if point else None, _sources(unit.sources, point),
        )  # fmt: skip
        yield from _forms(pattern, forms)


def _point_of(forms: set[str], within: tuple[str, ...], points: Sequence[NamedPoint]) -> NamedPoint | None:
    """Return the point published under one of a unit's own forms inside it."""
    found = [p for p in points if p.adcode in within and forms & set(p.names_zh)]
    return min(found, key=lambda p: (p.town_code is not None, p.geonameid), default=None)


def _sources(own: tuple[str, ...], point: NamedPoint | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*own, *(point.sources if point else ()))))


def _townships(ground: _Ground, towns: list[Township], points: Sequence[NamedPoint]) -> Iterator[Name]:
    at = {p.town_code: p for p in sorted(points, key=lambda p: p.geonameid, reverse=True) if p.town_code}
    names = {t.code: town_name(t.name) for t in towns if t.level == "town"}
    above = {code: (ground.formal(code), ground.within(code)) for code in ground.units}
    for t in (t for t in towns if t.county_code in above):
        is_town = t.level == "town"
        name = names[t.code] if is_town else village_name(t.name)
        if name is None:
            continue
        formal, within = above[t.county_code]
        if not is_town:
            formal += names.get(t.parent_code, "")
        elif _BUREAU.search(name):
            within = ground.within(ground.units[t.county_code].parent_adcode or t.county_code)
        point = at.get(t.code)
        pattern = Name(
            name, t.level, formal + name, within, t.code, "official",
            point.lon if point else None, point.lat if point else None, _sources(t.sources, point),
        )  # fmt: skip
        yield from _forms(pattern, town_forms(name) if is_town else village_forms(name))


def _districts(ground: _Ground, districts: Iterable[ForestDistrict], named: set[str]) -> Iterator[Name]:
    for d in districts:
        seat = ground.units[d.seat_adcode]
        counties = ground.within(seat.parent_adcode or seat.adcode)
        formal = f"{d.name}（{d.court_name}）"
        yield Name(d.name, "forest_district", formal, counties, d.code, "official", None, None, d.sources)
        if d.court_name not in named:
            yield Name(
                d.court_name,
                "court",
                d.court_name,
                (d.seat_adcode,),
                d.code,
                "official",
                None,
                None,
                d.sources,
            )


def _courts(ground: _Ground, courts: Iterable[Court]) -> Iterator[Name]:
    for c in courts:
        if c.name is None or c.seat_adcode is None:
            continue
        for form, relation in ((c.name, "official"), (c.other_name, "common")):
            if form:
                yield Name(form, "court", c.name, (c.seat_adcode,), c.code, relation, None, None, c.sources)


def _rivers(ground: _Ground, rivers: Iterable[River]) -> Iterator[Name]:
    counties = [c for c in ground.counties if c.geometry is not None]
    for river in rivers:
        if not counties or not shapely.intersects([c.geometry for c in counties], river.geometry).any():
            continue
        near = shapely.dwithin([c.geometry for c in counties], river.geometry, _BANK_DEGREES)
        adcodes = tuple(sorted(c.adcode for c, is_near in zip(counties, near, strict=True) if is_near))
        if adcodes:
            yield Name(river.name, "river", river.name, adcodes, None, "official", None, None, river.sources)


def _aliases(ground: _Ground, found: Sequence[Name], aliases: Iterable[PlaceName]) -> Iterator[Name]:
    """Yield the rows of `place_names`; one that names a unit, a town or a river takes its place over."""
    official = {n.code or n.formal: n for n in found if n.relation == "official" and n.kind != "court"}
    for row in aliases:
        same = official.get(row.code or row.formal)
        within = tuple(code for name in row.within if (code := ground.code_of(name)))
        adcodes = row.adcodes or (same.adcodes if same else ())
        if adcodes:
            yield Name(
                row.name, same.kind if same else row.kind, same.formal if same else row.formal, adcodes,
                row.code, row.relation, same.lon if same else None, same.lat if same else None,
                row.sources, within,
            )  # fmt: skip
