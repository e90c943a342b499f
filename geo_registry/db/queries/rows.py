"""Rows to records, one function per noun.

A row is anything with the columns as attributes; the second argument is its geometry, where it has one.
"""

from datetime import date
from typing import Any

from sqlalchemy.dialects.postgresql import Range

from geo_registry.records import (
    AdminUnit,
    Agreement,
    Basin,
    Court,
    LegalRule,
    NamedPoint,
    PlaceName,
    QuotedCount,
    River,
    Site,
    Source,
    Township,
)
from geo_registry.terms import CaseKind, Level, Precision, Status, Territory, Text
from geo_registry.zones.draft import Amendment, Noun
from geo_registry.zones.model import Designation, ForestDistrict, ZoneVersion
from geo_registry.zones.validity import Validity


def days_of(valid: Range[date] | None) -> Validity:
    return Validity(valid.lower, valid.upper) if valid is not None else Validity()


def make_unit(row: Any, geom: Any) -> AdminUnit:
    return AdminUnit(row.adcode, row.name, row.level, row.parent_adcode, geom, tuple(row.sources))


def make_township(row: Any, _: Any) -> Township:
    return Township(row.code, row.name, row.level, row.parent_code, row.county_code, tuple(row.sources))


def make_point(row: Any, geom: Any) -> NamedPoint:
    return NamedPoint(
        geonameid=row.geonameid,
        name=row.name,
        names_zh=tuple(row.name_zh),
        adcode=row.adcode,
        town_code=row.town_code,
        lon=geom.x,
        lat=geom.y,
        sources=tuple(row.sources),
    )


def make_river(row: Any, geom: Any) -> River:
    return River(row.name, geom, tuple(row.sources))


def make_place_name(row: Any, _: Any) -> PlaceName:
    return PlaceName(
        id=row.id,
        name=row.name,
        kind=row.kind,
        relation=row.relation,
        formal=row.formal,
        adcodes=tuple(row.adcodes),
        within=tuple(row.within),
        code=row.code,
        note=Text(row.note_zh, row.note_en),
        status=Status(row.status),
        sources=tuple(row.sources),
    )


def make_court(row: Any, _: Any) -> Court:
    return Court(
        code=row.code,
        name=row.name,
        other_name=row.other_name,
        level=Level(row.level),
        role=row.role,
        seat_adcode=row.seat_adcode,
        membership=Status(row.status),
        superior_code=row.superior_code,
        superior_status=Status(row.superior_status) if row.superior_status else None,
        sources=tuple(row.sources),
    )


def make_district(row: Any, geom: Any) -> ForestDistrict:
    return ForestDistrict(
        row.code, row.name, row.court_name, row.seat_adcode, Status(row.status), geom, tuple(row.sources)
    )


def make_source(row: Any, _: Any) -> Source:
    return Source(row.key, row.title, row.publisher, row.date, row.read_in_reprint)


def make_rule(row: Any, _: Any) -> LegalRule:
    days = days_of(row.valid)
    return LegalRule(
        key=row.key,
        effect=row.effect,
        case_kind=CaseKind(row.case_kind) if row.case_kind else None,
        level=Level(row.level) if row.level else None,
        assumed=row.assumed,
        place_role=tuple(row.place_role),
        provision=row.provision,
        gist=Text(row.gist_zh, row.gist_en),
        valid_from=days.valid_from,
        valid_to=days.valid_to,
        affected_from=row.affected_from,
        status=Status(row.status),
        sources=tuple(row.sources),
    )


def make_version(row: Any, _: Any) -> ZoneVersion:
    return ZoneVersion(row.id, Text(row.title_zh, row.title_en), days_of(row.valid), row.state)


def make_designation(row: Any, _: Any) -> Designation:
    return Designation(
        id=row.id,
        version_id=row.version_id,
        territory=Territory(row.territory),
        adcode=row.adcode,
        district=row.district,
        court_code=row.court_code,
        kinds=frozenset(CaseKind(k) for k in row.kinds) or None,
        instrument=row.instrument,
        article=row.article,
        gist=Text(row.gist_zh, row.gist_en),
        status=Status(row.status),
        sources=tuple(row.sources),
        as_of=row.as_of,
    )


def make_amendment(row: Any, geom: Any) -> Amendment:
    return Amendment(
        Noun(row.noun), row.key, row.content, geom, Status(row.status), tuple(row.sources), row.as_of
    )


def make_basin(row: Any, geom: Any) -> Basin:
    return Basin(
        code=row.code,
        name=Text(row.name_zh, row.name_en),
        level1=row.level1,
        parent_name=row.parent_name or "",
        drains_to=row.drains_to,
        area_in_province_km2=row.area_in_province_km2,
        geometry=geom,
        sources=tuple(row.sources),
    )


def make_site(row: Any) -> Site:
    return Site(
        id=row.id,
        kind=row.kind,
        name=row.name,
        holders=tuple(row.holder),
        operator=row.operator,
        adcode=row.adcode,
        town=row.town,
        precision=Precision(row.precision),
        lon=row.lon,
        lat=row.lat,
        established=row.established,
        status=Status(row.status),
        among_counted=Status(row.among_counted),
        sample=row.sample,
        note=Text(row.note_zh or "", row.note_en or ""),
        sources=tuple(row.sources),
    )


def make_agreement(row: Any, _: Any) -> Agreement:
    return Agreement(
        id=row.id,
        name=row.name,
        basin=row.basin,
        basin_codes=tuple(row.basin_codes),
        parties=tuple(row.parties),
        date=row.date,
        place=row.place,
        status=Status(row.status),
        note=Text(row.note_zh or "", row.note_en or ""),
        sources=tuple(row.sources),
    )


def make_count(row: Any, _: Any) -> QuotedCount:
    return QuotedCount(
        id=row.id,
        register=row.register or "",
        holders=tuple(row.holder),
        label=Text(row.label_zh, row.label_en),
        value=row.value,
        unit=Text(row.unit_zh, row.unit_en),
        as_of=row.as_of,
        status=Status(row.status),
        sources=tuple(row.sources),
    )
