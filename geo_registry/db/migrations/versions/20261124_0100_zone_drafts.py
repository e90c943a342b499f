"""Drafts: what a version amends of the ground, and every edit with who and why."""

import geoalchemy2
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261124_zone_drafts"
down_revision = "20261123_changes_told"
branch_labels = None
depends_on = None

TABLE, EDITS = "amendment_history", "zone_edits"
TEXTS = postgresql.ARRAY(sa.Text())
NONE = sa.text("'{}'")


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("version_id", sa.Text(), nullable=False),
        sa.Column("noun", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column(
            "geom", geoalchemy2.Geometry("MULTIPOLYGON", srid=4326, spatial_index=False), nullable=True
        ),
        sa.Column("row_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("known", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("current", sa.Boolean(), sa.Computed("upper_inf(known)", persisted=True), nullable=False),
        sa.Column("layer", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("sources", TEXTS, server_default=NONE, nullable=False),
        sa.Column("as_of", sa.Text(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("version_id"), "="),
            (sa.column("noun"), "="),
            (sa.column("key"), "="),
            (sa.column("known"), "&&"),
            using="gist",
            name=f"ex_{TABLE}_one_at_a_time",
        ),
        sa.CheckConstraint("noun in ('unit', 'court', 'district')", name=op.f(f"ck_{TABLE}_noun_known")),
        sa.CheckConstraint("st_isvalid(geom)", name=op.f(f"ck_{TABLE}_geom_valid")),
        sa.CheckConstraint("not st_isempty(geom)", name=op.f(f"ck_{TABLE}_geom_not_empty")),
        sa.CheckConstraint(
            "status in ('confirmed', 'inferred', 'unresolved')", name=op.f(f"ck_{TABLE}_status_known")
        ),
        sa.CheckConstraint("cardinality(sources) > 0", name=op.f(f"ck_{TABLE}_has_source")),
        sa.CheckConstraint(
            "not isempty(known) and not lower_inf(known)", name=op.f(f"ck_{TABLE}_known_begins")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["zone_versions.id"], name=op.f(f"fk_{TABLE}_version_id_zone_versions")
        ),
        sa.PrimaryKeyConstraint("row_id", name=op.f(f"pk_{TABLE}")),
    )
    op.execute(
        f"create trigger history_is_kept before update or delete on {TABLE} "
        "for each row execute function history_row_guard()"
    )
    op.execute(
        f"create trigger sources_are_held before insert on {TABLE} "
        "for each row execute function sources_are_held()"
    )
    op.execute(
        f"create trigger never_emptied before truncate on {TABLE} "
        "for each statement execute function append_only_guard()"
    )
    op.create_table(
        EDITS,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("version_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("base_id", sa.Text(), nullable=True),
        sa.Column("what", postgresql.JSONB(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f(f"ck_{EDITS}_counts_from_one")),
        sa.CheckConstraint("length(btrim(why)) > 0", name=op.f(f"ck_{EDITS}_has_reason")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["zone_versions.id"], name=op.f(f"fk_{EDITS}_version_id_zone_versions")
        ),
        sa.ForeignKeyConstraint(
            ["base_id"], ["zone_versions.id"], name=op.f(f"fk_{EDITS}_base_id_zone_versions")
        ),
        sa.UniqueConstraint("version_id", "number", name=op.f(f"uq_{EDITS}_version_id_number")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{EDITS}")),
    )
    op.execute(
        f"create trigger append_only before update or delete or truncate on {EDITS} "
        "for each statement execute function append_only_guard()"
    )


def downgrade() -> None:
    op.drop_table(EDITS)
    op.drop_table(TABLE)
