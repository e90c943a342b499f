"""The tables. A noun others point at has a table of its keys; what is known of it stands in `…_history`."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Identity,
    Index,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from geo_registry.db.base import (
    Base,
    Days,
    History,
    Key,
    MultiLine,
    MultiPolygon,
    OptMultiPolygon,
    OptPoint,
    OptStr,
    Str,
    StrList,
    geometry_rules,
    history_rules,
)


def one_at_a_time(table: str, *keys: str, valid: bool = False) -> ExcludeConstraint:
    """Return the rule that nothing is known twice of one key at one instant (and day)."""
    columns = [(key, "=") for key in keys] + ([("valid", "&&")] if valid else []) + [("known", "&&")]
    return ExcludeConstraint(*columns, using="gist", name=f"ex_{table}_one_at_a_time")


def gist(table: str, column: str = "geom") -> Index:
    """Return the named spatial index of a geometry column."""
    return Index(f"ix_{table}_{column}", column, postgresql_using="gist")


class Source(Base):
    """Keys of the sources cited."""

    __tablename__ = "sources"
    key: Mapped[Key]


class SourceHistory(History, Base):
    """What is known of a source."""

    __tablename__ = "source_history"
    __table_args__ = history_rules(one_at_a_time("source_history", "key"))
    key: Mapped[Str] = mapped_column(ForeignKey("sources.key"))
    title: Mapped[Str]
    publisher: Mapped[OptStr]
    date: Mapped[Str]
    read_in_reprint: Mapped[bool]


class AdminUnit(Base):
    """Codes of the administrative division."""

    __tablename__ = "admin_units"
    __table_args__ = (CheckConstraint(r"adcode ~ '^\d{6}$'", name="six_digits"),)
    adcode: Mapped[Key]


class AdminUnitHistory(History, Base):
    """What is known of a unit; only counties and above have a polygon."""

    __tablename__ = "admin_unit_history"
    __table_args__ = history_rules(
        one_at_a_time("admin_unit_history", "adcode", valid=True),
        CheckConstraint(
            "level in ('province', 'prefecture', 'county', 'development_zone')", name="level_known"
        ),
        CheckConstraint("level <> 'county' or geom is not null", name="county_has_polygon"),
        *geometry_rules(),
        gist("admin_unit_history"),
    )
    adcode: Mapped[Str] = mapped_column(ForeignKey("admin_units.adcode"))
    name: Mapped[Str]
    level: Mapped[Str]
    parent_adcode: Mapped[OptStr] = mapped_column(ForeignKey("admin_units.adcode"))
    geom: Mapped[OptMultiPolygon]
    valid: Mapped[Days]


class Court(Base):
    """Codes of the courts."""

    __tablename__ = "courts"
    code: Mapped[Key]


class CourtHistory(History, Base):
    """What is known of a court; no name while no source gives one."""

    __tablename__ = "court_history"
    __table_args__ = history_rules(
        one_at_a_time("court_history", "code", valid=True),
        CheckConstraint("level in ('basic', 'intermediate', 'high')", name="level_known"),
        CheckConstraint("role in ('one', 'ten', 'superior')", name="role_known"),
        CheckConstraint("(name is null) = (status = 'unresolved')", name="named_unless_unresolved"),
        CheckConstraint("superior_code <> code", name="not_its_own_superior"),
    )
    code: Mapped[Str] = mapped_column(ForeignKey("courts.code"))
    name: Mapped[OptStr]
    other_name: Mapped[OptStr]
    level: Mapped[Str]
    role: Mapped[Str]
    seat_adcode: Mapped[OptStr] = mapped_column(ForeignKey("admin_units.adcode"))
    website: Mapped[OptStr]
    superior_code: Mapped[OptStr] = mapped_column(ForeignKey("courts.code"))
    superior_status: Mapped[OptStr]
    valid: Mapped[Days]


class ForestDistrict(Base):
    """Codes of the forest-court districts."""

    __tablename__ = "forest_districts"
    code: Mapped[Key]


class ForestDistrictHistory(History, Base):
    """What is known of a forest-court district; no polygon is public yet."""

    __tablename__ = "forest_district_history"
    __table_args__ = history_rules(
        one_at_a_time("forest_district_history", "code", valid=True),
        *geometry_rules(),
        gist("forest_district_history"),
    )
    code: Mapped[Str] = mapped_column(ForeignKey("forest_districts.code"))
    name: Mapped[Str]
    court_name: Mapped[Str]
    superior_court: Mapped[Str]
    seat_adcode: Mapped[Str] = mapped_column(ForeignKey("admin_units.adcode"))
    geom: Mapped[OptMultiPolygon]
    valid: Mapped[Days]


class LegalRuleHistory(History, Base):
    """What is known of a rule of procedure, and when it is the law."""

    __tablename__ = "legal_rule_history"
    __table_args__ = history_rules(one_at_a_time("legal_rule_history", "key", valid=True))
    key: Mapped[Str]
    effect: Mapped[Str]
    case_kind: Mapped[OptStr]
    level: Mapped[OptStr]
    assumed: Mapped[bool]
    place_role: Mapped[StrList]
    provision: Mapped[Str]
    gist_zh: Mapped[Str]
    gist_en: Mapped[Str]
    affected_from: Mapped[date | None] = mapped_column(Date)
    valid: Mapped[Days]


class ZoneVersion(Base):
    """Ids of the zone versions."""

    __tablename__ = "zone_versions"
    id: Mapped[Key]


class ZoneVersionHistory(History, Base):
    """The state of a version and the days it is the law; no two published ones share a day."""

    __tablename__ = "zone_version_history"
    __table_args__ = history_rules(
        one_at_a_time("zone_version_history", "id"),
        ExcludeConstraint(
            ("valid", "&&"),
            ("known", "&&"),
            using="gist",
            where="state = 'published'",
            name="ex_zone_version_history_one_law_a_day",
        ),
        CheckConstraint("state in ('draft', 'published', 'withdrawn')", name="state_known"),
        CheckConstraint("not isempty(valid)", name="has_days"),
    )
    id: Mapped[Str] = mapped_column(ForeignKey("zone_versions.id"))
    state: Mapped[Str]
    title_zh: Mapped[Str]
    title_en: Mapped[Str]
    valid: Mapped[Days]


class DesignationHistory(History, Base):
    """One row of a version: for this unit or district, this court."""

    __tablename__ = "designation_history"
    __table_args__ = history_rules(
        one_at_a_time("designation_history", "id"),
        ExcludeConstraint(
            ("version_id", "="), ("territory", "="), ("adcode", "="), ("known", "&&"),
            using="gist", name="ex_designation_history_unit_once",
        ),
        ExcludeConstraint(
            ("version_id", "="), ("district", "="), ("known", "&&"),
            using="gist", name="ex_designation_history_district_once",
        ),
        CheckConstraint("territory in ('province', 'ordinary', 'forest')", name="territory_known"),
        CheckConstraint(
            "(territory = 'forest') = (district is not null) and (territory = 'forest') = (adcode is null)",
            name="unit_or_district",
        ),
    )  # fmt: skip
    id: Mapped[Str]
    version_id: Mapped[Str] = mapped_column(ForeignKey("zone_versions.id"))
    territory: Mapped[Str]
    adcode: Mapped[OptStr] = mapped_column(ForeignKey("admin_units.adcode"))
    district: Mapped[OptStr] = mapped_column(ForeignKey("forest_districts.code"))
    court_code: Mapped[Str] = mapped_column(ForeignKey("courts.code"))
    kinds: Mapped[StrList]
    instrument: Mapped[Str]
    article: Mapped[OptStr]
    gist_zh: Mapped[Str]
    gist_en: Mapped[Str]


class ZoneHistory(History, Base):
    """The territory of a court in a version, kept whole; no polygon where none is known."""

    __tablename__ = "zone_history"
    __table_args__ = history_rules(
        one_at_a_time("zone_history", "version_id", "territory", "court_code"),
        *geometry_rules(),
        gist("zone_history"),
    )
    version_id: Mapped[Str] = mapped_column(ForeignKey("zone_versions.id"))
    territory: Mapped[Str]
    court_code: Mapped[Str] = mapped_column(ForeignKey("courts.code"))
    designation_ids: Mapped[StrList]
    area_m2: Mapped[float | None] = mapped_column(Float(53))
    geom: Mapped[OptMultiPolygon]


class AmendmentHistory(History, Base):
    """How a unit, a court or a forest district differs under a version from what the layers say of it."""

    __tablename__ = "amendment_history"
    __table_args__ = history_rules(
        one_at_a_time("amendment_history", "version_id", "noun", "key"),
        CheckConstraint("noun in ('unit', 'court', 'district')", name="noun_known"),
        *geometry_rules(),
    )
    version_id: Mapped[Str] = mapped_column(ForeignKey("zone_versions.id"))
    noun: Mapped[Str]
    key: Mapped[Str]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    geom: Mapped[OptMultiPolygon]


class ZoneEdit(Base):
    """One edit of a draft: who, when, why, what; append-only, numbered from 1 in each version."""

    __tablename__ = "zone_edits"
    __table_args__ = (
        CheckConstraint("number > 0", name="counts_from_one"),
        CheckConstraint("length(btrim(why)) > 0", name="has_reason"),
        UniqueConstraint("version_id", "number", name="uq_zone_edits_version_id_number"),
    )
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    version_id: Mapped[Str] = mapped_column(ForeignKey("zone_versions.id"))
    number: Mapped[int]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    by: Mapped[Str]
    why: Mapped[Str]
    base_id: Mapped[OptStr] = mapped_column(ForeignKey("zone_versions.id"))
    what: Mapped[dict[str, Any]] = mapped_column(JSONB)


class Basin(Base):
    """Codes of the basins."""

    __tablename__ = "basins"
    code: Mapped[Key]


class BasinHistory(History, Base):
    """What is known of a basin."""

    __tablename__ = "basin_history"
    __table_args__ = history_rules(
        one_at_a_time("basin_history", "code"), *geometry_rules(), gist("basin_history")
    )
    code: Mapped[Str] = mapped_column(ForeignKey("basins.code"))
    name_zh: Mapped[Str]
    name_en: Mapped[Str]
    level1: Mapped[Str]
    parent_name: Mapped[OptStr]
    drains_to: Mapped[OptStr] = mapped_column(ForeignKey("basins.code"))
    catchment_km2: Mapped[float | None] = mapped_column(Float(53))
    area_in_province_km2: Mapped[float | None] = mapped_column(Float(53))
    geom: Mapped[MultiPolygon]


class RiverHistory(History, Base):
    """What is known of a river's line."""

    __tablename__ = "river_history"
    __table_args__ = history_rules(
        one_at_a_time("river_history", "name"), *geometry_rules(), gist("river_history")
    )
    name: Mapped[Str]
    level1: Mapped[Str]
    rank: Mapped[int]
    length_in_province_km: Mapped[float | None] = mapped_column(Float(53))
    geom: Mapped[MultiLine]


class Township(Base):
    """Codes of towns and villages."""

    __tablename__ = "townships"
    code: Mapped[Key]


class TownshipHistory(History, Base):
    """What is known of a town or a village: a name, no position."""

    __tablename__ = "township_history"
    __table_args__ = history_rules(one_at_a_time("township_history", "code"))
    code: Mapped[Str] = mapped_column(ForeignKey("townships.code"))
    name: Mapped[Str]
    level: Mapped[Str]
    parent_code: Mapped[Str]
    county_code: Mapped[Str] = mapped_column(ForeignKey("admin_units.adcode"))


class PlaceHistory(History, Base):
    """What is known of a named point."""

    __tablename__ = "place_history"
    __table_args__ = history_rules(
        one_at_a_time("place_history", "geonameid"), *geometry_rules(), gist("place_history")
    )
    geonameid: Mapped[Str]
    name: Mapped[Str]
    name_zh: Mapped[StrList]
    population: Mapped[int | None]
    adcode: Mapped[Str] = mapped_column(ForeignKey("admin_units.adcode"))
    town_code: Mapped[OptStr] = mapped_column(ForeignKey("townships.code"))
    geom: Mapped[OptPoint]


class PlaceNameHistory(History, Base):
    """What is known of a former or common name, or of a special place: the counties it may lie in."""

    __tablename__ = "place_name_history"
    __table_args__ = history_rules(
        one_at_a_time("place_name_history", "id"),
        CheckConstraint(
            "kind in ('prefecture', 'county', 'town', 'zone', 'park', 'river', 'lake')", name="kind_known"
        ),
        CheckConstraint("relation in ('official', 'short', 'former', 'common')", name="relation_known"),
        CheckConstraint("kind = 'river' or cardinality(adcodes) > 0", name="lies_somewhere"),
    )
    id: Mapped[Str]
    name: Mapped[Str]
    kind: Mapped[Str]
    relation: Mapped[Str]
    formal: Mapped[Str]
    adcodes: Mapped[StrList]
    within: Mapped[StrList]
    code: Mapped[OptStr]
    note_zh: Mapped[Str]
    note_en: Mapped[Str]


class SiteKind(Base):
    """Codes of the kinds of site: data, so that a new register needs no change of schema."""

    __tablename__ = "site_kinds"
    code: Mapped[Key]


class SiteKindHistory(History, Base):
    """What a kind of site is called."""

    __tablename__ = "site_kind_history"
    __table_args__ = history_rules(one_at_a_time("site_kind_history", "code"))
    code: Mapped[Str] = mapped_column(ForeignKey("site_kinds.code"))
    title_zh: Mapped[Str]
    title_en: Mapped[Str]
    is_register: Mapped[bool]
    note_zh: Mapped[OptStr]
    note_en: Mapped[OptStr]


class Site(Base):
    """Ids of the sites."""

    __tablename__ = "sites"
    id: Mapped[Key]


class SiteHistory(History, Base):
    """What is known of a site. A point is stored only where the place is known to the point."""

    __tablename__ = "site_history"
    __table_args__ = history_rules(
        one_at_a_time("site_history", "id"),
        CheckConstraint(
            "precision in ('point', 'village', 'town', 'county', 'city', 'unknown')", name="precision_known"
        ),
        CheckConstraint("(precision = 'point') = (geom is not null)", name="point_only_if_exact"),
        CheckConstraint(
            "among_counted in ('confirmed', 'inferred', 'unresolved')", name="among_counted_known"
        ),
        *geometry_rules(),
        gist("site_history"),
    )
    id: Mapped[Str] = mapped_column(ForeignKey("sites.id"))
    kind: Mapped[Str] = mapped_column(ForeignKey("site_kinds.code"))
    name: Mapped[Str]
    holder: Mapped[StrList]
    operator: Mapped[Str]
    adcode: Mapped[OptStr] = mapped_column(ForeignKey("admin_units.adcode"))
    town_code: Mapped[OptStr] = mapped_column(ForeignKey("townships.code"))
    town: Mapped[OptStr]
    precision: Mapped[Str]
    established: Mapped[Str]
    among_counted: Mapped[Str]
    possible_duplicate_of: Mapped[OptStr] = mapped_column(ForeignKey("sites.id"))
    note_zh: Mapped[OptStr]
    note_en: Mapped[OptStr]
    sample: Mapped[bool] = mapped_column(Boolean, server_default="false")
    geom: Mapped[OptPoint]


class AgreementHistory(History, Base):
    """What is known of an agreement of judicial co-operation."""

    __tablename__ = "agreement_history"
    __table_args__ = history_rules(one_at_a_time("agreement_history", "id"))
    id: Mapped[Str]
    name: Mapped[Str]
    basin: Mapped[OptStr]
    basin_codes: Mapped[StrList]
    parties: Mapped[StrList]
    date: Mapped[OptStr]
    place: Mapped[OptStr]
    note_zh: Mapped[OptStr]
    note_en: Mapped[OptStr]


class CountHistory(History, Base):
    """A figure as a source printed it; text, so that nobody sums it."""

    __tablename__ = "count_history"
    __table_args__ = history_rules(one_at_a_time("count_history", "id"))
    id: Mapped[Str]
    register: Mapped[OptStr] = mapped_column(ForeignKey("site_kinds.code"))
    holder: Mapped[StrList]
    label_zh: Mapped[Str]
    label_en: Mapped[Str]
    value: Mapped[Str]
    unit_zh: Mapped[Str]
    unit_en: Mapped[Str]


class AuditLog(Base):
    """One line per change: who, when, what; append-only."""

    __tablename__ = "audit_log"
    __table_args__ = (
        Index("ix_audit_log_at", "at"),
        # The newest change is asked for every second; recorded answers may lie between by the million.
        Index("ix_audit_log_changes_answers", "id", postgresql_where=text("changes_answers")),
    )
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    actor: Mapped[Str]
    action: Mapped[Str]
    subject: Mapped[Str]
    changes_answers: Mapped[bool]
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB)


class DecisionRow(Base):
    """The journal: a recorded answer, byte for byte, with the instant of the knowledge it rests on."""

    __tablename__ = "decisions"
    __table_args__ = (
        CheckConstraint("digest ~ '^sha256:[0-9a-f]{64}$'", name="digest_form"),
        Index("ix_decisions_recorded_at", "recorded_at"),
    )
    id: Mapped[Key]
    recorded_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )
    known_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    asked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    actor: Mapped[Str]
    outcome: Mapped[Str]
    court_code: Mapped[OptStr] = mapped_column(ForeignKey("courts.code"))
    zone_version: Mapped[OptStr] = mapped_column(ForeignKey("zone_versions.id"))
    request: Mapped[dict[str, Any]] = mapped_column(JSONB)
    answer: Mapped[str] = mapped_column(Text)
    digest: Mapped[Str]
