"""Former and common names and special places, for reading addresses."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261123_place_names"
down_revision = "20261123_never_emptied"
branch_labels = None
depends_on = None

TABLE = "place_name_history"
TEXTS = postgresql.ARRAY(sa.Text())
NONE = sa.text("'{}'")


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("formal", sa.Text(), nullable=False),
        sa.Column("adcodes", TEXTS, server_default=NONE, nullable=False),
        sa.Column("within", TEXTS, server_default=NONE, nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("note_zh", sa.Text(), nullable=False),
        sa.Column("note_en", sa.Text(), nullable=False),
        sa.Column("row_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("known", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("current", sa.Boolean(), sa.Computed("upper_inf(known)", persisted=True), nullable=False),
        sa.Column("layer", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("sources", TEXTS, server_default=NONE, nullable=False),
        sa.Column("as_of", sa.Text(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("id"), "="),
            (sa.column("known"), "&&"),
            using="gist",
            name=f"ex_{TABLE}_one_at_a_time",
        ),
        sa.CheckConstraint(
            "kind in ('prefecture', 'county', 'town', 'zone', 'park', 'river', 'lake')",
            name=op.f(f"ck_{TABLE}_kind_known"),
        ),
        sa.CheckConstraint(
            "relation in ('official', 'short', 'former', 'common')", name=op.f(f"ck_{TABLE}_relation_known")
        ),
        sa.CheckConstraint(
            "kind = 'river' or cardinality(adcodes) > 0", name=op.f(f"ck_{TABLE}_lies_somewhere")
        ),
        sa.CheckConstraint(
            "status in ('confirmed', 'inferred', 'unresolved')", name=op.f(f"ck_{TABLE}_status_known")
        ),
        sa.CheckConstraint("cardinality(sources) > 0", name=op.f(f"ck_{TABLE}_has_source")),
        sa.CheckConstraint(
            "not isempty(known) and not lower_inf(known)", name=op.f(f"ck_{TABLE}_known_begins")
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


def downgrade() -> None:
    op.drop_table(TABLE)
