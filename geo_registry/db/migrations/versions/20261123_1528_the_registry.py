"""The registry: keys, histories, journal and audit."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "20261123_registry"
down_revision = None
branch_labels = None
depends_on = None


TEXTS = postgresql.ARRAY(sa.Text())
NONE, ALWAYS = sa.text("'{}'"), sa.text("'(,)'")
HISTORIES = (
    "admin_unit_history",
    "agreement_history",
    "basin_history",
    "count_history",
    "court_history",
    "designation_history",
    "forest_district_history",
    "legal_rule_history",
    "place_history",
    "river_history",
    "site_history",
    "site_kind_history",
    "source_history",
    "township_history",
    "zone_history",
    "zone_version_history",
)
KEYS = (
    "zone_versions",
    "townships",
    "sources",
    "sites",
    "site_kinds",
    "forest_districts",
    "courts",
    "basins",
    "admin_units",
)

HISTORY_ROW_GUARD = """
create function history_row_guard() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE'
     and (to_jsonb(new) - 'known' - 'current') = (to_jsonb(old) - 'known' - 'current')
     and upper_inf(old.known) and not upper_inf(new.known) and lower(new.known) = lower(old.known) then
    return new;
  end if;
  raise exception using errcode = '23001', constraint = 'history_is_kept', table = tg_table_name,
    message = 'a history row is closed, never overwritten or deleted';
end $$"""

APPEND_ONLY_GUARD = """
create function append_only_guard() returns trigger language plpgsql as $$
begin
  raise exception using errcode = '23001', constraint = 'append_only', table = tg_table_name,
    message = 'this table is append-only';
end $$"""

SOURCES_ARE_HELD = """
create function sources_are_held() returns trigger language plpgsql as $$
declare missing text;
begin
  select cited.key into missing from unnest(new.sources) as cited(key)
   where not exists (select 1 from sources s where s.key = cited.key) limit 1;
  if missing is not null then
    raise exception using errcode = '23503', constraint = 'sources_are_held', table = tg_table_name,
      message = format('source %s is not held', missing);
  end if;
  return new;
end $$"""


def history() -> tuple[sa.Column[Any], ...]:
    """Return the columns of every history table."""
    return (
        sa.Column("row_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("known", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("current", sa.Boolean(), sa.Computed("upper_inf(known)", persisted=True), nullable=False),
        sa.Column("layer", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("sources", TEXTS, server_default=NONE, nullable=False),
        sa.Column("as_of", sa.Text(), nullable=False),
    )


def history_rules(table: str) -> tuple[sa.CheckConstraint, ...]:
    """Return the constraints of every history table."""
    return (
        sa.CheckConstraint(
            "status in ('confirmed', 'inferred', 'unresolved')", name=op.f(f"ck_{table}_status_known")
        ),
        sa.CheckConstraint("cardinality(sources) > 0", name=op.f(f"ck_{table}_has_source")),
        sa.CheckConstraint(
            "not isempty(known) and not lower_inf(known)", name=op.f(f"ck_{table}_known_begins")
        ),
    )


def geometry_rules(table: str) -> tuple[sa.CheckConstraint, ...]:
    """Return the constraints of a geometry column."""
    return (
        sa.CheckConstraint("st_isvalid(geom)", name=op.f(f"ck_{table}_geom_valid")),
        sa.CheckConstraint("not st_isempty(geom)", name=op.f(f"ck_{table}_geom_not_empty")),
    )


def upgrade() -> None:
    op.create_table(
        "admin_units",
        sa.Column("adcode", sa.Text(), nullable=False),
        sa.CheckConstraint("adcode ~ '^\\d{6}$'", name=op.f("ck_admin_units_six_digits")),
        sa.PrimaryKeyConstraint("adcode", name=op.f("pk_admin_units")),
    )
    op.create_table(
        "agreement_history",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("basin", sa.Text(), nullable=True),
        sa.Column("basin_codes", TEXTS, server_default=NONE, nullable=False),
        sa.Column("parties", TEXTS, server_default=NONE, nullable=False),
        sa.Column("date", sa.Text(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("note_zh", sa.Text(), nullable=True),
        sa.Column("note_en", sa.Text(), nullable=True),
        *history(),
        postgresql.ExcludeConstraint(
            (sa.column("id"), "="),
            (sa.column("known"), "&&"),
            using="gist",
            name="ex_agreement_history_one_at_a_time",
        ),
        *history_rules("agreement_history"),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_agreement_history")),
    )
    op.create_table(
        "audit_log",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("changes_answers", sa.Boolean(), nullable=False),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
    )
    op.create_table(
        "basins",
        sa.Column("code", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_basins")),
    )
    op.create_table(
        "courts",
        sa.Column("code", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_courts")),
    )
    op.create_table(
        "forest_districts",
        sa.Column("code", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_forest_districts")),
    )
    op.create_table(
        "legal_rule_history",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.Column("case_kind", sa.Text(), nullable=True),
        sa.Column("level", sa.Text(), nullable=True),
        sa.Column("assumed", sa.Boolean(), nullable=False),
        sa.Column("place_role", TEXTS, server_default=NONE, nullable=False),
        sa.Column("provision", sa.Text(), nullable=False),
        sa.Column("gist_zh", sa.Text(), nullable=False),
        sa.Column("gist_en", sa.Text(), nullable=False),
        sa.Column("affected_from", sa.Date(), nullable=True),
        sa.Column("valid", postgresql.DATERANGE(), server_default=ALWAYS, nullable=False),
        *history(),
        postgresql.ExcludeConstraint(
            (sa.column("key"), "="),
            (sa.column("valid"), "&&"),
            (sa.column("known"), "&&"),
            using="gist",
            name="ex_legal_rule_history_one_at_a_time",
        ),
        *history_rules("legal_rule_history"),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_legal_rule_history")),
    )
    op.create_table(
        "river_history",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("level1", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("length_in_province_km", sa.Float(precision=53), nullable=True),
        sa.Column("geom", Geometry("MULTILINESTRING", srid=4326, spatial_index=False), nullable=False),
        *history(),
        postgresql.ExcludeConstraint(
            (sa.column("name"), "="),
            (sa.column("known"), "&&"),
            using="gist",
            name="ex_river_history_one_at_a_time",
        ),
        *history_rules("river_history"),
        *geometry_rules("river_history"),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_river_history")),
    )
    op.create_index("ix_river_history_geom", "river_history", ["geom"], unique=False, postgresql_using="gist")
    op.create_table(
        "site_kinds",
        sa.Column("code", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_site_kinds")),
    )
    op.create_table(
        "sites",
        sa.Column("id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sites")),
    )
    op.create_table(
        "sources",
        sa.Column("key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sources")),
    )
    op.create_table(
        "townships",
        sa.Column("code", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_townships")),
    )
    op.create_table(
        "zone_versions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_zone_versions")),
    )
    op.create_table(
        "admin_unit_history",
        sa.Column("adcode", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("parent_adcode", sa.Text(), nullable=True),
        sa.Column("geom", Geometry("MULTIPOLYGON", srid=4326, spatial_index=False), nullable=True),
        sa.Column("valid", postgresql.DATERANGE(), server_default=ALWAYS, nullable=False),
        *history(),
        postgresql.ExcludeConstraint(
            (sa.column("adcode"), "="),
            (sa.column("valid"), "&&"),
            (sa.column("known"), "&&"),
            using="gist",
            name="ex_admin_unit_history_one_at_a_time",
        ),
        sa.CheckConstraint(
            "level <> 'county' or geom is not null", name=op.f("ck_admin_unit_history_county_has_polygon")
        ),
        sa.CheckConstraint(
            "level in ('province', 'prefecture', 'county', 'development_zone')",
            name=op.f("ck_admin_unit_history_level_known"),
        ),
        *history_rules("admin_unit_history"),
        *geometry_rules("admin_unit_history"),
        sa.ForeignKeyConstraint(
            ["adcode"], ["admin_units.adcode"], name=op.f("fk_admin_unit_history_adcode_admin_units")
        ),
        sa.ForeignKeyConstraint(
            ["parent_adcode"],
            ["admin_units.adcode"],
            name=op.f("fk_admin_unit_history_parent_adcode_admin_units"),
        ),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_admin_unit_history")),
    )
    op.create_index(
        "ix_admin_unit_history_geom", "admin_unit_history", ["geom"], unique=False, postgresql_using="gist"
    )
    op.create_table(
        "basin_history",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("level1", sa.Text(), nullable=False),
        sa.Column("parent_name", sa.Text(), nullable=True),
        sa.Column("drains_to", sa.Text(), nullable=True),
        sa.Column("catchment_km2", sa.Float(precision=53), nullable=True),
        sa.Column("area_in_province_km2", sa.Float(precision=53), nullable=True),
        sa.Column("geom", Geometry("MULTIPOLYGON", srid=4326, spatial_index=False), nullable=False),
        *history(),
        postgresql.ExcludeConstraint(
            (sa.column("code"), "="),
            (sa.column("known"), "&&"),
            using="gist",
            name="ex_basin_history_one_at_a_time",
        ),
        *history_rules("basin_history"),
        *geometry_rules("basin_history"),
        sa.ForeignKeyConstraint(["code"], ["basins.code"], name=op.f("fk_basin_history_code_basins")),
        sa.ForeignKeyConstraint(
            ["drains_to"], ["basins.code"], name=op.f("fk_basin_history_drains_to_basins")
        ),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_basin_history")),
    )
    op.create_index("ix_basin_history_geom", "basin_history", ["geom"], unique=False, postgresql_using="gist")
    op.create_table(
        "count_history",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("register", sa.Text(), nullable=True),
        sa.Column("holder", TEXTS, server_default=NONE, nullable=False),
        sa.Column("label_zh", sa.Text(), nullable=False),
        sa.Column("label_en", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("unit_zh", sa.Text(), nullable=False),
        sa.Column("unit_en", sa.Text(), nullable=False),
        *history(),
        postgresql.ExcludeConstraint(
            (sa.column("id"), "="),
            (sa.column("known"), "&&"),
            using="gist",
            name="ex_count_history_one_at_a_time",
        ),
        *history_rules("count_history"),
        sa.ForeignKeyConstraint(
            ["register"], ["site_kinds.code"], name=op.f("fk_count_history_register_site_kinds")
        ),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_count_history")),
    )
    op.create_table(
        "court_history",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("other_name", sa.Text(), nullable=True),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("seat_adcode", sa.Text(), nullable=True),
        sa.Column("website", sa.Text(), nullable=True),
        sa.Column("superior_code", sa.Text(), nullable=True),
        sa.Column("superior_status", sa.Text(), nullable=True),
        sa.Column("valid", postgresql.DATERANGE(), server_default=ALWAYS, nullable=False),
        *history(),
        postgresql.ExcludeConstraint(
            (sa.column("code"), "="),
            (sa.column("valid"), "&&"),
            (sa.column("known"), "&&"),
            using="gist",
            name="ex_court_history_one_at_a_time",
        ),
        sa.CheckConstraint(
            "(name is null) = (status = 'unresolved')", name=op.f("ck_court_history_named_unless_unresolved")
        ),
        sa.CheckConstraint(
            "level in ('basic', 'intermediate', 'high')", name=op.f("ck_court_history_level_known")
        ),
        sa.CheckConstraint("role in ('one', 'ten', 'superior')", name=op.f("ck_court_history_role_known")),
        *history_rules("court_history"),
        sa.CheckConstraint("superior_code <> code", name=op.f("ck_court_history_not_its_own_superior")),
        sa.ForeignKeyConstraint(["code"], ["courts.code"], name=op.f("fk_court_history_code_courts")),
        sa.ForeignKeyConstraint(
            ["seat_adcode"], ["admin_units.adcode"], name=op.f("fk_court_history_seat_adcode_admin_units")
        ),
        sa.ForeignKeyConstraint(
            ["superior_code"], ["courts.code"], name=op.f("fk_court_history_superior_code_courts")
        ),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_court_history")),
    )
    op.create_table(
        "decisions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("court_code", sa.Text(), nullable=True),
        sa.Column("zone_version", sa.Text(), nullable=True),
        sa.Column("request", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.CheckConstraint("digest ~ '^sha256:[0-9a-f]{64}$'", name=op.f("ck_decisions_digest_form")),
        sa.ForeignKeyConstraint(["court_code"], ["courts.code"], name=op.f("fk_decisions_court_code_courts")),
        sa.ForeignKeyConstraint(
            ["zone_version"], ["zone_versions.id"], name=op.f("fk_decisions_zone_version_zone_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    op.create_index("ix_decisions_recorded_at", "decisions", ["recorded_at"], unique=False)
    op.create_table(
        "designation_history",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("version_id", sa.Text(), nullable=False),
        sa.Column("territory", sa.Text(), nullable=False),
        sa.Column("adcode", sa.Text(), nullable=True),
        sa.Column("district", sa.Text(), nullable=True),
        sa.Column("court_code", sa.Text(), nullable=False),
        sa.Column("kinds", TEXTS, server_default=NONE, nullable=False),
        sa.Column("instrument", sa.Text(), nullable=False),
        sa.Column("article", sa.Text(), nullable=True),
        sa.Column("gist_zh", sa.Text(), nullable=False),
        sa.Column("gist_en", sa.Text(), nullable=False),
        *history(),
        postgresql.ExcludeConstraint(
            (sa.column("id"), "="),
            (sa.column("known"), "&&"),
            using="gist",
            name="ex_designation_history_one_at_a_time",
        ),
        postgresql.ExcludeConstraint(
            (sa.column("version_id"), "="),
            (sa.column("district"), "="),
            (sa.column("known"), "&&"),
            using="gist",
            name="ex_designation_history_district_once",
        ),
        postgresql.ExcludeConstraint(
            (sa.column("version_id"), "="),
            (sa.column("territory"), "="),
            (sa.column("adcode"), "="),
            (sa.column("known"), "&&"),
            using="gist",
            name="ex_designation_history_unit_once",
        ),
        sa.CheckConstraint(
            "(territory = 'forest') = (district is not null) and (territory = 'forest') = (adcode is null)",
            name=op.f("ck_designation_history_unit_or_district"),
        ),
        sa.CheckConstraint(
            "status in ('confirmed', 'inferred', 'unresolved')",
            name=op.f("ck_designation_history_status_known"),
        ),
        sa.CheckConstraint(
            "territory in ('province', 'ordinary', 'forest')",
            name=op.f("ck_designation_history_territory_known"),
        ),
        sa.CheckConstraint("cardinality(sources) > 0", name=op.f("ck_designation_history_has_source")),
        sa.CheckConstraint(
            "not isempty(known) and not lower_inf(known)", name=op.f("ck_designation_history_known_begins")
        ),
        sa.ForeignKeyConstraint(
            ["adcode"], ["admin_units.adcode"], name=op.f("fk_designation_history_adcode_admin_units")
        ),
        sa.ForeignKeyConstraint(
            ["court_code"], ["courts.code"], name=op.f("fk_designation_history_court_code_courts")
        ),
        sa.ForeignKeyConstraint(
            ["district"],
            ["forest_districts.code"],
            name=op.f("fk_designation_history_district_forest_districts"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["zone_versions.id"], name=op.f("fk_designation_history_version_id_zone_versions")
        ),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_designation_history")),
    )
    op.create_table(
        "forest_district_history",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("court_name", sa.Text(), nullable=False),
        sa.Column("superior_court", sa.Text(), nullable=False),
        sa.Column("seat_adcode", sa.Text(), nullable=False),
        sa.Column("geom", Geometry("MULTIPOLYGON", srid=4326, spatial_index=False), nullable=True),
        sa.Column("valid", postgresql.DATERANGE(), server_default=ALWAYS, nullable=False),
        *history(),
        postgresql.ExcludeConstraint(
            (sa.column("code"), "="),
            (sa.column("valid"), "&&"),
            (sa.column("known"), "&&"),
            using="gist",
            name="ex_forest_district_history_one_at_a_time",
        ),
        *history_rules("forest_district_history"),
        *geometry_rules("forest_district_history"),
        sa.ForeignKeyConstraint(
            ["code"], ["forest_districts.code"], name=op.f("fk_forest_district_history_code_forest_districts")
        ),
        sa.ForeignKeyConstraint(
            ["seat_adcode"],
            ["admin_units.adcode"],
            name=op.f("fk_forest_district_history_seat_adcode_admin_units"),
        ),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_forest_district_history")),
    )
    op.create_index(
        "ix_forest_district_history_geom",
        "forest_district_history",
        ["geom"],
        unique=False,
        postgresql_using="gist",
    )
    op.create_table(
        "place_history",
        sa.Column("geonameid", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_zh", TEXTS, server_default=NONE, nullable=False),
        sa.Column("population", sa.Integer(), nullable=True),
        sa.Column("adcode", sa.Text(), nullable=False),
        sa.Column("town_code", sa.Text(), nullable=True),
        sa.Column("geom", Geometry("POINT", srid=4326, spatial_index=False), nullable=True),
        *history(),
        postgresql.ExcludeConstraint(
            (sa.column("geonameid"), "="),
            (sa.column("known"), "&&"),
            using="gist",
            name="ex_place_history_one_at_a_time",
        ),
        *history_rules("place_history"),
        *geometry_rules("place_history"),
        sa.ForeignKeyConstraint(
            ["adcode"], ["admin_units.adcode"], name=op.f("fk_place_history_adcode_admin_units")
        ),
        sa.ForeignKeyConstraint(
            ["town_code"], ["townships.code"], name=op.f("fk_place_history_town_code_townships")
        ),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_place_history")),
    )
    op.create_index("ix_place_history_geom", "place_history", ["geom"], unique=False, postgresql_using="gist")
    op.create_table(
        "site_history",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("holder", TEXTS, server_default=NONE, nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("adcode", sa.Text(), nullable=True),
        sa.Column("town_code", sa.Text(), nullable=True),
        sa.Column("town", sa.Text(), nullable=True),
        sa.Column("precision", sa.Text(), nullable=False),
        sa.Column("established", sa.Text(), nullable=False),
        sa.Column("among_counted", sa.Text(), nullable=False),
        sa.Column("possible_duplicate_of", sa.Text(), nullable=True),
        sa.Column("note_zh", sa.Text(), nullable=True),
        sa.Column("note_en", sa.Text(), nullable=True),
        sa.Column("sample", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("geom", Geometry("POINT", srid=4326, spatial_index=False), nullable=True),
        *history(),
        postgresql.ExcludeConstraint(
            (sa.column("id"), "="),
            (sa.column("known"), "&&"),
            using="gist",
            name="ex_site_history_one_at_a_time",
        ),
        sa.CheckConstraint(
            "(precision = 'point') = (geom is not null)", name=op.f("ck_site_history_point_only_if_exact")
        ),
        sa.CheckConstraint(
            "among_counted in ('confirmed', 'inferred', 'unresolved')",
            name=op.f("ck_site_history_among_counted_known"),
        ),
        sa.CheckConstraint(
            "precision in ('point', 'village', 'town', 'county', 'city', 'unknown')",
            name=op.f("ck_site_history_precision_known"),
        ),
        *history_rules("site_history"),
        *geometry_rules("site_history"),
        sa.ForeignKeyConstraint(
            ["adcode"], ["admin_units.adcode"], name=op.f("fk_site_history_adcode_admin_units")
        ),
        sa.ForeignKeyConstraint(["id"], ["sites.id"], name=op.f("fk_site_history_id_sites")),
        sa.ForeignKeyConstraint(["kind"], ["site_kinds.code"], name=op.f("fk_site_history_kind_site_kinds")),
        sa.ForeignKeyConstraint(
            ["possible_duplicate_of"], ["sites.id"], name=op.f("fk_site_history_possible_duplicate_of_sites")
        ),
        sa.ForeignKeyConstraint(
            ["town_code"], ["townships.code"], name=op.f("fk_site_history_town_code_townships")
        ),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_site_history")),
    )
    op.create_index("ix_site_history_geom", "site_history", ["geom"], unique=False, postgresql_using="gist")
    op.create_table(
        "site_kind_history",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title_zh", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("is_register", sa.Boolean(), nullable=False),
        sa.Column("note_zh", sa.Text(), nullable=True),
        sa.Column("note_en", sa.Text(), nullable=True),
        *history(),
        postgresql.ExcludeConstraint(
            (sa.column("code"), "="),
            (sa.column("known"), "&&"),
            using="gist",
            name="ex_site_kind_history_one_at_a_time",
        ),
        *history_rules("site_kind_history"),
        sa.ForeignKeyConstraint(
            ["code"], ["site_kinds.code"], name=op.f("fk_site_kind_history_code_site_kinds")
        ),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_site_kind_history")),
    )
    op.create_table(
        "source_history",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=True),
        sa.Column("date", sa.Text(), nullable=False),
        sa.Column("read_in_reprint", sa.Boolean(), nullable=False),
        *history(),
        postgresql.ExcludeConstraint(
            (sa.column("key"), "="),
            (sa.column("known"), "&&"),
            using="gist",
            name="ex_source_history_one_at_a_time",
        ),
        *history_rules("source_history"),
        sa.ForeignKeyConstraint(["key"], ["sources.key"], name=op.f("fk_source_history_key_sources")),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_source_history")),
    )
    op.create_table(
        "township_history",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("parent_code", sa.Text(), nullable=False),
        sa.Column("county_code", sa.Text(), nullable=False),
        *history(),
        postgresql.ExcludeConstraint(
            (sa.column("code"), "="),
            (sa.column("known"), "&&"),
            using="gist",
            name="ex_township_history_one_at_a_time",
        ),
        *history_rules("township_history"),
        sa.ForeignKeyConstraint(
            ["code"], ["townships.code"], name=op.f("fk_township_history_code_townships")
        ),
        sa.ForeignKeyConstraint(
            ["county_code"], ["admin_units.adcode"], name=op.f("fk_township_history_county_code_admin_units")
        ),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_township_history")),
    )
    op.create_table(
        "zone_history",
        sa.Column("version_id", sa.Text(), nullable=False),
        sa.Column("territory", sa.Text(), nullable=False),
        sa.Column("court_code", sa.Text(), nullable=False),
        sa.Column("designation_ids", TEXTS, server_default=NONE, nullable=False),
        sa.Column("area_m2", sa.Float(precision=53), nullable=True),
        sa.Column("geom", Geometry("MULTIPOLYGON", srid=4326, spatial_index=False), nullable=True),
        *history(),
        postgresql.ExcludeConstraint(
            (sa.column("version_id"), "="),
            (sa.column("territory"), "="),
            (sa.column("court_code"), "="),
            (sa.column("known"), "&&"),
            using="gist",
            name="ex_zone_history_one_at_a_time",
        ),
        *history_rules("zone_history"),
        *geometry_rules("zone_history"),
        sa.ForeignKeyConstraint(
            ["court_code"], ["courts.code"], name=op.f("fk_zone_history_court_code_courts")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["zone_versions.id"], name=op.f("fk_zone_history_version_id_zone_versions")
        ),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_zone_history")),
    )
    op.create_index("ix_zone_history_geom", "zone_history", ["geom"], unique=False, postgresql_using="gist")
    op.create_table(
        "zone_version_history",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("title_zh", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), server_default=ALWAYS, nullable=False),
        *history(),
        postgresql.ExcludeConstraint(
            (sa.column("id"), "="),
            (sa.column("known"), "&&"),
            using="gist",
            name="ex_zone_version_history_one_at_a_time",
        ),
        postgresql.ExcludeConstraint(
            (sa.column("valid"), "&&"),
            (sa.column("known"), "&&"),
            where=sa.text("state = 'published'"),
            using="gist",
            name="ex_zone_version_history_one_law_a_day",
        ),
        sa.CheckConstraint(
            "state in ('draft', 'published', 'withdrawn')", name=op.f("ck_zone_version_history_state_known")
        ),
        *history_rules("zone_version_history"),
        sa.CheckConstraint("not isempty(valid)", name=op.f("ck_zone_version_history_has_days")),
        sa.ForeignKeyConstraint(
            ["id"], ["zone_versions.id"], name=op.f("fk_zone_version_history_id_zone_versions")
        ),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_zone_version_history")),
    )
    for function in (HISTORY_ROW_GUARD, APPEND_ONLY_GUARD, SOURCES_ARE_HELD):
        op.execute(function)
    for table in HISTORIES:
        op.execute(
            f"create trigger history_is_kept before update or delete on {table} "
            "for each row execute function history_row_guard()"
        )
        op.execute(
            f"create trigger sources_are_held before insert on {table} "
            "for each row execute function sources_are_held()"
        )
    for table in ("audit_log", "decisions"):
        op.execute(
            f"create trigger append_only before update or delete or truncate on {table} "
            "for each statement execute function append_only_guard()"
        )


def downgrade() -> None:
    for table in (*HISTORIES, "decisions", "audit_log", *KEYS):
        op.drop_table(table)
    for function in ("history_row_guard", "append_only_guard", "sources_are_held"):
        op.execute(f"drop function {function}()")
